"""What the example's officers write: the figure in a sentence, the cause that fits it, and what is being done."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from hdcperf.periods import Month
from hdcperf.rag import Direction, Movement, movement
from kpis.example.figures import RUNNING, Line
from kpis.rules.figures import Unit, format_figure

WORDS = Path(__file__).with_name("words.toml")


@dataclass(frozen=True)
class Compared:
    """A month's figure and the one it is compared with: the last one, or a year ago for a running total."""

    measured: Month
    now: Decimal | None
    before: Decimal | None
    before_month: Month


@cache
def _all() -> dict[str, dict[str, Any]]:
    return tomllib.loads(WORDS.read_text(encoding="utf-8"))


def compared_with(line: Line, measured: Month) -> Month:
    """The month whose figure the commentary compares with: a total since April is compared with a year ago."""
    if line["shape"] in RUNNING:
        return measured - 12
    return measured - {"monthly": 1, "quarterly": 3, "yearly": 12}[line["frequency"]]


def commentary(line: Line, found: Compared) -> tuple[str, str]:
    """What happened and why, for a month. Both fit the figures."""
    words = _all()[line["reference"]]
    if found.now is None:
        return "No major application was due for a decision this month.", "The three in hand are due in the autumn."
    said = words["said"].format(now=_shown(line, found.now), month=found.measured.name)
    return f"{said}{_against(line, found)}.", _cause(line, words, found)


def _against(line: Line, found: Compared) -> str:
    if found.before is None or found.now is None:
        return ""
    then = _shown(line, found.before)
    same = then == _shown(line, found.now)
    if line["shape"] in RUNNING:
        return f", {'as' if same else f'against {then}'} a year before"
    if same:
        return f", as in {found.before_month.name}"
    way = "up from" if found.now > found.before else "down from"
    return f", {way} {then} in {found.before_month.name}"


def _shown(line: Line, figure: Decimal) -> str:
    return format_figure(figure, Unit(line["unit"]), line.decimals())


def _cause(line: Line, words: dict[str, Any], found: Compared) -> str:
    if line["direction"] == Direction.NONE.value:
        rose = found.before is None or found.now is None or found.now >= found.before
        return _one_of(words["more" if rose else "fewer"], found.measured)
    edges = (line.number("target_2026"), line.number("upper"))
    way = movement(found.before, found.now, Direction(line["direction"]), *edges)
    return _one_of(words["worse" if way is Movement.WORSE else "better"], found.measured)


def _one_of(sentences: list[str], measured: Month) -> str:
    """One of them, another each month."""
    return sentences[measured.number_in_year % len(sentences)]


def doing(line: Line, measured: Month) -> tuple[str, str]:
    """What is being done where the figure is amber or red, and the post that sees it done."""
    words = _all()[line["reference"]]
    return _one_of(words["doing"], measured), words["owner"]

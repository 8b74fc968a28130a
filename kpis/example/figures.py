"""Figures for the example: a shape over the year, a wobble, a drift; the same every time."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

from hdcperf.periods import Month
from kpis.operations.entering import Entry
from kpis.rules.figures import Entry as EntryKind
from kpis.rules.figures import YtdRule, factor

REGISTER = Path(__file__).with_name("register.csv")
FIRST = Month(2025, 4)

# Twelve multipliers, April to March.
SHAPES: dict[str, tuple[float, ...]] = {
    "flat": (1,) * 12,
    "activity": (1.02, 1.05, 1.08, 1.06, 0.92, 1.04, 1.03, 1.0, 0.78, 1.04, 1.0, 1.02),
    "leisure": (1.02, 1.0, 0.98, 0.99, 0.94, 0.98, 1.0, 0.99, 0.78, 1.16, 1.08, 1.1),
    "winter": (0.94, 0.93, 0.94, 0.95, 0.95, 0.97, 1.0, 1.04, 1.08, 1.1, 1.08, 1.02),
    # What is counted on a day, or over twelve months, moves slowly, also from March to April.
    "standing": (0.98, 0.96, 0.95, 0.95, 0.96, 0.97, 0.99, 1.01, 1.03, 1.04, 1.03, 1.0),
    "waste": (1.0, 1.0, 0.98, 0.99, 0.98, 0.99, 1.0, 1.0, 1.06, 1.04, 0.98, 0.98),
    "garden": (1.02, 1.06, 1.05, 1.02, 1.0, 1.02, 1.0, 0.97, 0.93, 0.92, 0.94, 0.98),
    "tax-bills": (1.25, 1.1, 1.0, 0.98, 0.95, 0.98, 0.97, 0.96, 0.85, 0.98, 1.0, 1.2),
}
# Running totals: the share of the year reached by the end of each month, April to March.
RUNNING: dict[str, tuple[float, ...]] = {
    "collection": (0.112, 0.204, 0.296, 0.389, 0.481, 0.574, 0.667, 0.759, 0.851, 0.943, 0.972, 1.0),
    "subscriptions": (0.78, 0.86, 0.91, 0.94, 0.95, 0.96, 0.965, 0.968, 0.97, 0.975, 0.985, 1.0),
}
# What the dated events did to the figures.
EFFECTS: dict[tuple[str, Month], float] = {
    ("recycling-rate", Month(2025, 6)): 0.94,
    ("missed-bins", Month(2026, 1)): 1.3,
    ("fly-tips", Month(2026, 1)): 0.85,
    ("missed-bins", Month(2026, 6)): 0.92,
    ("missed-bins", Month(2026, 7)): 1.2,
    ("missed-bins", Month(2026, 8)): 1.07,
}
# Collections are scheduled: their number hardly changes.
STEADY = {"missed-bins": 0.02, "recycling-rate": 0.06}


@dataclass(frozen=True)
class Line:
    """A line of the example's register."""

    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def number(self, name: str) -> Decimal | None:
        return Decimal(self.cells[name]) if self.cells[name] else None

    def decimals(self) -> int:
        return int(self.cells["decimals"])


def register() -> Iterator[Line]:
    """The example's KPIs, one line each."""
    with REGISTER.open(newline="", encoding="utf-8") as file:
        for cells in csv.DictReader(file):
            yield Line(cells)


def level(line: Line, measured: Month) -> float:
    """The month's figure before it is rounded to what the KPI reports."""
    random = Random(f"{line['reference']} {measured}")
    wobble = 1 + float(line["wobble"]) * random.uniform(-1, 1)
    drift = (1 + float(line["drift"])) ** (measured - FIRST)
    usual = float(line["usual"]) * EFFECTS.get((line["reference"], measured), 1)
    position = measured.number_in_year - 1
    if line["shape"] in RUNNING:
        return usual * RUNNING[line["shape"]][position] * (1 + (wobble - 1) * RUNNING[line["shape"]][position])
    return usual * SHAPES[line["shape"]][position] * wobble * drift


def entry(line: Line, measured: Month) -> Entry:
    """What the example's stakeholder enters: a value, or its two parts, never beyond what is possible."""
    found = level(line, measured)
    largest = line.number("maximum")
    if largest is not None:
        found = min(found, float(largest))
    if line["entry"] == EntryKind.VALUE.value:
        return Entry(value=_rounded(found, line.decimals()))
    whole = _whole(line, measured)
    rate = int(line["rate_per"]) if line["rate_per"] else None
    part = Decimal(round(found * float(whole) / float(factor(line["unit"], rate))))
    # One month no major application was decided: nothing to measure.
    if line["reference"] == "planning-majors" and measured == Month(2026, 8):
        part = whole = Decimal(0)
    return Entry(numerator=part, denominator=whole)


def _whole(line: Line, measured: Month) -> Decimal:
    """What the part is a part of. The fly-tips to clear are those reported, as the other KPI counts them."""
    if line["reference"] == "fly-tip-clearance":
        return entry(next(one for one in register() if one["reference"] == "fly-tips"), measured).value or Decimal(0)
    random = Random(f"{line['reference']} {measured} whole")
    spread = STEADY.get(line["reference"], 0.15)
    return Decimal(round(float(line["whole"]) * random.uniform(1 - spread, 1 + spread)))


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(str(round(value, decimals)))


def shape(line: Line) -> list[Decimal] | None:
    """The proportions a year's target is spread by, where months are summed; None for the same level each month."""
    if line["shape"] in RUNNING:
        share = [Decimal(str(part)) for part in RUNNING[line["shape"]]]
        return [share[0], *(later - earlier for earlier, later in pairwise(share))]
    if line["ytd_rule"] != YtdRule.ADDS_UP.value or line["frequency"] != "monthly":
        return None
    return [Decimal(str(part)) for part in SHAPES[line["shape"]]]

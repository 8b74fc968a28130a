"""What differs between two packs, named one by one: a correction says what changed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hdcperf.charts import KpiChart
from hdcperf.ui.words import day
from reports.packs.frozen import FrozenPack
from reports.packs.items import FrozenAction, FrozenKpi, FrozenMeasure, FrozenProject
from reports.packs.pieces import Change, Colour, Figure, Levels, Movement, Status

__all__ = ["changes_between"]

_WORDS = {
    "month": "the figure of the period",
    "ytd": "year to date",
    "why": "why it is measured",
    "why_target": "why the target is what it is",
    "levels": "target",
    "year_levels": "the year's target",
    "promised_before": "what was promised before",
    "met_on": "the day its board met",
    "missing": "what is missing",
}
_NOT_COMPARED = frozenset({"address", "reference", "chart", "sentence", "code"})
"""Fields that only say again what others say."""
SHOWN = 160
"""Characters of a long text that a list of changes quotes."""


def changes_between(old: FrozenPack, new: FrozenPack) -> tuple[Change, ...]:
    """Everything in ``new`` that is not as it was in ``old``: items added and taken away, and each fact changed."""
    found: list[Change] = []
    for name in ("kpis", "actions", "projects"):
        found += _of_items(getattr(old, name), getattr(new, name))
    found += _of_items(old.measures, new.measures)
    found += _of_texts({one.heading: one.words for one in old.cover}, {one.heading: one.words for one in new.cover})
    return tuple(found)


def _of_items(old: tuple[Any, ...], new: tuple[Any, ...]) -> Iterator[Change]:
    before = {_key(one): one for one in old}
    after = {_key(one): one for one in new}
    for key, item in after.items():
        if key not in before:
            yield Change(_name(item), "Added", "", "")
        else:
            yield from _of_facts(before[key], item)
    for key, item in before.items():
        if key not in after:
            yield Change(_name(item), "Taken away", "", "")


def _key(item: FrozenKpi | FrozenAction | FrozenProject | FrozenMeasure) -> str:
    return item.code if isinstance(item, FrozenProject) else item.reference


def _name(item: FrozenKpi | FrozenAction | FrozenProject | FrozenMeasure) -> str:
    if isinstance(item, FrozenMeasure):
        return item.name
    return f"{item.code} {item.name if isinstance(item, FrozenProject) else item.title}"


def _of_facts(old: Any, new: Any) -> Iterator[Change]:
    for field in fields(new):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if field.name in _NOT_COMPARED or before == after:
            continue
        words = _WORDS.get(field.name, field.name.replace("_", " "))
        if isinstance(after, Status) and isinstance(before, Status):
            yield from _of_status(_name(new), before, after)
        elif _said(before) != _said(after):
            yield Change(_name(new), words[:1].upper() + words[1:], _said(before), _said(after))
    if isinstance(new, FrozenKpi) and new.code != old.code:
        yield Change(_name(new), "Code", old.code, new.code)
    if isinstance(new, FrozenKpi) and isinstance(old, FrozenKpi):
        yield from _of_chart(_name(new), old.chart, new.chart)


def _of_status(name: str, old: Status, new: Status) -> Iterator[Change]:
    for words, before, after in (
        ("RAG now", old.now, new.now),
        ("Year-end forecast RAG", old.forecast, new.forecast),
        ("RAG last time", old.before, new.before),
    ):
        if before != after:
            yield Change(name, words, _said(before), _said(after))


def _of_chart(name: str, old: KpiChart | None, new: KpiChart | None) -> Iterator[Change]:
    """Months of the chart whose figure changed."""
    before = {one.label: one.value for one in old.points} if old is not None else {}
    for point in new.points if new is not None else ():
        if point.label in before and before[point.label] != point.value:
            assert new is not None
            said = [new.figure(one) if one is not None else "None" for one in (before[point.label], point.value)]
            yield Change(name, point.label, *said)


def _of_texts(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for heading in {**old, **new}:
        before, after = old.get(heading, ""), new.get(heading, "")
        if before != after:
            yield Change("Covering report", heading, _short(before), _short(after))


def _said(value: Any) -> str:
    """A fact in words, short enough for a table."""
    if value is None or value == ():
        return "None"
    match value:
        case Figure() | Movement():
            return value.words or "None"
        case Colour():
            return value.word
        case Levels():
            past = f" (intervention level {value.intervention_words})" if value.intervention_words else ""
            return f"{value.target_words or 'None'}{past}"
        case date():
            return day(value)
        case Decimal() | int():
            return str(value)
        case str():
            return _short(value) or "None"
        case tuple():
            return _short("; ".join(_said(one) for one in value))
    if is_dataclass(value):
        return _short(", ".join(_said(part) for part in vars(value).values() if part not in (None, "", ())))
    return _short(str(value))


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1].rstrip() + "…"

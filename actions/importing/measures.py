"""Outcome measures from a file, through the importer of every file: a plan of each row, then all or nothing.

A row is one value: of an area, for a period, whole or of a breakdown. A measure not known yet is made; which way is
preferred and which outcome it informs are then said in the admin, since no publisher says them for the council.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from actions.models import OutcomeMeasure, OutcomeValue
from hdcperf.history import save_as
from hdcperf.importing import (
    Change,
    Column,
    Mapped,
    NotApplied,
    Outcome,
    Plan,
    Status,
    apply_plan,
    guess,
    read_row,
    read_table,
)
from hdcperf.organisation.models import User
from hdcperf.published_periods import PublishedPeriod, parse_period
from hdcperf.rag import Direction
from hdcperf.ui import figure

__all__ = ["COLUMNS", "Options", "import_measures", "preview_measures"]

_WHOLE = {"", "na", "n/a", "all", "persons", "total"}
PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Options:
    """What the file does not say: the area that is the council's own, and where the measures are from."""

    our_area: str
    source: str
    publisher: str
    licence: str = ""
    address: str = ""


def _text(limit: int) -> object:
    def read(cell: str) -> str:
        words = " ".join(cell.split())
        if len(words) > limit:
            raise ValueError(f"This is longer than {limit} characters.")
        return words

    return read


def _value(cell: str) -> Decimal | None:
    if cell.casefold() in ("na", "n/a", "-", "*", "[x]"):
        return None
    try:
        number = Decimal(cell.replace(",", "").rstrip("%"))
    except InvalidOperation as refused:
        raise ValueError(f"“{cell[:30]}” is not a number.") from refused
    if not number.is_finite() or len(number.as_tuple().digits) > 15 or abs(number) >= Decimal(10) ** 13:
        raise ValueError(f"“{cell[:30]}” is not a figure that can be kept: at most 15 digits.")
    return number.quantize(PLACES)


def _breakdown(cell: str) -> str:
    words = " ".join(cell.split())
    if len(words) > 60:
        raise ValueError("A breakdown is at most 60 characters.")
    return "" if words.casefold() in _WHOLE else words


COLUMNS: tuple[Column, ...] = (
    Column("name", "Outcome measure", _text(200), ("indicator", "indicator name", "measure name")),  # type: ignore[arg-type]
    Column("kind", "What is measured", _text(60), ("measure", "value type")),  # type: ignore[arg-type]
    Column("unit", "Unit", _text(60), ("unit", "units")),  # type: ignore[arg-type]
    Column("area_code", "Area code", _text(20), ("area code", "ons code")),  # type: ignore[arg-type]
    Column("area_name", "Area", _text(120), ("area name", "area")),  # type: ignore[arg-type]
    Column("period", "Period", parse_period, ("period", "time period")),
    Column("breakdown", "Breakdown", _breakdown, ("inequality", "category", "sex")),
    Column("value", "Value", _value, ("value",)),
)
_NEEDED = ("name", "area_code", "area_name", "period")

_Key = tuple[str, str, str, str]


@dataclass
class Writing:
    """What is to be saved: measures that are new, and values that are new or changed."""

    measures: dict[str, OutcomeMeasure] = field(default_factory=dict)
    values: list[tuple[str, OutcomeValue]] = field(default_factory=list)


def preview_measures(content: bytes, file_name: str, options: Options) -> Plan[Writing]:
    """What the import of the file would do, row by row; nothing is written. Raises FileRefused."""
    table = read_table(content, file_name)
    mapping = guess(COLUMNS, table.headings)
    missing = [
        column.label for column in COLUMNS if column.name in (*_NEEDED, "value") and column.name not in mapping
    ]
    rows = [read_row(COLUMNS, mapping, row) for row in table.rows]
    if missing:
        sentence = f"The file has no column for: {', '.join(missing)}."
        problems = (Mapped(1, {}).problem("", sentence),)
        return Plan([Outcome(1, "Headings", Status.REFUSED, problems=problems)], Writing())
    return _plan(rows, options)


def import_measures(content: bytes, file_name: str, options: Options, *, by: User, seen: str) -> Plan[Writing]:
    """Import the file as it was previewed (``seen`` is that preview's fingerprint), all of it or nothing.

    Raises FileRefused, and NotApplied when a row is refused or something changed since the preview.
    """

    def write(plan: Plan[Writing]) -> None:
        if not plan.changes_something:
            raise NotApplied("Everything in this file is here already: there is nothing to import.")
        reason = f"Imported from {file_name}"
        for measure in plan.writing.measures.values():
            save_as(measure, by=by, reason=reason)
        for reference, value in plan.writing.values:
            if value.measure_id is None:
                value.measure = plan.writing.measures[reference]
            save_as(value, by=by, reason=reason)

    return apply_plan(lambda: preview_measures(content, file_name, options), write, seen=seen)


def _plan(rows: Sequence[Mapped], options: Options) -> Plan[Writing]:
    measures = {one.reference: one for one in OutcomeMeasure.objects.all()}
    known = {
        (one.measure.reference, one.area_code, one.period, one.breakdown): one
        for one in OutcomeValue.objects.select_related("measure")
    }
    writing = Writing()
    there: dict[_Key, int] = {}
    return Plan(list(_outcomes(rows, options, measures, known, writing, there)), writing)


def _outcomes(
    rows: Sequence[Mapped],
    options: Options,
    measures: Mapping[str, OutcomeMeasure],
    known: Mapping[_Key, OutcomeValue],
    writing: Writing,
    there: dict[_Key, int],
) -> Iterator[Outcome]:
    for row in rows:
        title = " ".join(str(row[name] or "") for name in ("name", "area_name")).strip() or "A row"
        problems = list(row.problems)
        problems += [
            row.problem(name, "This cell is empty.")
            for name in _NEEDED
            if row[name] is None and not any(one.column == row.headings.get(name) for one in row.problems)
        ]
        if problems:
            yield Outcome(row.number, title, Status.REFUSED, problems=tuple(problems))
            continue
        period: PublishedPeriod = row["period"]
        reference = _reference(row)
        key = (reference, row["area_code"], period.words, row["breakdown"] or "")
        if key in there:
            sentence = f"Row {there[key]} has the same measure, area, period and breakdown."
            problem = row.problem("name", sentence)
            yield Outcome(row.number, title, Status.REFUSED, problems=(problem,))
            continue
        there[key] = row.number
        if reference not in measures and reference not in writing.measures:
            writing.measures[reference] = _new_measure(reference, row, options)
        yield _value_outcome(row, title, key, period, options, measures, known, writing)


def _value_outcome(
    row: Mapped,
    title: str,
    key: _Key,
    period: PublishedPeriod,
    options: Options,
    measures: Mapping[str, OutcomeMeasure],
    known: Mapping[_Key, OutcomeValue],
    writing: Writing,
) -> Outcome:
    title = f"{title}, {period.words}" + (f", {key[3]}" if key[3] else "")
    held, value = known.get(key), row["value"]
    if held is not None and held.value == value:
        return Outcome(row.number, title, Status.UNCHANGED)
    before = _printed(held.value) if held is not None else ""
    if held is None:
        held = OutcomeValue(
            measure=measures.get(key[0]),
            area_code=key[1],
            area_name=row["area_name"],
            is_ours=row["area_name"].casefold() == options.our_area.casefold(),
            period=period.words,
            period_start=period.start,
            period_end=period.end,
            breakdown=key[3],
        )
    status = Status.CHANGED if before else Status.NEW
    held.value = value
    writing.values.append((key[0], held))
    return Outcome(row.number, title, status, (Change("Value", before, _printed(value)),))


def _printed(value: Decimal | None) -> str:
    return "Not published" if value is None else figure(value)


def _reference(row: Mapped) -> str:
    kind = row["kind"] or ""
    words = row["name"] if kind.casefold() in ("", "percentage") else f"{row['name']} {kind}"
    return slugify(words)[:80].strip("-")


def _new_measure(reference: str, row: Mapped, options: Options) -> OutcomeMeasure:
    is_percentage = (row["kind"] or "").casefold() == "percentage"
    return OutcomeMeasure(
        reference=reference,
        name=row["name"],
        definition="" if is_percentage or not row["kind"] else row["kind"],
        unit_label="%" if is_percentage else (row["unit"] or "").lower(),
        direction=Direction.NONE.value,
        source=options.source,
        publisher=options.publisher,
        licence=options.licence,
        source_address=options.address,
    )

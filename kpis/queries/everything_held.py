"""Everything held on one KPI across its years, for a freedom of information request.

Each table is read whole, with every column it has, so that nothing is left out by somebody's choice of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models

from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.review.audit import Asked, Change, RowKey, as_label, audit_rows, described, move_in_words, sources_of
from hdcperf.ui import day, figure, moment
from kpis.models import (
    Challenge,
    ChallengeMessage,
    CommentaryExample,
    DerivedChange,
    EventKpi,
    Finding,
    IssuedFigure,
    Kpi,
    KpiEvent,
    KpiPerson,
    KpiTheme,
    KpiYear,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    MonthlyTarget,
    RecoveryOutcome,
    ReturnAuthor,
    Revision,
    RevisionTransition,
    TargetSet,
    TargetSetTransition,
    WordCorrection,
)
from kpis.queries.audit import PART, RETURN_MOVES, REVISIONS, TARGETS

__all__ = ["HELD", "Line", "Sheet", "everything_held", "in_words"]

_CHUNK = 500
_MONTHS = frozenset({"month", "from_month", "ended_after"})
_MOVE = ("move", "from_state", "to_state")
_NOT_HELD_ABOUT_IT = frozenset({"id", "code_key", "version"})


@dataclass(frozen=True)
class Line:
    """One row of a sheet; ``owner`` is the id of the monthly return it belongs to, if it does."""

    cells: tuple[object, ...]
    owner: int | None = None


@dataclass(frozen=True)
class Sheet:
    """One table of what is held. Cells are words, Decimals, dates, months or None."""

    slug: str
    title: str
    heading: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class _Held:
    """A model, the way from it to the KPI, to its monthly return, and what its printing needs."""

    model: type[models.Model]
    title: str
    kpi: str
    owner: str = ""
    needs: tuple[str, ...] = ()


_OF_RETURN = "monthly_return__kpi"
_ITS_RETURN = "monthly_return__kpi_year"

HELD: tuple[_Held, ...] = (
    _Held(Kpi, "The KPI", "pk"),
    _Held(KpiYear, "What it was in each year", "kpi"),
    _Held(KpiPerson, "People", "kpi_year__kpi", needs=("kpi_year",)),
    _Held(TargetSet, "Targets", "kpi_year__kpi", needs=("kpi_year",)),
    _Held(MonthlyTarget, "Targets by month", "target_set__kpi_year__kpi", needs=("target_set__kpi_year",)),
    _Held(
        TargetSetTransition,
        "What was done with targets",
        "target_set__kpi_year__kpi",
        needs=("target_set__kpi_year",),
    ),
    _Held(KpiEvent, "Dated events", "touches__kpi"),
    _Held(KpiTheme, "Themes of national frameworks", "kpi", needs=("theme",)),
    _Held(MonthlyReturn, "Figures, commentary and notes", "kpi", owner="pk", needs=("kpi_year",)),
    _Held(MonthlyReturnTransition, "What was done with the return", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(ReturnAuthor, "Who entered it", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(Finding, "Findings and their answers", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(Challenge, "Challenges and decisions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(
        ChallengeMessage,
        "Dialogue",
        f"challenge__{_OF_RETURN}",
        "challenge.monthly_return_id",
        (f"challenge__{_ITS_RETURN}",),
    ),
    _Held(WordCorrection, "Corrections of words", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(RecoveryOutcome, "What came of recovery actions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(CommentaryExample, "Chosen as an example", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(LockException, "Exceptions to a lock", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(Revision, "Revisions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    _Held(
        RevisionTransition,
        "What was done with revisions",
        f"revision__{_OF_RETURN}",
        "revision.monthly_return_id",
        (f"revision__{_ITS_RETURN}",),
    ),
    _Held(
        DerivedChange,
        "Years to date moved by another month",
        _OF_RETURN,
        "monthly_return_id",
        (_ITS_RETURN, "cause__kpi_year", "revision"),
    ),
    _Held(IssuedFigure, "Figures as issued", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
)
"""Every table that holds something of a KPI, in the order of the document."""

LINKS = frozenset({EventKpi})
"""Tables that only join two others."""

HISTORY_HEADING = ("When", "Who", "Kind of record", "Record", "Done", "What changed", "Why")


def everything_held(kpi: Kpi) -> list[Sheet]:
    """Every sheet held on ``kpi``, the empty ones too, in a fixed number of queries for each."""
    return [*(_sheet(held, kpi) for held in HELD), _history(kpi)]


def _sheet(held: _Held, kpi: Kpi) -> Sheet:
    fields = [one for one in held.model._meta.concrete_fields if one.name not in _NOT_HELD_ABOUT_IT]
    # Single-valued links alone: a row is met once.
    links = [one.name for one in fields if isinstance(one, models.ForeignKey)]
    rows = held.model._default_manager.filter(**{held.kpi: kpi.pk}).select_related(*links, *held.needs).order_by("pk")
    if held.model is MonthlyReturn:
        rows = rows.order_by("month")
    lines = [Line(tuple(_cell(row, one) for one in fields), _owner(row, held.owner)) for row in rows]
    heading = tuple(as_label(str(one.verbose_name)) for one in fields)
    return Sheet(str(held.model._meta.model_name), held.title, heading, tuple(lines))


def _owner(row: models.Model, way: str) -> int | None:
    found: object = row
    for step in filter(None, way.split(".")):
        found = getattr(found, step)
    return found if way and isinstance(found, int) else None


def _cell(row: models.Model, one: models.Field[object, object]) -> object:
    """A value ready for a document or a spreadsheet: people and records by name, choices in words."""
    moves = next((known for known in (RETURN_MOVES, REVISIONS, TARGETS) if isinstance(row, known.rows)), None)
    if moves is not None and one.name in _MOVE:
        return dict(zip(_MOVE, move_in_words(moves, row), strict=True))[one.name]
    value = getattr(row, one.name)
    if isinstance(value, User):
        return value.name
    if isinstance(value, models.Model):
        return str(value)
    if value is None or value == "":
        return None
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if one.name == "year":
        return str(FinancialYear(value))
    if isinstance(value, date) and one.name in _MONTHS:
        return Month.from_date(value)
    return value


def _history(kpi: Kpi) -> Sheet:
    keys = list(audit_rows(sources_of([PART]), Asked(subjects={"kpis": {kpi.pk}}), working=True))
    return Sheet("history", "History of every change", HISTORY_HEADING, tuple(_history_lines(keys)))


def _history_lines(keys: Sequence[RowKey]) -> Iterator[Line]:
    for start in range(0, len(keys), _CHUNK):
        for entry in described(sources_of([PART]), keys[start : start + _CHUNK], working=True):
            changed = "\n".join(_change_in_words(one) for one in entry.changes)
            cells = (entry.when, entry.who, entry.kind, entry.subject, entry.what, changed or None, entry.why or None)
            yield Line(cells)


def _change_in_words(one: Change) -> str:
    if not one.before:
        return f"{one.label}: {one.after}"
    return f"{one.label}: from {one.before} to {one.after or 'nothing'}"


def in_words(cell: object) -> str:
    """A cell as a person reads it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return figure(cell)
    if isinstance(cell, datetime):
        return moment(cell)
    if isinstance(cell, date):
        return day(cell)
    return str(cell)


def pairs(heading: Iterable[str], line: Line) -> list[tuple[str, str]]:
    """What a line says, as (name, words), leaving out what is empty."""
    said = zip(heading, line.cells, strict=True)
    return [(name, in_words(cell)) for name, cell in said if cell is not None]

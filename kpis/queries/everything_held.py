"""Everything held on one KPI across its years, for a freedom of information request.

Each table is read whole, with every column it has, so that nothing is left out by somebody's choice of columns.
``settings.EVERYTHING_HELD`` names the lists of tables: this module's own, and those of the parts above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.module_loading import import_string

from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.review.audit import (
    Asked,
    Change,
    Moves,
    Part,
    RowKey,
    Source,
    as_label,
    audit_rows,
    described,
    move_in_words,
    sources_of,
)
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
from kpis.queries.audit import RETURN_MOVES, REVISIONS, TARGETS

__all__ = ["HELD", "Held", "Line", "Sheet", "everything_held", "in_words"]

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
class Held:
    """A model, the way from it to the KPI, to its monthly return, what its printing needs, and its table of moves."""

    model: type[models.Model]
    title: str
    kpi: str
    owner: str = ""
    needs: tuple[str, ...] = ()
    moves: Moves | None = None


_OF_RETURN = "monthly_return__kpi"
_ITS_RETURN = "monthly_return__kpi_year"

HELD: tuple[Held, ...] = (
    Held(Kpi, "The KPI", "pk"),
    Held(KpiYear, "What it was in each year", "kpi"),
    Held(KpiPerson, "People", "kpi_year__kpi", needs=("kpi_year",)),
    Held(TargetSet, "Targets", "kpi_year__kpi", needs=("kpi_year",)),
    Held(MonthlyTarget, "Targets by month", "target_set__kpi_year__kpi", needs=("target_set__kpi_year",)),
    Held(
        TargetSetTransition,
        "What was done with targets",
        "target_set__kpi_year__kpi",
        needs=("target_set__kpi_year",),
        moves=TARGETS,
    ),
    Held(KpiEvent, "Dated events", "touches__kpi"),
    Held(KpiTheme, "Themes of national frameworks", "kpi", needs=("theme",)),
    Held(MonthlyReturn, "Figures, commentary and notes", "kpi", owner="pk", needs=("kpi_year",)),
    Held(
        MonthlyReturnTransition,
        "What was done with the return",
        _OF_RETURN,
        "monthly_return_id",
        (_ITS_RETURN,),
        RETURN_MOVES,
    ),
    Held(ReturnAuthor, "Who entered it", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(Finding, "Findings and their answers", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(Challenge, "Challenges and decisions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(
        ChallengeMessage,
        "Dialogue",
        f"challenge__{_OF_RETURN}",
        "challenge.monthly_return_id",
        (f"challenge__{_ITS_RETURN}",),
    ),
    Held(WordCorrection, "Corrections of words", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(RecoveryOutcome, "What came of recovery actions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(CommentaryExample, "Chosen as an example", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(LockException, "Exceptions to a lock", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(Revision, "Revisions", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
    Held(
        RevisionTransition,
        "What was done with revisions",
        f"revision__{_OF_RETURN}",
        "revision.monthly_return_id",
        (f"revision__{_ITS_RETURN}",),
        REVISIONS,
    ),
    Held(
        DerivedChange,
        "Years to date moved by another month",
        _OF_RETURN,
        "monthly_return_id",
        (_ITS_RETURN, "cause__kpi_year", "revision"),
    ),
    Held(IssuedFigure, "Figures as issued", _OF_RETURN, "monthly_return_id", (_ITS_RETURN,)),
)
"""Every table of the monthly cycle that holds something of a KPI, in the order of the document."""

LINKS = frozenset({EventKpi})
"""Tables that only join two others."""

HISTORY_HEADING = ("When", "Who", "Kind of record", "Record", "Done", "What changed", "Why")


def everything_held(kpi: Kpi) -> list[Sheet]:
    """Every sheet held on ``kpi``, the empty ones too, in a fixed number of queries for each."""
    return [*(_sheet(held, kpi) for held in _tables()), _history(kpi)]


def _tables() -> list[Held]:
    return [held for name in settings.EVERYTHING_HELD["tables"] for held in import_string(name)]


def _parts() -> list[Part]:
    return [import_string(name) for name in settings.EVERYTHING_HELD["history"]]


def _sheet(held: Held, kpi: Kpi) -> Sheet:
    fields = [one for one in held.model._meta.concrete_fields if one.name not in _NOT_HELD_ABOUT_IT]
    # Single-valued links alone: a row is met once.
    links = [one.name for one in fields if isinstance(one, models.ForeignKey)]
    rows = held.model._default_manager.filter(**{held.kpi: kpi.pk}).select_related(*links, *held.needs).order_by("pk")
    if held.model is MonthlyReturn:
        rows = rows.order_by("month")
    lines = [Line(tuple(_cell(row, one, held.moves) for one in fields), _owner(row, held.owner)) for row in rows]
    heading = tuple(as_label(str(one.verbose_name)) for one in fields)
    return Sheet(str(held.model._meta.model_name), held.title, heading, tuple(lines))


def _owner(row: models.Model, way: str) -> int | None:
    found: object = row
    for step in filter(None, way.split(".")):
        found = getattr(found, step)
    return found if way and isinstance(found, int) else None


def _cell(row: models.Model, one: models.Field[object, object], moves: Moves | None) -> object:
    """A value ready for a document or a spreadsheet: people and records by name, choices in words."""
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
    sources = sources_of(_parts())
    keys = list(audit_rows(sources, Asked(subjects={"kpis": {kpi.pk}}), working=True))
    return Sheet("history", "History of every change", HISTORY_HEADING, tuple(_history_lines(sources, keys)))


def _history_lines(sources: Mapping[str, Source], keys: Sequence[RowKey]) -> Iterator[Line]:
    for start in range(0, len(keys), _CHUNK):
        for entry in described(sources, keys[start : start + _CHUNK], working=True):
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

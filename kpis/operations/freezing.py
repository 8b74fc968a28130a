"""What acceptance freezes, and the later months' years to date that move when a month does."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.rag import Direction
from kpis.models import DerivedChange, KpiYear, MonthlyReturn, Revision
from kpis.models.definitions import PLACES
from kpis.queries.assessing import ACCEPTED, Assessment, as_figure, assess
from kpis.queries.years import YearFacts, levels_of, load_years, year_levels_of
from kpis.rules.year_to_date import Levels, levels_recounted

__all__ = [
    "LaterMonth",
    "as_stored",
    "counts",
    "facts_of",
    "freeze",
    "held_to",
    "hold_year",
    "later_months",
    "move_later_months",
    "put_levels",
    "put_year_levels",
    "rejudge",
]


def facts_of(record: MonthlyReturn) -> YearFacts:
    """The facts of the return's KPI year, read afresh."""
    return load_years([record.kpi_year])[record.kpi_year_id]


def freeze(record: MonthlyReturn) -> None:
    """Put onto ``record`` the figures, levels and RAGs it is accepted with; saving is the caller's.

    The year to date counts accepted months only.
    """
    found = assess(facts_of(record), record.measured, record, counting=ACCEPTED)
    put(record, found)


def as_stored(figure: Decimal | None) -> Decimal | None:
    """The figure at the places the column keeps. Judging comes first, on the figure as it was worked out."""
    return None if figure is None else figure.quantize(Decimal(1).scaleb(-PLACES))


def put(record: MonthlyReturn, found: Assessment) -> None:
    """Copy an assessment onto the frozen columns of ``record``."""
    record.month_figure = as_stored(found.month_figure)
    record.ytd_figure = as_stored(found.ytd_figure)
    put_levels(record, found.judged_by)
    record.rag = found.rag.value
    record.forecast = as_stored(found.forecast)
    put_year_levels(record, found.year_levels)
    record.forecast_rag = found.forecast_rag.value


def put_levels(record: MonthlyReturn, levels: Levels) -> None:
    """Freeze the target and intervention level a return is judged by."""
    for name, level in vars(stored(levels)).items():
        setattr(record, name, level)


def put_year_levels(record: MonthlyReturn, levels: Levels) -> None:
    """Freeze the year's target and intervention level a forecast is judged by."""
    for name, level in vars(stored(levels)).items():
        setattr(record, f"year_{name}", level)


def stored(levels: Levels) -> Levels:
    """The levels at the places their columns keep."""
    return Levels(**{name: as_stored(level) for name, level in vars(levels).items()})


def held_to(
    facts: YearFacts, record: MonthlyReturn, found: Assessment, recounted: Collection[Month] | None = ()
) -> Levels:
    """The levels an accepted ``record`` is held to: those it was accepted with, whatever the targets are now.

    Where months count that did not, or no longer count (``recounted``), a year to date is measured against the target
    to date of the months that now count, so that like is compared with like; no later target is borrowed. None takes
    the targets as they are now: an import brings them with its figures.
    """
    kept = levels_of(record)
    if recounted is None:
        return found.judged_by if found.headline_is_ytd else kept
    changed = {month for month in recounted if month <= record.measured} if found.headline_is_ytd else set()
    left_out = set(found.left_out)
    then_left_out = left_out ^ changed
    before = facts.ytd_levels(record.measured, then_left_out) if found.headline_is_ytd else found.judged_by
    if stored(before) == kept:
        return found.judged_by  # the targets have not changed: as they were worked out, unrounded
    counted = sum(month <= record.measured and month not in then_left_out for month in facts.expected)
    return levels_recounted(
        facts.kpi_year.ytd_rule,
        kept,
        counted,
        gained=[facts.month_levels(month) for month in changed - left_out],
        lost=[facts.month_levels(month) for month in changed & left_out],
    )


def rejudge(
    facts: YearFacts, record: MonthlyReturn, found: Assessment, recounted: Collection[Month] | None = ()
) -> None:
    """Put new figures onto an accepted ``record``, judged by what it is held to (see ``held_to``).

    An outturn keeps the year's target and intervention level it was accepted with, or that there was none; only an
    import (``recounted`` None) brings its own.
    """
    levels, direction = held_to(facts, record, found, recounted), Direction(record.kpi_year.direction)
    record.month_figure = as_stored(found.month_figure)
    record.ytd_figure = as_stored(found.ytd_figure)
    record.rag = levels.judge(found.judged_figure, direction).value
    put_levels(record, levels)
    if found.ends_the_year:
        if recounted is None:
            put_year_levels(record, found.year_levels)
        record.forecast = as_stored(found.forecast)
        record.forecast_rag = year_levels_of(record).judge(found.forecast, direction).value


def hold_year(record: MonthlyReturn) -> None:
    """Hold the return's KPI year until the transaction ends: its months are frozen and moved by one at a time.

    Otherwise two months accepted at once would each leave the other out of the year to date.
    """
    KpiYear.objects.select_for_update().get(pk=record.kpi_year_id)


@dataclass(frozen=True)
class LaterMonth:
    """A later month's year to date before and after: ``record`` holds what is new, unsaved.

    ``old_month`` is its own figure: where a running total is entered, what the month added.
    """

    record: MonthlyReturn
    old_month: Decimal | None
    old_ytd: Decimal | None
    old_rag: str
    old_forecast: Decimal | None
    old_levels: Levels

    @classmethod
    def before(cls, later: MonthlyReturn) -> LaterMonth:
        """As it is before it is judged anew."""
        return cls(later, later.month_figure, later.ytd_figure, later.rag, later.forecast, levels_of(later))

    @property
    def moves(self) -> bool:
        """Whether its figure or its RAG moves: what is listed."""
        return (self.record.ytd_figure, self.record.rag) != (self.old_ytd, self.old_rag)

    @property
    def changes(self) -> bool:
        """Whether there is anything to save: a month that adds nought still moves the target to date."""
        return (
            self.moves
            or self.record.month_figure != self.old_month
            or self.record.forecast != self.old_forecast
            or levels_of(self.record) != self.old_levels
        )


def later_months(facts: YearFacts, record: MonthlyReturn, *, recounted: Collection[Month] | None) -> list[LaterMonth]:
    """The accepted months after ``record`` whose year to date changes, worked out again; nothing is saved.

    ``facts`` hold ``record`` as it is to be, and are changed. ``recounted``: see ``held_to``.
    """
    found = []
    for month, later in sorted(facts.returns.items()):
        if month > record.measured and later.is_accepted:
            moved = LaterMonth.before(later)
            stands = assess(facts, month, later, counting=ACCEPTED)
            rejudge(facts, later, stands, recounted)
            if moved.changes:
                found.append(moved)
    return found


def move_later_months(
    record: MonthlyReturn,
    *,
    by: User,
    recounted: Collection[Month] | None,
    revision: Revision | None = None,
    only: Collection[Month] | None = None,
) -> list[DerivedChange]:
    """Work out again the years to date of accepted months after ``record``, and list each that moved.

    ``recounted`` are the months that count now and did not, or the other way: see ``held_to``. ``only`` leaves out
    the other months: an import's, whose years to date are as they were published.
    """
    # Held before they are read: undoing a correction of the words saves them too.
    held = MonthlyReturn.objects.filter(kpi_year=record.kpi_year_id, month__gt=record.month).order_by("month")
    list(held.select_for_update().values_list("pk"))
    changed = later_months(facts_of(record), record, recounted=recounted)
    wanted = [one for one in changed if only is None or one.record.measured in only]
    for one in wanted:
        one.record.version += 1
        save_as(one.record, by=by, reason=f"Year to date moved because {record.measured} changed")
    return [_list_move(record, one, revision) for one in wanted if one.moves]


def counts(record: MonthlyReturn) -> bool:
    """Whether the return has a figure that counts towards the year to date."""
    kpi_year = record.kpi_year
    return isinstance(as_figure(record.measured, record).figure(kpi_year.unit, kpi_year.rate_per), Decimal)


def _list_move(cause: MonthlyReturn, moved: LaterMonth, revision: Revision | None) -> DerivedChange:
    return DerivedChange.objects.create(
        cause=cause,
        revision=revision,
        at=clock.now(),
        monthly_return=moved.record,
        old_ytd=moved.old_ytd,
        new_ytd=moved.record.ytd_figure,
        old_rag=moved.old_rag,
        new_rag=moved.record.rag,
    )

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
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.queries.years import YearFacts, levels_of, load_years
from kpis.rules.year_to_date import Levels

__all__ = [
    "LaterMonth",
    "as_stored",
    "facts_of",
    "freeze",
    "hold_year",
    "later_months",
    "move_later_months",
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
    record.year_target = found.year_levels.target
    record.forecast_rag = found.forecast_rag.value


def put_levels(record: MonthlyReturn, levels: Levels) -> None:
    """Freeze the target and intervention level a return is judged by."""
    record.target = levels.target
    record.target_upper = levels.target_upper
    record.intervention = levels.intervention
    record.intervention_upper = levels.intervention_upper


def rejudge(record: MonthlyReturn, found: Assessment, *, newly_counted: bool) -> None:
    """Put new figures onto an accepted ``record``, judged by the levels it was accepted with.

    Where a month counts that did not before (``newly_counted``), the year to date is measured against the target to
    date of the months that now count, so that like is compared with like; no later target is borrowed.
    """
    record.month_figure = as_stored(found.month_figure)
    record.ytd_figure = as_stored(found.ytd_figure)
    if newly_counted and found.headline_is_ytd:
        put_levels(record, found.judged_by)
    record.rag = levels_of(record).judge(found.judged_figure, Direction(record.kpi_year.direction)).value
    if record.outturn:
        record.forecast = as_stored(found.forecast)
        record.forecast_rag = found.forecast_rag.value


def hold_year(record: MonthlyReturn) -> None:
    """Hold the return's KPI year until the transaction ends: its months are frozen and moved by one at a time.

    Otherwise two months accepted at once would each leave the other out of the year to date.
    """
    KpiYear.objects.select_for_update().get(pk=record.kpi_year_id)


@dataclass(frozen=True)
class LaterMonth:
    """A later month's year to date before and after: ``record`` holds what is new, unsaved."""

    record: MonthlyReturn
    old_ytd: Decimal | None
    old_rag: str
    old_levels: Levels

    @property
    def moves(self) -> bool:
        """Whether its figure or its RAG moves: what is listed."""
        return (self.record.ytd_figure, self.record.rag) != (self.old_ytd, self.old_rag)

    @property
    def changes(self) -> bool:
        """Whether there is anything to save: a month that adds nought still moves the target to date."""
        return self.moves or levels_of(self.record) != self.old_levels


def later_months(facts: YearFacts, record: MonthlyReturn, *, newly_counted: bool) -> list[LaterMonth]:
    """The accepted months after ``record`` whose year to date changes, worked out again; nothing is saved.

    ``facts`` hold ``record`` as it is to be, and are changed.
    """
    found = []
    for month, later in sorted(facts.returns.items()):
        if month > record.measured and later.is_accepted:
            moved = LaterMonth(later, later.ytd_figure, later.rag, levels_of(later))
            rejudge(later, assess(facts, month, later, counting=ACCEPTED), newly_counted=newly_counted)
            if moved.changes:
                found.append(moved)
    return found


def move_later_months(
    record: MonthlyReturn,
    *,
    by: User,
    revision: Revision | None = None,
    newly_counted: bool = True,
    only: Collection[Month] | None = None,
) -> list[DerivedChange]:
    """Work out again the years to date of accepted months after ``record``, and list each that moved.

    ``only`` leaves out the other months: an import's, whose years to date are as they were published.
    """
    # Held before they are read: undoing a correction of the words saves them too.
    held = MonthlyReturn.objects.filter(kpi_year=record.kpi_year_id, month__gt=record.month).order_by("month")
    list(held.select_for_update().values_list("pk"))
    changed = later_months(facts_of(record), record, newly_counted=newly_counted)
    wanted = [one for one in changed if only is None or one.record.measured in only]
    for one in wanted:
        one.record.version += 1
        save_as(one.record, by=by, reason=f"Year to date moved because {record.measured} changed")
    return [_list_move(record, one, revision) for one in wanted if one.moves]


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

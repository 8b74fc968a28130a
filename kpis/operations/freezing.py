"""What acceptance freezes, and the later months' years to date that move when a month does."""

from __future__ import annotations

from decimal import Decimal

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.rag import Direction
from kpis.models import DerivedChange, MonthlyReturn, Revision
from kpis.models.definitions import PLACES
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.queries.years import YearFacts, levels_of, load_years
from kpis.rules.year_to_date import Levels

__all__ = ["as_stored", "facts_of", "freeze", "move_later_months", "rejudge"]


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


def move_later_months(
    record: MonthlyReturn, *, by: User, revision: Revision | None = None, newly_counted: bool = True
) -> list[DerivedChange]:
    """Work out again the years to date of accepted months after ``record``, and list each that moved."""
    facts = facts_of(record)
    moved: list[DerivedChange] = []
    for month, later in sorted(facts.returns.items()):
        if month > record.measured and later.is_accepted:
            before = (later.ytd_figure, later.rag)
            found = assess(facts, month, later, counting=ACCEPTED)
            rejudge(later, found, newly_counted=newly_counted)
            if (later.ytd_figure, later.rag) != before:
                moved.append(_keep_move(record, later, before, by, revision))
    return moved


def _keep_move(
    cause: MonthlyReturn,
    later: MonthlyReturn,
    before: tuple[Decimal | None, str],
    by: User,
    revision: Revision | None,
) -> DerivedChange:
    later.version += 1
    save_as(later, by=by, reason=f"Year to date moved because {cause.measured} changed")
    return DerivedChange.objects.create(
        cause=cause,
        revision=revision,
        at=clock.now(),
        monthly_return=later,
        old_ytd=before[0],
        new_ytd=later.ytd_figure,
        old_rag=before[1],
        new_rag=later.rag,
    )

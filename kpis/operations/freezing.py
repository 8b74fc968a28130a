"""What acceptance freezes, and the later months' years to date that move when a month does."""

from __future__ import annotations

from decimal import Decimal

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.rag import Direction, Rag
from kpis.models import DerivedChange, MonthlyReturn, Revision
from kpis.models.definitions import PLACES
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.queries.years import YearFacts, levels_of, load_years
from kpis.rules.figures import Headline

__all__ = ["facts_of", "freeze", "move_later_months", "rejudge"]


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
    record.target = found.judged_by.target
    record.target_upper = found.judged_by.target_upper
    record.intervention = found.judged_by.intervention
    record.intervention_upper = found.judged_by.intervention_upper
    record.rag = found.rag.value
    record.forecast = as_stored(found.forecast)
    record.year_target = found.year_levels.target
    record.forecast_rag = found.forecast_rag.value


def rejudge(record: MonthlyReturn, found: Assessment) -> Rag:
    """The RAG of new figures by the target ``record`` was accepted with, never by a later one."""
    return levels_of(record).judge(found.judged_figure, Direction(record.kpi_year.direction))


def move_later_months(record: MonthlyReturn, *, by: User, revision: Revision | None = None) -> list[DerivedChange]:
    """Work out again the years to date of accepted months after ``record``, and list each that moved."""
    facts = facts_of(record)
    moved: list[DerivedChange] = []
    for month, later in sorted(facts.returns.items()):
        if month > record.measured and later.is_accepted:
            change = _move(facts, record, later, by, revision)
            if change is not None:
                moved.append(change)
    return moved


def _move(
    facts: YearFacts, cause: MonthlyReturn, later: MonthlyReturn, by: User, revision: Revision | None
) -> DerivedChange | None:
    found = assess(facts, later.measured, later, counting=ACCEPTED)
    ytd = as_stored(found.ytd_figure)
    if ytd == later.ytd_figure:
        return None
    old_ytd, old_rag = later.ytd_figure, later.rag
    later.ytd_figure = ytd
    if facts.kpi_year.headline == Headline.YTD.value:
        later.rag = rejudge(later, found).value
    later.version += 1
    save_as(later, by=by, reason=f"Year to date moved because {cause.measured} changed")
    return DerivedChange.objects.create(
        cause=cause,
        revision=revision,
        at=clock.now(),
        monthly_return=later,
        old_ytd=old_ytd,
        new_ytd=later.ytd_figure,
        old_rag=old_rag,
        new_rag=later.rag,
    )

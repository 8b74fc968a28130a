"""What last year's results would have got against a year's targets: the test of a target before it is set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import Levels, MonthFigure, levels_to_date

__all__ = ["PreviewMonth", "against_last_year"]


@dataclass(frozen=True)
class PreviewMonth:
    """A month's levels, and the same month last year judged by them.

    ``judged_by`` and ``result`` are the month's or the year to date's, whichever the KPI's RAG is about; ``own`` is
    last year's month itself. ``is_new`` says that the set being looked at governs the month.
    """

    month: Month
    levels: Levels
    judged_by: Levels
    own: Decimal | None
    result: Decimal | None
    rag: Rag
    is_new: bool


def against_last_year(
    measure: Measure,
    levels: Mapping[Month, Levels],
    last_year: Sequence[MonthFigure],
    direction: Direction,
    *,
    is_ytd: bool,
    start: Month,
) -> list[PreviewMonth]:
    """Each month of ``levels`` with last year's result and the RAG it would have got (framework C.1.2).

    A year to date is held to the targets of the months last year had figures for, so that like is compared with like.
    A month without a figure last year has no result: ``Rag.NO_DATA``, or not judged where it has no target.
    """
    due = {month - 12 for month in levels}
    to_date = measure.to_date([one for one in last_year if one.month in due], due=due)
    found = []
    for month in sorted(levels):
        at = to_date.get(month - 12)
        reported = at is not None and at.month not in at.missing and not at.nothing_to_measure
        judged_by = levels[month]
        if is_ytd:
            left_out = {one + 12 for one in at.left_out} if at is not None else set()
            counted = [one for one in levels if one <= month and one not in left_out] or [month]
            judged_by = levels_to_date(
                measure.rule, levels, first_month=measure.first_month, counted=counted, at=month
            )[month]
        result = (at.value if is_ytd else at.own) if at is not None and reported else None
        found.append(
            PreviewMonth(
                month=month,
                levels=levels[month],
                judged_by=judged_by,
                own=at.own if at is not None and reported else None,
                result=result,
                rag=judged_by.judge(result, direction),
                is_new=month >= start,
            )
        )
    return found

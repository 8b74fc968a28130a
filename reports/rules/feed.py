"""The columns of the feed and what each holds: its data dictionary. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["FIELDS", "Field", "kept_back"]


@dataclass(frozen=True)
class Field:
    """A column: its name, the kind of what it holds, and what that means."""

    name: str
    kind: str
    meaning: str


FIELDS = (
    Field("reference", "words", "The KPI's permanent name, the same every year. With month it names the row."),
    Field("month", "date", "The first day of the month the figure measures."),
    Field("year", "words", "The financial year, April to March, for example 2026/27."),
    Field("code", "words", "The KPI's code in that year. Codes are renumbered: join years by reference."),
    Field("name", "words", "What the KPI is called in that year."),
    Field("service", "words", "The service that answers for it."),
    Field("directorate", "words", "That service's directorate."),
    Field("portfolio", "words", "The portfolio it belongs to; empty where it has none."),
    Field("priority", "words", "The Corporate Plan's priority; empty where it serves none."),
    Field("outcome", "words", "The Corporate Plan's outcome; empty where it serves none."),
    Field("unit", "words", "What the figures count. Percentages are 0 to 100."),
    Field("direction", "words", "Which way is better."),
    Field("judged_figure", "words", "month or ytd: the one of the two figures that the RAG judges."),
    Field("month_figure", "number", "The month's figure, unrounded; empty where there is none."),
    Field("ytd_figure", "number", "The year to date as it was accepted, unrounded."),
    Field("target", "number", "The target it was judged by; for a range, its lower edge."),
    Field("target_upper", "number", "The upper edge of a range; empty otherwise."),
    Field("intervention", "number", "The intervention level it was judged by; for a range, its lower edge."),
    Field("intervention_upper", "number", "The upper edge of a range; empty otherwise."),
    Field("rag", "words", "green, amber, red, no_data or not_judged, as it was judged when it was accepted."),
    Field("forecast", "number", "The year-end forecast given with the month; empty where there is none."),
    Field("forecast_rag", "words", "The RAG the forecast would get against the year's target."),
    Field("year_target", "number", "The year's target; for a range, its lower edge."),
    Field("outturn", "words", "provisional or final for a year's last month; empty otherwise."),
    Field("no_data", "yes or no", "The service reported that there is no figure for the month, and why."),
    Field("revised", "yes or no", "The figure was changed after it was first accepted, by a signed-off revision."),
    Field("imported", "yes or no", "It came with the KPI's history, from before this product."),
    Field("kept_back", "yes or no", "A number so small that it could tell who somebody is: its figures are empty."),
)
"""In the order the feed has them."""


def kept_back(months: Sequence[tuple[Decimal | None, Decimal | None]], below: int | None) -> frozenset[int]:
    """Which months of a year keep their figures back: (month, year to date) of each, in time order.

    A number above nought and below the KPI's own threshold could tell who somebody is. Where one month alone would be
    kept back, the year to date gives it away, so the next smallest month goes with it.
    """
    if below is None:
        return frozenset()
    hidden = {at for at, figures in enumerate(months) if any(one is not None and 0 < one < below for one in figures)}
    known = [(month, at) for at, (month, _) in enumerate(months) if month is not None and month > 0]
    others = [at for _, at in sorted(known) if at not in hidden]
    return frozenset([*hidden, *(others[:1] if len(hidden) == 1 else [])])

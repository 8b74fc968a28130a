"""The feed of accepted figures: a row for each KPI and month, in two queries however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Exists, OuterRef

from hdcperf.periods import FinancialYear
from kpis.models import KpiYear, MonthlyReturn, Revision
from reports.rules.feed import kept_back

__all__ = ["feed_rows"]

Row = dict[str, object]


def feed_rows() -> Iterator[Row]:
    """Every accepted figure as it stands now, under the names of ``rules.feed.FIELDS``, oldest year first.

    A draft, a submitted or a challenged return is not among them, nor what a revision only proposes.
    """
    revised = Revision.objects.filter(monthly_return=OuterRef("pk"), state=Revision.State.ACCEPTED)
    returns = (
        MonthlyReturn.objects.filter(state=MonthlyReturn.State.ACCEPTED, kpi_year__is_live=True)
        .annotate(is_revised=Exists(revised))
        .select_related("kpi", "kpi_year__service__directorate", "kpi_year__portfolio", "kpi_year__outcome__priority")
        .defer("what_happened", "why", "being_done", "internal_note", "no_data_reason", "forecast_note")
        .order_by("kpi_year__year", "kpi_year__code_key", "kpi_year", "month")
    )
    for _, found in groupby(returns.iterator(chunk_size=2000), key=lambda one: one.kpi_year_id):
        yield from _of_year(list(found))


def _of_year(returns: list[MonthlyReturn]) -> Iterator[Row]:
    of = returns[0].kpi_year
    hidden = kept_back([(one.month_figure, one.ytd_figure) for one in returns], of.suppress_below)
    about = _about(of)
    for at, one in enumerate(returns):
        yield {"reference": one.kpi.reference, "month": one.month, **about, **_figures(one, at in hidden)}


def _about(of: KpiYear) -> Row:
    return {
        "year": str(FinancialYear(of.year)),
        "code": of.code,
        "name": of.name,
        "service": of.service.name,
        "directorate": of.service.directorate.name,
        "portfolio": of.portfolio.name if of.portfolio else "",
        "priority": of.outcome.priority.name if of.outcome else "",
        "outcome": of.outcome.name if of.outcome else "",
        "unit": of.unit_label or of.get_unit_display(),
        "direction": of.get_direction_display(),
        "judged_figure": of.headline,
    }


_NUMBERS = (
    *("month_figure", "ytd_figure", "target", "target_upper", "intervention", "intervention_upper"),
    *("rag", "forecast", "forecast_rag", "year_target"),
)
_OWN = ("month_figure", "ytd_figure", "rag", "forecast", "forecast_rag")
"""What tells how many there were; the target does not."""


def _figures(one: MonthlyReturn, hidden: bool) -> Row:
    return {
        **{name: None if hidden and name in _OWN else getattr(one, name) for name in _NUMBERS},
        "outturn": one.outturn,
        "no_data": one.no_data,
        "revised": one.is_revised,  # type: ignore[attr-defined]
        "imported": one.imported,
        "kept_back": hidden,
    }

"""``/dataquality/measures/``: the figures on data quality, by service and over time, and the list behind each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dataquality.forms.measures import EVERYTHING, BehindFilterForm, MeasureFilterForm
from dataquality.presenters.measures import (
    CSV_HEADING,
    FOLLOWED,
    behind_rows,
    csv_rows,
    measure_rows,
    month_rows,
    percent_words,
    service_rows,
    share_words,
    year_rows,
)
from dataquality.queries.measures import (
    counted_items,
    measured_services,
    months_of,
    of_measure,
    sees_measures,
    three_years,
    years_measured,
)
from dataquality.rules.measures import Measure, share_of
from hdcperf import clock
from hdcperf.csv_files import csv_lines
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import Service
from hdcperf.periods import FinancialYear, Month
from hdcperf.ui import Link, paginate, with_query

__all__ = ["measure", "measures", "measures_file"]

NOT_YOURS = "The figures on data quality are read by the services’ managers, corporate leadership and audit."


@dataclass(frozen=True)
class _Asked:
    """Whose figures, for which year and service."""

    who: Standing
    years: list[int]
    year: int
    services: list[Service]
    query: QueryDict

    @property
    def slug(self) -> str:
        return FinancialYear(self.year).slug


def _asked(request: HttpRequest) -> _Asked:
    """Raises PermissionDenied for those who see none."""
    who = standing(signed_in(request))
    if not sees_measures(who):
        raise PermissionDenied(NOT_YOURS)
    years = years_measured(who)
    running = Month.from_date(clock.today()).financial_year.start_year
    query = request.GET.copy()
    slugs = {FinancialYear(one).slug: one for one in years}
    year = slugs.get(query.get("year", ""), running if running in years or not years else years[0])
    query["year"] = FinancialYear(year).slug
    return _Asked(who, years, year, measured_services(who, year), query)


def _behind(name: Measure, **query: object) -> str:
    """The address of the list behind a figure."""
    said = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{reverse('measure', args=[name.value])}?{urlencode(said)}"


@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Each figure for the year with last year's and its months; by service, by month and by year."""
    asked = _asked(request)
    form = MeasureFilterForm(asked.query, years=asked.years, services=asked.services)
    chosen = form.asked().get("service", "")
    items = counted_items(asked.who, three_years(asked.year), int(chosen) if chosen else None)
    months = months_of(asked.year, asked.who.today)
    year = FinancialYear(asked.year)

    def address(name: Measure, **more: object) -> str:
        return _behind(name, **{"year": asked.slug, "service": chosen, **more})

    shown = [one for one in asked.services if not chosen or str(one.pk) == chosen]
    context = {
        "year": year,
        "form": form,
        "active": [Link(form.words_for("service", chosen), with_query(request, service=None))] if chosen else [],
        "clear": f"{request.path}?year={asked.slug}",
        "whose": shown[0].name if chosen and shown else "the council" if len(asked.services) > 1 else "",
        "rows": measure_rows(items, asked.year, months, address) if items else [],
        "headings": [one.label for one in Measure],
        "services": service_rows(items, shown, asked.year, address, lambda one: with_query(request, service=one.pk)),
        "followed": [one.label for one in FOLLOWED],
        "months": month_rows(items, asked.year, months, address),
        "years": year_rows(items, [one for one in three_years(asked.year) if one in asked.years], address),
        "file": f"{reverse('measures-file')}?{urlencode({'year': asked.slug})}",
        "definitions": [(one.label, one.means, one.limit_words) for one in Measure],
    }
    return render(request, "dataquality/measures/measures.html", context)


@require_safe
def measures_file(request: HttpRequest) -> StreamingHttpResponse:
    """The same figures as CSV: by service for the year and the two before, and by month."""
    asked = _asked(request)
    items = counted_items(asked.who, three_years(asked.year))
    answer = StreamingHttpResponse(csv_lines(CSV_HEADING, csv_rows(items)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="data-quality-{asked.slug}.csv"'
    return answer


@require_safe
def measure(request: HttpRequest, name: str) -> HttpResponse:
    """The KPIs, months or people one figure counts: those not as they should be, or all of them."""
    try:
        which = Measure(name)
    except ValueError:
        raise Http404("There is no such figure on data quality.") from None
    asked = _asked(request)
    months = months_of(asked.year, asked.who.today) if which.by_month and which is not Measure.SIGNED else []
    form = BehindFilterForm(
        asked.query,
        years=asked.years,
        services=asked.services,
        months=[(one.slug, str(one)) for one in reversed(months)],
        opposite=which.opposite,
    )
    chosen = form.asked()
    service = int(chosen["service"]) if "service" in chosen else None
    items = of_measure(counted_items(asked.who, [asked.year], service), which)
    if "month" in chosen:
        items = [one for one in items if one.month == Month.parse(chosen["month"])]
    share = share_of(items)
    listed = (
        items
        if chosen.get("show") == EVERYTHING
        else [one for one in items if one.counts is not which.more_is_better]
    )
    page = paginate(request, listed)
    context = {
        "crumbs": (
            Link("Data quality figures", f"{reverse('measures')}?{urlencode({'year': asked.slug})}"),
            Link(which.label, ""),
        ),
        "measure": which,
        "year": FinancialYear(asked.year),
        "form": form,
        "active": [
            Link(form.words_for(key, chosen[key]), with_query(request, **{key: None}))
            for key in ("service", "month")
            if key in chosen
        ],
        "clear": f"{request.path}?year={asked.slug}",
        "said": f"{share_words(share, which)} ({percent_words(share)})" if share.of else "",
        "page": replace(page, rows=behind_rows(page.rows)),
        "has_months": which.by_month and which is not Measure.SIGNED,
        "has_people": which in (Measure.NEVER, Measure.STAND_INS),
        "everything": with_query(request, show=EVERYTHING) if items and not listed else "",
    }
    return render(request, "dataquality/measures/measure.html", context)

"""A KPI found by its code, and its own page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hdcperf import clock
from hdcperf.charts import present
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step, count_of, with_query
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.companions import may_set_companion
from kpis.operations.successors import may_replace
from kpis.presenters.kpi import disputes, forecasts, month_words, recoveries, stand, track_record
from kpis.presenters.kpi_chart import kpi_chart, shows_ytd, two_ways
from kpis.presenters.kpi_facts import definition, derived, people, revisions, targets
from kpis.queries.figures import Figure, Source
from kpis.queries.kpi_page import KpiHistory, Neighbour, find_year, history_of, latest_year, neighbours
from kpis.queries.templates import compared_with, last_reviewed
from kpis.rules.figures import Headline
from kpis.views.fetching import signed_in

__all__ = ["kpi", "kpi_find"]

MONTHS_OPEN = 3
"""Months whose commentary is read without unfolding anything."""


def kpi_find(request: HttpRequest, code: str) -> HttpResponse:
    """``/kpis/PI 10/``: the newest year that has the code, whatever its case, spaces and prefix."""
    found = latest_year(code_key(code), Month.from_date(clock.today()).financial_year.start_year)
    if found is None:
        return not_found(request, code)
    return redirect("kpi", found.financial_year, found.code)


def not_found(request: HttpRequest, code: str, year: FinancialYear | None = None) -> HttpResponse:
    """A page that says what was looked for and where to look instead."""
    context = {
        "code": code,
        "year": year,
        "links": (
            Link("Search all KPIs", reverse("kpi-list")),
            *((Link(f"Find {code} in another year", reverse("kpi-find", args=[code])),) if year else ()),
        ),
    }
    return render(request, "kpis/kpi_missing.html", context, status=404)


def kpi(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """One KPI in one year: how it stands, its chart and figures, what was written, what it is."""
    user = signed_in(request)
    who = standing(user)
    kpi_year = find_year(year.start_year, code_key(code))
    if kpi_year is None:
        return not_found(request, code, year)
    if (kpi_year.code, kpi_year.financial_year) != (code, year):
        return redirect("kpi", kpi_year.financial_year, kpi_year.code)
    links = neighbours(kpi_year)
    history = history_of(who, kpi_year, [one.kpi_year for one in links if one.kind == "year"])
    current = Month.from_date(clock.today())
    ytd = shows_ytd(kpi_year, request.GET.get("figures", ""))
    words = month_words(history)
    sees_more = history.works_on_it or who.may(Permission.SEE_ACCEPTED, kpi_year.scope)
    named = any(row.user_id in who.people for row in history.people)
    reads_quality = named or who.may(Permission.SEE_QUALITY, kpi_year.scope)
    context = {
        "crumbs": (Link("KPIs", f"{reverse('kpi-list')}?year={year.start_year}"), Link(kpi_year.code, "")),
        "kpi_year": kpi_year,
        "year": year,
        "stand": stand(history),
        "switch": _switch(request, kpi_year, ytd),
        "chart": present(kpi_chart(history, links, ytd, current), "kpi-chart"),
        "judged": f"The RAG judges {Headline(kpi_year.headline).label.lower()}."
        if ytd != (kpi_year.headline == Headline.YTD.value)
        else "",
        "disputes": disputes(history),
        "months": words[:MONTHS_OPEN],
        "earlier": words[MONTHS_OPEN:],
        "earlier_words": count_of(len(words) - MONTHS_OPEN, "month"),
        "recoveries": recoveries(history, clock.today()),
        "track_record": track_record(history.seen.by_month),
        "forecasts": forecasts(history),
        "targets": targets(history),
        "revisions": revisions(history),
        "derived": derived(history),
        "definition": definition(kpi_year, clock.today(), last_reviewed(kpi_year) if reads_quality else None),
        "people": people(history, who),
        "compared": compared_with(kpi_year.kpi) if sees_more else [],
        "years": _other_years(links, kpi_year),
        "replaces": _replacements(links),
        "steps": _steps(history, user, who),
    }
    return render(request, "kpis/kpi.html", context)


def _switch(request: HttpRequest, kpi_year: KpiYear, ytd: bool) -> tuple[Link, ...]:
    if not two_ways(kpi_year):
        return ()
    return (
        Link("Year to date", with_query(request, figures="ytd"), current=ytd),
        Link("Single months", with_query(request, figures="month"), current=not ytd),
    )


def _other_years(links: list[Neighbour], kpi_year: KpiYear) -> list[Link]:
    rows = [one.kpi_year for one in links if one.kind == "year"]
    if len(rows) < 2:
        return []
    return [
        Link(
            f"{one.financial_year}" + (f" ({one.code})" if one.code != kpi_year.code else ""),
            reverse("kpi", args=[one.financial_year, one.code]),
            current=one.pk == kpi_year.pk,
        )
        for one in rows
    ]


def _replacements(links: list[Neighbour]) -> list[tuple[str, Link]]:
    words = {"predecessor": "This measure replaced", "successor": "This measure was replaced by"}
    return [(words[one.kind], _named(one.kpi_year)) for one in links if one.kind in words]


def _named(kpi_year: KpiYear) -> Link:
    return Link(f"{kpi_year.code} {kpi_year.name}", reverse("kpi", args=[kpi_year.financial_year, kpi_year.code]))


def _steps(history: KpiHistory, user: User, who: Standing) -> list[Step]:
    """What the person can do from here: enter, check, look at the history, take everything away."""
    kpi_year = history.kpi_year
    scope, place = kpi_year.scope, [kpi_year.financial_year, kpi_year.code]
    steps = []
    working = [one for one in history.seen.by_month.values() if one.source is Source.WORKING]
    if working and history.works_on_it:
        steps.append(_return_step(working[-1], kpi_year, who))
    steps.append(Step("See its targets month by month", reverse("targets", args=place)))
    if who.may(Permission.EXPORT_KPI, scope):
        steps.append(Step("Export everything held on this KPI", reverse("kpi-export", args=place)))
    if who.may(Permission.SEE_HISTORY, scope):
        steps.append(Step("See who changed what", f"{reverse('audit')}?{urlencode({'kpi': kpi_year.code})}"))
    if who.may(Permission.NOTE_EVENTS, scope):
        steps.append(Step("Note a dated event on the chart", reverse("event-new") + f"?kpi={kpi_year.kpi_id}"))
    if may_set_companion(kpi_year, user) is None:
        steps.append(Step("Say what is printed beside it", reverse("companion", args=place)))
    if kpi_year.kpi.ended_after is None and may_replace(kpi_year, user) is None:
        steps.append(Step("End it and start its successor", reverse("successor-start", args=place)))
    return steps


def _return_step(figure: Figure, kpi_year: KpiYear, who: Standing) -> Step:
    place = [figure.month, kpi_year.code]
    if figure.state == MonthlyReturn.State.SUBMITTED and who.may(Permission.REVIEW_RETURNS, kpi_year.scope):
        return Step(f"Check the {figure.month} return", reverse("return-review", args=place), kind="secondary")
    verb = "Enter" if figure.state in (MonthlyReturn.State.NOT_STARTED, MonthlyReturn.State.DRAFT) else "Open"
    return Step(f"{verb} the {figure.month} return", reverse("return", args=place), kind="secondary")

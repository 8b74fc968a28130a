"""The quarter by portfolio, for cabinet members to answer for their portfolios (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.presenters.portfolios import portfolio_cards
from actions.queries.listing import actions_of, default_quarter, lines, quarters_held
from actions.queries.told import opened_quarters
from actions.rules.colours import ActionRag
from actions.views.sections import sections
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.periods import Quarter
from hdcperf.roles import Role
from hdcperf.ui import Link

__all__ = ["portfolios", "quarter_portfolios"]

SHOWN = 8
"""Quarters side by side to choose from."""


@require_safe
def portfolios(request: HttpRequest) -> HttpResponse:
    """``/actions/portfolios/``: the newest quarter there is something to read of."""
    who = standing(signed_in(request))
    held = quarters_held(who.today)
    quarter = default_quarter(who, held)
    if quarter is None:
        context = {"sections": sections(request.path), "heading": "Actions by portfolio"}
        return render(request, "actions/no_plan.html", context)
    return _show(request, who, held, quarter)


@require_safe
def quarter_portfolios(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    """``/actions/2026-27-Q2/portfolios/``: each portfolio's counts, what moved and why, ambers and reds."""
    who = standing(signed_in(request))
    held = quarters_held(who.today)
    if quarter not in held:
        raise Http404(f"There is no plan for {quarter} yet.")
    return _show(request, who, held, quarter)


def _show(request: HttpRequest, who: Standing, held: list[Quarter], quarter: Quarter) -> HttpResponse:
    opened = opened_quarters(who.today)
    found = lines(who, quarter, actions_of(quarter.year), words=True, since=quarter.year.previous.quarters[0])
    context = {
        "sections": sections(reverse("portfolios")),
        "quarter": quarter,
        "before": quarter.previous,
        "quarters": [
            Link(str(one), reverse("quarter-portfolios", args=[one]), current=one == quarter)
            for one in reversed([one for one in held if one in opened or one == quarter][:SHOWN])
        ],
        "cards": portfolio_cards(found, quarter, _held_by(who)),
        "meanings": [(one, one.meaning) for one in ActionRag],
    }
    return render(request, "actions/portfolios.html", context)


def _held_by(who: Standing) -> frozenset[int]:
    """The portfolios the reader holds."""
    return frozenset(
        post.scope.portfolio
        for post in who.posts
        if post.role is Role.PORTFOLIO_HOLDER and post.scope.portfolio is not None
    )

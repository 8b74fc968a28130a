"""``/reports/``: what there is to read, by period; what is in the making; beginning a pack (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.periods import Month
from hdcperf.review.attempting import attempt
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step, paginate
from reports.converters import SpanConverter
from reports.forms.packs import BeginForm
from reports.gathering.reading import Span
from reports.models import Meeting, Pack
from reports.operations.packs import begin_pack
from reports.pack_workflow import may_manage
from reports.packs.sections import Audience
from reports.presenters.packs import pack_rows
from reports.queries.packs import packs_in_the_making, packs_to_read

__all__ = ["pack_begin", "packs"]


@login_not_required
@require_safe
def packs(request: HttpRequest) -> HttpResponse:
    """The packs this reader may read, newest period first; drafts for those who work on them. Open to everyone."""
    who = standing(request.user)
    today = clock.today()
    page = paginate(request, packs_to_read(who))
    steps = []
    if who.may(Permission.MANAGE_PACKS):
        steps.append(Step("Begin a pack", reverse("pack-begin"), kind="primary"))
    context = {
        "steps": steps,
        "making": pack_rows(packs_in_the_making(who), today),
        "page": page,
        "rows": pack_rows(page.rows, today),
    }
    return render(request, "reports/packs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def pack_begin(request: HttpRequest) -> HttpResponse:
    """Begin the pack of a period for an audience."""
    user = signed_in(request)
    if sentence := may_manage(None, user):
        raise PermissionDenied(sentence)
    form = BeginForm(request.POST or None, periods=_periods(), back=reverse("packs"))
    made: list[Pack] = []

    def begin() -> None:
        span = SpanConverter().to_python(form.cleaned_data["period"])
        audience = Audience(form.cleaned_data["audience"])
        made.append(begin_pack(span, audience, by=user, meeting=_next_meeting(audience)))

    if request.method == "POST" and attempt(form, begin, beside="audience"):
        messages.success(request, f"{made[0]} is begun, and its covering report is drafted from the data.")
        return redirect("pack", made[0].span, made[0].audience)
    context = {
        "crumbs": (Link("Reports", reverse("packs")), Link("Begin a pack", "")),
        "heading": "Begin a pack",
        "intro": "It starts with the sections this audience’s last pack had, and sentences drafted from the data.",
        "form": form,
    }
    return render(request, "reports/packs/form.html", context)


def _periods() -> Iterator[tuple[str, str]]:
    """The periods a pack may be begun for: the last months, quarters and years that are over, newest first."""
    now = Month.from_date(clock.today())
    spans: list[Span] = [now.quarter - back for back in (1, 2, 3, 4)]
    spans += [now - back for back in range(1, 7)]
    spans += [now.financial_year.previous]
    for span in spans:
        yield span.slug, str(span)


def _next_meeting(audience: Audience) -> Meeting | None:
    """The next meeting of the body the pack goes to."""
    to_come = Meeting.objects.going_ahead().filter(held_on__gte=clock.today(), body=audience.value)
    return to_come.order_by("held_on").first()

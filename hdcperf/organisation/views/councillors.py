"""After an election: the whole council re-appointed in one go, shown first and then confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.organisation.forms import CouncillorsForm
from hdcperf.organisation.models import Appointment, User
from hdcperf.organisation.operations import ONE_DAY, PostRefused, hold_election, member_posts, plan_election
from hdcperf.organisation.views.posts import require_keeper
from hdcperf.ui import Count, Link, Step, day

_NOT_TYPED = {"csrfmiddlewaretoken", "step", "shown", TYPED_BY}


def councillors(request: HttpRequest) -> HttpResponse:
    """Three steps at one address: choose, see what will happen, confirm. *Change* goes back with what was typed."""
    user = request.user
    assert isinstance(user, User)
    require_keeper(user)
    posts = _posts_to_tick()
    form = CouncillorsForm(request.POST if request.method == "POST" else None, posts=posts)
    step = request.POST.get("step", "")
    if not form.is_valid() or step == "change":
        return _choose(request, form)
    if step != "confirm":
        return _show(request, form)
    shown = request.POST.get("shown", "")
    try:
        done = hold_election(form.starts, form.reappointed, form.joining, shown=shown, by=user)
    except PostRefused as problem:
        messages.warning(request, str(problem))
        return _show(request, form)
    messages.success(request, done)
    return redirect("posts")


def _posts_to_tick() -> list[Appointment]:
    """Members' posts held today."""
    today = clock.today()
    return [row for row in member_posts() if row.starts_on <= today and (row.ends_on is None or row.ends_on >= today)]


def _choose(request: HttpRequest, form: CouncillorsForm) -> HttpResponse:
    context = {"form": form, "back": Link("Posts", reverse("posts"))}
    return render(request, "organisation/councillors.html", context)


def _show(request: HttpRequest, form: CouncillorsForm) -> HttpResponse:
    """What will happen, with everything typed carried to the confirmation."""
    plan = plan_election(form.starts, form.reappointed, form.joining)
    made = {one.email.lower() for one in plan.accounts}
    typed = tuple(
        (name, value) for name, values in request.POST.lists() if name not in _NOT_TYPED for value in values
    )
    here = reverse("councillors")
    steps = [
        Step("Change something", here, method="post", name="step", value="change", kind="secondary", fields=typed)
    ]
    if not plan.is_empty:
        confirmed = (*typed, ("shown", plan.fingerprint))
        words = "Re-appoint the council"
        confirm = Step(words, here, method="post", name="step", value="confirm", kind="primary", fields=confirmed)
        steps.insert(0, confirm)
    context = {
        "back": Link("Posts", reverse("posts")),
        "from_day": day(plan.starts_on),
        "last_day": day(plan.starts_on - ONE_DAY),
        "is_empty": plan.is_empty,
        "counts": [
            Count(len(plan.reappointing), "Posts held again"),
            Count(len(plan.joining), "New councillors"),
            Count(len(plan.leaving), "Posts that end"),
        ],
        "again": _words(plan.reappointing),
        "joining": [(one.name, one.email, one.email.lower() in made) for one in plan.joining],
        "needs_passwords": bool(made),
        "leaving": _words(plan.leaving),
        "already": [(row.user.name, row.post, day(row.starts_on)) for row in plan.already],
        "steps": steps,
    }
    return render(request, "organisation/councillors_check.html", context)


def _words(rows: Iterable[Appointment]) -> list[tuple[str, str]]:
    return [(row.user.name, row.post) for row in rows]

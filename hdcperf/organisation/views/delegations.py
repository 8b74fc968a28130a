"""Naming a delegate for dates, and ending a delegation early (framework Appendix A)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.forms import DelegationForm
from hdcperf.organisation.models import Delegation, User
from hdcperf.organisation.operations import PostRefused, end_delegation, name_delegate
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import Tag, day

MOST_PAST = 50
"""Past delegations shown; the rest are on the audit page."""


@dataclass(frozen=True)
class DelegationRow:
    """A delegation in words, with whether this person may end it."""

    pk: int
    person: str
    delegate: str
    dates: str
    reason: str
    status: Tag
    ends_by: str


def delegations(request: HttpRequest) -> HttpResponse:
    """One's own delegates and whom one covers for; everybody's for those who keep posts."""
    user = request.user
    assert isinstance(user, User)
    who = standing(user)
    keeper = who.may(Permission.MANAGE_PEOPLE)
    if who.roles and who.roles <= MEMBER_ROLES and not keeper:
        raise PermissionDenied("A councillor’s posts are personal: nobody can act for you in them.")
    if request.method == "POST" and "end" in request.POST:
        return _end(request, user, keeper)
    form = DelegationForm(request.POST if request.method == "POST" else None, me=user, for_anybody=keeper)
    if request.method == "POST" and form.is_valid() and _name(request, form, user):
        return redirect("delegations")
    today = clock.today()
    rows = Delegation.objects.select_related("user", "delegate")
    if not keeper:
        rows = rows.filter(Q(user=user) | Q(delegate=user))
    context = {
        "form": form,
        "keeper": keeper,
        "current": [_row(row, user, keeper, today) for row in rows.filter(ends_on__gte=today)],
        "past": [_row(row, user, keeper, today) for row in rows.filter(ends_on__lt=today)[:MOST_PAST]],
    }
    return render(request, "organisation/delegations.html", context)


def _name(request: HttpRequest, form: DelegationForm, user: User) -> bool:
    typed = form.cleaned_data
    try:
        made = name_delegate(
            form.person_chosen,
            typed["delegate"],
            typed["starts_on"],
            typed["ends_on"],
            by=user,
            today=clock.today(),
            reason=typed["reason"],
        )
    except PostRefused as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, f"{made.delegate} can act for {made.user} from {_dates(made)}.")
    return True


def _end(request: HttpRequest, user: User, keeper: bool) -> HttpResponse:
    pk = request.POST["end"]
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        raise Http404
    row = Delegation.objects.filter(pk=int(pk)).first()
    if row is None:
        messages.info(request, "That delegation was already over.")
        return redirect("delegations")
    if not keeper and user.pk not in (row.user_id, row.delegate_id):
        raise Http404
    if not keeper and user.pk != row.user_id:
        raise PermissionDenied("Only the person who named a delegate, or democratic services, can end it.")
    messages.success(request, end_delegation(row, by=user, today=clock.today()))
    return redirect("delegations")


def _dates(row: Delegation) -> str:
    return f"{day(row.starts_on)} to {day(row.ends_on)}"


def _row(row: Delegation, user: User, keeper: bool, today: date) -> DelegationRow:
    status = Tag("Now", "green") if row.starts_on <= today <= row.ends_on else Tag("Over", "grey")
    if row.starts_on > today:
        status = Tag("Not begun", "blue")
    may_end = row.ends_on >= today and (keeper or row.user_id == user.pk)
    return DelegationRow(
        pk=row.pk,
        person=row.user.name,
        delegate=row.delegate.name,
        dates=_dates(row),
        reason=row.reason,
        status=status,
        ends_by=("Cancel" if row.starts_on > today else "End now") if may_end else "",
    )

"""Posts that should be held and are not, and posts about to end (framework Appendix A)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.organisation.queries import Vacancy, posts_ending, vacancies
from hdcperf.roles import Permission
from hdcperf.ui import Link, count_of, day

ENDING_WITHIN = 60
"""Days."""


def require_keeper(user: User) -> None:
    """Refuse whoever does not keep posts."""
    if not standing(user).may(Permission.MANAGE_PEOPLE):
        raise PermissionDenied("Only democratic services and administrators keep the list of posts.")


@dataclass(frozen=True)
class VacantRow:
    """A vacant post, who held it last, and the way to fill it for those who have one."""

    role: str
    scope: str
    last: str
    fill: Link | None


def posts(request: HttpRequest) -> HttpResponse:
    """Vacant posts, and posts that end within 60 days."""
    user = request.user
    assert isinstance(user, User)
    require_keeper(user)
    today = clock.today()
    vacant = [_vacant_row(one, may_fill=user.is_superuser and user.is_staff) for one in vacancies(today)]
    ending = posts_ending(today, ENDING_WITHIN)
    links = [
        Link("Name or end a delegate", reverse("delegations")),
        Link("Re-appoint councillors after an election", reverse("councillors")),
    ]
    if user.is_superuser and user.is_staff:
        links.append(Link("Keep all posts in the admin", reverse("admin:organisation_appointment_changelist")))
    context = {
        "vacant": vacant,
        "vacant_words": f"{count_of(len(vacant), 'post')} vacant on {day(today)}",
        "ending": ending,
        "ending_words": f"{count_of(len(ending), 'post')} ending within {ENDING_WITHIN} days",
        "links": links,
        "may_fill": user.is_superuser and user.is_staff,
    }
    return render(request, "organisation/posts.html", context)


def _vacant_row(one: Vacancy, *, may_fill: bool) -> VacantRow:
    last = "Nobody yet"
    if one.last is not None:
        until = one.last.ends_on
        last = f"{one.last.user}, until {day(until)}" if until else f"{one.last.user}, whose account is closed"
    fill = Link("Fill", _admin_form(one), hint=one.post) if may_fill else None
    return VacantRow(one.role.label, str(one.scope) if one.scope else "The council", last, fill)


def _admin_form(one: Vacancy) -> str:
    """The admin's form for a new post, begun for this role and scope."""
    begun = {"role": one.role.value, "starts_on": clock.today().isoformat()}
    if one.scope is not None:
        begun[one.role.scope_kind.value] = str(one.scope.pk)
    return f"{reverse('admin:organisation_appointment_add')}?{urlencode(begun)}"

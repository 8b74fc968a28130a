"""Whose updates a person may see: on the grounds of ``hdcperf.review.sight`` (framework C.2, E.1).

The plan itself (codes, wording, dates) is public once adopted.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from actions.models import ActionUpdate, ActionYear, Challenge, IssuedUpdate
from hdcperf.organisation.access import Standing
from hdcperf.review.sight import Access, access_to
from hdcperf.roles import Permission

__all__ = [
    "Access",
    "access",
    "issued_to",
    "issued_updates",
    "seen_disputes",
    "seen_updates",
    "working_updates",
    "works_on_updates",
]


def access(who: Standing, action_years: Iterable[ActionYear]) -> Access:
    """Sort ``action_years`` (with their service) by what ``who`` may see of them. No queries."""
    years = list(action_years)
    return access_to(who, years, [one.pk for one in years if one.responsible_id in who.people])


def working_updates(who: Standing) -> QuerySet[ActionUpdate]:
    """The updates ``who`` works on: their own, those of the people they cover, and those of their services."""
    own = Q(action_year__responsible__in=who.people)
    rows: QuerySet[ActionUpdate] = ActionUpdate.objects.filter(
        own | who.reach(Permission.SEE_WORKING_RETURNS).rows("action_year__")
    )
    return rows


def works_on_updates(who: Standing) -> bool:
    """Whether there can be updates this person works on: their own, their service's, or all of them."""
    if who.may(Permission.REVIEW_RETURNS) or who.may(Permission.SEE_WORKING_RETURNS):
        return True
    return ActionYear.objects.adopted().filter(responsible__in=who.people).exists()


def seen_updates(allowed: Access) -> QuerySet[ActionUpdate]:
    """The updates themselves that may be seen: the one condition every reader of unissued updates goes through."""
    with_board = Challenge.objects.with_the_board().filter(update=OuterRef("pk"))
    return _seen(allowed, ActionUpdate.objects.annotate(with_board=Exists(with_board)))


def seen_disputes(allowed: Access) -> QuerySet[ActionUpdate]:
    """The same for the page of a dispute: whoever sees disputes is told of one that was decided meanwhile."""
    escalated = Challenge.objects.filter(update=OuterRef("pk"), escalated_at__isnull=False)
    return _seen(allowed, ActionUpdate.objects.annotate(with_board=Exists(escalated)))


def _seen(allowed: Access, updates: QuerySet[ActionUpdate]) -> QuerySet[ActionUpdate]:
    return updates.filter(allowed.seen("action_year"))


def issued_updates(allowed: Access) -> QuerySet[IssuedUpdate]:
    """The issued updates that may be seen, oldest issue first."""
    return issued_to(allowed.panel).filter(update__action_year__in=allowed.issued).order_by("issued_on", "pk")


def issued_to(panel: bool) -> QuerySet[IssuedUpdate]:
    """What was issued to the panel and published, or published alone."""
    rows: QuerySet[IssuedUpdate] = IssuedUpdate.objects.all()
    return rows if panel else rows.filter(audience=IssuedUpdate.Audience.PUBLIC)

"""Told at once to whoever takes over: a delegate, a service whose officer left, the holder of a new post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.models import Appointment, Delegation, User
from hdcperf.reminders.kinds import Notice, NoticeSource
from hdcperf.ui import day

__all__ = ["NOTICES", "Gone", "gone_since"]


@dataclass(frozen=True)
class Gone:
    """Somebody who went away or left: who, since when, in words; ``subject`` is the key of the row that says so."""

    person: int
    subject: str
    on: date
    words: str
    has_left: bool = False


def gone_since(moment: datetime) -> list[Gone]:
    """Who went away after ``moment`` and still is, and whose account was closed since; two queries."""
    return [*_away(moment), *_left(moment)]


def _away(moment: datetime) -> Iterator[Gone]:
    today = clock.today()
    begun = Q(starts_on__gte=clock.local_day(moment), starts_on__lte=today, ends_on__gte=today)
    for row in Delegation.objects.filter(begun).select_related("user"):
        words = f"{row.user} is away from {day(row.starts_on)} to {day(row.ends_on)}"
        yield Gone(row.user_id, f"away-{row.pk}", row.starts_on, words)


def _left(moment: datetime) -> Iterator[Gone]:
    history = User.history.model
    earlier = history.objects.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    closed = history.objects.filter(history_date__gt=moment, is_active=False).annotate(
        could=Subquery(earlier.values("is_active")[:1])
    )
    still = set(User.objects.filter(is_active=False).values_list("pk", flat=True))
    for row in closed.filter(could=True):
        if row.id in still:
            on = clock.local_day(row.history_date)
            yield Gone(row.id, f"left-{row.history_id}", on, f"{row.name} left on {day(on)}", has_left=True)


def _delegates(moment: datetime) -> Iterator[Notice]:
    """A delegate hears that they act for somebody from today."""
    for gone in _away(moment):
        yield Notice(
            subject=gone.subject,
            on=gone.on,
            title=gone.words,
            href=reverse("home"),
            recipients=frozenset({gone.person}),
            words="What is theirs to do is on your tasks page, marked as covering for them.",
        )


def _new_posts(moment: datetime) -> Iterator[Notice]:
    """Somebody who takes up a post hears that its work is theirs."""
    begun = Appointment.objects.filter(starts_on__gte=clock.local_day(moment)).on(clock.today())
    for row in begun.select_related("user", "directorate", "service", "portfolio"):
        yield Notice(
            subject=f"post-{row.pk}",
            on=row.starts_on,
            title=f"You hold the post {row.post} from {day(row.starts_on)}",
            href=reverse("home"),
            recipients=frozenset({row.user_id}),
            words="What is open in it is on your tasks page.",
        )


NOTICES = (
    NoticeSource("covering", "A delegate’s days begin", _delegates),
    NoticeSource("new-post", "Somebody takes up a post", _new_posts),
)

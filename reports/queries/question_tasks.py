"""What a person has to do with the questions of panels, and the answers there are to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Reading, Task
from reports.models import AnswerRelease, PanelQuestion
from reports.queries.questions import item_named

__all__ = ["question_reading", "question_tasks"]

State = PanelQuestion.State
_NEW_FOR = timedelta(days=45)
"""How long a released answer is offered for reading."""


def question_tasks(who: Standing) -> Iterator[Task]:
    """Everything ``who`` has to do with questions, in two queries however many there are."""
    yield from _owed(who)
    keeps = who.may(Permission.MANAGE_QUESTIONS), who.may(Permission.RECORD_QUESTIONS)
    if any(keeps):
        found = PanelQuestion.objects.order_by().aggregate(
            asked=Count("pk", filter=Q(state=State.ASKED)),
            answered=Count("pk", filter=Q(state=State.ANSWERED)),
            released=Count("pk", filter=Q(state=State.RELEASED)),
        )
        yield from _kept(found, *keeps)


def _kept(found: dict[str, int], manages: bool, records: bool) -> Iterator[Task]:
    address = reverse("questions")
    if manages and found["asked"]:
        title = f"Give {count_of(found['asked'], 'panel question')} an owner"
        yield Task(title=title, href=f"{address}?stands=asked", urgent=True)
    if manages and found["answered"]:
        title = f"Release {count_of(found['answered'], 'answer')} to the panel"
        yield Task(title=title, href=f"{address}?stands=release", urgent=True)
    if records and found["released"]:
        title = f"Record whether the panel accepted {count_of(found['released'], 'answer')}"
        yield Task(title=title, href=f"{address}?stands=released")


def _owed(who: Standing) -> Iterator[Task]:
    """Answers the person, or somebody they stand in for, owes."""
    rows = PanelQuestion.objects.with_items().filter(owner__in=who.people, state=State.ASSIGNED)
    for one in rows:
        code, name = item_named(one)
        yield Task(
            title=f"Answer the panel’s {one.get_kind_display().lower()}" + (f" about {code} {name}" if code else ""),
            href=one.get_absolute_url(),
            due=one.due_on,
            hint=one.words if len(one.words) < 160 else "",
            late=one.due_on is not None and one.due_on < who.today,
            acting_for=who.acting_for(one.owner_id or 0),
        )


def question_reading(who: Standing) -> Iterator[Reading]:
    """For the panel: the answers that came lately."""
    if not who.may(Permission.ASK_QUESTIONS):
        return
    count = AnswerRelease.objects.filter(released_at__date__gte=who.today - _NEW_FOR).count()
    if count:
        yield Reading(
            "Answers to the panel’s questions",
            f"{reverse('questions')}?stands=answered",
            f"{count_of(count, 'answer')} in the last {_NEW_FOR.days} days",
        )

"""The tasks of a sign-off, whatever is signed off: to enter, to answer, to check, to decide (framework C.2, E.1).

``link`` is the key of a challenge, a revision or an exception to its record; ``calling`` says what a task calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.review.models import AbstractChallenge, AbstractRevision
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day, lower_first
from hdcperf.ui.home_tasks import Task

__all__ = [
    "NOT_IN",
    "Called",
    "Calling",
    "answering_tasks",
    "check_task",
    "dispute_tasks",
    "entering_task",
    "lifted_tasks",
    "missing_task",
    "revision_tasks",
    "service_tasks",
]

NOT_IN = ("not_started", "draft")
LISTED = 5
"""More revisions than this are one task with a count."""


@dataclass(frozen=True)
class Called:
    """What a task calls a record (*the Q2 2026/27 update of 3 Homes*), its page, and whose work it is."""

    name: str
    href: str
    acting_for: str = ""


Calling = Callable[[Any], Called]


def entering_task(record: Any, called: Called, *, noun: str, today: date, otherwise: str = "") -> Task:
    """To start or finish ``record``, its ``lock_exceptions`` prefetched; ``otherwise`` is the hint of an open one."""
    period = record.period
    lifted = max((one.expires_on for one in record.lock_exceptions.all() if one.expires_on >= today), default=None)
    locked = period.is_locked(today) and lifted is None
    hint = otherwise
    if lifted is not None:
        hint = f"The lock is lifted for this {noun} until {day(lifted)}"
    elif locked:
        hint = f"Locked after {day(period.locks_on)}: ask the Performance Team to lift the lock"
    return Task(
        title=f"{'Finish' if record.state == 'draft' else 'Start'} {called.name}",
        href=called.href,
        due=lifted or period.due_on,
        hint=hint,
        state=record.state,
        locked=locked,
        late=today > period.due_on,
        acting_for=called.acting_for,
    )


def answering_tasks(challenges: QuerySet[Any], link: str, calling: Calling, today: date) -> Iterator[Task]:
    """Those of ``challenges`` to answer, one task a record: a reopened part can be changed whatever the lock says."""
    by_record: dict[int, list[Any]] = {}
    for challenge in challenges.filter(state=AbstractChallenge.State.OPEN).order_by("due_on", "pk"):
        by_record.setdefault(getattr(challenge, f"{link}_id"), []).append(challenge)
    for found in by_record.values():
        record = getattr(found[0], link)
        called = calling(record)
        about = "a challenge" if len(found) == 1 else f"{len(found)} challenges"
        yield Task(
            title=f"Answer {about} about {called.name}",
            href=called.href,
            due=found[0].due_on,
            hint="; ".join(f"{one.get_about_display()}: {lower_first(one.get_reason_display())}" for one in found),
            state=record.state,
            late=today > found[0].due_on,
            acting_for=called.acting_for,
        )


def dispute_tasks(who: Standing, challenges: Any, link: str, calling: Calling) -> Iterator[Task]:
    """Those of ``challenges`` that were escalated to the board and await its decision (framework E.1)."""
    if not who.may(Permission.RULE_ON_CHALLENGES):
        return
    for challenge in challenges.with_the_board().order_by("escalated_at"):
        record = getattr(challenge, link)
        called = calling(record)
        yield Task(
            title=f"Decide the dispute about {called.name}",
            href=called.href,
            hint=f"{challenge.get_about_display()}. Escalated on {day(challenge.escalated_at)}",
            state=record.state,
            urgent=True,
        )


def revision_tasks(
    who: Standing, revisions: QuerySet[Any], link: str, calling: Calling, *, page: str, noun: str = ""
) -> Iterator[Task]:
    """Those of ``revisions`` that somebody else proposed. ``page`` is that of one, and with an *s* their list's."""
    proposed = revisions.filter(state=AbstractRevision.State.PROPOSED).exclude(proposed_by__in=who.people)
    found = list(proposed.order_by("proposed_at"))
    for revision in found[:LISTED]:
        by, on = revision.proposed_by.name, day(revision.proposed_at)
        yield Task(
            title=f"Decide a revision of {calling(getattr(revision, link)).name}",
            href=reverse(page, args=[revision.pk]),
            hint=f"{revision.get_kind_display()}, proposed by {by} on {on}",
            urgent=True,
        )
    if len(found) > LISTED:
        words = f"Decide {count_of(len(found) - LISTED, 'more revision')}{noun}"
        yield Task(title=words, href=reverse(f"{page}s"), urgent=True)


def lifted_tasks(exceptions: QuerySet[Any], link: str, calling: Calling) -> Iterator[Task]:
    """Locks lifted for one record."""
    for exception in exceptions:
        record = getattr(exception, link)
        called = calling(record)
        yield Task(
            title=f"Lock lifted for {called.name}",
            href=called.href,
            due=exception.expires_on,
            hint=f"Asked for by {exception.asked_by}: it locks again after {day(exception.expires_on)}",
            state=record.state,
        )


def check_task(period: ReportingPeriod, counts: Mapping[str, int], *, noun: str, href: str, today: date) -> Task:
    """What of a round is to be checked. ``counts`` has *check*, *answered* (of those), *asked* and *board*."""
    parts = {
        f"{count_of(counts['answered'], noun)} with its challenge answered": counts["answered"],
        f"{count_of(counts['asked'], noun)} waiting for the service's answer": counts["asked"],
        f"{counts['board']} with the board": counts["board"],
    }
    return Task(
        title=f"Check the {period} {noun}s: {counts['check']} to check",
        href=href,
        due=period.locks_on,
        hint=", ".join(words for words, number in parts.items() if number),
        late=period.is_locked(today),
    )


def missing_task(period: ReportingPeriod, missing: str, late: int, *, noun: str, href: str, today: date) -> Task:
    """What of a round is to be asked for: ``missing`` says what is not in, ``late`` counts unanswered challenges."""
    parts = [missing, f"{count_of(late, 'challenge')} not answered in time" if late else ""]
    locked = period.is_locked(today)
    return Task(
        title=f"Ask for what is missing in {period}: {', '.join(part for part in parts if part)}",
        href=href,
        due=period.locks_on,
        hint=f"It is locked: a lock can be lifted for one {noun}" if locked else "",
        late=locked,
    )


def service_tasks(
    records: QuerySet[Any], service: str, span: Callable[[date], object], *, noun: str, page: str, today: date
) -> Iterator[Task]:
    """How many of ``records`` of each open round are in, service by service, while some are not.

    ``service`` is the path to its name, ``span`` gives the round that begins on a day, ``page`` is the round's list.
    """
    counted = (
        records.filter(period__opens_on__lte=today, period__locks_on__gte=today)
        .order_by()
        .values("period__starts_on", "period__due_on", called=F(service))
        .annotate(
            due=Count("pk"),
            waiting=Count("pk", filter=Q(state__in=NOT_IN)),
            asked=Count("pk", filter=Q(state="challenged")),
        )
    )
    for row in counted:
        if row["waiting"] or row["asked"]:
            round_of = span(row["period__starts_on"])
            inside = row["due"] - row["waiting"]
            yield Task(
                title=f"{row['called']}: {inside} of {count_of(row['due'], noun)} in for {round_of}",
                href=reverse(page, args=[round_of]),
                due=row["period__due_on"],
                hint=f"{count_of(row['asked'], noun)} with a challenge to answer" if row["asked"] else "",
                late=bool(row["waiting"]) and today > row["period__due_on"],
            )

"""What people are told of at once, read from the rows that say it happened, by a sweep each minute."""

from __future__ import annotations

import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.outbox.operations import post_many
from hdcperf.reminders.kinds import AT_ONCE, notice_sources
from hdcperf.reminders.models import Reminder
from hdcperf.reminders.presenters.notices import Heard, notice_letter
from hdcperf.reminders.queries.people import people_on
from hdcperf.reminders.rules import kept_from
from hdcperf.reminders.whom import People, told_at_once

__all__ = ["TOLD_WITHIN", "send_notices"]

TOLD_WITHIN = timedelta(days=5)
"""Older than this nothing is told at once: a sweep that was off for longer does not bring up what is long past."""

logger = logging.getLogger(__name__)

Key = tuple[int, str, str]


def send_notices(now: datetime) -> int:
    """Tell people of what happened in the days before ``now`` and was not told yet; return how many messages.

    Nothing is lost when a process dies: the rows that say it happened are the queue. What one sweep finds for one
    person is one message. The number of queries grows with the sources declared and with the people told.
    """
    today, since = clock.local_day(now), now - TOLD_WITHIN
    first = kept_from(today, settings.TOLD_KEEP_DAYS)
    happened = [(source.code, notice) for source in notice_sources() for notice in source.since(since)]
    heard = [one for one in happened if one[1].on >= first]
    if not heard:
        return 0
    people = people_on(today)
    told = _told_before({notice.on for _, notice in heard})
    by_person: dict[int, list[Heard]] = defaultdict(list)
    for code, notice in heard:
        for one in told_at_once(notice, people):
            if (one.person, code, notice.subject) not in told:
                told.add((one.person, code, notice.subject))
                by_person[one.person].append(Heard(code, notice, one))
    return sum(_tell(person, found, people) for person, found in sorted(by_person.items()))


def _told_before(days: Iterable[date]) -> set[Key]:
    rows = Reminder.objects.filter(step=AT_ONCE, due_on__in=list(days))
    return set(rows.values_list("recipient", "kind", "subject"))


def _tell(person: int, found: list[Heard], people: People) -> int:
    """Write what one person is told, and the message, together; nothing where another sweep was first."""
    try:
        with transaction.atomic():
            Reminder.objects.bulk_create(_reminder(person, one) for one in found)
            recipient = User.objects.get(pk=person)
            return len(post_many([notice_letter(found, recipient, _key(found), people)]))
    except IntegrityError:
        logger.info("Another sweep told person %s first", person)
        return 0


def _reminder(person: int, one: Heard) -> Reminder:
    return Reminder(
        kind=one.source,
        step=AT_ONCE,
        subject=one.notice.subject,
        due_on=one.notice.on,
        recipient_id=person,
        told_as=one.told.told_as.value,
    )


def _key(found: list[Heard]) -> str:
    """The same for the same notices."""
    subjects = "\n".join(sorted(f"{one.source} {one.notice.subject}" for one in found))
    return f"notice-{hashlib.sha256(subjects.encode()).hexdigest()[:40]}"

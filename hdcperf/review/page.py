"""What the page of a return says round its form, whatever is returned: due, saved, for whom, and why it is locked."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import User
from hdcperf.organisation.queries import council
from hdcperf.roles import Permission
from hdcperf.ui import Link, Lock, day

__all__ = [
    "ask_for_the_lock",
    "covering_words",
    "due_words",
    "last_move",
    "lock_of",
    "may_lift",
    "saved_words",
]

_NOT_IN = ("not_started", "draft")


def last_move(record: Any, name: str) -> Any:
    """The last time ``record`` (its ``transitions`` prefetched) made the move, or None."""
    return next((one for one in reversed(record.transitions.all()) if one.move == name), None)


def due_words(record: Any) -> str:
    """When it is due and locks, while it is not handed in."""
    period = record.period
    if period is None or record.state not in _NOT_IN:
        return ""
    today = clock.today()
    verb = "Was due" if today > period.due_on else "Due"
    locks = "locked" if period.is_locked(today) else "locks"
    return f"{verb} {day(period.due_on)}. It {locks} after {day(period.locks_on)}."


def saved_words(record: Any) -> str:
    """When the draft was last saved, and by whom."""
    last = record.history.first()
    if last is None or record.state != "draft":
        return ""
    return f"Draft last saved by {last.history_by_name} on {day(clock.local_day(last.history_date))}."


def covering_words(holder: User | None, who: Standing) -> str:
    """For whom the reader enters, when it is not their own."""
    if holder is None:
        return ""
    verb = "You are covering for" if holder.pk in who.covering else "You are entering this for"
    return f"{verb} {holder.name}. The record will say so."


def lock_of(
    record: Any, *, noun: str, frozen: str, refused: str | None, closed: str | None, contact: Link | None, today: date
) -> Lock | None:
    """Why the page is read-only, who lifts that, and until when an exception runs; None while it is open.

    ``frozen`` says what acceptance froze, ``refused`` why this reader cannot enter, ``closed`` which lock applies,
    and ``contact`` whom to ask to lift it.
    """
    if record.state == "accepted":
        done = last_move(record, "accept")
        by = f" by {done.by_name} on {day(clock.local_day(done.at))}" if done else ""
        who = "It can be changed only by a revision, which the service or the Performance Team can propose."
        return Lock(f"This {noun} was accepted{by}, so {frozen}.", who)
    if record.state == "submitted":
        sent = last_move(record, "submit")
        by = f" by {sent.who} on {day(clock.local_day(sent.at))}" if sent else ""
        who = closed or (f"It can be taken back until {day(record.period.locks_on)}." if record.period else "")
        return Lock(f"This {noun} was submitted{by} and is with the Performance Team.", who)
    if refused:
        return Lock(f"You can read this {noun} but not change it.", refused)
    if record.state == "challenged":
        # A challenge reopens what it asks about whatever the lock says.
        return None
    if closed:
        return Lock(f"This {noun} is read-only.", closed, contact=contact)
    return _exception(record, noun, today)


def may_lift(record: Any, who: Standing) -> bool:
    """Whether a lock is in the way of ``record`` that this reader can lift."""
    locked = record.period is not None and record.period.is_locked(clock.today())
    return locked and record.state in _NOT_IN and who.may(Permission.MANAGE_PERIODS, record.scope)


def ask_for_the_lock(record: Any, name: str, who: Standing) -> Link | None:
    """An e-mail to the Performance Team that already says which one; nothing for those who lift locks themselves."""
    address = council().team_email
    locked = record.period is not None and record.period.is_locked(clock.today())
    if not (address and locked) or who.may(Permission.MANAGE_PERIODS):
        return None
    subject = quote(f"Please lift the lock: {name}")
    return Link(f"Ask the Performance Team: {address}", f"mailto:{address}?subject={subject}")


def _exception(record: Any, noun: str, today: date) -> Lock | None:
    period = record.period
    if period is None or not period.is_locked(today):
        return None
    lifted = record.lock_exceptions.filter(expires_on__gte=today).order_by("-expires_on").first()
    if lifted is None:
        return None
    return Lock(
        f"{period} locked after {day(period.locks_on)}. The lock was lifted for this {noun}.",
        f"By {lifted.granted_by.name}: {lifted.reason}",
        f"Open until {day(lifted.expires_on)}.",
    )

"""Meetings as rows, and one with the timetable of its papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hdcperf.ui import Link, SummaryRow, Tag, day
from reports.models import Meeting
from reports.rules.times import time_words
from reports.rules.timetable import agenda_sentence

__all__ = ["MeetingRow", "StepRow", "meeting_facts", "meeting_rows", "timetable_rows"]

CANCELLED, HELD, TO_COME = Tag("Cancelled", "solid"), Tag("Held", "grey"), Tag("To come", "blue")
DONE, NEXT, LATER = Tag("Day passed", "grey"), Tag("Next", "blue"), Tag("To come", "outline")


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in a list: its body with its page, when and where, and how it stands."""

    link: Link
    when: str
    place: str
    tag: Tag
    papers: str


@dataclass(frozen=True)
class StepRow:
    """A step of a meeting's papers, its last day, and whether that has passed."""

    label: str
    on: str
    tag: Tag


def _tag(meeting: Meeting, today: date) -> Tag:
    if meeting.is_cancelled:
        return CANCELLED
    return HELD if meeting.held_on < today else TO_COME


def when_words(meeting: Meeting) -> str:
    """``Tuesday 1 December 2026, 7pm``."""
    at = f", {time_words(meeting.starts_at)}" if meeting.starts_at is not None else ""
    return f"{meeting.held_on:%A} {day(meeting.held_on)}{at}"


def meeting_rows(meetings: Iterable[Meeting], today: date) -> list[MeetingRow]:
    return [
        MeetingRow(
            link=Link(one.get_body_display(), one.get_absolute_url(), hint=f"on {day(one.held_on)}"),
            when=when_words(one),
            place=one.place,
            tag=_tag(one, today),
            papers="" if one.is_cancelled or one.held_on < today else agenda_sentence(one.timetable, today),
        )
        for one in meetings
    ]


def meeting_facts(meeting: Meeting, today: date) -> list[SummaryRow]:
    """When, where, and if it is cancelled why."""
    rows = [
        SummaryRow("How it stands", _tag(meeting, today)),
        SummaryRow("When", when_words(meeting)),
        SummaryRow("Where", meeting.place or "Not known yet"),
    ]
    if meeting.is_cancelled:
        rows.append(SummaryRow("Why it is cancelled", meeting.cancelled_because))
    return rows


def timetable_rows(meeting: Meeting, today: date) -> list[StepRow]:
    """The steps of its papers, earliest first, and the meeting itself last."""
    found = meeting.timetable
    following = found.next_step(today)
    steps = [
        StepRow(step.label, f"{step.on:%A} {day(step.on)}", _step_tag(step.on, step == following, today))
        for step in found.steps
    ]
    is_next = following is None and meeting.held_on >= today
    held_on = meeting.held_on
    held = StepRow("The meeting", f"{held_on:%A} {day(held_on)}", _step_tag(held_on, is_next, today))
    return [*steps, held]


def _step_tag(on: date, is_next: bool, today: date) -> Tag:
    if on < today:
        return DONE
    return NEXT if is_next else LATER

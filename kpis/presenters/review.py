"""The review page of one return: everything a reviewer decides on, on one screen (framework C.2.2, E.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.review.merging import StaleRow
from hdcperf.ui import Movement, Tag, day, mark_tag, moment, state_tag
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.entering import Entry
from kpis.presenters.figures import movement_piece
from kpis.presenters.return_stale import stale_rows
from kpis.queries.queue import RoundRow
from kpis.queries.submissions import last_challenges, resubmission, submissions
from kpis.rules.facts import upper_first
from kpis.rules.sentences import position_as_at
from kpis.workflow import MOVES, refusal

__all__ = ["EarlierChallenge", "Options", "Top", "earlier_challenges", "options", "top"]

State = MonthlyReturn.State
WAITING = "The service has been asked a question. You can accept this return when every question is answered."


@dataclass(frozen=True)
class Top:
    """The head of the page: what it is, its state, who sent it and for whom, and how it moved."""

    title: str
    caption: str
    tags: tuple[Tag, ...]
    sent: str
    position: str
    movement: Movement | None
    changed_since: str
    changes: Sequence[StaleRow]


def top(record: MonthlyReturn, row: RoundRow | None) -> Top:
    sent = submissions(record)
    again = resubmission(record)
    marks = tuple(mark_tag(name) for name in row.marks) if row else ()
    moved = movement_piece(record.kpi_year, row.previous, row.compared, row.levels) if row else None
    since = f"Since it was submitted on {moment(again.first.at)}" if again else ""
    return Top(
        title=f"Check {record.measured}",
        caption=f"{record.kpi_year.code} {record.kpi_year.name} · {record.kpi_year.service.name}",
        tags=(state_tag(record.state), *marks),
        sent=f"Submitted by {sent[-1].who} on {moment(sent[-1].at)}." if sent else "Not submitted yet.",
        position=upper_first(position_as_at(record.measured)) if record.kpi_year.months_in_arrears else "",
        movement=moved,
        changed_since=since,
        changes=stale_rows(record, again.before, Entry.of(record), again.different) if again else (),
    )


@dataclass(frozen=True)
class EarlierChallenge:
    """A challenge on another month of the same KPI, in a line."""

    month: str
    href: str
    about: str
    question: str
    outcome: str


def earlier_challenges(record: MonthlyReturn) -> list[EarlierChallenge]:
    return [_earlier(one, record) for one in last_challenges(record)]


def _earlier(one: Challenge, record: MonthlyReturn) -> EarlierChallenge:
    outcome = one.get_state_display()
    if one.figure_changed:
        outcome += ": the figure was changed"
    if one.lesson:
        outcome += f". To be done differently: {one.lesson}"
    measured = one.monthly_return.measured
    return EarlierChallenge(
        month=f"{measured}, asked by {one.raised_by.name} on {day(clock.local_day(one.raised_at))}",
        href=reverse("return", args=[measured, one.monthly_return.kpi_year.code]),
        about=f"{one.get_about_display()}: {one.get_reason_display().lower()}",
        question=one.question,
        outcome=outcome,
    )


@dataclass(frozen=True)
class Options:
    """What this reviewer may decide. A ``why_not`` is the sentence printed where the button would be."""

    accept_why_not: str
    challenge_why_not: str
    may_correct: bool
    may_choose_example: bool
    is_example: bool

    @property
    def may_accept(self) -> bool:
        return not self.accept_why_not

    @property
    def may_challenge(self) -> bool:
        return not self.challenge_why_not


def options(record: MonthlyReturn, user: User) -> Options:
    return Options(
        accept_why_not=WAITING if record.state == State.CHALLENGED else refusal(record, MOVES["accept"], user) or "",
        challenge_why_not=refusal(record, MOVES["challenge"], user) or "",
        may_correct=refusal(record, MOVES["correct_words"], user) is None,
        may_choose_example=record.is_accepted and bool(record.what_happened),
        is_example=hasattr(record, "as_example"),
    )

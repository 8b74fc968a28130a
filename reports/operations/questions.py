"""Asking a question for a body, and what follows: its owner, its answers, their release and what the body said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from actions.models import ActionYear, Project
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Appointment, User
from hdcperf.ui import day
from kpis.models import KpiYear
from reports.models import Answer, AnswerRelease, Meeting, PanelQuestion
from reports.question_workflow import MoveRefused, NotPermitted, may_ask, may_record, move_question
from reports.rules.questions import answer_due

__all__ = [
    "Asked",
    "answer",
    "ask",
    "assign",
    "conclude",
    "note",
    "post_of",
    "release",
    "reopen",
    "return_answer",
    "withdraw",
]

OFFICER = "Officer"
Kind = PanelQuestion.Kind


@dataclass(frozen=True)
class Asked:
    """What was asked: of which kind, for which meeting, about what (None: the report as a whole), in which words."""

    kind: str
    meeting: Meeting
    about: KpiYear | ActionYear | Project | None
    words: str
    asked_on: date


def post_of(user: User, on: date) -> str:
    """The post somebody holds, in words, for print; an officer without one is called so."""
    row = (
        Appointment.objects.on(on)
        .filter(user=user)
        .select_related("directorate", "service", "portfolio")
        .order_by("-chairs", "starts_on", "pk")
        .first()
    )
    return row.post if row is not None else OFFICER


def _columns(about: KpiYear | ActionYear | Project | None) -> dict[str, KpiYear | ActionYear | Project | None]:
    return {
        "kpi_year": about if isinstance(about, KpiYear) else None,
        "action_year": about if isinstance(about, ActionYear) else None,
        "project": about if isinstance(about, Project) else None,
    }


def ask(asked: Asked, *, by: User, member: User | None = None) -> PanelQuestion:
    """Ask something for a body; ``member`` is who asked it where ``by`` writes it down for them (None: the body).

    A second click finds what the first one wrote. Raises NotPermitted, and MoveRefused for a meeting that is
    cancelled or a day that has not come.
    """
    if sentence := may_ask(None, by):
        raise NotPermitted(sentence, state="", move="ask")
    if asked.meeting.is_cancelled:
        raise MoveRefused("This meeting is cancelled: choose another.", state="", move="ask")
    if asked.asked_on > clock.today():
        raise MoveRefused("It cannot have been asked on a day that has not come.", state="", move="ask")
    records = may_record(None, by) is None
    asker = member if records else by
    post = post_of(asker, asked.asked_on) if asker is not None else asked.meeting.get_body_display()
    facts = {
        "kind": asked.kind,
        "meeting": asked.meeting,
        "words": asked.words,
        "asked_on": asked.asked_on,
        "asked_by": asker,
        **_columns(asked.about),
    }
    with transaction.atomic():
        # Held, so that a second click waits for the first and finds it.
        User.objects.select_for_update().get(pk=by.pk)
        same = PanelQuestion.objects.filter(**facts, recorded_by=by).first()
        if same is not None:
            return same
        made = PanelQuestion(**facts, asked_by_post=post, recorded_by=by, recorded_by_name=by.name)
        save_as(made, by=by, reason="Asked")
    return made


def assign(question: PanelQuestion, *, owner: User, due_on: date, by: User) -> PanelQuestion:
    """Give a question to who is to answer it, by when. Raises as ``move_question`` does."""
    if due_on < clock.today():
        raise MoveRefused("The answer cannot be due on a day that has passed.", state=question.state, move="assign")
    post = post_of(owner, clock.today())

    def change(fresh: PanelQuestion) -> None:
        fresh.owner, fresh.owner_post, fresh.due_on = owner, post, due_on

    return move_question(question, "assign", by=by, comment=f"{post}, by {day(due_on)}", change=change)


def note(question: PanelQuestion, *, by: User) -> PanelQuestion:
    """Note a comment that asks for nothing."""
    return move_question(question, "note", by=by)


def answer(question: PanelQuestion, words: str, *, by: User, response: str = "") -> PanelQuestion:
    """Write the next answer; the ones before stay. A recommendation's says whether it is agreed."""
    if bool(response) != (question.kind == Kind.RECOMMENDATION):
        sentence = "Say whether the recommendation is agreed." if not response else "Only a recommendation is agreed."
        raise MoveRefused(sentence, state=question.state, move="answer")

    def change(fresh: PanelQuestion) -> None:
        Answer.objects.create(
            question=fresh,
            number=fresh.answers.count() + 1,
            words=words,
            response=response,
            answered_by=by,
            answered_by_name=by.name,
            answered_by_post=_answering_post(fresh, by),
            answered_at=clock.now(),
        )

    return move_question(question, "answer", by=by, change=change)


def _answering_post(question: PanelQuestion, by: User) -> str:
    """The owner's post, also where their delegate writes; a manager answers in their own."""
    return question.owner_post if question.owner_id in standing(by).people else post_of(by, clock.today())


def return_answer(question: PanelQuestion, reason: str, *, by: User) -> PanelQuestion:
    """Send an answer back to its owner before it is released."""
    return move_question(question, "return", by=by, comment=reason)


def release(question: PanelQuestion, *, by: User) -> PanelQuestion:
    """Give the newest answer to the body that asked."""

    def change(fresh: PanelQuestion) -> None:
        newest = fresh.answers.order_by("-number").first()
        assert newest is not None  # a question in this state has one
        AnswerRelease.objects.create(answer=newest, released_by=by, released_by_name=by.name, released_at=clock.now())

    return move_question(question, "release", by=by, change=change)


def conclude(question: PanelQuestion, *, accepted: bool, words: str, by: User) -> PanelQuestion:
    """Record whether the body accepted the answer; one that is not accepted is owed again."""
    if accepted:
        return move_question(question, "accept", by=by, comment=words)
    return move_question(question, "decline", by=by, comment=words, change=_owed_again)


def reopen(question: PanelQuestion, reason: str, *, by: User) -> PanelQuestion:
    """Ask the owner for a revised answer."""
    return move_question(question, "reopen", by=by, comment=reason, change=_owed_again)


def _owed_again(fresh: PanelQuestion) -> None:
    fresh.due_on = answer_due(clock.today())


def withdraw(question: PanelQuestion, reason: str, *, by: User) -> PanelQuestion:
    """Take a question back; it stays, with the reason."""
    return move_question(question, "withdraw", by=by, comment=reason)

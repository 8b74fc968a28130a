"""Questions as rows, and one with its answers and what was done with it. Posts are printed; officers see names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from actions.models import ActionYear
from hdcperf.organisation.access import Standing
from hdcperf.roles import MEMBER_ROLES
from hdcperf.ui import Count, Link, SummaryRow, Tag, day, mark_tag
from kpis.models import KpiYear
from reports.models import Answer, Meeting, PanelQuestion, PanelQuestionTransition
from reports.queries.question_list import Counted
from reports.queries.questions import item_named, released_at, seen_answers, sees_unreleased

__all__ = [
    "AnswerRow",
    "MoveRow",
    "QuestionRow",
    "answer_rows",
    "count_tiles",
    "move_rows",
    "question_facts",
    "question_rows",
    "state_for",
]

State = PanelQuestion.State
_COLOURS = {
    State.ASKED: "blue",
    State.ASSIGNED: "purple",
    State.ANSWERED: "magenta",
    State.RELEASED: "teal",
    State.ACCEPTED: "teal",
    State.NOTED: "grey",
    State.WITHDRAWN: "outline",
}
_TILES = {
    "open": "Open",
    "overdue": "Overdue",
    "release": "To be released",
    "answered": "Answered",
    "accepted": "Answer accepted",
}
_BEGINNING = 180
"""Characters of a question that a list shows."""


@dataclass(frozen=True)
class QuestionRow:
    """A question in a list."""

    link: Link
    about: Link | None
    asked: str
    owner: str
    due: str
    is_owed: bool
    tags: tuple[Tag, ...]
    words: str
    answers: tuple[AnswerRow, ...] = ()


@dataclass(frozen=True)
class AnswerRow:
    """An answer: which one, by which post, when, in which words; ``tag`` says that it is not released."""

    heading: str
    by: str
    words: str
    response: str
    tag: Tag | None


@dataclass(frozen=True)
class MoveRow:
    """Something that was done with a question."""

    who: str
    what: str
    when: str
    words: str


def state_for(question: PanelQuestion, who: Standing) -> State:
    """How a question stands for ``who``: an answer that is not released is nobody's outside."""
    state = State(question.state)
    return State.ASSIGNED if state is State.ANSWERED and not sees_unreleased(who, question) else state


def _tags(question: PanelQuestion, who: Standing) -> tuple[Tag, ...]:
    state = state_for(question, who)
    tags = [Tag(state.label, _COLOURS[state])]
    if state is State.ASSIGNED and question.due_on is not None and question.due_on < who.today:
        tags.append(mark_tag("overdue"))
    return tuple(tags)


def item_link(question: PanelQuestion) -> Link | None:
    """What it is about, with its page; None for the report as a whole."""
    item, (code, name) = question.item, item_named(question)
    if item is None:
        return None
    if isinstance(item, KpiYear):
        address = reverse("kpi", args=[item.financial_year, item.code])
    elif isinstance(item, ActionYear):
        address = reverse("action", args=[item.plan_year.financial_year, item.code])
    else:
        address = reverse("project", args=[item.code])
    return Link(f"{code} {name}", address)


def _beginning(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _BEGINNING else f"{line[:_BEGINNING].rsplit(' ', 1)[0]} …"


def question_rows(questions: Iterable[PanelQuestion], who: Standing, *, answers: bool = False) -> list[QuestionRow]:
    """Questions in a list; with ``answers`` also what was answered (fetch them with ``with_answers``)."""
    return [
        QuestionRow(
            link=Link(_beginning(one.words), one.get_absolute_url()),
            about=item_link(one),
            asked=f"{one.get_kind_display()} by {one.asked_by_post}, {one.when} of {day(one.meeting.held_on)}",
            owner=one.owner_post or ("Nobody yet" if one.is_open else "Nobody"),
            due=_due(one),
            is_owed=one.is_open and one.due_on is not None,
            tags=_tags(one, who),
            words=one.words,
            answers=tuple(answer_rows(one, who)) if answers else (),
        )
        for one in questions
    ]


def _due(question: PanelQuestion) -> str:
    if not question.is_open:
        return "No longer owed"
    return day(question.due_on) or "Not set yet"


def is_officer(who: Standing) -> bool:
    """Officers are named to officers, not to members or the public."""
    return bool(who.roles - MEMBER_ROLES)


def answer_rows(question: PanelQuestion, who: Standing) -> list[AnswerRow]:
    """The answers ``who`` may read, the newest first; the earlier ones stay."""
    found = seen_answers(who, question)
    return [_answer(one, len(found), who) for one in reversed(found)]


def _answer(one: Answer, count: int, who: Standing) -> AnswerRow:
    released = released_at(one)
    name = f" ({one.answered_by_name})" if is_officer(who) else ""
    when = released or one.answered_at
    return AnswerRow(
        heading="Answer" if count == 1 else "First answer" if one.number == 1 else f"Revised answer {one.number}",
        by=f"{one.answered_by_post}{name}, {day(when)}",
        words=one.words,
        response=one.get_response_display(),
        tag=None if released is not None else Tag("Not released", "outline"),
    )


def question_facts(question: PanelQuestion, who: Standing) -> list[SummaryRow]:
    """What it is about, who asked it, for which meeting, and whose it is."""
    officer = is_officer(who)
    asker = question.asked_by
    meeting: Meeting = question.meeting
    rows = [
        SummaryRow("About", item_link(question) or "The report as a whole"),
        SummaryRow(
            "Asked by", question.asked_by_post + (f" ({asker.name})" if officer and asker is not None else "")
        ),
        SummaryRow("Asked on", f"{day(question.asked_on)}, {question.when}"),
        SummaryRow("Meeting", Link(str(meeting), meeting.get_absolute_url())),
    ]
    if meeting.is_cancelled:
        rows.append(SummaryRow("The meeting is cancelled", "So it is taken at the body’s next."))
    owner = question.owner
    name = f" ({owner.name})" if officer and owner is not None else ""
    rows.append(SummaryRow("To be answered by", f"{question.owner_post}{name}" if owner else "Nobody yet"))
    if question.due_on is not None and question.is_open:
        rows.append(SummaryRow("Answer due on", day(question.due_on)))
    return rows


_DONE = {
    "assign": "Given to its owner",
    "note": "Noted",
    "answer": "Answered",
    "return": "Answer sent back",
    "release": "Answer released to the panel",
    "accept": "Answer accepted by the panel",
    "decline": "Answer not accepted by the panel",
    "reopen": "Revised answer asked for",
    "withdraw": "Withdrawn",
}
_HIDDEN = frozenset({"answer", "return"})
"""Moves that are about an answer which is not released."""


def move_rows(moves: Iterable[PanelQuestionTransition], question: PanelQuestion, who: Standing) -> list[MoveRow]:
    """What was done with it, oldest first; to those outside, nothing of answers before their release."""
    working, officer = sees_unreleased(who, question), is_officer(who)
    return [
        MoveRow(
            who=one.who if officer else "",
            what=_DONE[one.move],
            when=day(one.at),
            words=one.comment if officer or one.move in ("decline", "withdraw", "reopen", "accept") else "",
        )
        for one in moves
        if working or one.move not in _HIDDEN
    ]


def count_tiles(found: Counted, chosen: str, address: Callable[[str], str]) -> list[Count]:
    return [Count(number, _TILES[name], address(name), current=name == chosen) for name, number in found.items()]

"""The questions of panels that a person may see, and those that the report for a meeting prints.

Whoever asks, assigns, answers or records sees a question at once, and so do those who see accepted figures of what it
is about; everybody else sees it once an answer has been released. An answer that is not released is seen by its
owner, by the service it is about and by the Performance Team.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q

from actions.models import ActionYear, Project
from hdcperf import clock
from hdcperf.organisation.access import Reach, Standing
from hdcperf.roles import Permission
from kpis.models import KpiYear
from reports.models import Answer, AnswerRelease, Meeting, PanelQuestion
from reports.models.questions import PanelQuestionQuerySet
from reports.rules.questions import ITEMS

__all__ = [
    "PrintedAnswer",
    "PrintedQuestion",
    "asks_or_keeps",
    "item_named",
    "questions_about",
    "questions_for",
    "questions_raised_at",
    "questions_seen_by",
    "released_at",
    "seen_answers",
    "sees_all_unreleased",
    "sees_unreleased",
    "with_answers",
]

State = PanelQuestion.State
_KEEPS = (Permission.ASK_QUESTIONS, Permission.MANAGE_QUESTIONS, Permission.RECORD_QUESTIONS)


def asks_or_keeps(who: Standing) -> bool:
    """Whether ``who`` asks for the panel, or keeps its questions."""
    return any(who.may(permission) for permission in _KEEPS)


def questions_seen_by(who: Standing) -> PanelQuestionQuerySet:
    """The questions ``who`` may see, each with its meeting, what it is about and its owner."""
    rows = PanelQuestion.objects.with_items()
    accepted = who.reach(Permission.SEE_ACCEPTED)
    if asks_or_keeps(who) or accepted.council:
        return rows
    seen = Q(owner__in=who.people) | _in_reach(accepted) | _in_reach(who.reach(Permission.SEE_WORKING_RETURNS))
    seen |= _named_on(who) | Q(Exists(AnswerRelease.objects.filter(answer__question=OuterRef("pk"))))
    return rows.filter(seen)


def _in_reach(reach: Reach) -> Q:
    found = Q(pk__in=[])
    for item in ITEMS if reach else ():
        found |= Q(**{f"{item}__isnull": False}) & reach.rows(f"{item}__")
    return found


def _named_on(who: Standing) -> Q:
    """The people of a KPI's year, an action's responsible officer, a project's manager."""
    years = KpiYear.objects.filter(people__user__in=who.people).values("pk")
    return (
        Q(kpi_year__in=years)
        | Q(action_year__responsible__in=who.people)
        | Q(project__manager__in=who.people)
        | Q(asked_by__in=who.people)
    )


def sees_all_unreleased(who: Standing) -> bool:
    """Whether ``who`` reads every answer before its release: the Performance Team."""
    return who.may(Permission.MANAGE_QUESTIONS)


def sees_unreleased(who: Standing, question: PanelQuestion) -> bool:
    """Whether ``who`` reads an answer before it is given to the panel: its writers and the Performance Team."""
    if question.owner_id in who.people or sees_all_unreleased(who):
        return True
    return question.scope is not None and who.may(Permission.SEE_WORKING_RETURNS, question.scope)


def with_answers(rows: PanelQuestionQuerySet) -> PanelQuestionQuerySet:
    return rows.prefetch_related(Prefetch("answers", Answer.objects.select_related("release").order_by("number")))


def seen_answers(who: Standing, question: PanelQuestion) -> list[Answer]:
    """The answers ``who`` may read, oldest first; fetch them with ``with_answers``."""
    every = sees_unreleased(who, question)
    return [one for one in question.answers.all() if every or released_at(one) is not None]


def released_at(answer: Answer) -> datetime | None:
    found = getattr(answer, "release", None)
    return None if found is None else found.released_at


def questions_about(item: KpiYear | ActionYear | Project, who: Standing) -> PanelQuestionQuerySet:
    """What was asked about a KPI, an action or a project, in any year, as far as ``who`` may see it."""
    match item:
        case KpiYear():
            about = Q(kpi_year__kpi=item.kpi_id)
        case ActionYear():
            about = Q(action_year__action=item.action_id)
        case _:
            about = Q(project=item)
    return with_answers(questions_seen_by(who).filter(about))


# What a report prints


@dataclass(frozen=True)
class PrintedAnswer:
    """An answer that was released: by which post, on which day, in which words; the first is number 1."""

    number: int
    words: str
    by_post: str
    on: date
    response: str = ""


@dataclass(frozen=True)
class PrintedQuestion:
    """A question as a report prints it: posts, never names.

    ``code`` and ``name`` are those of the KPI, action or project it is about, empty for the report as a whole.
    ``state`` is one of ``PanelQuestion.State``; ``due_on`` stands only while an answer is owed.
    """

    id: int
    kind: str
    code: str
    name: str
    words: str
    asked_by_post: str
    asked_on: date
    asked_when: str
    meeting_on: date
    body: str
    state: str
    state_words: str
    owner_post: str = ""
    due_on: date | None = None
    answers: tuple[PrintedAnswer, ...] = field(default=())

    @property
    def is_open(self) -> bool:
        return self.due_on is not None or not self.answers


def item_named(question: PanelQuestion) -> tuple[str, str]:
    """The code and the name of what a question is about, as they were in that year; nothing for the report."""
    item = question.item
    if item is None:
        return "", ""
    return item.code, item.title if isinstance(item, ActionYear) else item.name


def printed(question: PanelQuestion) -> PrintedQuestion:
    code, name = item_named(question)
    # An answer that is written and not released is nobody's outside: the question is still with its owner.
    state = State.ASSIGNED if question.state == State.ANSWERED else State(question.state)
    return PrintedQuestion(
        id=question.pk,
        kind=question.kind,
        code=code,
        name=name,
        words=question.words,
        asked_by_post=question.asked_by_post,
        asked_on=question.asked_on,
        asked_when=question.when.value,
        meeting_on=question.meeting.held_on,
        body=question.meeting.body,
        state=state.value,
        state_words=state.label,
        owner_post=question.owner_post,
        due_on=question.due_on if question.is_open else None,
        answers=tuple(
            PrintedAnswer(
                one.number,
                one.words,
                one.answered_by_post,
                clock.local_day(one.release.released_at),
                one.get_response_display(),
            )
            for one in question.answers.all()
            if released_at(one) is not None
        ),
    )


def questions_for(meeting: Meeting) -> list[PrintedQuestion]:
    """What the report for ``meeting`` prints of its body's questions, oldest first, in three queries.

    Those still open, and those whose answer was released since the body last met (a cancelled meeting does not
    count); for cabinet also the recommendations that other bodies made to it. Questions asked for a later meeting
    are not in it.
    """
    before = (
        Meeting.objects.going_ahead()
        .filter(body=meeting.body, held_on__lt=meeting.held_on)
        .order_by("-held_on")
        .values_list("held_on", flat=True)
        .first()
    )
    asked = Q(meeting__body=meeting.body)
    if meeting.body == Meeting.Body.CABINET:
        asked |= Q(kind=PanelQuestion.Kind.RECOMMENDATION)
    rows = (
        PanelQuestion.objects.with_items()
        .filter(asked, meeting__held_on__lte=meeting.held_on)
        .exclude(state__in=[State.WITHDRAWN, State.NOTED])
        .order_by("meeting__held_on", "pk")
    )
    return [
        printed(one) for one in with_answers(rows) if one.is_open or _newly_answered(one, before, meeting.held_on)
    ]


def _newly_answered(question: PanelQuestion, before: date | None, until: date) -> bool:
    days = [clock.local_day(found) for one in question.answers.all() if (found := released_at(one)) is not None]
    return any((before is None or day >= before) and day <= until for day in days)


def questions_raised_at(meeting: Meeting) -> list[PrintedQuestion]:
    """Everything asked, said and recommended for ``meeting``, with what was answered: the supplement for cabinet."""
    rows = PanelQuestion.objects.with_items().filter(meeting=meeting).exclude(state=State.WITHDRAWN).order_by("pk")
    return [printed(one) for one in with_answers(rows)]

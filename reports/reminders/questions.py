"""What people are reminded of about panels' questions, and told of at once (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import Max

from hdcperf import clock
from hdcperf.organisation.access import Scope, who_may
from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece
from hdcperf.roles import Permission
from reports.models import PanelQuestion, PanelQuestionTransition
from reports.queries.questions import item_named

__all__ = ["KINDS", "NOTICES"]

State = PanelQuestion.State


def _named(question: PanelQuestion) -> str:
    code, name = item_named(question)
    about = f" about {code} {name}" if code else ""
    return f"The panel’s {question.get_kind_display().lower()}{about}"


def _service(question: PanelQuestion) -> int | None:
    return question.item.service_id if question.item is not None else None


def to_answer(today: date) -> Iterator[Piece]:
    """Questions an answer is owed to, for their owner; one query.

    One whose answer is owed again has another due date, and so is asked for again.
    """
    rows = PanelQuestion.objects.with_items().filter(state=State.ASSIGNED).annotate(given_at=Max("transitions__at"))
    for one in rows:
        opened = clock.local_day(vars(one)["given_at"])
        if opened <= today and one.due_on is not None and one.owner_id is not None:
            yield Piece(
                subject=f"panel-question-{one.pk}",
                title=f"{_named(one)}: your answer",
                href=one.get_absolute_url(),
                opened=opened,
                due=one.due_on,
                actors=frozenset({one.owner_id}),
                service=_service(one),
            )


_SAID = {
    "assign": "is yours to answer",
    "answer": "has an answer to be released",
    "return": "came back: its answer lacks something",
    "release": "is answered",
    "decline": "is owed a revised answer: the panel did not accept it",
    "reopen": "is owed a revised answer",
}


def moved(moment: datetime) -> Iterator[Notice]:
    """Moves that hand a question on to somebody, who is told at once; three queries."""
    today = clock.today()
    team = frozenset(who_may(Permission.MANAGE_QUESTIONS, Scope(), today).values_list("pk", flat=True))
    keepers = frozenset(who_may(Permission.RECORD_QUESTIONS, Scope(), today).values_list("pk", flat=True))
    rows = PanelQuestionTransition.objects.filter(at__gt=moment, move__in=_SAID).select_related(
        "question__meeting",
        "question__kpi_year",
        "question__action_year",
        "question__project",
    )
    for row in rows:
        question = row.question
        told = {
            "answer": team,
            "release": keepers | _ids(question.asked_by_id),
        }.get(row.move, _ids(question.owner_id))
        yield Notice(
            subject=f"panel-question-move-{row.pk}",
            on=clock.local_day(row.at),
            title=f"{_named(question)} {_SAID[row.move]}",
            href=question.get_absolute_url(),
            recipients=told,
            service=_service(question),
            but_not=frozenset({row.by_id}),
            words="" if row.move == "assign" else row.comment,
        )


def _ids(person: int | None) -> frozenset[int]:
    return frozenset() if person is None else frozenset({person})


KINDS = (
    Kind(
        code="panel-question",
        one="question of a panel",
        many="questions of a panel",
        open_work=to_answer,
        missed="The report for the panel’s next meeting prints it as open, with the post that owes the answer.",
        guidelines=(
            "Answer what was asked, with figures and their dates.",
            "The Performance Team reads the answer before the panel does.",
        ),
    ),
)
NOTICES = (NoticeSource(code="panel-question-move", label="A panel’s question was handed on", since=moved),)

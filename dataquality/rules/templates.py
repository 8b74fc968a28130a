"""The questions of the data quality template, in the framework's order and words (Appendix B.2). Pure: no ORM."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

__all__ = [
    "PARTS",
    "QUESTIONS",
    "Answer",
    "Kind",
    "Question",
    "SourceLine",
    "Stage",
    "is_answered",
    "question_called",
    "reopens",
    "unanswered",
]


class Kind(StrEnum):
    """What an answer is made of."""

    FREQUENCY = "frequency"
    PEOPLE = "people"
    SOURCES = "sources"
    METHOD = "method"
    SEASONALITY = "seasonality"
    WORDS = "words"


Answer = Mapping[str, Any]
"""What is answered to one question, by name: columns of the template, ``people`` (ids) or ``sources``."""


@dataclass(frozen=True, order=True)
class SourceLine:
    """A system, database or spreadsheet, and its link or where it is kept (may be empty)."""

    kind: str
    name: str
    link: str = ""


@dataclass(frozen=True)
class Question:
    """One box of B.2: its words, what is printed in italics below them, and the columns that hold its answer.

    ``key`` is its place in the address; for people, ``duty`` is theirs.
    """

    key: str
    part: str
    words: str
    kind: Kind
    columns: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    duty: str = ""

    @property
    def reason(self) -> str:
        """What the history says where it is answered."""
        return f"Answered: {self.words}"


KPI, PEOPLE, DATA, METHOD, CONTEXT = (
    "The KPI",
    "Who is responsible",
    "Where the data comes from",
    "How it is collected and calculated",
    "Why it matters and what could affect it",
)
PARTS = (KPI, PEOPLE, DATA, METHOD, CONTEXT)
_ACCESS = (
    "has access to all the relevant systems and databases to provide the statistics, forecasting, and commentary."
)


def _who(key: str, duty: str, words: str, *hints: str) -> Question:
    return Question(key, PEOPLE, words, Kind.PEOPLE, ("people",), hints, duty)


def _words(key: str, column: str, words: str, *hints: str) -> Question:
    return Question(key, CONTEXT, words, Kind.WORDS, (column,), hints)


QUESTIONS: tuple[Question, ...] = (
    Question("proposed-kpi", KPI, "Proposed KPI", Kind.FREQUENCY, ("frequency",)),
    _who("collecting", "collects", "Who is responsible for collecting the monthly statistics for this KPI?"),
    _who("forecasting", "forecasts", "Who is responsible for producing an end of year forecast for this KPI?"),
    _who(
        "commentary",
        "comments",
        "Who is responsible for providing commentary of the performance of this KPI?",
    ),
    _who(
        "absence",
        "stands_in",
        "In the absence of the above officer(s), which colleague(s) can access and provide performance results?",
        f"Please ensure that this person {_ACCESS}",
    ),
    Question(
        "systems",
        DATA,
        "Please link systems / databases / spreadsheets used to collect the data.",
        Kind.SOURCES,
        ("sources",),
        (
            "Please ensure that all officers and back-up officers have access to all the relevant systems and "
            "databases to provide the statistics, forecasting, and commentary.",
        ),
    ),
    Question(
        "method",
        METHOD,
        "Please detail how the data is collected and how the result is calculated.",
        Kind.METHOD,
        ("method", "method_link"),
        (
            "Please ensure this is in enough detail so that a different officer could complete this process.",
            "If a document is already available detailing this process, a link to this document is sufficient.",
        ),
    ),
    _words(
        "importance",
        "importance",
        "Why is it important for this metric to reach its target and be established as a corporate KPI shared with "
        "members and the public?",
        "Please ensure that you have considered residential wellbeing and political interest.",
    ),
    Question(
        "seasonality",
        CONTEXT,
        "Will seasonality affect this monthly outcome of this metric? If yes, why?",
        Kind.SEASONALITY,
        ("seasonal", "seasonality"),
    ),
    _words(
        "smaller-factors",
        "minor_factors",
        "Please outline any smaller contributing factors or variables that may prevent this metric from reaching its "
        "target level (Performing Amber)",
    ),
    _words(
        "significant-factors",
        "significant_factors",
        "Please outline any significant contributing factors or variables that could cause this metric to perform "
        "below the intervention level (Performing Red)",
    ),
    _words(
        "actions",
        "remedies",
        "If this metric stays below the intervention level for an extended period, what actions can be taken to "
        "raise it into the minimum acceptable range (Amber)?",
    ),
    _words(
        "benchmarking",
        "benchmarking",
        "Is there any Local/National Benchmarking data available for this metric?",
    ),
)
"""Every question of B.2. The service and the KPI's name stand on its year; the sign-off follows the method."""

_REOPENS = frozenset({"collecting", "method"})


def question_called(key: str) -> Question | None:
    """The question of that place in the address, if there is one."""
    return next((one for one in QUESTIONS if one.key == key), None)


def is_answered(question: Question, answer: Answer) -> bool:
    """Whether the box is filled: of the method, the words or the link will do; *yes* to seasonality needs why."""
    match question.kind:
        case Kind.METHOD:
            return bool(answer["method"] or answer["method_link"])
        case Kind.SEASONALITY:
            return answer["seasonal"] == "no" or bool(answer["seasonal"] and answer["seasonality"])
        case _:
            return all(answer[column] for column in question.columns)


def unanswered(answers: Mapping[str, Answer]) -> list[Question]:
    """The questions still to be answered, in their order; ``answers`` are by key."""
    return [one for one in QUESTIONS if not is_answered(one, answers[one.key])]


def reopens(changed: Iterable[Question]) -> bool:
    """Whether a change in the year makes the template be signed again: of who collects, or of how."""
    return any(one.key in _REOPENS for one in changed)


class Stage(StrEnum):
    """Where a KPI's template for a year has come to."""

    NONE = "none"
    DRAFT = "draft"
    REOPENED = "reopened"
    SENT_BACK = "sent_back"
    SUBMITTED = "submitted"
    SIGNED = "signed"

    @property
    def label(self) -> str:
        return _STAGES[self]


_STAGES = {
    Stage.NONE: "Not begun",
    Stage.DRAFT: "Being completed",
    Stage.REOPENED: "New version being completed",
    Stage.SENT_BACK: "Sent back",
    Stage.SUBMITTED: "With the service manager",
    Stage.SIGNED: "Signed off",
}

"""One data quality review in words: its facts, its parts to write or to read, what was said, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from dataquality.models import QualityAction, QualityReview, Template
from dataquality.operations.quality_reviews import written
from dataquality.presenters.quality_reviews import action_tag, is_overdue, rating_tag
from dataquality.presenters.templates import answer_lines
from dataquality.queries.review_sections import left_of, row_of
from dataquality.review_workflow import ACTION_MOVES, REVIEW_MOVES, refusal
from dataquality.rules.quality_reviews import AGREED, DIMENSIONS, SECTIONS, Kind, Section
from dataquality.rules.templates import question_called
from hdcperf.organisation.models import User
from hdcperf.ui import Link, Step, SummaryRow, Tag, TaskRow, day, lower_first, mark_tag

__all__ = [
    "Agreed",
    "ReviewPart",
    "Said",
    "actions_of",
    "agreed_for",
    "compared",
    "facts",
    "notices",
    "observed",
    "review_parts",
    "said",
    "said_of_action",
    "steps",
]

State = QualityReview.State
VERDICTS = {"as_agreed": "teal", "partly": "blue", "otherwise": "purple", "nothing": "grey"}
SHORT = 90


def facts(review: QualityReview, reads: bool) -> list[SummaryRow]:
    """Of what, by whom, by when and why; what it is held against; and its rating for those who may read it."""
    kpi_year = review.kpi_year
    place = [kpi_year.financial_year, kpi_year.code]
    rows = [
        SummaryRow("KPI", Link(f"{kpi_year.code} {kpi_year.name}", reverse("kpi", args=place))),
        SummaryRow("Service", kpi_year.service.name),
        SummaryRow("Reviewer", review.reviewer.name),
        SummaryRow("Why it was picked", review.picked_why),
    ]
    if review.state != State.PLANNED and review.state != State.WITHDRAWN:
        rows.append(SummaryRow("Held against", _held_against(review.template)))
    if not review.is_finished and review.state != State.WITHDRAWN:
        rows.append(SummaryRow("To be finished by", day(review.due_on)))
    if review.state == State.SHARED:
        rows.append(SummaryRow("The service comments by", day(review.answer_by)))
    if reads and review.rating:
        rows.append(SummaryRow("Rating", rating_tag(review.rating)))
    if review.reported_on is not None:
        rows.append(SummaryRow("Finished on", day(review.reported_on)))
    if review.closed_on is not None:
        rows.append(SummaryRow("Closed on", day(review.closed_on)))
    return rows


def _held_against(template: Template | None) -> object:
    if template is None:
        return "Nothing: no template was signed off when the review began"
    kpi_year = template.kpi_year
    address = reverse("template-document", args=[kpi_year.financial_year, kpi_year.code])
    words = f"The template signed off on {day(template.signed_on)}, version {template.number}"
    return Link(words, f"{address}?version={template.number}")


def notices(review: QualityReview, reads: bool) -> list[str]:
    """What somebody who opens the page should know first."""
    moves = list(review.transitions.all())
    if review.state == State.WITHDRAWN:
        return [f"{moves[-1].who} withdrew it on {day(moves[-1].at)}: {moves[-1].comment}"]
    if not reads:
        return ["What was found is read here once the review is finished."]
    answers = [one for one in moves if one.move in ("agree", "comment")]
    if review.state == State.UNDER_WAY and answers:
        return [_answer_words(answers[-1])]
    return []


def _answer_words(one: Any) -> str:
    if one.move == "agree":
        return f"{one.who} said on {day(one.at)} that it is accurate. {one.comment}".strip()
    return f"{one.who} commented on {day(one.at)}: {one.comment}"


# Its parts, to write


@dataclass(frozen=True)
class ReviewPart:
    """A heading with its tasks."""

    heading: str
    slug: str
    tasks: Sequence[TaskRow]


HEADINGS = (
    ("What was agreed, and what is done", "agreed", Kind.COMPARISON),
    ("The six dimensions of data quality", "dimensions", Kind.OBSERVATION),
    ("Conclusion", "conclusion", Kind.CONCLUSION),
)


def review_parts(review: QualityReview) -> list[ReviewPart]:
    """Every part to write, with how it stands."""
    return [
        ReviewPart(heading, slug, tuple(_task(review, one) for one in SECTIONS if one.kind is kind))
        for heading, slug, kind in HEADINGS
    ]


def _task(review: QualityReview, section: Section) -> TaskRow:
    held = written(review, section)
    words = " ".join(str(held.get("words", "")).split())
    short = words if len(words) <= SHORT else f"{words[:SHORT].rsplit(' ', 1)[0]} …"
    return TaskRow(
        title=section.words,
        href=reverse("quality-review-section", args=[review.pk, section.key]),
        status=_choice_tag(held) or Tag("Not written yet", "grey"),
        hint=short or section.looks_for,
    )


def _choice_tag(held: dict[str, Any]) -> Tag | None:
    if verdict := held.get("verdict"):
        return _verdict_tag(verdict)
    return rating_tag(str(held.get("rating", "")))


def _verdict_tag(verdict: str) -> Tag:
    from dataquality.models import Comparison

    return Tag(Comparison.Verdict(verdict).label, VERDICTS[verdict])


# Its parts, to read


@dataclass(frozen=True)
class Agreed:
    """One question of the template, and what it answers line by line."""

    words: str
    lines: tuple[str, ...]


def agreed_for(section: Section, template: Template | None) -> list[Agreed]:
    """What the template says of a section; nothing where none was signed off."""
    if template is None:
        return []
    found = []
    for key in section.questions:
        question = question_called(key)
        if question is not None:
            words = "How often it is reported" if key == "proposed-kpi" else question.words
            found.append(Agreed(words, tuple(answer_lines(template, question))))
    if section.key == "checks" and template.declaration:
        found.append(Agreed(f"{template.signed_by_name} declared", (f"“{template.declaration}”",)))
    return found


@dataclass(frozen=True)
class ComparedRow:
    """What was agreed beside what is done."""

    words: str
    agreed: list[Agreed]
    verdict: Tag | None
    done: str


def compared(review: QualityReview) -> list[ComparedRow]:
    found = []
    for section in AGREED:
        held = written(review, section)
        found.append(
            ComparedRow(
                section.words, agreed_for(section, review.template), _choice_tag(held), str(held.get("words", ""))
            )
        )
    return found


@dataclass(frozen=True)
class ObservedRow:
    """One dimension with its rating, and what was seen."""

    words: str
    looks_for: str
    rating: Tag | None
    seen: str


def observed(review: QualityReview) -> list[ObservedRow]:
    found = []
    for section in DIMENSIONS:
        row = row_of(review, section)
        rating, words = (getattr(row, "rating", ""), row.words) if row is not None else ("", "")
        found.append(ObservedRow(section.words, section.looks_for, rating_tag(rating), words))
    return found


@dataclass(frozen=True)
class ReviewActionRow:
    """An action as its review lists it."""

    what: Link
    owner: str
    due: str
    state: Tag
    overdue: Tag | None
    words: str


def actions_of(review: QualityReview, today: date) -> list[ReviewActionRow]:
    return [
        ReviewActionRow(
            what=Link(one.what, reverse("quality-action", args=[review.pk, one.pk])),
            owner=one.owner.name,
            due=day(one.due_on),
            state=action_tag(one),
            overdue=mark_tag("overdue")
            if is_overdue(one.due_on, one.state == QualityAction.State.OPEN and review.is_finished, today)
            else None,
            words=one.done_words or one.dropped_why,
        )
        for one in review.actions.all()
    ]


# What was said and done


@dataclass(frozen=True)
class Said:
    """One move: who did what, when, with what words."""

    who: str
    what: str
    when: str
    words: str


_DID = {
    "withdraw": "withdrew it",
    "start": "started it",
    "share": "shared it with the service",
    "take_back": "took it back",
    "agree": "said that it is accurate",
    "comment": "commented on its accuracy",
    "report": "finished it",
    "close": "closed it",
    "done": "said that it is done",
    "confirm": "confirmed that it is done",
    "not_done": "sent it back as not done",
    "drop": "dropped it",
    "amend": "changed its owner or date",
}


def said(review: QualityReview, reads: bool) -> list[Said]:
    """What was done with it, in order; what was said of findings only for those who read them."""
    return [
        Said(one.who, _DID[one.move], day(one.at), one.comment if reads or one.move == "withdraw" else "")
        for one in review.transitions.all()
        if one.move in _DID
    ]


def said_of_action(action: QualityAction) -> list[Said]:
    """What was done with an action, in order."""
    return [Said(one.who, _DID[one.move], day(one.at), one.comment) for one in action.transitions.all()]


# What can be done


def steps(review: QualityReview, user: User, reads: bool) -> list[Step]:
    """What the person can do next: each is offered only to those who may."""
    here = reverse("quality-review", args=[review.pk])
    found = []

    def offer(move: str, words: str, hint: str = "", kind: Any = "primary") -> None:
        if refusal(review, REVIEW_MOVES[move], user) is None:
            found.append(Step(words, here, hint, "post", "move", move, kind=kind))

    offer("start", "Start the review", "What the signed template agrees now is what the KPI is held against.")
    offer("report", "Finish the review", "Its findings are final then, and its actions are asked for.")
    heard = any(step.value == "report" for step in found)
    hint = "The service manager reads it, and comments on its accuracy before it is finished."
    offer(
        "share", "Share it again" if heard else "Share it with the service", hint, "secondary" if heard else "primary"
    )
    offer("take_back", "Take it back", "To write more before the service comments.", "secondary")
    offer("close", "Close the review", "Every action is done or dropped.")
    if refusal(review, REVIEW_MOVES["save"], user) is None:
        found.append(Step("Add an action", reverse("quality-action-new", args=[review.pk]), kind="secondary"))
    if refusal(review, REVIEW_MOVES["replan"], user) is None:
        found.append(Step("Change the plan, or withdraw it", reverse("quality-review-replan", args=[review.pk])))
    if reads and review.state not in (State.PLANNED, State.WITHDRAWN):
        found.append(Step("Read or print it as a document", reverse("quality-review-document", args=[review.pk])))
    place = [review.kpi_year.financial_year, review.kpi_year.code]
    found.append(Step("See its data quality template", reverse("template", args=place)))
    return found


def what_is_left(review: QualityReview) -> str:
    """What stands in the way of sharing it, in a sentence; nothing once every part is written."""
    left = left_of(review)
    if not left:
        return ""
    return f"Still to write before it can be shared: {', '.join(lower_first(one.words) for one in left)}."


def may_follow(action: QualityAction, move: str, user: User) -> bool:
    return refusal(action, ACTION_MOVES[move], user) is None

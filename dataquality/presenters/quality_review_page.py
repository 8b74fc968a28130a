"""One data quality review in words: its facts, its actions, what was done with it, what can be done next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from dataquality.models import QualityAction, QualityReview, Template
from dataquality.presenters.quality_reviews import action_tag, is_overdue, rating_tag
from dataquality.review_workflow import ACTION_MOVES, REVIEW_MOVES, refusal
from hdcperf.organisation.models import User
from hdcperf.ui import Link, Step, SummaryRow, Tag, day, mark_tag

__all__ = [
    "ReviewActionRow",
    "Said",
    "actions_of",
    "facts",
    "may_follow",
    "notices",
    "said",
    "said_of_action",
    "steps",
]

State = QualityReview.State


def facts(held: Any) -> list[SummaryRow]:
    """Of what, by whom, by when and why; what it is held against; and its rating for those who may read it."""
    review: QualityReview = held.review
    kpi_year = review.kpi_year
    place = [kpi_year.financial_year, kpi_year.code]
    rows = [
        SummaryRow("KPI", Link(f"{kpi_year.code} {kpi_year.name}", reverse("kpi", args=place))),
        SummaryRow("Service", kpi_year.service.name),
        SummaryRow("Reviewer", review.reviewer.name),
        SummaryRow("Why it was picked", review.picked_why),
    ]
    if review.state != State.PLANNED and review.state != State.WITHDRAWN:
        rows.append(SummaryRow("Held against", _held_against(review.template, held.reads_template)))
    if not review.is_finished and review.state != State.WITHDRAWN:
        rows.append(SummaryRow("To be finished by", day(review.due_on)))
    if review.state == State.SHARED:
        rows.append(SummaryRow("The service comments by", day(review.answer_by)))
    if held.reads and review.rating:
        rows.append(SummaryRow("Rating", rating_tag(review.rating)))
    if review.reported_on is not None:
        rows.append(SummaryRow("Finished on", day(review.reported_on)))
    if review.closed_on is not None:
        rows.append(SummaryRow("Closed on", day(review.closed_on)))
    return rows


def _held_against(template: Template | None, reads: bool) -> object:
    if template is None:
        return "Nothing: no template was signed off when the review began"
    kpi_year = template.kpi_year
    address = reverse("template-document", args=[kpi_year.financial_year, kpi_year.code])
    words = f"The template signed off on {day(template.signed_on)}, version {template.number}"
    return Link(words, f"{address}?version={template.number}") if reads else words


def notices(review: QualityReview, reads: bool, asked: bool) -> list[str]:
    """What somebody who opens the page should know first; ``asked`` is whoever answers for the service."""
    moves = list(review.transitions.all())
    if review.state == State.WITHDRAWN:
        return [f"{moves[-1].who} withdrew it on {day(moves[-1].at)}: {moves[-1].comment}"]
    if not reads:
        return ["What was found is read here once the review is finished."]
    if asked:
        return [f"You are asked by {day(review.answer_by)} whether what was found is accurate: say so below."]
    answers = [one for one in moves if one.move in ("agree", "comment")]
    if review.state == State.UNDER_WAY and answers:
        return [_answer_words(answers[-1])]
    return []


def _answer_words(one: Any) -> str:
    if one.move == "agree":
        return f"{one.who} said on {day(one.at)} that it is accurate. {one.comment}".strip()
    return f"{one.who} commented on {day(one.at)}: {one.comment}"


# Its actions


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


def steps(held: Any) -> list[Step]:
    """What the person can do next: each is offered only to those who may."""
    review, user = held.review, held.user
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
    if held.reads and review.state not in (State.PLANNED, State.WITHDRAWN):
        found.append(Step("Read or print it as a document", reverse("quality-review-document", args=[review.pk])))
    if held.reads_template:
        place = [review.kpi_year.financial_year, review.kpi_year.code]
        found.append(Step("See its data quality template", reverse("template", args=place)))
    return found


def may_follow(action: QualityAction, move: str, user: User) -> bool:
    """Whether the person may make the move of an action now."""
    return refusal(action, ACTION_MOVES[move], user) is None

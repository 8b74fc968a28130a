"""Data quality reviews in rows: those there are, the KPIs by risk, and the actions that came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from dataquality.models import QualityAction, QualityReview
from dataquality.queries.review_risk import RiskLine
from hdcperf.ui import Count, Link, Tag, day, lower_first, mark_tag

__all__ = [
    "ActionRow",
    "QualityReviewRow",
    "RiskRow",
    "action_rows",
    "action_tag",
    "quality_review_rows",
    "rating_tag",
    "review_href",
    "review_tag",
    "risk_rows",
    "tiles",
]

State = QualityReview.State

_STATES = {
    State.PLANNED: "grey",
    State.UNDER_WAY: "blue",
    State.SHARED: "purple",
    State.REPORTED: "magenta",
    State.CLOSED: "teal",
    State.WITHDRAWN: "outline",
}
# Not green, amber and red: those are a figure's.
_RATINGS = {"good": ("teal", "tick"), "adequate": ("blue", "bar"), "weak": ("purple", "exclamation")}
_ACTIONS = {"open": "blue", "done": "purple", "confirmed": "teal", "dropped": "grey"}


def review_href(review: QualityReview) -> str:
    return reverse("quality-review", args=[review.pk])


def review_tag(review: QualityReview) -> Tag:
    return Tag(review.get_state_display(), _STATES[State(review.state)])


def rating_tag(rating: str) -> Tag | None:
    """The rating as a word with a shape; nothing before there is one."""
    if not rating:
        return None
    colour, mark = _RATINGS[rating]
    return Tag(QualityReview.Rating(rating).label, colour, mark)


def action_tag(action: QualityAction) -> Tag:
    return Tag(action.get_state_display(), _ACTIONS[action.state])


def is_overdue(due_on: date, waits: bool, today: date) -> bool:
    return waits and due_on < today


@dataclass(frozen=True)
class QualityReviewRow:
    """One review: of which KPI, by whom, how far it has come, what it found, and what is left of it."""

    link: Link
    service: str
    reviewer: str
    state: Tag
    overdue: Tag | None
    rating: Tag | None
    when: str
    actions: str
    none: str
    """What stands where there is no rating and no actions."""


def quality_review_rows(reviews: Iterable[QualityReview], today: date) -> list[QualityReviewRow]:
    """``reviews`` have their actions prefetched."""
    return [_review_row(one, today) for one in reviews]


def _review_row(review: QualityReview, today: date) -> QualityReviewRow:
    kpi_year = review.kpi_year
    in_hand = review.state in (State.PLANNED, State.UNDER_WAY, State.SHARED)
    return QualityReviewRow(
        link=Link(f"{kpi_year.code} {kpi_year.name}", review_href(review), hint=str(kpi_year.financial_year)),
        service=kpi_year.service.name,
        reviewer=review.reviewer.name,
        state=review_tag(review),
        overdue=mark_tag("overdue") if is_overdue(review.due_on, in_hand, today) else None,
        rating=rating_tag(review.rating) if review.is_finished else None,
        when=_when(review),
        actions=_actions_words(review) if review.is_finished else "",
        none="None" if review.state == State.WITHDRAWN else "Not yet",
    )


def _when(review: QualityReview) -> str:
    if review.state == State.WITHDRAWN:
        return ""
    if review.reported_on is not None:
        return f"Finished on {day(review.reported_on)}"
    return f"Due by {day(review.due_on)}"


def _actions_words(review: QualityReview) -> str:
    actions = list(review.actions.all())
    if not actions:
        return "None"
    left = sum(not one.is_closed for one in actions)
    return f"{left} of {len(actions)} open" if left else f"{len(actions)} closed"


@dataclass(frozen=True)
class RiskRow:
    """One KPI with the reasons to review it, and the button that plans it, or the review that is in hand."""

    link: Link
    service: str
    reasons: tuple[str, ...]
    last: str
    last_href: str
    plan: Link | None
    in_hand: Link | None


def risk_rows(lines: Iterable[RiskLine], may_plan: bool) -> list[RiskRow]:
    return [_risk_row(one, may_plan) for one in lines]


def _risk_row(line: RiskLine, may_plan: bool) -> RiskRow:
    kpi_year = line.kpi_year
    place = [kpi_year.financial_year, kpi_year.code]
    plan = Link("Plan a review", reverse("quality-review-plan", args=place), hint=f"of {kpi_year.code}")
    last = line.last
    return RiskRow(
        link=Link(f"{kpi_year.code} {kpi_year.name}", reverse("template", args=place)),
        service=kpi_year.service.name,
        reasons=tuple(risk.words for risk in line.risks),
        last=f"{day(last.reported_on)}: {lower_first(last.get_rating_display())}" if last is not None else "Never",
        last_href=review_href(last) if last is not None else "",
        plan=plan if may_plan and line.in_hand is None else None,
        in_hand=Link(line.in_hand.get_state_display(), review_href(line.in_hand), hint=f"review of {kpi_year.code}")
        if line.in_hand is not None
        else None,
    )


@dataclass(frozen=True)
class ActionRow:
    """Something to be put right: of which review, by whom, by when, and how it stands."""

    what: Link
    kpi: str
    owner: str
    due: str
    state: Tag
    overdue: Tag | None
    words: str


def action_rows(actions: Iterable[QualityAction], today: date) -> list[ActionRow]:
    """``actions`` have their review's KPI year and owner fetched."""
    return [_action_row(one, today) for one in actions]


def _action_row(action: QualityAction, today: date) -> ActionRow:
    kpi_year = action.review.kpi_year
    return ActionRow(
        what=Link(action.what, reverse("quality-action", args=[action.review_id, action.pk])),
        kpi=f"{kpi_year.code} {kpi_year.name}",
        owner=action.owner.name,
        due=day(action.due_on),
        state=action_tag(action),
        overdue=mark_tag("overdue") if is_overdue(action.due_on, action.state == "open", today) else None,
        words=action.done_words or action.dropped_why,
    )


def tiles(
    reviews: Iterable[QualityReview], actions: Iterable[QualityAction], today: date, link: Callable[[str], str]
) -> list[Count]:
    """How many reviews are in which state, and how many actions are open; ``link`` gives the list of a state."""
    held = list(reviews)
    waiting = [one for one in actions if one.state == QualityAction.State.OPEN]
    overdue = sum(one.due_on < today for one in waiting)
    address = reverse("quality-actions")
    found = [
        Count(sum(one.state == state for one in held), state.label, link(state.value))
        for state in (State.PLANNED, State.UNDER_WAY, State.SHARED, State.REPORTED, State.CLOSED)
    ]
    return [
        *found,
        Count(len(waiting), "Actions to be done", f"{address}?standing=open"),
        Count(overdue, "Actions overdue", f"{address}?standing=overdue"),
    ]

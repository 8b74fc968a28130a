"""Data quality reviews, invented and looking it: in any state, written, with the moves that led there."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from dataquality.models import (
    Comparison,
    Observation,
    QualityAction,
    QualityActionTransition,
    QualityReview,
    QualityReviewTransition,
)
from hdcperf import clock
from hdcperf.organisation.models import User
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import UserFactory

__all__ = ["QualityActionFactory", "QualityReviewFactory", "action_in", "review_in", "write_everything"]

State = QualityReview.State


class QualityReviewFactory(DjangoModelFactory[QualityReview]):
    """A planned review of a KPI, nothing written."""

    class Meta:
        model = QualityReview

    kpi_year = factory.SubFactory(KpiYearFactory)
    picked_why = "It has never been reviewed."
    reviewer = factory.SubFactory(UserFactory)
    due_on = date(2026, 11, 27)


class QualityActionFactory(DjangoModelFactory[QualityAction]):
    """Something to put right, open."""

    class Meta:
        model = QualityAction

    review = factory.SubFactory(QualityReviewFactory)
    what = "Keep the month’s list of examples with the figure."
    owner = factory.SubFactory(UserFactory)
    due_on = date(2026, 12, 18)


WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "planned": (),
    "under_way": (("start", "under_way"),),
    "shared": (("start", "under_way"), ("share", "shared")),
    "reported": (("start", "under_way"), ("share", "shared"), ("agree", "under_way"), ("report", "reported")),
    "closed": (
        ("start", "under_way"),
        ("share", "shared"),
        ("agree", "under_way"),
        ("report", "reported"),
        ("close", "closed"),
    ),
    "withdrawn": (("withdraw", "withdrawn"),),
}
ACTION_WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "open": (),
    "done": (("done", "done"),),
    "confirmed": (("done", "done"), ("confirm", "confirmed")),
    "dropped": (("drop", "dropped"),),
}


def write_everything(review: QualityReview) -> None:
    """Every comparison and every observation, in words."""
    for about in Comparison.About:
        Comparison.objects.create(review=review, about=about, verdict="as_agreed", words=f"Done: {about.label}.")
    for dimension in Observation.Dimension:
        Observation.objects.create(
            review=review, dimension=dimension, words=f"Seen: {dimension.label}.", rating="adequate"
        )


def review_in(state: str, *, written: bool = True, by: User | None = None, **facts: Any) -> QualityReview:
    """A review in ``state`` with the moves that led there, all by ``by``; ``written`` unless it is only planned."""
    writes = written and state not in ("planned", "withdrawn")
    if writes:
        facts = {
            "rating": "adequate",
            "found": "The figure can be relied on.",
            "answer_by": date(2026, 11, 20),
        } | facts
    if state in ("reported", "closed"):
        facts = {"reported_on": date(2026, 10, 5)} | facts
    if state == "closed":
        facts = {"closed_on": date(2026, 10, 20)} | facts
    made: QualityReview = QualityReviewFactory(state=state, **facts)
    if writes:
        write_everything(made)
    _lived_through(QualityReviewTransition, {"review": made}, "planned", WAYS[state], by or UserFactory())
    return made


def action_in(state: str, review: QualityReview, by: User | None = None, **facts: Any) -> QualityAction:
    """An action in ``state`` with the moves that led there, all by ``by``."""
    person = by or UserFactory()
    if state in ("done", "confirmed"):
        facts |= {"done_on": date(2026, 10, 12), "done_words": "The list is kept on the shared drive."}
    if state in ("confirmed", "dropped"):
        facts |= {"closed_on": date(2026, 10, 15), "closed_by": person}
    if state == "dropped":
        facts |= {"dropped_why": "The system changes in spring."}
    made: QualityAction = QualityActionFactory(review=review, state=state, **facts)
    _lived_through(QualityActionTransition, {"action": made}, "open", ACTION_WAYS[state], person)
    return made


def _lived_through(
    rows: Any, record: dict[str, Any], begins: str, way: tuple[tuple[str, str], ...], person: User
) -> None:
    before = begins
    for move, target in way:
        rows.objects.create(
            **record,
            move=move,
            from_state=before,
            to_state=target,
            by=person,
            by_name=person.name,
            at=clock.now(),
        )
        before = target

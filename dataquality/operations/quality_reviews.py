"""Planning a data quality review, writing it, hearing the service, finishing and closing it (framework B.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from dataquality.models import Comparison, Observation, QualityReview
from dataquality.queries.quality_reviews import IN_HAND, reviewers_for
from dataquality.queries.review_sections import row_of, section_changed_since, written
from dataquality.queries.templates import current
from dataquality.review_workflow import (
    MoveRefused,
    NotPermitted,
    StaleRecord,
    may_plan,
    move_review,
    refuse_stale,
)
from dataquality.rules.quality_reviews import Kind, Section
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from kpis.models import KpiYear

__all__ = [
    "ANSWER_DAYS",
    "Plan",
    "agree",
    "close",
    "comment",
    "plan_review",
    "replan",
    "report",
    "share",
    "start",
    "take_back",
    "withdraw",
    "write",
]

ANSWER_DAYS = 14
"""Days the service has to comment on the accuracy of what was found."""


@dataclass(frozen=True)
class Plan:
    """Who reviews a KPI, by when, and why it was picked."""

    reviewer: User
    due_on: date
    why: str


def plan_review(kpi_year: KpiYear, plan: Plan, *, by: User) -> QualityReview:
    """Plan a review of the KPI; the same plan sent twice is one review.

    Raises NotPermitted, MoveRefused where a review of it is in hand, or ProposalRefused for a reviewer who is one of
    its people or a day that is past.
    """
    if sentence := may_plan(kpi_year, by):
        raise NotPermitted(sentence, state="", move="plan")
    made = QualityReview(kpi_year=kpi_year, reviewer=plan.reviewer, due_on=plan.due_on, picked_why=plan.why)
    there = QualityReview.objects.filter(kpi_year=kpi_year, state__in=IN_HAND).select_related("reviewer").first()
    if there is not None:
        if (there.reviewer_id, there.due_on, there.picked_why) == (plan.reviewer.pk, plan.due_on, plan.why):
            return there
        raise MoveRefused(_in_hand(there), state=there.state, move="plan")
    _check(kpi_year, plan)
    try:
        with transaction.atomic():
            save_as(made, by=by, reason=f"Planned: {plan.why}")
    except IntegrityError:
        there = QualityReview.objects.select_related("reviewer").get(kpi_year=kpi_year, state__in=IN_HAND)
        raise MoveRefused(_in_hand(there), state=there.state, move="plan") from None
    return made


def _in_hand(there: QualityReview) -> str:
    return f"A review of this KPI by {there.reviewer.name} is in hand already, due on {day(there.due_on)}."


def _check(kpi_year: KpiYear, plan: Plan) -> None:
    problems = []
    if not reviewers_for(kpi_year, clock.today()).filter(pk=plan.reviewer.pk).exists():
        said = "is one of this KPI’s people, or carries out no reviews: choose somebody else"
        problems.append(Problem("reviewer", f"{plan.reviewer.name} {said}"))
    if plan.due_on < clock.today():
        problems.append(Problem("due_on", "Choose a day that is not past"))
    refuse(problems)


def replan(review: QualityReview, plan: Plan, *, by: User, version: int) -> QualityReview:
    """Give the review another reviewer, day or reason. Raises the errors of ``move_review`` and StaleRecord."""

    def changed(record: QualityReview) -> None:
        refuse_stale(record, version)
        record.reviewer, record.due_on, record.picked_why = plan.reviewer, plan.due_on, plan.why
        record.version += 1

    _check(review.kpi_year, plan)
    return move_review(review, "replan", by=by, comment="The plan changed", change=changed)


def withdraw(review: QualityReview, *, by: User, why: str) -> QualityReview:
    """Say why it is not carried out after all."""
    return move_review(review, "withdraw", by=by, comment=why)


def start(review: QualityReview, *, by: User) -> QualityReview:
    """Begin: the template signed off by now is what the KPI is held against, whatever is signed later."""

    def hold(record: QualityReview) -> None:
        record.template = current(record.kpi_year)

    return move_review(review, "start", by=by, change=hold)


def write(
    review: QualityReview, section: Section, given: Mapping[str, Any], *, by: User, version: int
) -> QualityReview:
    """Write one section: ``verdict`` or ``rating``, and ``words``. What is written so already is left alone.

    ``version`` is that of the review as it was seen: what somebody else wrote in the same section since raises
    StaleRecord; what they wrote in others is no obstacle. Raises the errors of ``move_review``.
    """
    with transaction.atomic():
        seen = QualityReview.objects.select_for_update().get(pk=review.pk)
        if written(seen, section) == dict(given):
            return seen
        if section_changed_since(seen, section, version) is not None:
            raise StaleRecord(seen)
        fresh = move_review(
            seen, "save", by=by, comment=section.reason, change=lambda record: _keep(record, section, given)
        )
        if section.kind is not Kind.CONCLUSION:
            _keep_row(fresh, section, given, by)
    return fresh


def _keep(record: QualityReview, section: Section, given: Mapping[str, Any]) -> None:
    if section.kind is Kind.CONCLUSION:
        record.rating, record.found = given["rating"], given["words"]
    record.version += 1


def _keep_row(review: QualityReview, section: Section, given: Mapping[str, Any], by: User) -> None:
    row: Comparison | Observation | None = row_of(review, section)
    if row is None:
        is_comparison = section.kind is Kind.COMPARISON
        row = (
            Comparison(review=review, about=section.key)
            if is_comparison
            else Observation(review=review, dimension=section.key)
        )
    for name, value in given.items():
        setattr(row, name, value)
    save_as(row, by=by, reason=section.reason)


def share(review: QualityReview, *, by: User) -> QualityReview:
    """Let the service read it, and comment on its accuracy within ``ANSWER_DAYS``."""

    def ask(record: QualityReview) -> None:
        record.answer_by = clock.today() + timedelta(days=ANSWER_DAYS)

    return move_review(review, "share", by=by, change=ask)


def take_back(review: QualityReview, *, by: User) -> QualityReview:
    """Take it back from the service, to write more."""
    return move_review(review, "take_back", by=by)


def agree(review: QualityReview, *, by: User, words: str) -> QualityReview:
    """The service says that it is accurate; ``words`` may be empty."""
    return move_review(review, "agree", by=by, comment=words)


def comment(review: QualityReview, *, by: User, words: str) -> QualityReview:
    """The service says what is not accurate; the reviewer then changes it, or says why not, and finishes it."""
    return move_review(review, "comment", by=by, comment=words)


def report(review: QualityReview, *, by: User) -> QualityReview:
    """Finish it: its findings are final, and its actions are asked for. Without an action it is closed at once."""

    def date_it(record: QualityReview) -> None:
        record.reported_on = clock.today()

    with transaction.atomic():
        fresh = move_review(review, "report", by=by, change=date_it)
        return fresh if fresh.actions.exists() else close(fresh, by=by)


def close(review: QualityReview, *, by: User) -> QualityReview:
    """Close it, once every action is done or dropped."""

    def date_it(record: QualityReview) -> None:
        record.closed_on = clock.today()

    return move_review(review, "close", by=by, change=date_it)

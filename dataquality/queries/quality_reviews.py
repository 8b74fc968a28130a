"""Reads of data quality reviews: which there are, who sees them, and who reads what they found before it is final.

A review that is planned or under way is known to everybody who reads the KPI's template. What it found is read by the
reviewer and the Performance Team; by the service once it was shared; by the others once it is finished.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from dataquality.models import QualityAction, QualityReview
from dataquality.queries.templates import reads_templates, seen_kpi_years
from hdcperf.organisation.access import Standing, who_may
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from kpis.models import KpiYear

__all__ = [
    "IN_HAND",
    "action_owners",
    "chooses_by_risk",
    "find_review",
    "has_a_part",
    "in_hand_of",
    "last_review_of",
    "reads_findings",
    "reads_reviews",
    "reviewers_for",
    "seen_actions",
    "seen_reviews",
]

State = QualityReview.State
IN_HAND = (State.PLANNED, State.UNDER_WAY, State.SHARED)
FINISHED = (State.REPORTED, State.CLOSED)


def _of_ones_own(who: Standing) -> Q:
    """The reviews one carries out, and those one has an action of."""
    mine = QualityAction.objects.filter(owner__in=who.people, review__state__in=FINISHED)
    return Q(reviewer__in=who.people) | Q(pk__in=mine.values("review"))


def seen_reviews(who: Standing) -> QuerySet[QualityReview]:
    """The reviews the person may know of: of KPIs whose template they may read, and those they have a part in."""
    seen = Q(kpi_year__kpi__in=seen_kpi_years(who).values("kpi")) | _of_ones_own(who)
    return QualityReview.objects.filter(seen).select_related("kpi_year__service", "kpi_year__kpi", "reviewer")


def reads_reviews(who: Standing) -> bool:
    """Whether the list of reviews is for this person at all."""
    return reads_templates(who) or has_a_part(who)


def has_a_part(who: Standing) -> bool:
    """Whether the person carries out a review, or has an action of one."""
    return QualityReview.objects.filter(_of_ones_own(who)).exists()


def chooses_by_risk(who: Standing) -> bool:
    """Whether the person reads which KPIs to review first: that names challenges nobody else is told of."""
    return who.may(Permission.REVIEW_QUALITY)


def find_review(who: Standing, pk: int) -> QualityReview | None:
    """The review with all its page needs, for somebody who may know of it."""
    rows = seen_reviews(who).select_related("template__kpi_year", "kpi_year__service__directorate")
    actions = Prefetch("actions", QualityAction.objects.select_related("owner").prefetch_related("transitions"))
    return rows.prefetch_related("comparisons", "observations", "transitions", actions).filter(pk=pk).first()


def reads_findings(review: QualityReview, who: Standing) -> bool:
    """Whether the person may read what was found, as far as it has come."""
    if review.is_finished:
        return True
    if review.reviewer_id in who.people or who.may(Permission.MANAGE_SETTING, review.scope):
        return True
    if review.answer_by is None or review.state == State.WITHDRAWN:  # never shared
        return False
    if who.may(Permission.SIGN_TEMPLATES, review.scope):
        return True
    return review.kpi_year.people.filter(user__in=who.people).exists()


def seen_actions(who: Standing) -> QuerySet[QualityAction]:
    """The actions of finished reviews the person may know of."""
    seen = Q(review__in=seen_reviews(who).values("pk")) | Q(owner__in=who.people)
    return QualityAction.objects.filter(seen, review__state__in=FINISHED).select_related(
        "owner", "review__kpi_year__service", "review__reviewer"
    )


def in_hand_of(kpi_years: Iterable[int]) -> dict[int, QualityReview]:
    """The review planned or under way of each KPI year, by the year's id, in one query."""
    rows = QualityReview.objects.filter(kpi_year__in=list(kpi_years), state__in=IN_HAND)
    return {one.kpi_year_id: one for one in rows}


def last_review_of(kpi: int) -> QualityReview | None:
    """The last finished review of a KPI, of whichever year, with its actions."""
    rows = QualityReview.objects.filter(kpi_year__kpi=kpi, state__in=FINISHED)
    return rows.prefetch_related("actions").order_by("-reported_on", "-pk").first()


def reviewers_for(kpi_year: KpiYear, today: date) -> QuerySet[User]:
    """Those who may review the KPI: they carry out reviews, and are none of its people nor named in its template."""
    may: QuerySet[User] = who_may(Permission.REVIEW_QUALITY, kpi_year.scope, today)
    named = Q(kpi_duties__kpi_year=kpi_year) | Q(template_duties__template__kpi_year=kpi_year)
    return may.exclude(named)


def action_owners(review: QualityReview, today: date) -> QuerySet[User]:
    """Who can have an action of a review: the KPI's people, those its template names, its managers and the team."""
    kpi_year = review.kpi_year
    signs = who_may(Permission.SIGN_TEMPLATES, kpi_year.scope, today)
    team = who_may(Permission.MANAGE_SETTING, kpi_year.scope, today)
    named = Q(kpi_duties__kpi_year=kpi_year) | Q(template_duties__template__kpi_year=kpi_year)
    every = named | Q(pk__in=signs.values("pk")) | Q(pk__in=team.values("pk"))
    found: QuerySet[User] = User.objects.filter(every, is_active=True).distinct()
    return found

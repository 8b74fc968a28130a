"""The year's KPIs with the reasons to review each, in as many queries for two as for two hundred."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Min, Q

from dataquality.models import Proposal, QualityReview
from dataquality.queries.quality_reviews import FINISHED, in_hand_of
from dataquality.rules.review_risk import LOOKS_BACK, Risk, RiskFacts, risks_of, weight_of
from hdcperf.periods import Month
from kpis.models import Challenge, KpiTheme, KpiYear, MonthlyReturn, Revision

__all__ = ["RiskLine", "risk_facts", "risk_lines"]


@dataclass(frozen=True)
class RiskLine:
    """One KPI of the year: the reasons to review it, its last review, and the one in hand, if there is one."""

    kpi_year: KpiYear
    risks: tuple[Risk, ...]
    last: QualityReview | None
    in_hand: QualityReview | None

    @property
    def weight(self) -> int:
        return weight_of(self.risks)

    @property
    def order(self) -> tuple[bool, int, str]:
        """Those nobody is reviewing first, the heaviest first, then by their codes."""
        return (self.in_hand is not None, -self.weight, self.kpi_year.code_key)


def risk_lines(today: date) -> list[RiskLine]:
    """Every KPI of the year we are in, the riskiest first."""
    year = Month.from_date(today).financial_year.start_year
    rows = KpiYear.objects.filter(year=year, is_live=True, kpi__ended_after__isnull=True)
    held = list(rows.select_related("kpi", "service__directorate"))
    last = _last_reviews()
    facts = risk_facts(today, last)
    in_hand = in_hand_of(one.pk for one in held)
    nothing = RiskFacts()
    lines = [
        RiskLine(one, risks_of(facts.get(one.kpi_id, nothing), today), last.get(one.kpi_id), in_hand.get(one.pk))
        for one in held
    ]
    return sorted(lines, key=lambda line: line.order)


def _last_reviews() -> dict[int, QualityReview]:
    """The last finished review of each KPI, by the KPI's id."""
    rows = QualityReview.objects.filter(state__in=FINISHED).select_related("kpi_year")
    return {one.kpi_year.kpi_id: one for one in rows.order_by("reported_on", "pk")}


def risk_facts(today: date, last: dict[int, QualityReview]) -> dict[int, RiskFacts]:
    """What is known of each KPI that there is something to say of, by its id; ``last`` are its last reviews."""
    since = today - timedelta(days=LOOKS_BACK)
    revisions = Counter(
        Revision.objects.filter(state=Revision.State.ACCEPTED, proposed_at__date__gte=since).values_list(
            "monthly_return__kpi", flat=True
        )
    )
    asked = list(
        Challenge.objects.filter(raised_at__date__gte=since).values_list("monthly_return__kpi", "escalated_at")
    )
    challenges = Counter(kpi for kpi, _ in asked)
    escalated = Counter(kpi for kpi, at in asked if at is not None)
    late, profiles = _late(since, today), _profiles()
    return {
        kpi: RiskFacts(
            reviewed_on=last[kpi].reported_on if kpi in last else None,
            rating=last[kpi].rating if kpi in last else "",
            revisions=revisions[kpi],
            late=late[kpi],
            challenges=challenges[kpi],
            escalated=escalated[kpi],
            profile=tuple(profiles.get(kpi, ())),
        )
        for kpi in {*last, *revisions, *challenges, *late, *profiles}
    }


def _late(since: date, today: date) -> Counter[int]:
    """How many months of each KPI, due since ``since``, came in after their day or still wait."""
    sent = Min("transitions__at", filter=Q(transitions__move="submit"))
    rows = MonthlyReturn.objects.filter(period__due_on__gte=since, period__due_on__lt=today, imported=False)
    found: Counter[int] = Counter()
    for one in rows.select_related("period").annotate(first_sent=sent):
        if one.is_late(today) or one.came_in_late(vars(one)["first_sent"]):
            found[one.kpi_id] += 1
    return found


def _profiles() -> dict[int, list[str]]:
    """Why members look at a KPI: the criteria it was last judged by, and that it is evidence for a framework."""
    found: dict[int, list[str]] = {}
    criteria = Proposal.objects.filter(Q(is_statutory=True) | Q(is_political=True)).order_by("setting_round__year")
    for kpi, statutory, political in criteria.values_list("kpi", "is_statutory", "is_political"):
        words = ("a statutory metric" if statutory else "", "relevant to political motive" if political else "")
        found[kpi] = [one for one in words if one]
    for kpi in KpiTheme.objects.order_by("kpi").values_list("kpi", flat=True).distinct():
        found.setdefault(kpi, []).append("evidence for a national framework")
    return found

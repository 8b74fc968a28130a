"""The half-year review as one person sees it: every KPI with its target, how the year goes, and the answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q, QuerySet

from dataquality.models import TargetReview, TargetReviewItem
from dataquality.queries.results import YearPast
from dataquality.rules.yearly_targets import is_beaten
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction
from hdcperf.roles import Permission
from kpis.models import KpiPerson, KpiYear, MonthlyReturn, TargetSet
from kpis.queries.years import load_years

__all__ = ["ReviewLine", "find_review", "review_lines", "seen_items"]


def find_review(year: FinancialYear) -> TargetReview | None:
    """The half-year review of a year, if it was opened."""
    found: TargetReview | None = TargetReview.objects.filter(year=year.start_year).first()
    return found


def seen_items(who: Standing, record: TargetReview) -> QuerySet[TargetReviewItem]:
    """Those of the person's services, portfolios and own KPIs; all of them with a reach over the council."""
    seen = Q(pk__in=[])
    for permission in (Permission.SEE_QUALITY, Permission.SEE_ACCEPTED):
        seen |= who.reach(permission).rows("kpi_year__")
    named = KpiPerson.objects.filter(user__in=who.people, kpi_year=OuterRef("kpi_year"))
    rows: QuerySet[TargetReviewItem] = record.items.filter(seen | Exists(named)).select_related(
        "target_review", "target_set", "kpi_year__kpi", "kpi_year__service__directorate", "kpi_year__portfolio"
    )
    return rows


@dataclass(frozen=True)
class ReviewLine:
    """One KPI of the review, with its accepted figures and targets."""

    item: TargetReviewItem
    past: YearPast

    @property
    def kpi_year(self) -> KpiYear:
        return self.item.kpi_year

    @cached_property
    def waiting(self) -> TargetSet | None:
        """The target that waits for a decision, wherever it was proposed."""
        sets = self.past.facts.target_sets
        return next((one for one in sets if one.state == TargetSet.State.AWAITING), None)

    @property
    def change(self) -> TargetSet | None:
        """The change that was decided, or waits to be; none where it went back."""
        made = self.item.target_set
        if made is not None and made.state == TargetSet.State.APPROVED:
            return made
        return self.waiting

    @property
    def standing(self) -> str:
        """How the answer stands: not answered, left, proposed, stretched, changed, or back from its body."""
        if self.item.verdict and not (self.item.verdict == "left" and self.waiting is not None):
            return str(self.item.verdict)
        if self.waiting is not None:
            return "proposed"
        return "open" if self.item.target_set is None else "back"

    @cached_property
    def is_beaten(self) -> bool:
        """Whether the year is forecast to beat its target, so that it could be stretched."""
        made = self.past.forecast
        value = made.forecast if made is not None else None
        return is_beaten(value, self.past.levels, Direction(self.kpi_year.direction))


def review_lines(rows: Iterable[TargetReviewItem]) -> list[ReviewLine]:
    """A line for each, in the order of the codes; three queries beside the rows'."""
    held = list(rows)
    accepted = MonthlyReturn.objects.filter(state=MonthlyReturn.State.ACCEPTED)
    facts = load_years([one.kpi_year for one in held], accepted)
    found = [ReviewLine(one, YearPast(facts[one.kpi_year_id])) for one in held]
    return sorted(found, key=lambda line: line.kpi_year.code_key)

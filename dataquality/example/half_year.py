"""The half-year review of 2026/27 on 5 November 2026: under way, with answers in every state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from dataquality.example.setting import managers
from dataquality.models import TargetReviewItem
from dataquality.operations.half_year import leave, open_review, propose_change, record_authority
from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.decisions import Decided
from kpis.operations.target_setting import Proposal
from kpis.queries.targets import target_ground
from kpis.queries.years import levels_of
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels

__all__ = ["review_half_year"]

YEAR = FinancialYear(2026)
OPENED, ANSWERED, DECIDED, RECORDED = date(2026, 9, 21), date(2026, 10, 8), date(2026, 10, 22), date(2026, 10, 26)

LEFT: dict[str, tuple[str, str]] = {
    "street-cleanliness": ("early", "One survey of three is done: the autumn's decides whether it can be stretched."),
    "recycling-rate": ("outside", "Garden waste fell with the dry summer, and the target holds for the full year."),
    "residual-waste": ("other", "Food waste collections begin in April: the target is set again with them."),
    "planning-minors": ("early", "Two posts were filled in August; another quarter shows what the team can do."),
    "call-wait": ("funding", "The evening line is paid for until March only."),
    "temporary-accommodation": ("outside", "The number of households follows private rents, not the council's work."),
}
"""KPIs whose target stays, with the reason's code and words."""


def review_half_year() -> None:
    """Open the review, and answer as each service would."""
    team, colleague = _user("performance-team@demo.example"), _user("performance-team-2@demo.example")
    with clock.taken_to_be(OPENED):
        review = open_review(YEAR, OPENED, date(2026, 11, 27), by=team)
    rows = review.items.select_related("kpi_year__kpi", "kpi_year__service__directorate", "target_review")
    items = {one.kpi_year.kpi.reference: one for one in rows}
    with clock.taken_to_be(ANSWERED):
        for reference, (code, words) in LEFT.items():
            one = items[reference]
            manager, _ = managers(one.kpi_year.service)
            leave(one, code, f"{words} (example)", by=manager, version=one.version)
        for reference in ("homeless-preventions", "planning-householder", "affordable-homes", "business-engagements"):
            items[reference] = _stretch(items[reference])
    with clock.taken_to_be(RECORDED):
        agreed = Decided("agreed", DECIDED, "58", "That the target be raised from the month named (example).")
        record_authority(items["homeless-preventions"], "cabinet", agreed, by=colleague)
        record_authority(
            items["planning-householder"],
            "cabinet",
            Decided("agreed", DECIDED, "12 of 2025", "That changes of up to 5% be the director's (example)."),
            delegated_to="Director of Place",
            by=colleague,
        )
        refused = Decided("not_agreed", DECIDED, "59", "That it stay until the plan's sites are known (example).")
        record_authority(items["affordable-homes"], "cabinet", refused, by=colleague)


def _user(email: str) -> User:
    found: User = User.objects.get(email=email)
    return found


def _stretch(item: TargetReviewItem) -> TargetReviewItem:
    """Five per cent more, from the first month that is not judged yet, in last year's shape where it can serve."""
    kpi_year = item.kpi_year
    ground = target_ground(kpi_year)
    start = ground.starts[0]
    governing = ground.facts.governing(start)
    assert governing is not None
    raise_by: Callable[[Decimal], Decimal] = lambda value: min(  # noqa: E731
        round(value * Decimal("1.05"), kpi_year.decimals), kpi_year.maximum or value * 2
    )
    held = vars(levels_of(governing))
    year = Levels(**{name: None if value is None else raise_by(value) for name, value in held.items()})
    profile = Profile.FLAT if ground.shape is None else Profile.LAST_YEAR
    reason = "The first half was better than the target asked for, and nothing suggests it will not last (example)."
    manager, _ = managers(kpi_year.service)
    proposal = Proposal(start, year, profile, reason, ground.spread(start, year, profile))
    return propose_change(item, "beaten", proposal, by=manager, version=item.version)

"""The example's targets after the year began: one raised at the half-year, one that waits, one that was sent back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from kpis.example.year import Story
from kpis.models import TargetSet
from kpis.operations.target_setting import Proposal, approve_target, propose_target, send_target_back
from kpis.queries.targets import target_ground
from kpis.queries.years import levels_of
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels

__all__ = ["propose_in_the_year", "stretch"]

Changed = Callable[[Decimal], Decimal]


def stretch(story: Story) -> None:
    """The half-year review raised a target that the summer had passed."""
    manager = User.objects.get(email="leisure-and-health-manager@example.example")
    with clock.taken_to_be(date(2026, 9, 10)):
        made = _propose(
            story,
            "active-lifestyles",
            Month(2026, 10),
            lambda value: round(value * Decimal("1.05")) * Decimal(1),
            "Stretched at the half-year review: the summer programme passed its target (example).",
            by=manager,
        )
    with clock.taken_to_be(date(2026, 9, 18)):
        approve_target(
            made,
            approved_by="Cabinet (example)",
            approved_body="cabinet",
            approved_on=date(2026, 9, 17),
            by=story.reviewers[1],
        )


def propose_in_the_year(story: Story) -> None:
    """What the Performance Team and the service find on 5 November."""
    manager = story.cast.users["service-manager"]
    with clock.taken_to_be(date(2026, 11, 2)):
        _propose(
            story,
            "garden-waste",
            Month(2026, 12),
            lambda value: value - 500,
            "The charge rose by £5 in April, and fewer renewed than the target was set on (example).",
            by=manager,
        )
        too_easy = _propose(
            story,
            "missed-bins",
            Month(2026, 12),
            lambda value: value + 2,
            "Two rounds were redrawn in July and have not settled (example).",
            by=manager,
        )
    with clock.taken_to_be(date(2026, 11, 4)):
        send_target_back(
            too_easy,
            reason="They have had four months to settle. Say which crews are still learning the rounds, and until "
            "when, before a weaker target is put to Cabinet.",
            by=story.reviewers[0],
        )


def _propose(story: Story, reference: str, start: Month, change: Changed, reason: str, *, by: User) -> TargetSet:
    """Propose the governing levels with each figure changed, in last year's shape where it can serve."""
    kpi_year = story.kpi_years[reference, start.financial_year.start_year]
    ground = target_ground(kpi_year)
    governing = ground.facts.governing(start)
    assert governing is not None
    held = vars(levels_of(governing))
    year = Levels(**{name: None if value is None else change(value) for name, value in held.items()})
    profile = Profile.LAST_YEAR if ground.shape is not None else Profile.FLAT
    months = ground.spread(start, year, profile)
    return propose_target(kpi_year, Proposal(start, year, profile, reason, months), by=by)

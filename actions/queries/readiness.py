"""What still stands in the way of a year's set being sent on, a sentence each (framework, *Annual Refresh*)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import F, Q

from actions.models import ActionYear, PlanYear
from hdcperf.organisation.models import Portfolio
from hdcperf.review import bodies

__all__ = ["named", "problems", "silent_portfolios", "unanswered"]

State = PlanYear.State
SHOWN = 4
"""Actions a sentence names before it counts the rest."""


def named(rows: Iterable[ActionYear]) -> str:
    """The actions by code and title, so many and no more."""
    names = [one.name for one in rows]
    rest = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {rest} more" if rest > 0 else "")


def unanswered(record: PlanYear) -> list[ActionYear]:
    """The actions of the year before that go on, and of which nobody has said yet what becomes."""
    live = ActionYear.objects.adopted().filter(plan_year__year=record.year - 1, action__ended_on__isnull=True)
    rows = live.exclude(action__in=record.actions.values("action"))
    return list(rows.select_related("action", "service", "outcome", "responsible").order_by("code_key"))


def silent_portfolios(record: PlanYear) -> list[Portfolio]:
    """The portfolios with actions in the set whose holder has said nothing since it was sent to them."""
    concerned = Portfolio.objects.filter(action_years__plan_year=record)
    return bodies.silent_portfolios(record, concerned, PlanYear.State.PORTFOLIO, about=None)


def problems(record: PlanYear) -> Iterator[str]:
    """Each thing that must be put right before the set goes to a body, or becomes the plan."""
    held = record.actions.in_the_set().order_by("code_key")
    if not held.exists():
        yield "The set has no actions yet."
    # None is forgotten: each is carried forward, amended, completed or dropped.
    if forgotten := unanswered(record):
        yield f"Say what becomes of: {named(forgotten)}."
    year = record.financial_year
    if early := list(held.filter(due_on__lt=year.first_day)):
        yield (
            f"Due before {year} starts: {named(early)}. Give each a new date, or say that it is completed or dropped."
        )
    gone = Q(parent__proposal__in=[ActionYear.Proposal.COMPLETE, ActionYear.Proposal.DROP])
    if orphans := list(held.filter(gone)):
        yield f"Parts of an action that is not in {year}: {named(orphans)}. Let each stand alone, or end it too."
    late = Q(proposed_milestones__due_on__gt=F("due_on"))
    kept = Q(
        proposal=ActionYear.Proposal.CARRY,
        action__milestones__due_on__gt=F("due_on"),
        action__milestones__reached_on__isnull=True,
        action__milestones__left_out_on__isnull=True,
    )
    if beyond := list(held.filter(late | kept).distinct()):
        yield f"A milestone is due after the action’s end: {named(beyond)}."

"""What a person has to do about next year's set of actions, by when (framework, *Annual Refresh*).

The refresh has one date of its own, the start of the year it is for: every task of it is due the day before.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from actions.models import PlanDecision, PlanYear
from actions.plan_workflow import BODIES, onward, stopped_by
from actions.queries.plan import next_to_begin
from actions.queries.readiness import named, problems, unanswered
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear
from hdcperf.review.bodies import SendBack, ToRecord
from hdcperf.roles import Permission
from hdcperf.ui import count_of, lower_first
from hdcperf.ui.home_tasks import Reading, Task

__all__ = ["plan_reading", "plan_tasks"]

State = PlanYear.State
REFRESH_BEGINS = 10
"""The month from which next year's set is asked for: council agrees it with the budget, in February."""


def plan_tasks(who: Standing) -> Iterator[Task]:
    """Everything ``who`` has to do for the next year's set, in a fixed number of queries."""
    needing = (Permission.MANAGE_PLAN, Permission.PROPOSE_ACTIONS, Permission.RECORD_DECISIONS)
    if not any(who.may(permission) for permission in needing):
        return
    plan_year = PlanYear.objects.exclude(state=State.ADOPTED).order_by("year").first()
    if plan_year is None:
        yield from _to_begin(who)
    elif plan_year.state == State.DRAWING_UP:
        yield from _drawing_up(who, plan_year)
    else:
        yield from _with_a_body(who, plan_year)


def _due(year: FinancialYear) -> date:
    return year.first_day - timedelta(days=1)


def _task(who: Standing, plan_year: PlanYear, title: str, hint: str = "") -> Task:
    due = _due(plan_year.financial_year)
    return Task(
        title=title,
        href=reverse("plan-year", args=[plan_year.financial_year]),
        due=due,
        hint=hint,
        late=who.today > due,
    )


def _to_begin(who: Standing) -> Iterator[Task]:
    if not who.may(Permission.MANAGE_PLAN):
        return
    year = next_to_begin(FinancialYear.from_date(who.today))
    if year is not None and who.today >= date(year.start_year - 1, REFRESH_BEGINS, 1):
        due = _due(year)
        title = f"Begin the actions for {year}"
        yield Task(title=title, href=reverse("plan"), due=due, late=who.today > due)


def _drawing_up(who: Standing, plan_year: PlanYear) -> Iterator[Task]:
    """The services say what becomes of their own actions; the team sees that none is left."""
    year = plan_year.financial_year
    if who.may(Permission.MANAGE_PLAN):
        wrong = list(problems(plan_year))
        if wrong:
            more = f" And {count_of(len(wrong) - 1, 'more thing')} to put right." if len(wrong) > 1 else ""
            yield _task(who, plan_year, f"Draw up the actions for {year}", wrong[0] + more)
        else:
            yield _task(who, plan_year, _to_do(plan_year))
        return
    waiting = [row for row in unanswered(plan_year) if who.may(Permission.PROPOSE_ACTIONS, row.scope)]
    if waiting:
        title = f"Say what becomes of {count_of(len(waiting), 'action')} in {year}"
        yield _task(who, plan_year, title, named(waiting))


def _with_a_body(who: Standing, plan_year: PlanYear) -> Iterator[Task]:
    """What its body decided is recorded by either; the team sends it on, or back to be drawn up again."""
    stopped = stopped_by(plan_year)
    if isinstance(stopped, ToRecord):
        if who.may(Permission.RECORD_DECISIONS):
            body = PlanDecision.Body(BODIES.get(plan_year.state, PlanDecision.Body.COUNCIL)).label
            title = f"Record what was decided about the actions for {plan_year.financial_year}: {lower_first(body)}"
            yield _task(who, plan_year, title, stopped)
    elif who.may(Permission.MANAGE_PLAN):
        # A decision that has yet to take effect asks nothing of anybody until then.
        if stopped is None:
            yield _task(who, plan_year, _to_do(plan_year))
        elif isinstance(stopped, SendBack):
            yield _task(who, plan_year, f"Send back the actions for {plan_year.financial_year}", stopped)


def _to_do(plan_year: PlanYear) -> str:
    return f"{onward(plan_year).label}: the actions for {plan_year.financial_year}"


def plan_reading(who: Standing) -> Iterator[Reading]:
    """The set in the making, for those who may see it before it is adopted."""
    if not who.may(Permission.SEE_PLAN_PROPOSALS):
        return
    for plan_year in PlanYear.objects.exclude(state=State.ADOPTED).order_by("year"):
        yield Reading(
            f"What changes in the actions for {plan_year.financial_year}",
            reverse("plan-changes", args=[plan_year.financial_year]),
            plan_year.get_state_display(),
        )

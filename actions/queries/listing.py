"""The actions of a quarter as one person may see them, with the quarter before, their dates and their parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from actions.models import ActionUpdate, ActionYear, IssuedUpdate, PlanYear
from actions.queries.dates import ActionDates, dates
from actions.queries.told import ActionTold, Told, opened_quarters, told
from actions.rules.standing import At, move_between
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing
from hdcperf.organisation.filters import in_place
from hdcperf.periods import FinancialYear, Month, Quarter
from hdcperf.rag import Movement
from hdcperf.roles import Permission

__all__ = ["Line", "actions_of", "default_quarter", "filtered", "issued_quarters", "lines", "quarters_held"]


@dataclass
class Line:
    """One action at the end of a quarter, beside the quarter before; ``parts`` are those of the same year."""

    row: ActionYear
    quarter: Quarter
    told: ActionTold
    dates: ActionDates
    today: date
    parts: list[Line] = field(default_factory=list)

    @property
    def now(self) -> At:
        return self.told.at(self.quarter)

    @property
    def before(self) -> At:
        return self.told.at(self.quarter.previous)

    @property
    def movement(self) -> Movement:
        return move_between(self.before, self.now)

    @property
    def update(self) -> Told | None:
        """The quarter's own update, in the making or not, where there is one to see."""
        return self.told.by_quarter.get(self.quarter)

    @property
    def is_over(self) -> bool:
        """Completed or dropped: nothing more is expected of it."""
        ending = self.told.ending
        ended = ending is not None and ending.on <= self.today
        return ended or self.now in (At.COMPLETED, At.DROPPED)

    @property
    def as_at(self) -> date:
        """The day its dates are held to: whoever sees only what was issued is told nothing of the days after it."""
        return min(self.today, self.quarter.last_day) if self.told.only_issued else self.today

    @property
    def action_is_late(self) -> bool:
        return not self.is_over and self.dates.due_on < self.as_at

    @property
    def step_is_late(self) -> bool:
        step = self.dates.next_step
        return not self.is_over and step is not None and step.is_late(self.as_at)

    @property
    def is_overdue(self) -> bool:
        """Its own date has passed, or a milestone's."""
        return self.action_is_late or self.step_is_late


def quarters_held(today: date) -> list[Quarter]:
    """The quarters of adopted years that have begun, newest first."""
    years = PlanYear.objects.filter(state=PlanYear.State.ADOPTED).order_by("-year").values_list("year", flat=True)
    found = [quarter for year in years for quarter in reversed(FinancialYear(year).quarters)]
    begun = [quarter for quarter in found if quarter.first_day <= today]
    # A year adopted before it begins is there to be read all the same.
    return begun or found[-1:]


def issued_quarters(who: Standing) -> QuerySet[IssuedUpdate, date]:
    """The first days of the quarters with something issued to this person, newest first."""
    issues = IssuedUpdate.objects.all()
    if not who.may(Permission.SEE_ISSUED):
        issues = issues.filter(audience=IssuedUpdate.Audience.PUBLIC)
    return issues.order_by("-update__quarter").values_list("update__quarter", flat=True).distinct()


def default_quarter(who: Standing, held: list[Quarter]) -> Quarter | None:
    """The newest quarter this person can read something of; else the newest whose updates were asked for."""
    if who.may(Permission.SEE_ACCEPTED) or who.may(Permission.SEE_WORKING_RETURNS):
        newest = ActionUpdate.objects.filter(state=ActionUpdate.State.ACCEPTED).order_by("-quarter")
        day = newest.values_list("quarter", flat=True).first()
    else:
        day = issued_quarters(who).first()
    if day is not None and (found := Month.from_date(day).quarter) in held:
        return found
    opened = opened_quarters(who.today)
    return next((one for one in held if one in opened), held[0] if held else None)


def actions_of(year: FinancialYear) -> QuerySet[ActionYear]:
    """The actions of a year that is the plan, with what a list prints of them, in the order of their codes."""
    rows: QuerySet[ActionYear] = (
        ActionYear.objects.adopted()
        .filter(plan_year__year=year.start_year)
        .select_related("action", "plan_year", "service", "portfolio", "outcome__priority")
        .defer("wording", "success", "proposal_reason")
        .order_by("code_key")
    )
    return rows


def filtered(year: FinancialYear, asked: dict[str, Any]) -> set[int]:
    """The ids of the year's actions that the filters on the plan itself leave."""
    rows = in_place(ActionYear.objects.adopted().filter(plan_year__year=year.start_year), asked)
    if words := asked.get("words"):
        named = Q(title__icontains=words) | Q(wording__icontains=words) | Q(code__icontains=words)
        rows = rows.filter(named | Q(code_key=code_key(words)))
    if asked.get("control"):
        rows = rows.filter(control=asked["control"])
    return set(rows.values_list("pk", flat=True))


def lines(
    who: Standing,
    quarter: Quarter,
    rows: Iterable[ActionYear],
    *,
    words: bool = False,
    since: Quarter | None = None,
) -> list[Line]:
    """A line for each of ``rows`` (all of the quarter's year), joined to its parts; nine queries at most."""
    held = list(rows)
    seen = told(who, [row.action_id for row in held], words=words, since=since)
    when = dates(who, held)
    found = {row.pk: Line(row, quarter, seen[row.action_id], when[row.pk], who.today) for row in held}
    for line in found.values():
        if line.row.parent_id in found:
            found[line.row.parent_id].parts.append(line)
    return list(found.values())

"""Fetching an update in scope: what a person may not see does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404, HttpRequest

from actions.models import ActionUpdate, ActionYear
from actions.queries.contexts import UpdateContext, load_context
from actions.queries.sight import access, seen_disputes, seen_updates
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter

__all__ = ["Found", "find_update"]


@dataclass
class Found:
    """An update, who asks for it, and whether they see it as a working update or only as accepted or disputed."""

    record: ActionUpdate
    user: User
    who: Standing
    working: bool

    @cached_property
    def context(self) -> UpdateContext:
        """What it is read beside, read once."""
        return load_context(self.record, working=self.working)

    def as_now(self, record: ActionUpdate) -> Found:
        """The same, with the record fresh from a move."""
        record.action_year = self.record.action_year
        return Found(record, self.user, self.who, self.working)


def find_update(request: HttpRequest, quarter: Quarter, code: str, *, dispute: bool = False) -> Found:
    """The update for ``quarter`` of the action that had this code in its year. Raises Http404 out of scope.

    Whoever sees an update only because it was issued sees it on the action's page, as it was issued. ``dispute``: for
    the page of a dispute, which the board sees after it was decided too.
    """
    user = signed_in(request)
    who = standing(user)
    rows = ActionYear.objects.in_the_set().filter(plan_year__year=quarter.year.start_year, code_key=code_key(code))
    action_year = rows.select_related(
        "action", "plan_year", "service__directorate", "portfolio", "responsible", "outcome"
    ).first()
    if action_year is None:
        raise Http404("There is no action with this code in this year.")
    allowed = access(who, [action_year])
    record = (
        (seen_disputes if dispute else seen_updates)(allowed)
        .filter(action_year=action_year, quarter=quarter.first_day)
        .select_related("period")
        .prefetch_related("transitions", "challenges", "revisions__proposed_by", "milestone_reports")
        .first()
    )
    if record is None:
        raise Http404("There is no update for this quarter that you can see.")
    record.action_year, record.action = action_year, action_year.action
    return Found(record, user, who, action_year.pk in allowed.working)

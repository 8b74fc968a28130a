"""What the telling of the example needs: its people, and its actions by the key they have in its files."""

from __future__ import annotations

from dataclasses import dataclass, field

from actions.example.reading import Line
from actions.models import Action, ActionUpdate
from hdcperf.organisation.example import Cast
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter

__all__ = ["Story"]


@dataclass
class Story:
    """The example's people, and its actions by key."""

    cast: Cast
    actions: dict[str, Action] = field(default_factory=dict)

    @property
    def team(self) -> User:
        return self.cast.users["performance-team"]

    @property
    def colleague(self) -> User:
        return self.cast.users["performance-team-2"]

    def officer(self, line: Line) -> User:
        """The officer responsible: the demo's own account where the line names one, else the service's holder."""
        named = line.facts.get("officer")
        return self.cast.users[named] if named else self.cast.holders[line["service"]]

    def goes_on(self, key: str, year: int) -> bool:
        """Whether the action is in the plan of ``year`` and has not ended."""
        action = self.actions[key]
        action.refresh_from_db()
        return action.ended_on is None and action.years.adopted().filter(plan_year__year=year).exists()

    def find(self, key: str, quarter: Quarter) -> ActionUpdate:
        """The update of an action for a quarter, as it is now."""
        found: ActionUpdate = ActionUpdate.objects.select_related("action_year__service", "period").get(
            action=self.actions[key], quarter=quarter.first_day
        )
        return found

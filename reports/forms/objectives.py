"""A one-line objective and the piece of the plan it serves."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.organisation.models import User
from hdcperf.ui import Link
from reports.queries.thread import PriorityThread

__all__ = ["ObjectiveForm"]

Choices = list[tuple[str, Any]]


class ObjectiveForm(GdsForm):
    words = CleanCharField(
        label="Your objective, in one line",
        max_length=200,
        help_text="What you will do, not how you are assessed: appraisals are kept elsewhere.",
        error_messages={"required": "Write your objective"},
    )
    serves = forms.ChoiceField(
        label="What it serves in the plan",
        error_messages={"required": "Choose what it serves"},
    )
    manager = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Your manager",
        empty_label="Choose a person",
        help_text="They see it, and nobody else does.",
        error_messages={"required": "Name your manager"},
    )
    looks = {"words": Look()}
    buttons = (Submit("Add the objective"),)

    def __init__(self, *args: Any, user: User, thread: list[PriorityThread], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        serves, manager = self.fields["serves"], self.fields["manager"]
        assert isinstance(serves, forms.ChoiceField)
        assert isinstance(manager, forms.ModelChoiceField)
        serves.choices = [("", "Choose one"), *_choices(thread)]
        manager.queryset = User.objects.filter(is_active=True).exclude(pk=user.pk)
        self.cancel = Link("Cancel", "/golden-thread/")

    def served(self) -> dict[str, int]:
        """What it serves, as the column and the id."""
        kind, _, identity = self.cleaned_data["serves"].partition("-")
        return {f"{kind}_id": int(identity)}


def _choices(thread: list[PriorityThread]) -> Choices:
    """The plan as groups: each outcome, then its actions and KPIs."""
    found: Choices = []
    for priority in thread:
        for one in priority.outcomes:
            options = [(f"outcome-{one.outcome.pk}", f"The outcome: {one.outcome.name}")]
            options += [(f"action-{knot.identity}", f"Action {knot.code} {knot.name}") for knot in one.actions]
            options += [(f"kpi-{knot.identity}", f"{knot.code} {knot.name}") for knot in one.kpis]
            found.append((one.outcome.name, options))
    return found

"""Forms of the half-year review: its dates, leaving a target because, changing it, and what allows that."""

from __future__ import annotations

from typing import Any

from django import forms

from dataquality.models import TargetReviewItem
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import Choices, PlaceFilterForm, any_of
from hdcperf.review.decisions import Decided
from hdcperf.review.forms import MinutedForm, version_field
from hdcperf.review.models import AbstractDecision
from hdcperf.ui import Link
from kpis.forms.targets import TargetForm

__all__ = ["AuthorityForm", "ChangeForm", "LeaveForm", "ReviewDatesForm", "ReviewFilterForm"]

STANDINGS: Choices = [
    ("open", "Not answered"),
    ("left", "Left, because"),
    ("proposed", "Change proposed"),
    ("back", "Back from its body"),
    ("stretched", "Stretched"),
    ("changed", "Changed otherwise"),
]
WORDS_LENGTH = 2000


def reason_field() -> forms.ChoiceField:
    """The reason by its code; the words are asked beside it."""
    return forms.ChoiceField(
        label="Reason",
        choices=TargetReviewItem.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select a reason"},
    )


class ReviewDatesForm(GdsForm):
    """When the review opens and closes."""

    opens_on = DateField(label="Opens on")
    closes_on = DateField(label="Last day to answer")

    def __init__(self, *args: Any, back: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = (Submit(button),)
        self.cancel = Link("Cancel", back)


class ReviewFilterForm(PlaceFilterForm):
    """Where the KPI belongs, and how its answer stands."""

    standing = forms.ChoiceField(label="Answer", choices=any_of(STANDINGS), required=False)
    beaten = forms.ChoiceField(label="Only", choices=any_of([("yes", "Forecast to beat its target")]), required=False)
    field_order = ("service", "portfolio", "standing", "beaten")

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, choices=choices, **kwargs)
        del self.fields["aim"]


class LeaveForm(GdsForm):
    """The target stays as it is, because."""

    version = version_field()
    reason_code = reason_field()
    why = CleanCharField(
        label="Because",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why it is left as it is"},
    )
    looks = {"why": Look(rows=3, count=True)}
    buttons = (Submit("Leave the target as it is", "answer", "leave", "secondary"),)


class ChangeForm(TargetForm):
    """Another target from a month on, with the reason's code and words."""

    version = version_field()
    reason_code = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why is it changed?"
        self.fields["reason"].help_text = "It is noted on the KPI’s chart once the change is decided."


class AuthorityForm(MinutedForm):
    """What the body that approved the target decided, or the delegation it gave."""

    body = forms.ChoiceField(
        label="Which body?",
        choices=[("", "Choose a body"), *AbstractDecision.Body.choices],
        error_messages={"required": "Select the body"},
    )
    kind = forms.ChoiceField(
        label="What was decided?",
        choices=[
            (AbstractDecision.Kind.AGREED.value, "The change was agreed"),
            (AbstractDecision.Kind.NOT_AGREED.value, "It was not agreed: the target stays"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    delegated_to = CleanCharField(
        label="By delegation to (optional)",
        max_length=100,
        required=False,
        help_text="The post that decided, where the body had delegated it. The minute is then the delegation’s.",
    )
    field_order = ("kind", "body", "met_on", "minute", "wording", "delegated_to")
    buttons = (Submit("Record the decision", "answer", "decide"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["takes_effect_on"]

    def decision(self) -> Decided:
        typed = self.cleaned_data
        return Decided(typed["kind"], typed["met_on"], typed["minute"], typed["wording"])

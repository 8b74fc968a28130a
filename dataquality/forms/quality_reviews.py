"""Forms of a data quality review: its plan, its parts, what the service says of it, and the filters of its lists."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from dataquality.models import Comparison, QualityReview
from dataquality.models.templates import LONG
from dataquality.rules.quality_reviews import Kind, Section
from dataquality.rules.review_risk import Reason
from hdcperf import clock
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import Choices, PlaceFilterForm, any_of
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import User
from hdcperf.review.forms import WORDS_LENGTH, version_field
from hdcperf.ui import Link

__all__ = [
    "AnswerForm",
    "PlanForm",
    "ReplanForm",
    "ReviewFilterForm",
    "ReviewSectionForm",
    "RiskFilterForm",
    "WithdrawForm",
    "review_section_form",
]


class PlanForm(GdsForm):
    """Who reviews the KPI, by when, and why it was picked: ``people`` may review it."""

    reviewer = OfficerField(
        label="Who reviews it?",
        help_text="One of the Performance Team or internal audit, who is none of the KPI’s people.",
        error_messages={
            "required": "Select who reviews it",
            "invalid_choice": "Select a reviewer from the list: the KPI’s own people do not review it",
        },
    )
    due_on = DateField(
        label="To be finished by", error_messages={"required": "Enter the day it is to be finished by"}
    )
    why = CleanCharField(
        label="Why was it picked?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="The service reads this.",
        error_messages={"required": "Say why it was picked"},
    )
    looks = {"why": Look(rows=4)}
    buttons = (Submit("Plan the review", "move", "plan"),)

    def __init__(self, *args: Any, people: QuerySet[User], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reviewer = self.fields["reviewer"]
        assert isinstance(reviewer, OfficerField)
        reviewer.queryset = people
        self.cancel = Link("Cancel", back)


class ReplanForm(PlanForm):
    """Another reviewer or day."""

    version = version_field()
    buttons = (Submit("Save the plan", "move", "replan"),)


class WithdrawForm(GdsForm):
    """Why a review is not carried out after all."""

    why_not = CleanCharField(
        label="Why is it not carried out?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why it is not carried out"},
    )
    looks = {"why_not": Look(rows=3)}
    buttons = (Submit("Withdraw the review", "move", "withdraw", "warning"),)


class ReviewSectionForm(GdsForm):
    """One part of a review: a choice, and what it rests on in words."""

    version = version_field()
    choice = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Select one"})
    words = CleanCharField(label="What did you find?", max_length=LONG, widget=forms.Textarea)
    looks = {"choice": Look(size="m"), "words": Look(rows=6, count=True, size="m")}
    buttons = (
        Submit("Save and continue", "move", "save"),
        Submit("Save and go back to the review", "move", "save_back", "secondary"),
    )

    def __init__(self, *args: Any, section: Section, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.named = "verdict" if section.kind is Kind.COMPARISON else "rating"
        choice, words = self.fields["choice"], self.fields["words"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = _verdicts(agreed) if self.named == "verdict" else QualityReview.Rating.choices
        match section.kind:
            case Kind.COMPARISON:
                choice.label = "Is it done as agreed?"
                choice.error_messages["required"] = "Select whether it is done as agreed"
                words.error_messages["required"] = "Say what is done, and how you know"
            case Kind.OBSERVATION:
                choice.label = "Rating"
                choice.error_messages["required"] = "Select a rating"
                words.error_messages["required"] = "Say what you saw. If there is nothing to say, say why"
            case Kind.CONCLUSION:
                choice.label = "Rating of the whole"
                words.label = "What was found, in short"
                choice.error_messages["required"] = "Select a rating of the whole"
                words.error_messages["required"] = "Say in short what was found"

    def given(self) -> dict[str, str]:
        """What was written, as the operations take it."""
        return {self.named: self.cleaned_data["choice"], "words": self.cleaned_data["words"]}


def _verdicts(agreed: bool) -> Choices:
    """Where a template was signed something was agreed; where none was, nothing."""
    nothing = Comparison.Verdict.NOTHING
    return [one for one in Comparison.Verdict.choices if (one[0] != nothing) == agreed]


def review_section_form(
    section: Section, held: dict[str, Any], version: int, agreed: bool, data: Any = None
) -> ReviewSectionForm:
    """The form of one part, on what is written of it; ``agreed`` says that there is a signed template."""
    start = {"choice": held.get("verdict") or held.get("rating"), "words": held.get("words", ""), "version": version}
    if section.kind is Kind.COMPARISON and not agreed and not held:
        start["choice"] = Comparison.Verdict.NOTHING.value
    return ReviewSectionForm(data, section=section, agreed=agreed, initial=start)


class AnswerForm(GdsForm):
    """What the service says of the findings before they are final."""

    words = CleanCharField(
        label="Your comment",
        max_length=WORDS_LENGTH,
        required=False,
        widget=forms.Textarea,
        help_text="What is not accurate, and what is. You can leave this empty where all of it is accurate.",
    )
    looks = {"words": Look(rows=5, count=True)}
    buttons = (
        Submit("It is accurate", "move", "agree"),
        Submit("Send the comment", "move", "comment", "secondary"),
    )


REVIEW_STATES: Choices = [("in_hand", "Planned or under way"), *QualityReview.State.choices]


class ReviewFilterForm(PlaceFilterForm):
    """Words, service, how far it has come, and what it found."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    state = forms.ChoiceField(label="Review", choices=any_of(REVIEW_STATES), required=False)
    rating = forms.ChoiceField(choices=any_of(QualityReview.Rating.choices), required=False)
    field_order = ("words", "service", "state", "rating")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("aim", "portfolio"):
            del self.fields[name]


class RiskFilterForm(PlaceFilterForm):
    """Words, service, and for which reason."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    reason = forms.ChoiceField(choices=any_of([(one.value, one.label) for one in Reason]), required=False)
    field_order = ("words", "service", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("aim", "portfolio"):
            del self.fields[name]


def weeks_ahead(weeks: int) -> date:
    """A day so many weeks from today, as a first suggestion."""
    return date.fromordinal(clock.today().toordinal() + 7 * weeks)

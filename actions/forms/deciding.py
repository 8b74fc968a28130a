"""What a body decided, as an officer records it: about a year's set, or about one action of the plan."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.models import Action, PlanDecision
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.organisation.forms import OfficerField
from hdcperf.organisation.models import Portfolio
from hdcperf.review.forms import MinutedForm, version_field
from hdcperf.ui import Link

__all__ = ["AgainForm", "EndForm", "OfficerForm", "SetDecisionForm", "WordsForm"]


class SetDecisionForm(MinutedForm):
    """What the body that has the set decided."""

    portfolio = forms.ModelChoiceField(
        queryset=Portfolio.objects.none(),
        label="Whose portfolio holder?",
        empty_label="Choose a portfolio",
        error_messages={"required": "Select whose portfolio holder said it"},
    )
    kind = forms.ChoiceField(
        label="What was decided?",
        choices=PlanDecision.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    field_order = ("portfolio", "kind", "met_on", "minute", "wording", "takes_effect_on")
    buttons = (Submit("Record the decision"),)

    def __init__(self, *args: Any, portfolios: Any = None, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if portfolios is None:
            del self.fields["portfolio"]
        else:
            field = self.fields["portfolio"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = portfolios
        self.cancel = Link("Cancel", back)


class EndForm(MinutedForm):
    """An action completed or dropped during the year, by decision."""

    how = forms.ChoiceField(
        label="What was decided?",
        choices=[(Action.End.COMPLETED.value, "It is completed"), (Action.End.DROPPED.value, "It is dropped")],
        widget=forms.RadioSelect,
        error_messages={"required": "Select what was decided"},
    )
    body = forms.ChoiceField(
        label="Which body decided?",
        choices=[("", "Choose a body"), *PlanDecision.Body.choices],
        error_messages={"required": "Select the body that decided"},
    )
    field_order = ("how", "wording", "body", "met_on", "minute", "takes_effect_on")
    buttons = (Submit("Record that it ends", kind="warning"),)

    def __init__(self, *args: Any, back: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)
        self.fields["wording"].label = "Why, as minuted"
        self.fields["wording"].help_text = "Everybody can read it on the action’s page."


class AgainForm(GdsForm):
    """Why an action that ended goes on after all."""

    reason = CleanCharField(
        label="Why does it go on?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say why it goes on"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Put it back into the plan"),)


class OfficerForm(GdsForm):
    """Who answers for an action from now on."""

    version = version_field()
    responsible = OfficerField(label="Responsible officer")
    reason = CleanCharField(
        label="Why (optional)",
        max_length=200,
        required=False,
        help_text="Others can see it: leave out anything private.",
    )
    buttons = (Submit("Save"),)


class WordsForm(GdsForm):
    """The words of an action that is in the plan, corrected."""

    version = version_field()
    title = CleanCharField(label="Title", max_length=120)
    wording = CleanCharField(label="Wording in the plan", max_length=1000, widget=forms.Textarea)
    success = CleanCharField(
        label="How will we know it made a difference? (optional)",
        max_length=1000,
        required=False,
        widget=forms.Textarea,
    )
    reason = CleanCharField(
        label="Why are the words corrected?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="The old words are kept beside the new, with this reason.",
        error_messages={"required": "Say why the words are corrected"},
    )
    looks = {
        "wording": Look(rows=4, count=True),
        "success": Look(rows=3, count=True),
        "reason": Look(rows=3),
    }
    buttons = (Submit("Save the correction"),)

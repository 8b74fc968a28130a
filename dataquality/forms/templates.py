"""Filters of the list of templates, and what is said where one is begun again or sent back."""

from __future__ import annotations

from typing import Any

from django import forms

from dataquality.rules.templates import Stage
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.organisation.filters import PlaceFilterForm, any_of
from hdcperf.periods import FinancialYear
from hdcperf.review.forms import WORDS_LENGTH, version_field
from hdcperf.ui import Link

__all__ = ["BeginForm", "DiscardForm", "ReopenForm", "SignForm", "TemplateFilterForm", "TemplateSendBackForm"]

WAIVED, NOT_COLLECTED = "waived", "not_collected"


class TemplateFilterForm(PlaceFilterForm):
    """Year, service, how far it has come, and whether it can be collected."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    year = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(
        label="Template", choices=any_of([(one.value, one.label) for one in Stage]), required=False
    )
    collected = forms.ChoiceField(
        label="Collection",
        choices=any_of([(WAIVED, "Waived for a while"), (NOT_COLLECTED, "Not collected")]),
        required=False,
    )
    field_order = ("words", "year", "service", "stage", "collected")

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("aim", "portfolio"):
            del self.fields[name]
        self.fields["year"].choices = [  # type: ignore[attr-defined]
            (FinancialYear(one).slug, str(FinancialYear(one))) for one in years
        ]


class BeginForm(GdsForm):
    """Nothing to fill in: the page says what the template starts from."""

    buttons = (Submit("Begin the template"),)


class ReopenForm(GdsForm):
    """A new version in the year says why."""

    why = CleanCharField(
        label="What is to change, and why?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For example: another team collects the figure from October.",
        error_messages={"required": "Say what is to change, and why"},
    )
    looks = {"why": Look(rows=4)}
    buttons = (Submit("Begin a new version"),)


class SignForm(GdsForm):
    """The declaration stands beside it: pressing the button signs it."""

    version = version_field()
    buttons = (Submit("Sign off", "move", "sign"),)


class TemplateSendBackForm(GdsForm):
    """Why a template goes back to those who complete it."""

    comment = CleanCharField(
        label="What is missing, or must change?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say what is missing or must change"},
    )
    looks = {"comment": Look(rows=4)}
    buttons = (Submit("Send back", "move", "send_back", "secondary"),)


class DiscardForm(GdsForm):
    """Why a version is discarded."""

    comment = CleanCharField(
        label="Why is it discarded?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For example: it was begun for the wrong KPI.",
        error_messages={"required": "Say why it is discarded"},
    )
    looks = {"comment": Look(rows=3)}
    buttons = (Submit("Discard this version", kind="warning"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)

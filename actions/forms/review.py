"""What a reviewer fills in: filters of the queue, an update returned, a challenge of a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from actions.models import Challenge
from actions.queries.queue import RoundRow
from actions.rules.colours import ActionRag
from actions.rules.guidelines import GUIDELINES
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.rag import Movement
from hdcperf.review.forms import WORDS_LENGTH, AskingForm
from hdcperf.review.queue_page import RoundFilterForm

__all__ = ["ChallengeForm", "QueueFilterForm", "ReturnForm"]

RAGS = [("", "All"), *((one.value, one.label) for one in ActionRag)]


class QueueFilterForm(RoundFilterForm):
    """The filters of a quarter's list: RAG, movement and what does not fit, beside what every list has."""

    rag = forms.ChoiceField(label="RAG", choices=RAGS, required=False)
    moved = forms.ChoiceField(
        label="Since last quarter",
        choices=[("", "All"), *((one.value, one.label) for one in Movement)],
        required=False,
    )
    asks = forms.ChoiceField(
        label="Does it fit together?",
        choices=[("", "All"), ("open", "Something not explained"), ("any", "Something to ask about")],
        required=False,
    )

    def passes(self, row: RoundRow, asked: Mapping[str, str]) -> bool:
        asks = {"open": any(not one.answered for one in row.flags), "any": bool(row.flags)}
        return (
            asked.get("rag", row.rag.value) == row.rag.value
            and asked.get("moved", row.movement.value) == row.movement.value
            and ("asks" not in asked or asks[asked["asks"]])
        )


class ReturnForm(GdsForm):
    """The whole update returned, saying what is missing in the words of the guidelines, and more."""

    missing = forms.MultipleChoiceField(
        label="What is missing?",
        choices=list(GUIDELINES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Each is sent with the guidelines’ own words.",
    )
    more = CleanCharField(
        label="In your own words",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="The service sees your name, and it may be disclosed.",
    )
    looks = {"missing": Look(small=True), "more": Look(rows=4, count=True)}
    buttons = (Submit("Return the update", "decide", "return", "secondary"),)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("missing") and not cleaned.get("more") and "more" not in self.errors:
            self.add_error("missing", "Say what is missing: choose from the list, or write it below")
        return cleaned


class ChallengeForm(AskingForm):
    """A challenge of one part of an update."""

    about = forms.ChoiceField(
        label="What is the challenge about?",
        choices=[(one.value, one.label) for one in Challenge.About if one != Challenge.About.WHOLE],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose a reason"), *Challenge.Reason.choices])

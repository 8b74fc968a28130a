"""What a reviewer fills in: filters of the queue, an update returned, a challenge of a part."""

from __future__ import annotations

from typing import Any

from django import forms

from actions.models import Challenge
from actions.queries.queue import RoundRow
from actions.rules.colours import ActionRag
from actions.rules.guidelines import GUIDELINES
from hdcperf.forms import CleanCharField, GdsFilterForm, GdsForm, Look, Submit
from hdcperf.rag import Movement
from hdcperf.review.forms import WORDS_LENGTH
from hdcperf.review.queue import STATES, in_state, to_check

__all__ = ["ChallengeForm", "QueueFilterForm", "ReturnForm"]

RAGS = [("", "All"), *((one.value, one.label) for one in ActionRag)]


class QueueFilterForm(GdsFilterForm):
    """Service, RAG, movement, what does not fit, and what this reviewer can decide; the state is chosen above."""

    state = forms.ChoiceField(
        choices=[("", "All"), *STATES.items()], required=False, widget=forms.HiddenInput, label="State"
    )
    service = forms.ChoiceField(required=False)
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
    mine = forms.ChoiceField(
        label="Who can decide", choices=[("", "Anybody"), ("yes", "Mine to check")], required=False
    )

    def __init__(self, *args: Any, rows: list[RoundRow], reviews: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = {row.record.action_year.service_id: row.record.action_year.service.name for row in rows}
        choices = [(str(pk), name) for pk, name in sorted(services.items(), key=lambda one: one[1])]
        self.fields["service"].choices = [("", "All"), *choices]  # type: ignore[attr-defined]
        if not reviews:
            del self.fields["mine"]
        if len(services) < 2:
            del self.fields["service"]

    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is not a choice (an old link, a forged address) filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        return f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"

    def chosen(self, rows: list[RoundRow], *, but_state: bool = False) -> list[RoundRow]:
        """The rows that pass the filters, in their order; ``but_state`` leaves the state out, to count each."""
        asked = self.asked()
        found = to_check(rows) if asked.get("mine") else rows
        if not but_state and "state" in asked:
            found = [row for row in found if in_state(row, asked["state"])]
        return [row for row in found if _passes(row, asked)]


def _passes(row: RoundRow, asked: dict[str, str]) -> bool:
    service = str(row.record.action_year.service_id)
    open_flags = [one for one in row.flags if not one.answered]
    asks = {"open": bool(open_flags), "any": bool(row.flags)}
    return (
        asked.get("service", service) == service
        and asked.get("rag", row.rag.value) == row.rag.value
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


class ChallengeForm(GdsForm):
    """A question to the officer: about which part, for what reason, and in words."""

    about = forms.ChoiceField(
        label="What is the challenge about?",
        choices=[(one.value, one.label) for one in Challenge.About if one != Challenge.About.WHOLE],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose a reason"), *Challenge.Reason.choices])
    question = CleanCharField(
        label="Your question",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Only the part you ask about is reopened. The service sees your name, and it may be disclosed.",
        error_messages={"required": "Say what you are asking and why"},
    )
    looks = {"about": Look(small=True), "question": Look(rows=4, count=True)}
    buttons = (Submit("Raise the challenge", "decide", "challenge", "secondary"),)

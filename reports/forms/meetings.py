"""A meeting's body, date, time and place; and why it is cancelled."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.review.forms import version_field
from reports.models import Meeting
from reports.rules.times import parse_time, time_words

__all__ = ["CancelForm", "MeetingForm"]


class TimeTextField(forms.Field):
    """A time as people write it: ``7pm``, ``10:30am``, ``19:00``."""

    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        return time_words(value) if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            return parse_time(text)
        except ValueError as refused:
            raise forms.ValidationError(str(refused)) from refused


class MeetingForm(GdsForm):
    version = version_field()
    body = forms.ChoiceField(
        label="Whose meeting is it?",
        choices=[("", "Choose a body"), *Meeting.Body.choices],
        error_messages={"required": "Select whose meeting it is"},
    )
    held_on = DateField(label="Date of the meeting")
    starts_at = TimeTextField(
        label="Time it starts", required=False, help_text="For example, 7pm. Leave it empty while it is not known."
    )
    place = CleanCharField(label="Place", max_length=200, required=False)
    looks = {"starts_at": Look(width=10), "place": Look(width=30)}
    buttons = (Submit("Save the meeting", "move", "save"),)

    def facts(self) -> dict[str, Any]:
        """The columns of the meeting."""
        return {name: self.cleaned_data[name] for name in ("body", "held_on", "starts_at", "place")}


class CancelForm(GdsForm):
    because = CleanCharField(
        label="Why is it cancelled?",
        max_length=1000,
        widget=forms.Textarea,
        help_text="It is shown beside the meeting. What was asked for it is taken at the body’s next meeting.",
        error_messages={"required": "Say why the meeting is cancelled"},
    )
    looks = {"because": Look(rows=3)}
    buttons = (Submit("Cancel the meeting", "move", "cancel", "warning"),)

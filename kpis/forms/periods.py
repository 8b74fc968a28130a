"""What is filled in to set the dates of a month."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, GdsForm, Submit
from hdcperf.ui import Link

__all__ = ["DatesForm"]


class DatesForm(GdsForm):
    """When a round opens, falls due and locks, and why the dates move; ``was`` are the dates the page showed."""

    was = forms.CharField(widget=forms.HiddenInput, required=False)
    opens_on = DateField(label="Opens on")
    due_on = DateField(label="Due on")
    locks_on = DateField(label="Last day a return can be changed")
    reason = CleanCharField(
        label="Why the dates move", max_length=500, error_messages={"required": "Say why the dates move"}
    )
    buttons = (Submit("Save the dates"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)

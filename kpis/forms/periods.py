"""What is filled in to open a month, set its dates, or lift its lock for one return."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.ui import Link

__all__ = ["DatesForm", "ExceptionForm"]


class DatesForm(GdsForm):
    """When a round opens, falls due and locks, and why the dates move."""

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


class ExceptionForm(GdsForm):
    """Leave to change one locked return until a date."""

    asked_by = CleanCharField(
        label="Who asked for it?",
        max_length=200,
        help_text="A name, and how they asked.",
        error_messages={"required": "Say who asked for it"},
    )
    reason = CleanCharField(
        label="Why?",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Say why the lock is lifted"},
    )
    expires_on = DateField(label="Last day it can be changed")
    looks = {"reason": Look(rows=4, count=True)}
    buttons = (Submit("Lift the lock for this return"),)

    def __init__(self, *args: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)

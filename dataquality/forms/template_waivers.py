"""What is said when a KPI may be collected for a while without a signed template."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from hdcperf import clock
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.review.forms import WORDS_LENGTH

__all__ = ["WaiverForm"]


class WaiverForm(GdsForm):
    """Until when and why; who allows it is whoever sends the form. ``latest`` is the last day of the KPI's year."""

    expires_on = DateField(
        label="Until when?",
        help_text="The last day on which its months may be opened without a signed template. For example, 30 11 2026",
    )
    reason = CleanCharField(
        label="Why?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="This shows with your name on the KPI’s page and on every return collected under it.",
        error_messages={"required": "Say why it may be collected without a signed template"},
    )
    looks = {"reason": Look(rows=4)}
    buttons = (Submit("Allow it", "move", "allow"),)

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["expires_on"]
        assert isinstance(field, DateField)
        field.earliest, field.latest = clock.today, max(latest, clock.today())

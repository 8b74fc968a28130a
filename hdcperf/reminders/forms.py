"""What a person chooses, the day previewed, and a message to a service."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms

from hdcperf import clock
from hdcperf.forms import CleanCharField, DateTextField, GdsFilterForm, GdsForm, Look, Submit
from hdcperf.reminders.models import Preference
from hdcperf.ui import Link

__all__ = ["ChaseForm", "DaysForm", "PreviewForm"]

A_YEAR = timedelta(days=366)
MESSAGE_LENGTH = 10_000


class DaysForm(GdsForm):
    """The weekdays of what is not compulsory; none is a choice too."""

    days = forms.MultipleChoiceField(
        label="On which days do you want reminders that can wait?",
        help_text="Select every day that suits you. With none you are sent only what is compulsory.",
        choices=[(name, name.capitalize()) for name in Preference.DAYS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        error_messages={"invalid_choice": "Select days from Monday to Friday"},
    )
    buttons = (Submit("Save the days"),)
    looks = {"days": Look(size="m", small=True)}


class PreviewForm(GdsFilterForm):
    """The day whose messages are shown."""

    on = DateTextField(
        label="Day",
        required=False,
        earliest=lambda: clock.today() - A_YEAR,
        latest=lambda: clock.today() + A_YEAR,
    )
    looks = {"on": Look(width=10)}

    def chosen(self) -> date:
        """The day asked for; today where none, or no day, was typed."""
        found: date | None = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return found or clock.today()


class ChaseForm(GdsForm):
    """One message to a service about what is late there."""

    message = CleanCharField(
        label="Message",
        max_length=MESSAGE_LENGTH,
        widget=forms.Textarea,
        help_text="Change it as you like before you send it, or copy it into a message of your own.",
        error_messages={"required": "Enter the message"},
    )
    looks = {"message": Look(rows=16)}

    def __init__(self, *args: object, to: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = (Submit(f"Send to {to}"),) if to else ()
        self.cancel = Link("Back to who is late", "/reminders/late/")

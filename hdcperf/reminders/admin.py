"""The timings of reminders, kept in the admin with the reason for each change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin

from hdcperf.organisation.reference import ReasonedForm, ReferenceAdmin
from hdcperf.reminders.kinds import kinds
from hdcperf.reminders.models import Timing
from hdcperf.reminders.rules import Timings, timing_problems

FIELDS = ("first_before", "last_before", "overdue_after", "again_every", "manager_after", "head_after")


class TimingForm(ReasonedForm):
    """The kinds are those declared; what cannot be is said beside its field."""

    kind = forms.ChoiceField(
        label="Kind of work", required=False, help_text="The first holds for every kind without timings of its own."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            every = ("", "Every kind without timings of its own")
            choices = [every, *((one.code, one.many.capitalize()) for one in kinds())]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if all(isinstance(cleaned.get(name), int) for name in FIELDS):
            for name, sentence in timing_problems(Timings(**{name: cleaned[name] for name in FIELDS})).items():
                self.add_error(name, sentence)
        return cleaned


@admin.register(Timing)
class TimingAdmin(ReferenceAdmin):
    form = TimingForm
    list_display = ("__str__", *FIELDS)

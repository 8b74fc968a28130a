"""Sending a file of outcome measures, with what the file does not say; and the filter of their list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from hdcperf.forms import CleanCharField, GdsFilterForm, GdsForm, Look, Submit
from hdcperf.importing.reading import MAX_BYTES
from hdcperf.organisation.models import Outcome
from hdcperf.ui import Link

__all__ = ["MeasureFilterForm", "MeasuresForm"]

MEGABYTES = MAX_BYTES // 1024 // 1024


class MeasuresForm(GdsForm):
    file = forms.FileField(
        label="File",
        help_text=f"CSV or Excel (.xlsx), up to {MEGABYTES} MB, a row for each value: measure, area, period, value.",
        error_messages={"required": "Choose a CSV or Excel file", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    our_area = CleanCharField(
        label="Our own area", max_length=120, help_text="Its name as the file has it, for example Huntingdonshire."
    )
    source = CleanCharField(label="Data set it was published in", max_length=250)
    publisher = CleanCharField(label="Publisher", max_length=250)
    licence = CleanCharField(
        label="Licence", max_length=120, required=False, help_text="For example Open Government Licence v3.0."
    )
    address = forms.URLField(label="Where it is published", max_length=200, required=False, assume_scheme="https")
    looks = {"file": Look(size="m")}
    buttons = (Submit("Send the file"),)
    cancel = Link("Cancel", "/outcomes/")

    def clean_file(self) -> UploadedFile:
        sent: UploadedFile = self.cleaned_data["file"]
        if (sent.size or 0) > MAX_BYTES:
            raise forms.ValidationError(f"The file is larger than {MEGABYTES} MB. Split it, for example by measure.")
        return sent


class MeasureFilterForm(GdsFilterForm):
    outcome = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = [("", "All"), *((str(one.number), one.name) for one in Outcome.objects.all())]

    def asked(self) -> str:
        self.is_valid()
        found: str = self.cleaned_data.get("outcome", "")
        return found

    def words_for(self, number: str) -> str:
        """The filter in use, in words."""
        choices = dict(self.fields["outcome"].choices)  # type: ignore[attr-defined]
        return f"Outcome: {choices[number]}"

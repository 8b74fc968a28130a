"""A series a KPI is compared with, or its unit cost, typed with its values (framework B.2, *National Framework*)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from dataquality.models import Comparator, ComparatorValue
from hdcperf.figures import print_figure
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.importing.reading import MAX_BYTES
from hdcperf.published_periods import PublishedPeriod, parse_period
from hdcperf.review.forms import version_field
from kpis.rules.typed import parse_figure

__all__ = ["ComparatorForm", "Value", "ValuesFileForm", "values_lines", "values_text"]

MOST = 60
Value = tuple[PublishedPeriod, Decimal]
"""A figure and the period it was published for."""


def values_text(rows: Iterable[ComparatorValue]) -> str:
    """The values as they are typed, a line each."""
    return "\n".join(f"{row.period}: {print_figure(row.value)}" for row in rows if row.value is not None)


def values_lines(values: Iterable[Value]) -> str:
    """Values read from a file, as they are typed."""
    return "\n".join(f"{period.words}: {print_figure(value)}" for period, value in values)


class ValuesFileForm(GdsForm):
    """A spreadsheet with a row for each period: it fills the box of values, and saves nothing."""

    file = forms.FileField(
        label="Spreadsheet of values",
        help_text="CSV or Excel (.xlsx), with a column Period and a column Value.",
        error_messages={"required": "Choose a CSV or Excel file", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    buttons = (Submit("Read the file", "move", "read", "secondary"),)

    def clean_file(self) -> UploadedFile:
        sent: UploadedFile = self.cleaned_data["file"]
        if (sent.size or 0) > MAX_BYTES:
            raise forms.ValidationError("The file is larger than 5 MB. Send only this series.")
        return sent


class ComparatorForm(GdsForm):
    """Whose figure, from where, how comparable it is, and its values: a line for each period."""

    version = version_field()
    group = forms.ChoiceField(
        label="Whose figure is it?",
        choices=[("", "Choose a group"), *Comparator.Group.choices],
        error_messages={"required": "Select whose figure it is"},
    )
    name = CleanCharField(
        label="Name of the series", max_length=200, help_text="For example, mean of the nearest neighbours."
    )
    source = CleanCharField(label="Source", max_length=250, help_text="Where it is published, and by whom.")
    how_comparable = CleanCharField(
        label="How comparable is it?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="What is counted otherwise, or by other dates, and so should be kept in mind.",
        error_messages={"required": "Say how comparable it is"},
    )
    values = CleanCharField(
        label="Values",
        max_length=5000,
        widget=forms.Textarea,
        help_text="One on each line: the period as published, a colon, the figure. For example 2024/25: 61.2",
        error_messages={"required": "Enter at least one value, for example 2024/25: 61.2"},
    )
    looks = {"name": Look(width=30), "how_comparable": Look(rows=3), "values": Look(rows=8)}
    buttons = (Submit("Save the series", "move", "save"),)

    def clean_values(self) -> list[Value]:
        found: list[Value] = []
        for number, line in enumerate(self.cleaned_data["values"].split("\n"), start=1):
            if line.strip():
                found.append(_value(number, line))
        seen: set[str] = set()
        for period, _ in found:
            if period.words in seen:
                raise forms.ValidationError(f"{period.words} stands there twice. Keep one line for each period.")
            seen.add(period.words)
        if len(found) > MOST:
            raise forms.ValidationError(f"There are {len(found)} values. Keep at most the last {MOST}.")
        return found

    def facts(self) -> dict[str, Any]:
        """The columns of the series."""
        return {name: self.cleaned_data[name] for name in ("group", "name", "source", "how_comparable")}


def _value(number: int, line: str) -> Value:
    words, colon, figure = line.partition(":")
    if not colon:
        raise forms.ValidationError(f"Line {number} has no colon. Write it as 2024/25: 61.2")
    try:
        return parse_period(words.strip()), parse_figure(figure.strip())
    except ValueError as refused:
        raise forms.ValidationError(f"Line {number}: {refused}") from refused

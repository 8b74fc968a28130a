"""What is filled in to choose a month."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from hdcperf.forms import GdsFilterForm, Submit
from hdcperf.periods import Month

__all__ = ["ChooseMonthForm"]


class ChooseMonthForm(GdsFilterForm):
    """Which month to open, of those that are not."""

    month = forms.ChoiceField(label="Another month")
    buttons = (Submit("Look at this month", kind="secondary"),)

    def __init__(self, *args: Any, months: Iterable[Month], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [(month.slug, str(month)) for month in months]  # type: ignore[attr-defined]

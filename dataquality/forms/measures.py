"""Filters of the figures on data quality, and of the list behind one."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import GdsFilterForm
from hdcperf.organisation.filters import Choices, any_of
from hdcperf.organisation.models import Service
from hdcperf.periods import FinancialYear

__all__ = ["BehindFilterForm", "MeasureFilterForm"]

EVERYTHING = "all"


class MeasureFilterForm(GdsFilterForm):
    """Year and service."""

    year = forms.ChoiceField(required=False)
    service = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, years: list[int], services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every: Choices = [(FinancialYear(one).slug, str(FinancialYear(one))) for one in years]
        self.fields["year"].choices = every  # type: ignore[attr-defined]
        self.fields["service"].choices = any_of([(str(one.pk), one.name) for one in services])  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is no choice filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        field = self.fields[name]
        return f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"


class BehindFilterForm(MeasureFilterForm):
    """Also one month, and whether what stands well is listed too."""

    month = forms.ChoiceField(required=False)
    show = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, months: Choices, opposite: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["show"].choices = [("", opposite), (EVERYTHING, "All that is counted")]  # type: ignore[attr-defined]
        if months:
            self.fields["month"].choices = any_of(months)  # type: ignore[attr-defined]
        else:
            del self.fields["month"]

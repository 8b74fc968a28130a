"""Filters of the list of KPIs and of the board's page, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsFilterForm
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction, Rag
from kpis.queries.listing import Choices

__all__ = ["BoardFilterForm", "KpiFilterForm"]

RAGS: Choices = [(one.value, one.label) for one in Rag]


def _any(choices: Choices) -> Choices:
    return [("", "All"), *choices]


class BoardFilterForm(GdsFilterForm):
    """Service, priority or outcome, portfolio and RAG."""

    service = forms.ChoiceField(required=False)
    aim = forms.ChoiceField(label="Priority or outcome", required=False)
    portfolio = forms.ChoiceField(required=False)
    rag = forms.ChoiceField(label="RAG now", choices=_any(RAGS), required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = _any(found)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was asked for; a value that is not a choice (an old link, a forged address) filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        shown = dict(getattr(field, "choices", ())).get(value, value)
        return f"{field.label}: {shown}"


class KpiFilterForm(BoardFilterForm):
    """The board's filters, with words, year and direction."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    year = forms.ChoiceField(required=False)
    direction = forms.ChoiceField(
        label="Direction preferred", choices=_any([(one.value, one.label) for one in Direction]), required=False
    )
    target = forms.ChoiceField(label="Target", choices=_any([("awaiting", "Awaiting approval")]), required=False)
    field_order = ("words", "year", "service", "aim", "portfolio", "rag", "direction", "target")

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(FinancialYear(year))) for year in years]  # type: ignore[attr-defined]

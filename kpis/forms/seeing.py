"""Filters of the list of KPIs and of the board's page, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField
from hdcperf.organisation.filters import Choices, PlaceFilterForm, any_of
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction, Rag

__all__ = ["BoardFilterForm", "KpiFilterForm"]

RAGS: Choices = [(one.value, one.label) for one in Rag]


class BoardFilterForm(PlaceFilterForm):
    """Service, priority or outcome, portfolio and RAG."""

    rag = forms.ChoiceField(label="RAG now", choices=any_of(RAGS), required=False)


class KpiFilterForm(BoardFilterForm):
    """The board's filters, with words, year and direction."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    year = forms.ChoiceField(required=False)
    direction = forms.ChoiceField(
        label="Direction preferred", choices=any_of([(one.value, one.label) for one in Direction]), required=False
    )
    target = forms.ChoiceField(label="Target", choices=any_of([("awaiting", "Awaiting approval")]), required=False)
    field_order = ("words", "year", "service", "aim", "portfolio", "rag", "direction", "target")

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(str(year), str(FinancialYear(year))) for year in years]  # type: ignore[attr-defined]

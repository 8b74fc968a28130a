"""Choosing the KPI that is printed beside another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from hdcperf.forms import GdsForm, Submit
from hdcperf.ui import Link
from kpis.models import KpiYear

__all__ = ["CompanionForm"]

FITS = 33
"""Characters of a choice that a phone has room for."""


class CompanionForm(GdsForm):
    """``others`` are the KPIs there are to choose from."""

    companion = forms.ChoiceField(
        label="Which KPI gives its figure context?",
        required=False,
        help_text="The backlog beside a count, the pounds beside a percentage.",
        error_messages={"invalid_choice": "Choose a KPI of the list, or none"},
    )

    buttons = (Submit("Save"),)

    def __init__(self, *args: Any, others: Sequence[KpiYear], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others = {str(one.kpi_id): one for one in others}
        names = [(key, _short(f"{one.code} {one.name}")) for key, one in self._others.items()]
        self.fields["companion"].choices = [("", "None"), *names]  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)

    def chosen(self) -> KpiYear | None:
        """The KPI chosen, once it is valid; None for none."""
        return self._others.get(self.cleaned_data["companion"])


def _short(words: str) -> str:
    return words if len(words) <= FITS else words[: FITS - 1].rstrip() + "…"

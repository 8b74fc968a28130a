"""Proposing a revision of an accepted figure."""

from __future__ import annotations

from typing import Any

from django.forms import Textarea

from hdcperf.forms import CleanCharField, DecimalTextField, Look
from hdcperf.review import forms
from hdcperf.review.forms import WORDS_LENGTH
from kpis.models import KpiYear
from kpis.operations.revising import NewFigures
from kpis.rules.figures import Entry, Unit, parse_figure

__all__ = ["RevisionForm"]


class RevisionForm(forms.RevisionForm):
    """The new figure (or its two parts), what kind of change it is, and why."""

    value = DecimalTextField(parse=parse_figure, label="Figure as it should be", required=False)
    numerator = DecimalTextField(parse=parse_figure, label="Numerator as it should be", required=False)
    denominator = DecimalTextField(parse=parse_figure, label="Denominator as it should be", required=False)
    reason = CleanCharField(
        label="Why it changes",
        max_length=WORDS_LENGTH,
        widget=Textarea,
        help_text="Printed wherever the figures somebody has seen are listed as changed.",
        error_messages={"required": "Say why the figure changes"},
    )
    note = CleanCharField(
        label="What to add to the commentary (optional)",
        max_length=WORDS_LENGTH,
        widget=Textarea,
        required=False,
    )
    looks = {
        "kind": Look(
            hints={
                "late_data": "Figures that had not arrived when it was accepted.",
                "correction": "The figure was wrong, or should not have been accepted.",
                "method": "The figure is now worked out in another way.",
            }
        ),
        "value": Look(width=10),
        "numerator": Look(width=10),
        "denominator": Look(width=10),
        "reason": Look(rows=4, count=True),
        "note": Look(rows=3),
    }

    def __init__(self, *args: Any, kpi_year: KpiYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gone = ("value",) if kpi_year.entry == Entry.PARTS.value else ("numerator", "denominator")
        for name in gone:
            del self.fields[name]
        labels = {"numerator": kpi_year.numerator_label, "denominator": kpi_year.denominator_label}
        for name, label in labels.items():
            if name in self.fields and label:
                self.fields[name].label = f"{label}, as it should be"
        unit = Unit(kpi_year.unit)
        if unit is Unit.PERCENTAGE:
            self.looks = {**self.looks, "value": Look(width=10, suffix="%")}
        elif unit is Unit.CURRENCY:
            self.looks = {**self.looks, "value": Look(width=10, prefix="£")}

    def figures(self) -> NewFigures:
        """The figures typed; those the KPI does not take are None."""
        typed = self.cleaned_data
        return NewFigures(
            value=typed.get("value"), numerator=typed.get("numerator"), denominator=typed.get("denominator")
        )

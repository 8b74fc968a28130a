"""Ending a KPI and starting its successor: the last month of the one, and what the other is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms

from hdcperf.converters import CODE
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.periods import Month
from hdcperf.ui import Link
from kpis.models import KpiYear
from kpis.operations.successors import Successor
from kpis.rules.figures import Entry, Unit, YtdRule

__all__ = ["SuccessorForm"]

MOST_PER = 1_000_000_000


class SuccessorForm(GdsForm):
    """``months`` are those that can be the old measure's last."""

    last = forms.ChoiceField(label="Its last month", help_text="The successor begins with the month after.")
    code = CleanCharField(
        label="Code of the successor",
        max_length=20,
        error_messages={"required": "Enter the code of the successor"},
    )
    name = CleanCharField(
        label="Name of the successor",
        max_length=200,
        error_messages={"required": "Enter the name of the successor"},
    )
    unit = forms.ChoiceField(label="Unit", choices=[(one.value, one.label) for one in Unit], widget=forms.RadioSelect)
    rate_per = forms.IntegerField(
        label="Per how many?",
        required=False,
        min_value=1,
        max_value=MOST_PER,
        help_text="For example 100000 for a rate per 100,000 collections.",
        error_messages={
            "invalid": "Enter per how many as a whole number, such as 1000",
            "min_value": "Enter a whole number above nought",
            "max_value": f"Enter a number up to {MOST_PER:,}",
        },
    )
    entry = forms.ChoiceField(
        label="What is entered each time?",
        choices=[(one.value, one.label) for one in Entry],
        widget=forms.RadioSelect,
    )
    ytd_rule = forms.ChoiceField(
        label="How do months make the year to date?",
        choices=[(one.value, one.label) for one in YtdRule],
        widget=forms.RadioSelect,
    )
    why = CleanCharField(
        label="Why does it end, and what replaces it?",
        max_length=2000,
        widget=forms.Textarea,
        help_text="Kept in the history of both.",
        error_messages={"required": "Say why it ends and what replaces it"},
    )

    looks = {
        "code": Look(width=10),
        "rate_per": Look(width=10),
        "unit": Look(small=True),
        "entry": Look(small=True),
        "ytd_rule": Look(small=True),
        "why": Look(count=True),
    }
    reveals = {"unit": {Unit.RATE.value: ("rate_per",)}}
    buttons = (Submit("End it and start its successor"),)

    def __init__(self, *args: Any, months: Sequence[Month], back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last"].choices = [(one.slug, str(one)) for one in months]  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)

    @classmethod
    def beginning(cls, kpi_year: KpiYear, months: Sequence[Month], back: str) -> SuccessorForm:
        """The empty form: the successor is as the old measure is, until somebody says otherwise."""
        held = ("name", "unit", "rate_per", "entry", "ytd_rule")
        return cls(initial={name: getattr(kpi_year, name) for name in held}, months=months, back=back)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not re.fullmatch(CODE, code):
            raise forms.ValidationError("Enter a code of letters, digits, spaces, points and hyphens, such as KPI 10")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit, rule = cleaned.get("unit"), cleaned.get("ytd_rule")
        if unit == Unit.RATE.value and cleaned.get("rate_per") is None and "rate_per" not in self.errors:
            self.add_error("rate_per", "Enter per how many, such as 1000")
        if unit == Unit.PERCENTAGE.value and rule == YtdRule.ADDS_UP.value:
            self.add_error("ytd_rule", "A percentage cannot add up over the year: select latest, mean or weighted")
        if rule == YtdRule.WEIGHTED.value and cleaned.get("entry") == Entry.VALUE.value:
            self.add_error("entry", "Weighting needs a numerator and a denominator: select them here")
        return cleaned

    def successor(self) -> Successor:
        """What was typed, once it is valid."""
        typed = self.cleaned_data
        rate = typed["unit"] == Unit.RATE.value
        return Successor(
            last=Month.parse(typed["last"]),
            rate_per=typed["rate_per"] if rate else None,
            **{name: typed[name] for name in ("code", "name", "unit", "ytd_rule", "entry", "why")},
        )

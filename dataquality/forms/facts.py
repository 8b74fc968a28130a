"""The facts of a KPI's next year: all of them for a new one; words and place for one that is amended."""

from __future__ import annotations

from typing import Any

from django import forms

from dataquality.forms.setting import CODE_REFUSED, WORDS_LENGTH, criteria_field
from hdcperf.control import Control
from hdcperf.converters import CODE
from hdcperf.forms import CleanCharField, DecimalTextField, GdsForm, Look, Submit
from hdcperf.organisation.models import Outcome, Portfolio, Service
from hdcperf.rag import Direction
from hdcperf.review.forms import version_field
from hdcperf.ui import Link
from kpis.models import KpiYear
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule, parse_figure
from kpis.rules.year_to_date import rule_refusal

__all__ = ["AmendForm", "NewForm", "amend_initial"]


def _whole(label: str, most: int, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        error_messages={
            "invalid": f"{label} must be a whole number",
            "min_value": f"{label} must be 0 or more",
            "max_value": f"{label} must be {most} or fewer",
        },
        **more,
    )


class AmendForm(GdsForm):
    """Words and place. How it is measured stays: a KPI that is measured otherwise ends, and a new one begins."""

    version = version_field()
    code = forms.RegexField(
        rf"^{CODE}$",
        label="Code",
        error_messages={"invalid": CODE_REFUSED},
    )
    name = CleanCharField(label="Name", max_length=200)
    definition = CleanCharField(
        label="Definition",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What is counted, and what is not.",
    )
    measured_why = CleanCharField(
        label="Why is it measured?", max_length=WORDS_LENGTH, widget=forms.Textarea, required=False
    )
    service = forms.ModelChoiceField(queryset=Service.objects.none(), empty_label="Choose a service")
    portfolio = forms.ModelChoiceField(queryset=Portfolio.objects.all(), empty_label="Choose a portfolio")
    outcome = forms.ModelChoiceField(
        queryset=Outcome.objects.select_related("priority"), empty_label="Choose an outcome"
    )
    control = forms.ChoiceField(
        label="Do, Enable or Influence?", choices=[(one.value, one.word) for one in Control], widget=forms.RadioSelect
    )
    looks = {
        "code": Look(width=10),
        "definition": Look(rows=4, count=True),
        "measured_why": Look(rows=3, count=True),
        "control": Look(inline=True, small=True),
    }
    buttons = (Submit("Save the words and place"),)

    def __init__(self, *args: Any, services: Any, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.cancel = Link("Cancel", back)

    def facts(self) -> dict[str, Any]:
        """What was typed, as columns of KpiYear."""
        typed = self.cleaned_data
        names = ("code", "name", "definition", "service", "portfolio", "outcome", "control")
        return {**{name: typed[name] for name in names}, "why": typed["measured_why"]}


class NewForm(AmendForm):
    """A KPI the year before did not have: how it is measured, and why it is proposed."""

    unit = forms.ChoiceField(choices=[("", "Choose a unit"), *((one.value, one.label) for one in Unit)])
    unit_label = CleanCharField(
        label="Words after the figure (optional)", max_length=60, required=False, help_text="For example visits."
    )
    rate_per = forms.IntegerField(
        label="A rate per how many?",
        min_value=1,
        max_value=1_000_000_000,
        required=False,
        error_messages={"invalid": "A rate is per a whole number", "min_value": "A rate is per 1 or more"},
    )
    decimals = _whole("Decimals shown", 6)
    minimum = DecimalTextField(parse=parse_figure, label="Smallest possible (optional)", required=False)
    maximum = DecimalTextField(parse=parse_figure, label="Largest possible (optional)", required=False)
    direction = forms.ChoiceField(
        label="Which direction is preferred?",
        choices=[(one.value, one.label) for one in Direction],
        widget=forms.RadioSelect,
    )
    frequency = forms.ChoiceField(
        label="How often is it reported?",
        choices=[(one.value, one.label) for one in Frequency],
        widget=forms.RadioSelect,
    )
    ytd_rule = forms.ChoiceField(
        label="How do the months make the year?",
        choices=[(one.value, one.label) for one in YtdRule],
        widget=forms.RadioSelect,
    )
    entry = forms.ChoiceField(
        label="What is entered?", choices=[(one.value, one.label) for one in Entry], widget=forms.RadioSelect
    )
    numerator_label = CleanCharField(label="What the numerator is called", max_length=120, required=False)
    denominator_label = CleanCharField(label="What the denominator is called", max_length=120, required=False)
    criteria = criteria_field()
    proposed_why = CleanCharField(
        label="Why is it proposed?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="The panel reads this.",
        error_messages={"required": "Say why it is proposed"},
    )
    reveals = {"entry": {Entry.PARTS.value: ("numerator_label", "denominator_label")}}
    looks = {
        **AmendForm.looks,
        "rate_per": Look(width=10),
        "decimals": Look(width=2),
        "minimum": Look(width=10),
        "maximum": Look(width=10),
        "proposed_why": Look(rows=4, count=True),
    }
    buttons = (Submit("Add the KPI"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        unit, rule, entry = (cleaned.get(name, "") for name in ("unit", "ytd_rule", "entry"))
        if unit and rule and entry and (sentence := rule_refusal(rule, unit, entry)):
            self.add_error("ytd_rule", sentence)
        if unit == Unit.RATE and not cleaned.get("rate_per"):
            self.add_error("rate_per", "Enter per how many it is a rate")
        elif unit and unit != Unit.RATE and cleaned.get("rate_per"):
            self.add_error("rate_per", "Only a rate is per so many: leave it empty")
        if entry == Entry.PARTS:
            for name, what in (("numerator_label", "numerator"), ("denominator_label", "denominator")):
                if name not in self.errors and not cleaned.get(name):
                    self.add_error(name, f"Enter what the {what} is called")
        least, most = cleaned.get("minimum"), cleaned.get("maximum")
        if least is not None and most is not None and least > most:
            self.add_error("maximum", "The largest possible is below the smallest possible")
        return cleaned

    def facts(self) -> dict[str, Any]:
        typed = self.cleaned_data
        measured = ("unit", "unit_label", "rate_per", "decimals", "minimum", "maximum", "direction", "frequency")
        parts = ("ytd_rule", "entry", "numerator_label", "denominator_label")
        rule = YtdRule(typed["ytd_rule"])
        return {
            **super().facts(),
            **{name: typed[name] for name in (*measured, *parts)},
            "headline": Headline.default(rule).value,
        }


def amend_initial(kpi_year: KpiYear) -> dict[str, Any]:
    """The words and place as they stand."""
    names = ("code", "name", "definition", "service", "portfolio", "outcome", "control")
    return {**{name: getattr(kpi_year, name) for name in names}, "measured_why": kpi_year.why}

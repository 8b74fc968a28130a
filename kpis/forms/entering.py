"""The stakeholder's form for a month: the figure, three prompts of commentary, the forecast (framework C.2.1).

Nothing is required here: a draft may lack anything. What a return lacks is asked of the rules when it is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, DecimalTextField, Look
from hdcperf.periods import Month
from hdcperf.review.entry_form import SENTENCE_LENGTH, EntryForm
from kpis.models import Challenge, KpiYear, MonthlyReturn
from kpis.models.returns import COMMENTARY_LENGTH
from kpis.operations.entering import Entry
from kpis.rules.checks import Check
from kpis.rules.figures import Entry as EntryKind
from kpis.rules.figures import Unit, YtdRule, parse_figure

__all__ = [
    "ReturnForm",
    "ReturnShape",
    "figure_look",
    "value_label",
]

FIGURE_FIELDS = ("value", "numerator", "denominator", "no_data")
PROMPT_FIELDS = ("what_happened", "why")
ACTION_FIELDS = ("being_done", "done_by", "done_owner")
FORECAST_FIELDS = ("forecast", "forecast_method", "forecast_confidence", "forecast_note")
ENTRY_FIELDS = frozenset(one.name for one in fields(Entry))
_NOT_BOTH = "You entered a figure and ticked that there is none. Clear the one that is wrong."


@dataclass(frozen=True)
class ReturnShape:
    """What the form holds for one return: which fields are open, and what has been asked.

    ``only`` names the fields that challenges reopened (None: everything is open).
    """

    kpi_year: KpiYear
    measured: Month
    with_forecast: bool = True
    with_recovery: bool = False
    only: frozenset[str] | None = None
    challenges: tuple[Challenge, ...] = ()

    def is_open(self, name: str) -> bool:
        return self.only is None or name in self.only


def figure_look(kpi_year: KpiYear) -> Look:
    """The unit beside the box: £ before it, % or a short unit after it."""
    unit = Unit(kpi_year.unit)
    if unit is Unit.CURRENCY:
        return Look(width=10, prefix="£")
    suffix = "%" if unit is Unit.PERCENTAGE else kpi_year.unit_label or ("days" if unit is Unit.DAYS else "")
    return Look(width=10, suffix=suffix if len(suffix) <= 30 else "")


def value_label(kpi_year: KpiYear, measured: Month) -> str:
    """What the box of the figure is called: a running total is never taken for the month alone."""
    if kpi_year.ytd_rule == YtdRule.RUNNING_TOTAL.value:
        return f"Total from {kpi_year.months[0].name} to {measured}"
    return f"Figure for {measured}"


class ReturnForm(EntryForm):
    """One return. ``shape`` says which of its fields there are; ``asked`` are findings to be answered."""

    value = DecimalTextField(parse=parse_figure, label="Figure", required=False)
    numerator = DecimalTextField(parse=parse_figure, label="Numerator", required=False)
    denominator = DecimalTextField(parse=parse_figure, label="Denominator", required=False)
    no_data = forms.BooleanField(label="There is no figure this month", required=False)
    no_data_reason = CleanCharField(
        label="Why there is no figure", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )
    no_data_until = DateField(label="When you expect to have it", required=False)
    what_happened = CleanCharField(
        label="What happened",
        required=False,
        max_length=COMMENTARY_LENGTH,
        widget=forms.Textarea,
        help_text="In a sentence or two, for somebody who does not know the service.",
    )
    why = CleanCharField(
        label="Why",
        required=False,
        max_length=COMMENTARY_LENGTH,
        widget=forms.Textarea,
        help_text="The cause, or what you are doing to find it.",
    )
    being_done = CleanCharField(
        label="What is being done",
        required=False,
        max_length=COMMENTARY_LENGTH,
        widget=forms.Textarea,
        help_text="Needed, with a date and an owner, when the figure is amber or red.",
    )
    done_by = DateField(label="By when", required=False)
    done_owner = CleanCharField(
        label="Owner",
        required=False,
        max_length=200,
        help_text="The post that will see it done, for example Depot manager.",
    )
    internal_note = CleanCharField(
        label="Internal note",
        required=False,
        max_length=COMMENTARY_LENGTH,
        widget=forms.Textarea,
        help_text="For the service and the Performance Team. Not published; it may be disclosed if somebody makes a "
        "freedom of information request.",
    )
    forecast = DecimalTextField(parse=parse_figure, label="Forecast for the year end", required=False)
    forecast_method = forms.ChoiceField(
        label="How it was made",
        required=False,
        choices=[("", "Choose one"), *MonthlyReturn.Method.choices],
    )
    forecast_confidence = forms.ChoiceField(
        label="How sure you are",
        required=False,
        choices=MonthlyReturn.Confidence.choices,
        widget=forms.RadioSelect,
    )
    forecast_note = CleanCharField(
        label="What it rests on (optional)", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )
    lesson = CleanCharField(
        label="If the figure changes: what will be done differently",
        required=False,
        max_length=SENTENCE_LENGTH,
        widget=forms.Textarea,
        help_text="So that the same slip is not made again. It is shown with the next return.",
    )

    reveals: Mapping[str, Mapping[str, tuple[str, ...]]] = {"no_data": {"on": ("no_data_reason", "no_data_until")}}

    def __init__(self, *args: Any, shape: ReturnShape, asked: Iterable[Check] = (), **kwargs: Any) -> None:
        self.looks = _looks(shape.kpi_year)
        super().__init__(
            *args,
            asked=asked,
            challenges=shape.challenges,
            words_length=COMMENTARY_LENGTH,
            with_recovery=shape.with_recovery,
            **kwargs,
        )
        self.shape = shape
        self._leave_out()
        self._name_figures()

    def _leave_out(self) -> None:
        """Only the fields this return has, and of those only the ones that are open."""
        shape = self.shape
        parts = shape.kpi_year.entry == EntryKind.PARTS.value
        gone = {"value"} if parts else {"numerator", "denominator"}
        if not shape.with_forecast:
            gone |= set(FORECAST_FIELDS)
        if not (shape.challenges and shape.is_open("value")):
            gone.add("lesson")
        gone |= {name for name in ENTRY_FIELDS if not shape.is_open(name)}
        for name in gone & self.fields.keys():
            del self.fields[name]

    def _name_figures(self) -> None:
        kpi_year, measured = self.shape.kpi_year, self.shape.measured
        names = {
            "value": value_label(kpi_year, measured),
            "numerator": kpi_year.numerator_label or "Numerator",
            "denominator": kpi_year.denominator_label or "Denominator",
            "no_data": f"There is no figure for {measured}",
        }
        for name, label in names.items():
            if name in self.fields:
                self.fields[name].label = label
        if "denominator" in self.fields:
            self.fields["denominator"].help_text = "Enter 0 if there was nothing to measure."
        if "forecast" in self.fields:
            self.fields["forecast"].label = f"Forecast for {kpi_year.months[-1]}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("no_data"):
            if any(cleaned.get(name) is not None for name in ("value", "numerator", "denominator")):
                self.add_error("no_data", _NOT_BOTH)
        elif "no_data" in self.fields:
            cleaned["no_data_reason"], cleaned["no_data_until"] = "", None
        return cleaned

    def entry(self, base: Entry) -> Entry:
        """What was typed, over what ``base`` holds in the fields not open. A refused field counts as empty."""
        nothing = Entry()
        typed = {
            name: self.cleaned_data.get(name, getattr(nothing, name)) for name in ENTRY_FIELDS if name in self.fields
        }
        if typed.get("no_data"):
            typed |= {name: None for name in ("value", "numerator", "denominator") if name in typed}
        return replace(base, **typed)


def _looks(kpi_year: KpiYear) -> dict[str, Look]:
    figure = figure_look(kpi_year)
    return {
        "value": figure,
        "numerator": Look(width=10),
        "denominator": Look(width=10),
        "no_data": Look(small=True),
        "no_data_reason": Look(rows=2),
        "what_happened": Look(rows=3),
        "why": Look(rows=3),
        "being_done": Look(rows=3),
        "done_owner": Look(width=20),
        "internal_note": Look(rows=2),
        "forecast": figure,
        "forecast_confidence": Look(inline=True, small=True),
        "forecast_note": Look(rows=2),
        "lesson": Look(rows=2),
    }

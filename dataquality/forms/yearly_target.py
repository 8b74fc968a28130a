"""How next year's target is set: growth, maintain, reduce or another way, its level, its months, and why (C.1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from dataquality.queries.proposed_targets import EDGES, Ground, TargetPlan, month_box, spread
from dataquality.rules.month_shapes import gap_sentences
from dataquality.rules.yearly_targets import Method, TargetRefused, methods_for, year_target
from hdcperf.forms import CleanCharField, DecimalTextField, GdsForm, Look, Submit
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction
from hdcperf.review.forms import version_field
from hdcperf.ui import Link
from kpis.forms.entering import figure_look
from kpis.rules.figures import YtdRule, parse_figure
from kpis.rules.profiles import Profile, ProfileRefused
from kpis.rules.sentences import span
from kpis.rules.year_to_date import Levels

__all__ = ["YearlyTargetForm", "target_initial"]

WORDS_LENGTH = 2000
MOST_PERCENT = Decimal(1000)


def _figure(label: str, **more: Any) -> DecimalTextField:
    return DecimalTextField(parse=parse_figure, label=label, required=False, **more)


class YearlyTargetForm(GdsForm):
    """Next year's target: a percentage is worked out from last year's result, never typed beside it."""

    version = version_field()
    method = forms.ChoiceField(
        label="How is the target set?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how the target is set"},
    )
    grow_by = _figure("By how many per cent?")
    reduce_by = _figure("By how many per cent?")
    target = _figure("Target for the year")
    target_upper = _figure("Target for the year, upper edge")
    intervention = _figure(
        "Intervention level for the year",
        help_text="Between the target and this level it is amber, beyond it red. Leave it empty for no amber.",
    )
    intervention_upper = _figure("Intervention level for the year, upper edge")
    intervention_why = CleanCharField(
        label="Why this intervention level?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="How far it may slip before somebody must act, or why there is no amber.",
    )
    profile = forms.ChoiceField(
        label="How is it spread over the months?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select how it is spread over the months"},
    )
    beaten_why = CleanCharField(
        label="If last year’s result beats this target already, why is it not raised?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="Members ask this of every beaten target: the panel reads the answer.",
    )
    buttons = (
        Submit("See the arithmetic and the months", "step", "preview", "secondary"),
        Submit("Save the target", "step", "save"),
    )

    def __init__(self, *args: Any, ground: Ground, back: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground = ground
        self.is_range = ground.direction is Direction.RANGE
        self.plan: TargetPlan | None = None
        self.cancel = Link("Cancel", back)
        look = figure_look(ground.kpi_year)
        edges = ("target", "target_upper", "intervention", "intervention_upper")
        self.looks: dict[str, Look] = {
            **dict.fromkeys(edges, look),
            "grow_by": Look(width=5, suffix="%"),
            "reduce_by": Look(width=5, suffix="%"),
            "intervention_why": Look(rows=3, count=True),
            "beaten_why": Look(rows=3, count=True),
        }
        self._methods()
        self._profiles()
        self._months()
        if not self.is_range:
            del self.fields["target_upper"], self.fields["intervention_upper"]

    def _methods(self) -> None:
        ground = self.ground
        found = methods_for(ground.direction, ground.past.result)
        self.fields["method"].choices = [(one.value, one.label) for one in found]  # type: ignore[attr-defined]
        typed = ("target", "target_upper") if self.is_range else ("target",)
        reveals = {Method.GROWTH.value: ("grow_by",), Method.REDUCE.value: ("reduce_by",), Method.OTHER.value: typed}
        offered = {one.value for one in found}
        self.reveals = {"method": {name: boxes for name, boxes in reveals.items() if name in offered}}
        for method, name in ((Method.GROWTH, "grow_by"), (Method.REDUCE, "reduce_by")):
            if method not in found:
                del self.fields[name]

    def _profiles(self) -> None:
        ground = self.ground
        self.shape_year = ground.shape_year
        choices = [(Profile.FLAT.value, Profile.FLAT.label)]
        if self.shape_year is not None:
            choices.append((Profile.LAST_YEAR.value, f"In the shape of {FinancialYear(self.shape_year)}"))
        latest, before = ground.two_years
        if refused := ground.average_refusal:
            self.fields["profile"].help_text = f"The last two years cannot be averaged. {refused}"
        else:
            words = f"In the shape of {before} and {latest}, averaged"
            choices.append((Profile.TWO_YEARS.value, words))
        choices.append((Profile.TYPED.value, "Typed for each month"))
        self.fields["profile"].choices = choices  # type: ignore[attr-defined]
        self.looks |= {"profile": Look(hints=self._profile_hints())}

    def _profile_hints(self) -> dict[str, str]:
        latest, before = self.ground.two_years
        hints = {Profile.TYPED.value: _TYPED_HINTS.get(self.ground.measure.rule, _TYPED_LEVELS)}
        if not self.ground.average_refusal:
            gaps = gap_sentences(self.ground.two_years_figures, latest, before)
            hints[Profile.TWO_YEARS.value] = " ".join(["Each year counts alike.", *gaps])
        return hints

    def _months(self) -> None:
        """A box for each month's target and level, shown where they are to be typed."""
        for month in self.ground.months:
            for edge, words in self.edges.items():
                name = month_box(edge, month)
                self.fields[name] = _figure(f"{span(month, self.ground.kpi_year.frequency)}: {words}")
                self.looks[name] = Look(hide_label=True, width=10)

    @property
    def edges(self) -> dict[str, str]:
        """The figures of a month, in words: a range has two of each."""
        return {edge: words for edge, words in EDGES.items() if self.is_range or not edge.endswith("upper")}

    @property
    def heading(self) -> list[str]:
        """The columns of the boxes for each month."""
        return [words.capitalize() for words in self.edges.values()]

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each month with its boxes."""
        for month in self.ground.months:
            boxes = [self[month_box(edge, month)] for edge in self.edges]
            yield span(month, self.ground.kpi_year.frequency), boxes

    def levels(self) -> list[BoundField]:
        """The boxes of the year's intervention level, and why."""
        return [
            self[name] for name in ("intervention", "intervention_upper", "intervention_why") if name in self.fields
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        method = Method(cleaned["method"])
        percent_box = {Method.GROWTH: "grow_by", Method.REDUCE: "reduce_by"}.get(method, "")
        percent = cleaned.get(percent_box)
        if percent is not None and not 0 <= percent <= MOST_PERCENT:
            self.add_error(percent_box, "Enter a percentage between 0 and 1,000")
            return cleaned
        result = self.ground.past.result
        typed = Levels(cleaned.get("target"), None, cleaned.get("target_upper"))
        try:
            year = year_target(
                self.ground.measure,
                method,
                percent=percent,
                result=result,
                this_year=self.ground.past.this_year,
                typed=typed,
            )
        except TargetRefused as refused:
            self.add_error(percent_box if refused.field == "percent" else refused.field, str(refused))
            return cleaned
        self.plan = self._plan(cleaned, method, year, percent)
        return cleaned

    def _plan(self, cleaned: dict[str, Any], method: Method, year: Levels, percent: Decimal | None) -> TargetPlan:
        profile = Profile(cleaned["profile"]) if year.target is not None else Profile.FLAT
        has_target = year.target is not None
        whole = Levels(
            year.target,
            cleaned.get("intervention") if has_target else None,
            year.target_upper,
            cleaned.get("intervention_upper") if has_target else None,
        )
        figures = self.ground.two_years_figures if profile is Profile.TWO_YEARS else ()
        return TargetPlan(
            method=method,
            year=whole,
            percent=percent,
            result=self.ground.past.result,
            profile=profile,
            shape_year=self.shape_year if profile is Profile.LAST_YEAR else None,
            intervention_why=cleaned["intervention_why"],
            beaten_why=cleaned["beaten_why"],
            months=self._by_month(cleaned, profile, whole),
            figures=figures,
        )

    def _by_month(self, cleaned: dict[str, Any], profile: Profile, year: Levels) -> dict[Month, Levels]:
        """The months that are kept with the target: as typed, or averaged; none of the other profiles."""
        if profile is Profile.TYPED:
            typed = {
                month: Levels(**{edge: cleaned.get(month_box(edge, month)) for edge in EDGES})
                for month in self.ground.months
            }
            return typed
        if profile is not Profile.TWO_YEARS:
            return {}
        try:
            return self.ground.spread_averaged(year, self.ground.two_years_figures)
        except ProfileRefused as refused:
            self.add_error("profile", str(refused))
            return {}


_TYPED_LEVELS = "The months need not average to the year’s target."
_TYPED_HINTS = {
    YtdRule.ADDS_UP: "The months must add up to the year’s target.",
    YtdRule.RUNNING_TOTAL: "Enter the total to date: the last month must be the year’s target.",
    YtdRule.LATEST: "The last month must be the year’s target.",
}


def target_initial(ground: Ground, plan: TargetPlan | None) -> dict[str, Any]:
    """What the form opens with: the plan so far, else this year's target kept."""
    if plan is None:
        this_year = ground.past.this_year
        return {"method": Method.MAINTAIN.value, "profile": Profile.FLAT.value, **vars(this_year)}
    found: dict[str, Any] = {
        "method": plan.method.value,
        "profile": plan.profile.value,
        "intervention_why": plan.intervention_why,
        "beaten_why": plan.beaten_why,
        **vars(plan.year),
    }
    try:
        months = spread(ground, plan) if plan.year.target is not None else {}
    except ProfileRefused:
        months = {}
    for month, levels in months.items():  # so that typing begins from what there is
        found |= {month_box(edge, month): getattr(levels, edge) for edge in EDGES}
    box = {Method.GROWTH: "grow_by", Method.REDUCE: "reduce_by"}.get(plan.method)
    return found | ({box: plan.percent} if box else {})

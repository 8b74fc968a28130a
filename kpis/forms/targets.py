"""Proposing a year's target, and deciding on one: who approved it, or why it goes back (framework C.1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from hdcperf import clock
from hdcperf.forms import CleanCharField, DateField, DecimalTextField, GdsForm, Look, Submit
from hdcperf.periods import Month
from hdcperf.rag import Direction
from hdcperf.review.models import AbstractDecision
from hdcperf.ui import Link
from kpis.forms.entering import figure_look
from kpis.models import TargetSet
from kpis.operations.target_setting import Proposal
from kpis.queries.targets import TargetGround
from kpis.queries.years import NO_LEVELS, levels_of
from kpis.rules.figures import parse_figure
from kpis.rules.profiles import Profile, ProfileRefused, typed_refusal
from kpis.rules.sentences import span
from kpis.rules.target_sets import level_field_refusal
from kpis.rules.year_to_date import Levels

__all__ = ["ApprovalForm", "GoesBackForm", "TargetForm", "starting_from"]

REASON_LENGTH = 2000
EDGES = ("target", "target_upper", "intervention", "intervention_upper")
UPPER = ("target_upper", "intervention_upper")
NAMES = {
    "target": "Target",
    "target_upper": "Target, upper edge",
    "intervention": "Intervention level",
    "intervention_upper": "Intervention level, upper edge",
}
LOWER_NAMES = {"target": "Target, lower edge", "intervention": "Intervention level, lower edge"}


def _figure(label: str, **more: Any) -> DecimalTextField:
    return DecimalTextField(parse=parse_figure, label=label, required=False, **more)


class TargetForm(GdsForm):
    """A year's target from a month on, and each month's: spread by a profile, or typed.

    *No target* is a choice of its own, so that an empty box is never taken for it and nought is a target like any.
    """

    start = forms.ChoiceField(
        label="From which month?",
        error_messages={"invalid_choice": "Select a month that no target has judged yet"},
    )
    wanted = forms.ChoiceField(
        label="Is there a target?",
        choices=(("yes", "Yes, a target"), ("no", "No target: it is reported and not judged")),
        widget=forms.RadioSelect,
    )
    target = _figure("Target for the year")
    target_upper = _figure("Target for the year, upper edge")
    intervention = _figure(
        "Intervention level for the year",
        help_text="Between the target and this level it is amber, beyond it red. Leave it empty for no amber.",
    )
    intervention_upper = _figure("Intervention level for the year, upper edge")
    profile = forms.ChoiceField(
        label="How is it spread over the months?",
        choices=[],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "Select one of the ways it can be spread"},
    )
    reason = CleanCharField(
        label="Why this target?",
        max_length=REASON_LENGTH,
        widget=forms.Textarea,
        help_text="What it is based on, or why it changes. Everybody can read it once it is approved.",
        error_messages={"required": "Say why this target"},
    )

    reveals = {"wanted": {"yes": EDGES}}
    buttons = (
        Submit("See the months", "step", "preview", "secondary"),
        Submit("Propose the target", "step", "propose"),
    )

    def __init__(self, *args: Any, ground: TargetGround, back: str, **kwargs: Any) -> None:
        self.ground = ground
        self.is_range = ground.direction is Direction.RANGE
        super().__init__(*args, **kwargs)
        look = figure_look(ground.kpi_year)
        looks: dict[str, Look] = {**dict.fromkeys(EDGES, look), "reason": Look(rows=4, count=True)}
        self.looks = looks | {"profile": self._profile_look()}
        self._offer()
        self._months()
        if self.is_range:
            for name, words in LOWER_NAMES.items():
                self.fields[name].label = words.replace(",", " for the year,")
        else:
            self._leave_out_upper_edges()
        self.cancel = Link("Cancel", back)
        self.proposal: Proposal | None = None

    def _offer(self) -> None:
        """The months it can govern from, and the profiles this KPI can have."""
        frequency = self.ground.kpi_year.frequency
        ends = dict(zip(self.ground.starts, self._last_months(), strict=True))
        choices = [
            (start.slug, str(start) if frequency == "monthly" else f"{start} ({span(end, frequency)})")
            for start, end in ends.items()
        ]
        self.fields["start"].choices = choices  # type: ignore[attr-defined]
        shapes = [Profile.LAST_YEAR] if self.ground.shape else []
        profiles = [(one.value, one.label) for one in (Profile.FLAT, *shapes, Profile.TYPED)]
        self.fields["profile"].choices = profiles  # type: ignore[attr-defined]

    def _last_months(self) -> tuple[Month, ...]:
        """The month under which each period's figure is kept that can still be set."""
        expected = self.ground.facts.expected
        return expected[len(expected) - len(self.ground.starts) :]

    def _profile_look(self) -> Look:
        if self.ground.shape is None:
            return Look()
        return Look(hints={"last_year": "High where last year was high, low where it was low."})

    def _months(self) -> None:
        """Boxes for each month that can still be set; which of them count depends on the month chosen."""
        frequency = self.ground.kpi_year.frequency
        for month in self.typed_months:
            for name in EDGES:
                words = LOWER_NAMES.get(name, NAMES[name]) if self.is_range else NAMES[name]
                box = _figure(f"{span(month, frequency)}: {words[:1].lower()}{words[1:]}")
                self.fields[f"{name}_{month.slug}"] = box
                self.looks = {**self.looks, f"{name}_{month.slug}": Look(hide_label=True, width=10)}

    def _leave_out_upper_edges(self) -> None:
        for name in [one for one in self.fields if one.startswith(UPPER)]:
            del self.fields[name]
        self.reveals = {"wanted": {"yes": ("target", "intervention")}}

    @property
    def typed_months(self) -> tuple[Month, ...]:
        return self._last_months()

    @property
    def heading(self) -> tuple[str, ...]:
        """The columns of the boxes for each month."""
        shown = [name for name in EDGES if name in self.fields]
        return tuple(LOWER_NAMES.get(name, NAMES[name]) if self.is_range else NAMES[name] for name in shown)

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each month with its boxes."""
        for month in self.typed_months:
            names = [f"{name}_{month.slug}" for name in EDGES]
            words = span(month, self.ground.kpi_year.frequency)
            yield words, [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "start" in cleaned and "wanted" in cleaned:
            start = Month.parse(cleaned["start"])
            year = self._year(cleaned)
            months = None if year is None else self._spread(cleaned, start, year)
            if year is not None and months is not None and not self.errors:
                profile = Profile(cleaned["profile"]) if year != NO_LEVELS else Profile.FLAT
                self.proposal = Proposal(start, year, profile, cleaned["reason"], months)
        return cleaned

    def _year(self, cleaned: dict[str, Any]) -> Levels | None:
        """The year's levels, or None after saying what is wrong with them."""
        if cleaned["wanted"] == "no":
            return NO_LEVELS
        if set(EDGES) & set(self.errors):
            return None
        levels = Levels(**{name: cleaned.get(name) for name in EDGES})
        if levels.target is None:
            self.add_error("target", "Enter a target for the year: 0 if the target is nought")
            return None
        return levels if self._can_stand(levels, "", self.ground.measure.year_limits) else None

    def _can_stand(self, levels: Levels, suffix: str, limits: tuple[Decimal | None, Decimal | None]) -> bool:
        """Whether the levels are possible and on the right sides of each other; says beside the box what is not."""
        measure, (least, most) = self.ground.measure, limits
        wrong = level_field_refusal(levels, self.ground.direction, measure.show)
        for name in EDGES:
            value = getattr(levels, name)
            if wrong is None and value is not None and least is not None and value < least:
                wrong = name, f"{measure.show(value)} is below {measure.show(least)}, the smallest it can be."
            elif wrong is None and value is not None and most is not None and value > most:
                wrong = name, f"{measure.show(value)} is above {measure.show(most)}, the largest it can be."
        if wrong is None:
            return True
        self.add_error(f"{wrong[0]}{suffix}", wrong[1])
        return False

    def _spread(self, cleaned: dict[str, Any], start: Month, year: Levels) -> dict[Month, Levels] | None:
        if year != NO_LEVELS and not cleaned.get("profile"):
            if "profile" not in self.errors:
                self.add_error("profile", "Select how it is spread over the months")
            return None
        if year != NO_LEVELS and cleaned["profile"] == Profile.TYPED.value:
            return self._typed(cleaned, start, year)
        try:
            months = self.ground.spread(start, year, Profile(cleaned.get("profile") or Profile.FLAT))
        except ProfileRefused as refused:
            self.add_error(refused.field, str(refused))
            return None
        show = self.ground.measure.show
        for month, levels in months.items():
            if wrong := level_field_refusal(levels, self.ground.direction, show):
                self.add_error(wrong[0], f"Spread so, {month} cannot stand: {wrong[1]}")
                return None
        return months

    def _typed(self, cleaned: dict[str, Any], start: Month, year: Levels) -> dict[Month, Levels] | None:
        months: dict[Month, Levels] = {}
        for month in self.typed_months:
            names = {name: f"{name}_{month.slug}" for name in EDGES}
            if month < start or set(names.values()) & set(self.errors):
                continue
            levels = Levels(**{name: cleaned.get(box) for name, box in names.items()})
            if levels.target is None:
                self.add_error(names["target"], f"Enter a target for {month}: 0 if the target is nought")
            elif self._can_stand(
                levels, f"_{month.slug}", (self.ground.measure.minimum, self.ground.measure.maximum)
            ):
                months[month] = levels
        if self.errors:
            return None
        kept = self.ground.facts.kept_before(start)
        for name in EDGES:
            typed = {month: getattr(levels, name) for month, levels in {**kept, **months}.items()}
            words = NAMES[name][:1].lower() + NAMES[name][1:]
            if sentence := typed_refusal(self.ground.measure, typed, getattr(year, name), words):
                self.add_error(name, sentence)
        return months


def starting_from(ground: TargetGround, before: TargetSet | None) -> dict[str, Any]:
    """What the form opens with: the target that governs now, or one that was sent back, to be put right."""
    start = ground.starts[0]
    if before is not None and before.start in ground.starts:
        start = before.start
    found: dict[str, Any] = {"start": start.slug, "profile": Profile.FLAT.value, "wanted": "yes"}
    if before is None:
        return found
    held = {Month.from_date(row.month): levels_of(row) for row in before.months.all()}
    for month in ground.facts.expected:
        for name, value in vars(held.get(month, NO_LEVELS)).items():
            found[f"{name}_{month.slug}"] = value
    has_target = before.target is not None
    return found | {
        **vars(levels_of(before)),
        "wanted": "yes" if has_target else "no",
        # Two years are averaged in the yearly setting alone: here those months are as typed.
        "profile": Profile.TYPED.value if before.profile == Profile.TWO_YEARS.value else before.profile,
        "reason": "" if before.state == TargetSet.State.APPROVED else before.reason,
    }


NO_BODY = "none"


class ApprovalForm(GdsForm):
    """Who approved a target, as their minutes say."""

    approved_body = forms.ChoiceField(
        label="Which body approved it?",
        choices=[*AbstractDecision.Body.choices, (NO_BODY, "None of these: an officer’s post, or another body")],
        widget=forms.RadioSelect,
        help_text="The same body decides about a change of it, or whoever it gave a delegation.",
        error_messages={"required": "Select which body approved it"},
    )
    approved_by = CleanCharField(
        label="Who approved it?",
        max_length=200,
        help_text="As the minutes say, for example Cabinet, minute 58; or the post.",
        error_messages={"required": "Enter who approved it"},
    )
    approved_on = DateField(
        label="When did they approve it?",
        latest=clock.today,
        error_messages={"required": "Enter the date they approved it"},
    )
    looks = {"approved_by": Look(width=20)}
    buttons = (Submit("Record the approval", "decide", "approve"),)

    def body(self) -> str:
        """The body as it is kept; nothing where it was none of them."""
        chosen: str = self.cleaned_data["approved_body"]
        return "" if chosen == NO_BODY else chosen


class GoesBackForm(GdsForm):
    """Why a proposed target is sent back, or taken back."""

    reason = CleanCharField(label="Why?", max_length=REASON_LENGTH, widget=forms.Textarea)
    looks = {"reason": Look(rows=3)}

    def __init__(self, *args: Any, move: str, **kwargs: Any) -> None:
        super().__init__(*args, prefix=move, **kwargs)
        words = {"send_back": "Send it back", "take_back": "Take it back"}[move]
        done = {"send_back": "sent", "take_back": "taken"}[move]
        self.fields["reason"].error_messages["required"] = f"Say why the target is {done} back"
        self.buttons = (Submit(words, "decide", move, "secondary"),)

"""The officer's form for a quarter: what was done, the milestones, the RAG, the impact (framework, *Corporate Plan
Actions*). Nothing is required here: what an update lacks is asked of the rules when it is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.utils.html import format_html

from actions.models import Challenge, Milestone, MilestoneReport
from actions.models.updates import WORDS_LENGTH
from actions.operations.entry import COLUMNS, Entry, MilestoneSaid
from actions.queries.contexts import UpdateContext
from actions.queries.findings import milestone_field, new_field
from actions.rules.colours import ActionRag
from hdcperf.forms import CleanCharField, DateField, Look
from hdcperf.review.checks import Check
from hdcperf.review.entry_form import SENTENCE_LENGTH, EntryForm
from hdcperf.review.recovery import starting
from hdcperf.ui import Dated, day

__all__ = ["MOST_NEW", "MilestoneFields", "UpdateForm", "UpdateShape", "settled"]

Outcome = MilestoneReport.Outcome
MOST_NEW = 5
"""New milestones an update can add."""
RECOVERY_FIELDS = ("recovery", "recovery_by", "recovery_owner")


@dataclass(frozen=True)
class UpdateShape:
    """What the form holds for one update: which fields are open, and for whom.

    ``only`` names the fields that challenges reopened (None: everything is open); ``new`` is how many boxes for new
    milestones there are.
    """

    context: UpdateContext
    new: int = 1
    only: frozenset[str] | None = None
    with_recovery: bool = False
    challenges: tuple[Challenge, ...] = ()

    def is_open(self, name: str) -> bool:
        return self.only is None or name in self.only or _part_of(name) in self.only

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Those there is something to say of: not reached before this update."""
        return tuple(one for one in self.context.milestones if one.reached_on is None)


def _part_of(name: str) -> str:
    """The field of ``Entry`` a box belongs to: a milestone's boxes are parts of its milestones."""
    return "milestones" if name.startswith(("milestone_", "new_1", "new_2", "new_3", "new_4", "new_5")) else name


@dataclass(frozen=True)
class MilestoneFields:
    """The names of the boxes of one milestone."""

    said: str

    @property
    def reached(self) -> str:
        return f"{self.said}_reached"

    @property
    def moved(self) -> str:
        return f"{self.said}_moved"

    @property
    def reason(self) -> str:
        return f"{self.said}_reason"


def settled(entry: Entry, context: UpdateContext) -> Entry:
    """``entry`` as the form first shows it: a milestone still to come that nothing is said of is still due."""
    said = {one.milestone for one in entry.milestones}
    due = [
        MilestoneSaid(one.pk, Outcome.DUE.value)
        for one in context.milestones
        if one.reached_on is None and one.pk not in said and one.due_on >= context.as_at
    ]
    known = sorted([*(one for one in entry.milestones if one.milestone), *due], key=lambda one: one.milestone or 0)
    return replace(entry, milestones=(*known, *(one for one in entry.milestones if one.milestone is None)))


class UpdateForm(EntryForm):
    """One update. ``shape`` says which of its fields there are; ``asked`` are findings to be answered."""

    done = CleanCharField(
        label="What was done",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="In a few sentences, for somebody who does not know the service.",
    )
    rag = forms.ChoiceField(
        label="How the action stands",
        required=False,
        choices=[(one.value, one.label) for one in ActionRag.chosen()],
        widget=forms.RadioSelect,
        help_text="Choose by what each colour means.",
    )
    rag_reason = CleanCharField(
        label="Why the colour moved", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )
    recovery = CleanCharField(
        label="What will be done",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What will bring it back, or the decision it needs.",
    )
    recovery_by = DateField(label="By when", required=False)
    recovery_owner = CleanCharField(
        label="By whom",
        required=False,
        max_length=200,
        help_text="The post that will see it done, for example Estates manager.",
    )
    achieved = CleanCharField(
        label="What was achieved",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Over the whole life of the action, against what the plan promised.",
    )
    impact = CleanCharField(
        label="What difference it made",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="To residents or the council, with a figure or how you know. What was done is said above.",
    )
    moves_due = forms.BooleanField(label="The action’s own due date moves", required=False)
    new_due_on = DateField(label="New due date of the action", required=False)
    new_due_reason = CleanCharField(
        label="Why the action’s date moves", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )
    internal_note = CleanCharField(
        label="Internal note",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For the service and the Performance Team. Not published; it may be disclosed if somebody makes a "
        "freedom of information request.",
    )
    lesson = CleanCharField(
        label="If the RAG changes: what will be done differently",
        required=False,
        max_length=SENTENCE_LENGTH,
        widget=forms.Textarea,
        help_text="So that the same slip is not made again.",
    )

    looks: Mapping[str, Look] = {
        "done": Look(rows=5),
        "rag": Look(small=True, hints={one.value: one.meaning for one in ActionRag.chosen()}),
        "rag_reason": Look(rows=2),
        "recovery": Look(rows=3),
        "recovery_owner": Look(width=20),
        "achieved": Look(rows=3),
        "impact": Look(rows=4),
        "moves_due": Look(small=True),
        "new_due_reason": Look(rows=2),
        "internal_note": Look(rows=2),
        "lesson": Look(rows=2),
    }

    def __init__(self, *args: Any, shape: UpdateShape, asked: Iterable[Check] = (), **kwargs: Any) -> None:
        super().__init__(
            *args,
            asked=asked,
            challenges=shape.challenges,
            words_length=WORDS_LENGTH,
            with_recovery=shape.with_recovery,
            **kwargs,
        )
        self.shape = shape
        self.reveals = {"moves_due": {"on": ("new_due_on", "new_due_reason")}}
        self.fields["done"].label = f"What was done in {quarter_words(shape.context)}"
        self._add_milestones()
        before, after = ("recovery_result", "recovery_words", "done", "impact"), self.shape_names
        self.order_fields([*before, *after])  # as they stand on the page, so that errors are listed from its top down
        self._leave_out()

    def _add_milestones(self) -> None:
        for one in self.shape.milestones:
            self._add_milestone(one, MilestoneFields(milestone_field(one.pk)))
        for number in range(1, self.shape.new + 1):
            name = new_field(number)
            first = number == 1 and not self.shape.milestones
            self.fields[name] = CleanCharField(
                label="Next milestone" if first else "New milestone", required=False, max_length=200
            )
            self.fields[f"{name}_on"] = DateField(label="Due on", required=False)

    def _add_milestone(self, one: Milestone, names: MilestoneFields) -> None:
        when = day(one.due_on)
        late = one.due_on < self.shape.context.as_at
        due = f"Not yet: it was due on {when}" if late else f"Still due on {when}"
        self.fields[names.said] = forms.ChoiceField(
            label=one.name,
            required=False,
            choices=[(Outcome.REACHED, "Reached"), (Outcome.DUE, due), (Outcome.MOVED, "Its date moves")],
            widget=forms.RadioSelect,
            help_text=self._moved_before(one),
        )
        self.fields[names.reached] = DateField(label=f"Day “{one.name}” was reached", required=False)
        self.fields[names.moved] = DateField(label=f"New date of “{one.name}”", required=False)
        self.fields[names.reason] = CleanCharField(
            label="Why its date moves", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
        )
        self.reveals = {
            **self.reveals,
            names.said: {Outcome.REACHED: (names.reached,), Outcome.MOVED: (names.moved, names.reason)},
        }
        self.looks = {**self.looks, names.said: Look(small=True), names.reason: Look(rows=2)}

    def _moved_before(self, one: Milestone) -> str:
        """The date of a milestone that moved before, with those it had struck through."""
        old = [each for each in self.shape.context.old_dates(one) if each != one.due_on]
        return format_html("Due {}", Dated(one.due_on, old)) if old else ""

    def _leave_out(self) -> None:
        shape = self.shape
        if not (shape.challenges and shape.is_open("rag")):
            del self.fields["lesson"]
        ours = [name for name in self.fields if not name.startswith(("answer_", "words_")) and name != "lesson"]
        for name in ours:
            whose = "new_due_on" if name == "moves_due" else name
            if not shape.is_open(whose):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "moves_due" in self.fields and not cleaned.get("moves_due"):
            cleaned["new_due_on"], cleaned["new_due_reason"] = None, ""
        return cleaned

    @classmethod
    def starting(cls, entry: Entry, shape: UpdateShape) -> dict[str, Any]:
        """The form's first values: what is entered now."""
        initial: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
        initial |= starting(shape.context.outcome)
        initial["moves_due"] = entry.new_due_on is not None or bool(entry.new_due_reason)
        new = 0
        for one in settled(entry, shape.context).milestones:
            if one.milestone is None:
                new += 1
                initial |= {new_field(new): one.name, f"{new_field(new)}_on": one.on}
                continue
            names = MilestoneFields(milestone_field(one.milestone))
            initial[names.said] = one.outcome
            if one.outcome == Outcome.REACHED:
                initial[names.reached] = one.on
            elif one.outcome == Outcome.MOVED:
                initial |= {names.moved: one.on, names.reason: one.reason}
        return initial

    def entry(self, base: Entry) -> Entry:
        """What was typed, over what ``base`` holds in the fields not open. A refused field counts as empty."""
        nothing = Entry()
        typed = {name: self.cleaned_data.get(name, getattr(nothing, name)) for name in COLUMNS if name in self.fields}
        if self.shape.is_open("milestones"):
            typed["milestones"] = (*self._known(), *self._new())
        return replace(base, **typed)

    def _known(self) -> Iterable[MilestoneSaid]:
        for one in sorted(self.shape.milestones, key=lambda one: one.pk):
            names = MilestoneFields(milestone_field(one.pk))
            outcome = self.cleaned_data.get(names.said, "")
            if not outcome:
                continue
            on: date | None = None
            if outcome in (Outcome.REACHED, Outcome.MOVED):
                on = self.cleaned_data.get(names.reached if outcome == Outcome.REACHED else names.moved)
            reason = self.cleaned_data.get(names.reason, "") if outcome == Outcome.MOVED else ""
            yield MilestoneSaid(one.pk, outcome, "", on, reason)

    def _new(self) -> Iterable[MilestoneSaid]:
        for number in range(1, self.shape.new + 1):
            name, on = self.cleaned_data.get(new_field(number), ""), self.cleaned_data.get(f"{new_field(number)}_on")
            if name or on:
                yield MilestoneSaid(None, Outcome.NEW.value, name, on)

    @property
    def milestone_names(self) -> list[str]:
        """The boxes in which it is said what became of each milestone."""
        found = (milestone_field(one.pk) for one in self.shape.milestones)
        return [name for name in found if name in self.fields]

    @property
    def shape_names(self) -> list[str]:
        """Every box about milestones."""
        return [name for name in self.fields if _part_of(name) == "milestones"]

    @property
    def new_names(self) -> list[tuple[str, str]]:
        """The boxes of new milestones: the name's and the date's."""
        found = ((new_field(number), f"{new_field(number)}_on") for number in range(1, self.shape.new + 1))
        return [pair for pair in found if pair[0] in self.fields]


def quarter_words(context: UpdateContext) -> str:
    """*July to September 2026*."""
    first, _, last = context.record.span.months
    return f"{first.name} to {last}"

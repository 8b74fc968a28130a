"""Forms of a project's report: the officer's, the reviewer's, and a revision of what was accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms

from actions.models import ProjectReport, ReportChallenge
from actions.models.updates import WORDS_LENGTH
from actions.operations.report_entry import COLUMNS, ReportEntry
from actions.operations.revising_reports import NAMES, RevisedReport
from actions.queries.report_contexts import ReportContext, step_field
from actions.rules.colours import ActionRag
from actions.rules.guidelines import REPORT_GUIDELINES
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.review import forms as shared
from hdcperf.review.checks import Check
from hdcperf.review.entry_form import SENTENCE_LENGTH, EntryForm
from hdcperf.ui import day

__all__ = [
    "RECOVERY_FIELDS",
    "ReportChallengeForm",
    "ReportForm",
    "ReportReturnForm",
    "ReportRevisionForm",
    "ReportShape",
]

RECOVERY_FIELDS = ("recovery", "recovery_by", "recovery_owner")
COLOURS = [(one.value, one.label) for one in ActionRag.chosen()]
MEANINGS = {one.value: one.meaning for one in ActionRag.chosen()}


@dataclass(frozen=True)
class ReportShape:
    """What the form holds for one report. ``only`` names the fields that challenges reopened (None: all are open)."""

    context: ReportContext
    only: frozenset[str] | None = None
    challenges: tuple[ReportChallenge, ...] = ()

    def is_open(self, name: str) -> bool:
        whose = "reached" if name.startswith("reached_") else name
        return self.only is None or whose in self.only


class ReportForm(EntryForm):
    """One report: first what the board said, then what was done. Nothing is required while it is a draft."""

    status = forms.ChoiceField(
        label="Status the board set",
        required=False,
        choices=COLOURS,
        widget=forms.RadioSelect,
        help_text="As the board set it in its meeting, whatever your own view.",
    )
    board = CleanCharField(label="Board", required=False, max_length=200)
    met_on = DateField(label="Date of its meeting", required=False)
    board_words = CleanCharField(
        label="What the board said",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="As minuted, with its reason where the status moves.",
    )
    own_view = forms.ChoiceField(
        label="Your own view (optional)",
        required=False,
        choices=[("", "The same as the board’s"), *COLOURS],
        help_text="Where it differs, it is shown beside the board’s status.",
    )
    own_view_why = CleanCharField(
        label="Why you see it otherwise", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )
    recovery = CleanCharField(
        label="What will be done",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For amber and red: what will bring it back, or the decision it needs.",
    )
    recovery_by = DateField(label="By when", required=False)
    recovery_owner = CleanCharField(
        label="By whom",
        required=False,
        max_length=200,
        help_text="The post that will see it done, for example Estates manager.",
    )
    progress = CleanCharField(
        label="What was done",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="In a few sentences, for somebody who does not know the project.",
    )
    risks = CleanCharField(
        label="Risks",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="What may stop it, cost more or come late, and what is done about it.",
    )
    next_steps = CleanCharField(
        label="What comes next",
        required=False,
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="With dates. A date of the project itself moves only by a change its board approves.",
    )
    lesson = CleanCharField(
        label="If the status changes: what will be done differently",
        required=False,
        max_length=SENTENCE_LENGTH,
        widget=forms.Textarea,
        help_text="So that the same slip is not made again.",
    )

    looks: Mapping[str, Look] = {
        "status": Look(small=True, hints=MEANINGS),
        "board_words": Look(rows=3),
        "own_view_why": Look(rows=2),
        "recovery": Look(rows=3),
        "recovery_owner": Look(width=20),
        "progress": Look(rows=5),
        "risks": Look(rows=4),
        "next_steps": Look(rows=3),
        "lesson": Look(rows=2),
    }

    def __init__(self, *args: Any, shape: ReportShape, asked: Iterable[Check] = (), **kwargs: Any) -> None:
        super().__init__(*args, asked=asked, challenges=shape.challenges, words_length=WORDS_LENGTH, **kwargs)
        self.shape = shape
        first, _, last = shape.context.record.span.months
        self.fields["progress"].label = f"What was done in {first.name} to {last}"
        for one in shape.context.to_reach:
            self.fields[step_field(one.pk)] = DateField(
                label=f"“{one.name}”: day it was reached",
                required=False,
                help_text=f"Due on {day(one.due_on)}. Leave it empty while it is not reached.",
            )
        self._leave_out()

    def _leave_out(self) -> None:
        if not (self.shape.challenges and self.shape.is_open("status")):
            del self.fields["lesson"]
        ours = [name for name in self.fields if not name.startswith(("answer_", "words_")) and name != "lesson"]
        for name in ours:
            if not self.shape.is_open(name):
                del self.fields[name]

    @classmethod
    def starting(cls, record: ProjectReport) -> dict[str, Any]:
        """The form's first values: what is entered now; the project's board until another is named."""
        entry = ReportEntry.of(record)
        initial: dict[str, Any] = {name: getattr(entry, name) for name in COLUMNS}
        initial["board"] = entry.board or record.project.board
        return initial | {step_field(pk): on for pk, on in entry.reached}

    def entry(self, base: ReportEntry) -> ReportEntry:
        """What was typed, over what ``base`` holds in the fields not open. A refused field counts as empty."""
        nothing = ReportEntry()
        typed = {name: self.cleaned_data.get(name, getattr(nothing, name)) for name in COLUMNS if name in self.fields}
        if self.shape.is_open("reached"):
            typed["reached"] = tuple(sorted(self._reached()))
        return replace(base, **typed)

    def _reached(self) -> Iterable[tuple[int, date]]:
        for one in self.shape.context.to_reach:
            on = self.cleaned_data.get(step_field(one.pk))
            if on is not None:
                yield one.pk, on

    @property
    def step_names(self) -> list[str]:
        """The boxes of the milestones."""
        found = (step_field(one.pk) for one in self.shape.context.to_reach)
        return [name for name in found if name in self.fields]


class ReportReturnForm(GdsForm):
    """The whole report returned, saying what is missing in the words of the guidelines, and more."""

    missing = forms.MultipleChoiceField(
        label="What is missing?",
        choices=list(REPORT_GUIDELINES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Each is sent with the guidelines’ own words.",
    )
    more = CleanCharField(
        label="In your own words",
        max_length=shared.WORDS_LENGTH,
        widget=forms.Textarea,
        required=False,
        help_text="The project sees your name, and it may be disclosed.",
    )
    looks = {"missing": Look(small=True), "more": Look(rows=4, count=True)}
    buttons = (Submit("Return the report", "decide", "return", "secondary"),)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("missing") and not cleaned.get("more") and "more" not in self.errors:
            self.add_error("missing", "Say what is missing: choose from the list, or write it below")
        return cleaned


class ReportChallengeForm(shared.AskingForm):
    """A challenge of one part of a report."""

    about = forms.ChoiceField(
        label="What is the challenge about?",
        choices=[(one.value, one.label) for one in ReportChallenge.About if one != ReportChallenge.About.WHOLE],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose a reason"), *ReportChallenge.Reason.choices])


class ReportRevisionForm(shared.RevisionForm):
    """The report as it should read, what kind of change it is, and why."""

    # The same boxes as on the report itself.
    status = ReportForm.base_fields["status"]
    board = ReportForm.base_fields["board"]
    met_on = ReportForm.base_fields["met_on"]
    board_words = ReportForm.base_fields["board_words"]
    progress = ReportForm.base_fields["progress"]
    risks = ReportForm.base_fields["risks"]
    recovery = ReportForm.base_fields["recovery"]
    recovery_by = ReportForm.base_fields["recovery_by"]
    recovery_owner = ReportForm.base_fields["recovery_owner"]
    reason = CleanCharField(
        label="Why it changes",
        max_length=shared.WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why the report changes"},
    )
    looks = {
        **{name: look for name, look in ReportForm.looks.items() if name in NAMES},
        "reason": Look(rows=3, count=True),
    }

    NEEDED = {
        "status": "Choose the status the board set.",
        "board": "Name the board that set the status.",
        "met_on": "Enter the date the board set the status.",
        "board_words": "Say what the board said of the project.",
        "progress": "Say what was done.",
    }
    NEEDED_BEHIND = {
        "recovery": "Say what will be done.",
        "recovery_by": "Enter the date it will be done by.",
        "recovery_owner": "Name the post that will see it done.",
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        status = cleaned.get("status", "")
        behind = bool(status) and ActionRag(str(status)).needs_recovery
        for name, instruction in {**self.NEEDED, **(self.NEEDED_BEHIND if behind else {})}.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, instruction)
        return cleaned

    def revised(self) -> RevisedReport:
        """What was typed."""
        return RevisedReport(**{name: self.cleaned_data[name] for name in NAMES}).fitting

"""Forms of the yearly assurance: its date, a service's statement, the report, and what audit found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from dataquality.models import AssuranceStatement, AuditFinding
from dataquality.operations.assurance import Stated
from dataquality.operations.audit_findings import Found
from dataquality.presenters.measures import percent_words, share_words
from dataquality.rules.measures import Measure, Share
from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.organisation.filters import any_of
from hdcperf.organisation.models import Service
from hdcperf.review.forms import WORDS_LENGTH, version_field
from hdcperf.ui import Link

__all__ = [
    "CloseFindingForm",
    "DueForm",
    "FindingForm",
    "ReopenStatementForm",
    "ReportForm",
    "StatementForm",
    "TakeReportBackForm",
]

Level = AssuranceStatement.Level


def _words(label: str, **how: Any) -> CleanCharField:
    return CleanCharField(label=label, max_length=WORDS_LENGTH, widget=forms.Textarea, **how)


class DueForm(GdsForm):
    """By when every service signs."""

    version = version_field()
    due_on = DateField(label="Statements due on")

    def __init__(self, *args: Any, back: str, button: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = (Submit(button),)
        self.cancel = Link("Cancel", back)


def _box(measure: Measure) -> str:
    return f"explain_{measure.value}"


class StatementForm(GdsForm):
    """How sure the service is, on what that rests, its gaps, and a box for each figure that has to be explained.

    Saved, everything may be left for later; ``signing``, what is missing is said beside its box.
    """

    version = version_field()
    level = forms.ChoiceField(
        label="How sure are you of the controls on your service’s figures?",
        choices=Level.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    words = _words(
        "What does this rest on?",
        required=False,
        help_text="For example: who checks the figures before they are sent, and what tests or audits found.",
    )
    gaps = _words(
        "What are the gaps, and what is being done about them?",
        required=False,
        help_text="You may leave it empty if your assurance is full.",
    )
    looks: Mapping[str, Look] = {"words": Look(rows=5, count=True), "gaps": Look(rows=4, count=True)}

    def __init__(
        self, *args: Any, shares: Mapping[Measure, Share], signing: bool, may_sign: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signing = signing
        self.to_explain = [measure for measure, share in shares.items() if not share.is_within(measure)]
        for measure in self.to_explain:
            share = shares[measure]
            self.fields[_box(measure)] = _words(
                f"{measure.label}: {share_words(share, measure)} ({percent_words(share)})",
                required=False,
                help_text=f"It should be: {measure.limit_words}. Why is it not, and what is done about it?",
            )
        self.looks = {**self.looks, **{_box(measure): Look(rows=3) for measure in self.to_explain}}
        self.order_fields(["version", *(_box(measure) for measure in self.to_explain), "level", "words", "gaps"])
        save = Submit("Save for later", "move", "save", "secondary")
        self.buttons = (Submit("Sign the statement", "move", "sign"), save) if may_sign else (save,)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if self.signing:
            self._ask_for(found)
        return found

    def _ask_for(self, found: dict[str, Any]) -> None:
        for measure in self.to_explain:
            if not found.get(_box(measure)) and _box(measure) not in self.errors:
                self.add_error(_box(measure), f"Explain {measure.label.lower()}")
        if not found.get("level"):
            self.add_error("level", "Select how sure you are")
        if not found.get("words") and "words" not in self.errors:
            self.add_error("words", "Say what this rests on")
        if found.get("level") not in ("", None, Level.FULL) and not found.get("gaps") and "gaps" not in self.errors:
            self.add_error("gaps", "Say what the gaps are, because your assurance is not full")

    def stated(self) -> Stated:
        typed = self.cleaned_data
        explained = {measure: typed[_box(measure)] for measure in self.to_explain}
        return Stated(typed["level"], typed["words"], typed["gaps"], explained)

    @staticmethod
    def initial_of(statement: AssuranceStatement) -> dict[str, Any]:
        """What was saved, as the boxes hold it."""
        held = {f"explain_{one.measure}": one.explanation for one in statement.figures.all()}
        return {
            "version": statement.version,
            "level": statement.level,
            "words": statement.words,
            "gaps": statement.gaps,
            **held,
        }


class ReopenStatementForm(GdsForm):
    """Why a signed statement is made a draft again."""

    comment = _words("What changed since it was signed?", error_messages={"required": "Say what changed"})
    looks = {"comment": Look(rows=3)}
    buttons = (Submit("Reopen the statement", "move", "reopen", "secondary"),)


class ReportForm(GdsForm):
    """What the committee is asked to note; sending it keeps the report as it is below."""

    version = version_field()
    words = _words(
        "What is the committee asked to note?",
        help_text="In your own words: how far the figures can be relied on, and what should be better next year.",
        error_messages={"required": "Say what the committee is asked to note"},
    )
    looks = {"words": Look(rows=5, count=True)}
    buttons = (Submit("Report it to the committee", "move", "report"),)


class TakeReportBackForm(GdsForm):
    """Why a report is taken back."""

    comment = _words("Why is the report taken back?", error_messages={"required": "Say why it is taken back"})
    looks = {"comment": Look(rows=3)}
    buttons = (Submit("Take the report back", "move", "take_back", "secondary"),)


class FindingForm(GdsForm):
    """A finding as it stands in the audit report."""

    version = version_field()
    audit = CleanCharField(label="Which audit?", max_length=200, help_text="For example, Waste collection 2026.")
    reported_on = DateField(label="Date of the audit report")
    service = forms.ChoiceField(
        label="Which service is it about?", required=False, help_text="Leave it at the council as a whole if of none."
    )
    priority = forms.ChoiceField(label="Priority", choices=AuditFinding.Priority.choices, widget=forms.RadioSelect)
    finding = _words("What was found?", error_messages={"required": "Say what was found"})
    response = _words("What was agreed to be done? (optional)", required=False)
    owner = CleanCharField(
        label="Which post does it? (optional)", max_length=200, required=False, help_text="A post, not a name."
    )
    due_on = DateField(label="By when? (optional)", required=False)
    looks = {"finding": Look(rows=4, count=True), "response": Look(rows=3)}

    def __init__(self, *args: Any, back: str, services: list[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = any_of([(str(one.pk), one.name) for one in services])
        self.services = {str(one.pk): one for one in services}
        self.fields["service"].choices = [("", "The council as a whole"), *named[1:]]  # type: ignore[attr-defined]
        self.buttons = (Submit("Save the finding", "move", "save"),)
        self.cancel = Link("Cancel", back)

    def found(self) -> Found:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Found(**{**typed, "service": self.services.get(typed["service"])})


class CloseFindingForm(GdsForm):
    """What was done, so that audit is satisfied."""

    words = _words("What was done?", error_messages={"required": "Say what was done"})
    looks = {"words": Look(rows=3)}
    buttons = (Submit("Close the finding", "move", "close", "secondary"),)

"""What the two sides and the board fill in, whatever is signed off: escalation, the decision, a lock exception."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, DateField, GdsForm, Look, Submit
from hdcperf.review.decisions import Decided
from hdcperf.review.models import AbstractChallenge, AbstractRevision
from hdcperf.ui import Link

__all__ = [
    "OUT_OF_DATE",
    "WORDS_LENGTH",
    "AskingForm",
    "DecisionForm",
    "EscalationForm",
    "ExceptionForm",
    "MinutedForm",
    "RevisionForm",
    "RulingForm",
    "version_field",
]

WORDS_LENGTH = 2000
"""Characters a question, an answer or a decision can hold; said in the hint and in the error, never cut."""


OUT_OF_DATE = "This page is out of date. Open it again from your tasks."


def version_field() -> forms.IntegerField:
    """The version a page was made from; a missing or garbled one is a page that is out of date."""
    sentences = {"required": OUT_OF_DATE, "invalid": OUT_OF_DATE}
    return forms.IntegerField(widget=forms.HiddenInput, error_messages=sentences)


class EscalationForm(GdsForm):
    """Why the board should decide (framework E.1)."""

    reason = CleanCharField(
        label="Why should the board decide?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why the board should decide"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Escalate to the board", "decide", "escalate", "secondary"),)


class AskingForm(GdsForm):
    """A question to whoever answers for a record: an app adds what it can be about, and for which reasons."""

    question = CleanCharField(
        label="Your question",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Only the part you ask about is reopened. The service sees your name, and it may be disclosed.",
        error_messages={"required": "Say what you are asking and why"},
    )
    field_order = ("about", "reason", "question")
    looks: Mapping[str, Look] = {"about": Look(small=True), "question": Look(rows=4, count=True)}
    buttons = (Submit("Raise the challenge", "decide", "challenge", "secondary"),)


class RulingForm(GdsForm):
    """The board's decision on one challenge that was escalated to it: another may be with the board as well."""

    challenge = forms.CharField(widget=forms.HiddenInput, required=False)
    ruling = forms.ChoiceField(
        label="What did the board decide?", choices=AbstractChallenge.Ruling.choices, widget=forms.RadioSelect
    )
    words = CleanCharField(
        label="The decision in words",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Both sides read this, and it stays with the figure.",
        error_messages={"required": "Say what the board decided and why"},
    )
    buttons = (Submit("Record the board's decision"),)

    def __init__(self, *args: Any, back: str = "", noun: str = "return", **kwargs: Any) -> None:
        hints = {
            "stands": f"The challenge is answered, and the {noun} goes back to the Performance Team.",
            "correct": "Only what the challenge is about is reopened for the service to correct.",
        }
        self.looks = {"ruling": Look(hints=hints), "words": Look(rows=5, count=True)}
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back) if back else None


class ExceptionForm(GdsForm):
    """Leave to change one locked record until a date."""

    asked_by = CleanCharField(
        label="Who asked for it?",
        max_length=200,
        help_text="A name, and how they asked.",
        error_messages={"required": "Say who asked for it"},
    )
    reason = CleanCharField(
        label="Why?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why the lock is lifted"},
    )
    expires_on = DateField(
        label="Last day it can be changed", error_messages={"required": "Enter the last day it can be changed"}
    )
    looks = {"reason": Look(rows=4, count=True)}

    def __init__(self, *args: Any, back: str, noun: str = "return", **kwargs: Any) -> None:
        self.buttons = (Submit(f"Lift the lock for this {noun}"),)
        super().__init__(*args, **kwargs)
        self.cancel = Link("Cancel", back)


class RevisionForm(GdsForm):
    """A proposal to change what was accepted: an app adds its own boxes, and why."""

    version = version_field()
    kind = forms.ChoiceField(
        label="What kind of change is it?", choices=AbstractRevision.Kind.choices, widget=forms.RadioSelect
    )
    buttons = (
        Submit("See what it changes", "step", "preview"),
        Submit("Propose the revision", "step", "propose", "secondary"),
    )


class DecisionForm(GdsForm):
    """Why a revision is declined."""

    reason = CleanCharField(
        label="Why it is declined",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why the revision is declined"},
    )
    looks = {"reason": Look(rows=3)}
    buttons = (Submit("Decline the revision", "decide", "decline", "secondary"),)


WORDING_LENGTH = 4000


class MinutedForm(GdsForm):
    """When the body met, the minute, what it decided in words, and from when."""

    met_on = DateField(label="Date of the meeting")
    minute = CleanCharField(label="Minute number", max_length=60)
    wording = CleanCharField(
        label="The decision or comment, as minuted", max_length=WORDING_LENGTH, widget=forms.Textarea
    )
    takes_effect_on = DateField(
        label="Takes effect on", required=False, help_text="After any call-in. It can be the day of the meeting."
    )
    looks = {"minute": Look(width=10), "wording": Look(rows=4, count=True)}

    def decided(self, kind: str) -> Decided:
        typed = self.cleaned_data
        return Decided(
            kind=kind,
            met_on=typed["met_on"],
            minute=typed["minute"],
            wording=typed["wording"],
            takes_effect_on=typed["takes_effect_on"],
        )

"""Proposing a revision of an accepted update."""

from __future__ import annotations

from typing import Any

from django.forms import Textarea

from actions.forms.entering import UpdateForm
from actions.operations.revising import NAMES, Revised, revision_problems
from hdcperf.forms import CleanCharField, Look
from hdcperf.review import forms
from hdcperf.review.forms import WORDS_LENGTH

__all__ = ["RevisionForm"]


class RevisionForm(forms.RevisionForm):
    """The update as it should read, what kind of change it is, and why."""

    # The same boxes as on the update itself.
    rag = UpdateForm.base_fields["rag"]
    done = UpdateForm.base_fields["done"]
    impact = UpdateForm.base_fields["impact"]
    recovery = UpdateForm.base_fields["recovery"]
    recovery_by = UpdateForm.base_fields["recovery_by"]
    recovery_owner = UpdateForm.base_fields["recovery_owner"]
    achieved = UpdateForm.base_fields["achieved"]
    reason = CleanCharField(
        label="Why it changes",
        max_length=WORDS_LENGTH,
        widget=Textarea,
        help_text="Printed wherever the updates somebody has seen are listed as changed.",
        error_messages={"required": "Say why the update changes"},
    )
    looks = {
        **{name: look for name, look in UpdateForm.looks.items() if name in NAMES},
        "kind": Look(
            hints={
                "late_data": "Facts that had not arrived when it was accepted.",
                "correction": "Something in it was wrong, or should not have been accepted.",
                "method": "What is counted, or how, has changed.",
            }
        ),
        "reason": Look(rows=3, count=True),
    }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("rag"):
            self.add_error("rag", "Choose the RAG by what it means.")
        elif not self.errors:
            for one in revision_problems(self.revised()):
                self.add_error(one.field, one.instruction)
        return cleaned

    def revised(self) -> Revised:
        """What was typed."""
        return Revised(**{name: self.cleaned_data[name] for name in NAMES}).fitting

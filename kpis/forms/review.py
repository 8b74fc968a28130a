"""What a reviewer fills in: filters of the queue, a challenge, a correction, an example, the board's decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.rag import Rag
from hdcperf.review.forms import OUT_OF_DATE, AskingForm, version_field
from hdcperf.review.queue_page import RoundFilterForm
from kpis.models import Challenge
from kpis.models.returns import COMMENTARY_LENGTH
from kpis.queries.queue import RoundRow

__all__ = [
    "ChallengeForm",
    "CorrectionForm",
    "ExampleForm",
    "QueueFilterForm",
]

PROMPTS = {"what_happened": "What happened", "why": "Why", "being_done": "What is being done"}


class QueueFilterForm(RoundFilterForm):
    """The filters of a month's list: RAG now and forecast beside what every list has."""

    rag = forms.ChoiceField(
        label="RAG now", choices=[("", "All"), *((one.value, one.label) for one in Rag)], required=False
    )
    forecast = forms.ChoiceField(
        label="Forecast RAG", choices=[("", "All"), *((one.value, one.label) for one in Rag)], required=False
    )

    def passes(self, row: RoundRow, asked: Mapping[str, str]) -> bool:
        return (
            asked.get("rag", row.rag.value) == row.rag.value
            and asked.get("forecast", row.forecast_rag.value) == row.forecast_rag.value
        )


class ChallengeForm(AskingForm):
    """A challenge of a return."""

    about = forms.ChoiceField(
        label="What is the challenge about?", choices=Challenge.About.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose a reason"), *Challenge.Reason.choices])
    looks = {**AskingForm.looks, "about": Look(small=True, inline=True)}


class CorrectionForm(GdsForm):
    """A typing mistake in the words: the owner is shown it and can undo it."""

    version = version_field()
    prompt = forms.ChoiceField(
        choices=list(PROMPTS.items()), widget=forms.HiddenInput, error_messages={"required": OUT_OF_DATE}
    )
    after = CleanCharField(max_length=COMMENTARY_LENGTH, widget=forms.Textarea, label="The words, corrected")
    looks = {"after": Look(rows=5)}
    buttons = (Submit("Save the correction", "decide", "correct", "secondary"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prompt = self.initial.get("prompt") or self.data.get(self.add_prefix("prompt"), "")
        self.fields["after"].label = f"{PROMPTS.get(str(prompt), 'The words')}, corrected"


class ExampleForm(GdsForm):
    """Why an accepted commentary is a good one."""

    why_good = CleanCharField(
        label="Why it is good",
        max_length=300,
        help_text="Shown with the commentary to everybody who writes one, for example: it names the cause.",
    )
    buttons = (Submit("Show it as an example", "decide", "example", "secondary"),)

"""What a reviewer fills in: filters of the queue, a challenge, a correction, an example, the board's decision."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsFilterForm, GdsForm, Look, Submit
from hdcperf.rag import Rag
from hdcperf.review.forms import OUT_OF_DATE, WORDS_LENGTH, version_field
from kpis.models import Challenge, MonthlyReturn
from kpis.models.returns import COMMENTARY_LENGTH
from kpis.queries.queue import RoundRow, to_check

__all__ = [
    "ChallengeForm",
    "CorrectionForm",
    "ExampleForm",
    "QueueFilterForm",
]

PROMPTS = {"what_happened": "What happened", "why": "Why", "being_done": "What is being done"}
STATES = {
    "check": "To check",
    "challenged": "Challenged",
    "board": "With the board",
    "draft": "Draft",
    "not_started": "Not started",
    "accepted": "Accepted",
}


def in_state(row: RoundRow, state: str) -> bool:
    """Whether a row belongs under one of ``STATES``."""
    if state == "check":
        return row.waits_for_the_team
    if state == "board":
        return row.with_board
    if state == "challenged":
        return row.record.state == MonthlyReturn.State.CHALLENGED and not row.with_board
    return row.record.state == state


class QueueFilterForm(GdsFilterForm):
    """Service, RAG now and forecast, and what this reviewer can decide; the state is chosen above the list."""

    state = forms.ChoiceField(
        choices=[("", "All"), *STATES.items()], required=False, widget=forms.HiddenInput, label="State"
    )
    service = forms.ChoiceField(required=False)
    rag = forms.ChoiceField(
        label="RAG now", choices=[("", "All"), *((one.value, one.label) for one in Rag)], required=False
    )
    forecast = forms.ChoiceField(
        label="Forecast RAG", choices=[("", "All"), *((one.value, one.label) for one in Rag)], required=False
    )
    mine = forms.ChoiceField(
        label="Who can decide", choices=[("", "Anybody"), ("yes", "Mine to check")], required=False
    )

    def __init__(self, *args: Any, rows: list[RoundRow], reviews: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = {row.kpi_year.service_id: row.kpi_year.service.name for row in rows}
        choices = [(str(pk), name) for pk, name in sorted(services.items(), key=lambda one: one[1])]
        self.fields["service"].choices = [("", "All"), *choices]  # type: ignore[attr-defined]
        if not reviews:
            del self.fields["mine"]
        if len(services) < 2:
            del self.fields["service"]

    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is not a choice (an old link, a forged address) filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        return f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"

    def chosen(self, rows: list[RoundRow], *, but_state: bool = False) -> list[RoundRow]:
        """The rows that pass the filters, in their order; ``but_state`` leaves the state out, to count each."""
        asked = self.asked()
        found = to_check(rows) if asked.get("mine") else rows
        if not but_state and "state" in asked:
            found = [row for row in found if in_state(row, asked["state"])]
        return [
            row
            for row in found
            if asked.get("service", str(row.kpi_year.service_id)) == str(row.kpi_year.service_id)
            and asked.get("rag", row.rag.value) == row.rag.value
            and asked.get("forecast", row.forecast_rag.value) == row.forecast_rag.value
        ]


class ChallengeForm(GdsForm):
    """A question to the stakeholder: about which part, for what reason, and in words."""

    about = forms.ChoiceField(
        label="What is the challenge about?", choices=Challenge.About.choices, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label="Reason", choices=[("", "Choose a reason"), *Challenge.Reason.choices])
    question = CleanCharField(
        label="Your question",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="Only the part you ask about is reopened. The service sees your name, and it may be disclosed.",
        error_messages={"required": "Say what you are asking and why"},
    )
    looks = {"about": Look(small=True, inline=True), "question": Look(rows=4, count=True)}
    buttons = (Submit("Raise the challenge", "decide", "challenge", "secondary"),)


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

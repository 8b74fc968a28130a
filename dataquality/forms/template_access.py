"""What somebody says who cannot get into a system, and what their manager answers."""

from __future__ import annotations

from typing import Any

from django import forms

from dataquality.models import AccessProblem
from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.review.forms import WORDS_LENGTH

__all__ = ["AccessProblemForm", "AnswerProblemForm"]


class AccessProblemForm(GdsForm):
    """Which system, and what happened."""

    system = forms.ChoiceField(
        label="Which of them can you not get into?",
        widget=forms.RadioSelect,
        error_messages={"required": "Select which you cannot get into"},
    )
    words = CleanCharField(
        label="What happened?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="For example: my account was closed when I moved teams.",
        error_messages={"required": "Say what happened"},
    )
    looks = {"words": Look(rows=3)}
    buttons = (Submit("I cannot get in", "move", "cannot", "secondary"),)

    def __init__(self, *args: Any, systems: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = [(name, name) for name in systems]  # type: ignore[attr-defined]


class AnswerProblemForm(GdsForm):
    """What is done about it; each problem has its own."""

    answer = CleanCharField(
        label="What is done about it?",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea,
        help_text="They are then asked again whether they can get in.",
        error_messages={"required": "Say what is done about it"},
    )
    looks = {"answer": Look(rows=3)}

    def __init__(self, *args: Any, problem: AccessProblem, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"problem_{problem.pk}_%s", **kwargs)
        self.problem = problem
        self.buttons = (Submit("Answer", "move", f"answer:{problem.pk}"),)

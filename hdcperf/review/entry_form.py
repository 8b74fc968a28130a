"""The form of an entry page, whatever is entered: its open fields, boxes for findings and for challenges (C.2.1).

Nothing is required here: a draft may lack anything. What a record lacks is asked of the rules when it is submitted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django import forms
from django.forms.boundfield import BoundField

from hdcperf.forms import CleanCharField, GdsForm, Look
from hdcperf.review.cards import ChallengeCard
from hdcperf.review.checks import Check
from hdcperf.review.findings import unanswered
from hdcperf.review.models import AbstractRecoveryOutcome
from hdcperf.ui import lower_first

__all__ = [
    "ANSWER",
    "ENTRY_FORM",
    "ESCALATE",
    "RECOVERY_TOLD",
    "SENTENCE_LENGTH",
    "WORDS",
    "EntryForm",
    "EscalateForm",
    "escalations",
    "look_over",
    "posted_codes",
    "say_beside",
]

ENTRY_FORM = "return-form"
ANSWER = "answer_"
WORDS = "words_"
ESCALATE = "escalate-"
SENTENCE_LENGTH = 1000
RECOVERY_TOLD = ("recovery_result", "recovery_words")
"""The boxes in which it is said whether what was promised last time was done."""


def posted_codes(data: Mapping[str, Any]) -> list[str]:
    """The codes of the findings whose answers were posted."""
    found = (re.fullmatch(ANSWER + r"([a-z_]{1,40})", name) for name in data)
    return [one[1] for one in found if one][:30]


class EntryForm(GdsForm):
    """``asked`` are findings to be answered; ``challenges`` the open ones, answered in boxes of their own.

    ``with_recovery``: something was promised last time, and it is asked whether it was done.
    """

    recovery_result = forms.ChoiceField(
        label="Was it done?",
        required=False,
        choices=AbstractRecoveryOutcome.Result.choices,
        widget=forms.RadioSelect,
    )
    recovery_words = CleanCharField(
        label="What came of it", required=False, max_length=SENTENCE_LENGTH, widget=forms.Textarea
    )

    def __init__(
        self,
        *args: Any,
        asked: Iterable[Check] = (),
        challenges: Iterable[Any] = (),
        words_length: int = SENTENCE_LENGTH,
        with_recovery: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked = tuple(asked)
        self.looks = {
            **self.looks,
            "recovery_result": Look(inline=True, small=True),
            "recovery_words": Look(rows=2),
        }
        if not with_recovery:
            for name in RECOVERY_TOLD:
                del self.fields[name]
        self._add_answers()
        self._add_challenges(challenges, words_length)

    def _add_answers(self) -> None:
        sentences = {check.code: check for check in self.asked}
        codes = [*sentences, *(code for code in posted_codes(self.data) if code not in sentences)]
        for code in codes:
            asked = sentences.get(code)
            self.fields[ANSWER + code] = CleanCharField(
                label=asked.sentence if asked else "Your answer",
                help_text=asked.instruction if asked else "",
                required=False,
                max_length=SENTENCE_LENGTH,
                widget=forms.Textarea,
            )
            self.looks[ANSWER + code] = Look(rows=2)  # type: ignore[index]

    def _add_challenges(self, challenges: Iterable[Any], length: int) -> None:
        for challenge in challenges:
            name = f"{WORDS}{challenge.pk}"
            self.fields[name] = CleanCharField(
                label=f"Your answer about {lower_first(challenge.get_about_display())}",
                required=False,
                max_length=length,
                widget=forms.Textarea,
            )
            self.looks[name] = Look(rows=3)  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        said, words = (cleaned.get(name) for name in RECOVERY_TOLD)
        if said and not words and "recovery_words" not in self.errors:
            self.add_error("recovery_words", "Say what came of it, in a sentence.")
        elif words and not said:
            self.add_error("recovery_result", "Say whether it was done.")
        return cleaned

    @property
    def asks_of_recovery(self) -> bool:
        """Whether it is asked what became of last time's promise."""
        return "recovery_result" in self.fields

    def answers(self) -> dict[str, str]:
        """The sentences typed for findings, by code."""
        return {code: self.cleaned_data.get(ANSWER + code, "") for code in posted_codes(self.data)}

    def words_for(self, challenge: Any) -> str:
        return str(self.cleaned_data.get(f"{WORDS}{challenge.pk}", ""))

    def words_field(self, challenge: Any) -> BoundField | None:
        name = f"{WORDS}{challenge.pk}"
        return self[name] if name in self.fields else None

    def bound(self, names: Iterable[str]) -> list[BoundField]:
        """The fields of those names that this form has."""
        return [self[name] for name in names if name in self.fields]

    def asked_about(self, names: Iterable[str]) -> list[BoundField]:
        """The answer boxes of the findings about those fields."""
        wanted = frozenset(names)
        return [self[ANSWER + check.code] for check in self.asked if check.field in wanted]


def say_beside(form: EntryForm, problems: Iterable[Check]) -> None:
    """Put each error beside its field, and ask for a sentence where one is needed."""
    form.is_valid()
    for one in problems:
        if one.is_error:
            name = one.field if one.field in form.fields else None
            if name not in form.errors:
                is_missing = one.code.endswith("_missing")
                form.add_error(name, one.instruction if is_missing else f"{one.sentence} {one.instruction}")
        elif ANSWER + one.code in form.fields and not form.cleaned_data.get(ANSWER + one.code):
            about = f"{one.label}: answer" if one.label else f"{one.sentence} Answer"
            form.add_error(ANSWER + one.code, f"{about} this with a sentence, or change what it asks about.")
    _in_page_order(form)


def _in_page_order(form: EntryForm) -> None:
    """The summary lists the errors from the top of the page down; what a check asks stands below its field."""
    places = {name: float(place) for place, name in enumerate(form.fields)}
    places |= {ANSWER + one.code: places.get(one.field, len(places)) + 0.5 for one in form.asked}
    found = sorted(form.errors.items(), key=lambda item: places.get(item[0], -1))
    form.errors.clear()
    form.errors.update(found)


F = TypeVar("F", bound=EntryForm)


def look_over(
    record: Any, stops: Iterable[Check], asks: Iterable[Check], make: Callable[[list[Check]], F]
) -> tuple[F, list[Check]]:
    """The form with what cannot be, and what asks, beside the fields; and what is still missing, as a list.

    ``make(asked)`` is the form as posted, with boxes for what nobody has answered.
    """
    form = make(unanswered(record, asks))
    form.is_valid()
    refused = set(form.errors)
    missing = [one for one in stops if one.code.endswith("_missing") and one.field not in refused]
    say_beside(form, [one for one in stops if not one.code.endswith("_missing")])
    return form, [one for one in missing if one.field in form.fields]


class EscalateForm(GdsForm):
    """Why the board should decide a challenge, as the stakeholder's page asks it (framework E.1).

    ``inside`` the entry form, whose id is ENTRY_FORM, its button posts what was typed there too: nothing is lost.
    """

    reason = CleanCharField(
        label="Why the board should decide",
        max_length=SENTENCE_LENGTH,
        widget=forms.Textarea,
        error_messages={"required": "Say why the board should decide."},
    )
    looks = {"reason": Look(rows=2)}

    def __init__(self, *args: Any, challenge_id: int, inside: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{ESCALATE}{challenge_id}", **kwargs)
        self.challenge_id = challenge_id
        if inside:
            self.fields["reason"].widget.attrs["form"] = ENTRY_FORM


def escalations(
    cards: Iterable[ChallengeCard], refused: EscalateForm | None, *, inside: bool
) -> list[tuple[ChallengeCard, EscalateForm]]:
    """Each challenge that can go to the board, with the form that sends it there."""
    return [
        (card, refused)
        if refused is not None and refused.challenge_id == card.pk
        else (card, EscalateForm(challenge_id=card.pk, inside=inside))
        for card in cards
        if card.can_escalate
    ]

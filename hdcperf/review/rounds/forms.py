"""What is filled in to set the dates of one round, or of a whole year's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.html import format_html

from hdcperf.forms import CleanCharField, DateTextField, GdsForm, Submit
from hdcperf.periods import RoundDates
from hdcperf.review.rounds.reading import Round
from hdcperf.review.rounds.rules import DATES, LABELS
from hdcperf.review.rounds.setting import DatesRefused, Span, Wanted
from hdcperf.ui import day

__all__ = ["DatesForm", "YearDatesForm"]

_SEEN = "seen"


class SeenField(forms.CharField):
    """The dates that stood on the page, carried by it, so that nobody else's are overwritten unseen."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(max_length=40, required=False)

    def prepare_value(self, value: Any) -> Any:
        return " ".join(str(one) for one in asdict(value).values()) if isinstance(value, RoundDates) else value

    def clean(self, value: Any) -> RoundDates | None:
        """None for what no page of ours carries: then the dates are taken to have been seen as they are now."""
        parse = DateTextField(required=False).to_python
        try:
            found = [parse(part) for part in str(value or "").split(" ")]
        except ValidationError:
            return None
        known = [one for one in found if one is not None]
        return RoundDates(*known) if len(known) == len(DATES) else None


class DatesForm(GdsForm):
    """The dates of one round, or of a year's on one page. A date that stands has no box.

    ``fixed`` says which those are. A reason is asked for when a round that is open may move.
    """

    buttons: tuple[Submit, ...] = (Submit("Save the dates"),)

    def __init__(self, *args: Any, rounds: Sequence[Round], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = [one for one in rounds if self.movable(one)]
        for one in self.rounds:
            for name in self.movable(one):
                self._add_date(one, name)
            self.fields[_name(_SEEN, one.span)] = SeenField()
            self.initial[_name(_SEEN, one.span)] = one.dates
        if any(one.is_opened for one in self.rounds):
            self.fields["reason"] = CleanCharField(
                label="Why the dates move",
                max_length=500,
                required=False,
                help_text="Needed when a date that people were told of moves: one of a round that is open.",
            )

    def movable(self, one: Round) -> tuple[str, ...]:
        """The dates of a round that have a box here."""
        return one.movable

    def label(self, one: Round, name: str) -> str:
        return LABELS[name]

    def _add_date(self, one: Round, name: str) -> None:
        field = _name(name, one.span)
        usual: date = getattr(one.usual, name)
        self.fields[field] = DateTextField(
            label=self.label(one, name),
            called=_CALLED[name].format(one.span),
            help_text=f"Usually {day(usual)}",
            error_messages={"required": f"Enter when {one.span} {_VERBS[name]}"},
        )
        self.initial[field] = getattr(one.dates, name)

    def boxes(self, one: Round) -> dict[str, BoundField]:
        """The boxes of a round, by the date's name."""
        return {name: self[_name(name, one.span)] for name in self.movable(one)}

    def seen(self) -> Iterator[BoundField]:
        return (self[_name(_SEEN, one.span)] for one in self.rounds)

    def fill_in_usual(self) -> None:
        """Put the usual date into each box."""
        for one in self.rounds:
            for name in self.movable(one):
                self.initial[_name(name, one.span)] = getattr(one.usual, name)

    def wanted(self) -> dict[Span, Wanted]:
        """The dates of every round that has a box."""
        found = {}
        for one in self.rounds:
            dates = [self.cleaned_data.get(_name(name, one.span), getattr(one.dates, name)) for name in DATES]
            found[one.span] = Wanted(RoundDates(*dates), self.cleaned_data[_name(_SEEN, one.span)] or one.dates)
        return found

    def show(self, refused: DatesRefused) -> None:
        """Put what refused the dates beside them."""
        for (span, name), sentence in refused.problems.items():
            field = name if span is None else _name(name, span)
            self.add_error(field if field in self.fields else None, sentence)


class YearDatesForm(DatesForm):
    """A year's dates: a round that has locked is moved on its own page."""

    buttons = (Submit("Save the year’s dates"), Submit("Fill in the usual dates", "fill", "usual", kind="secondary"))

    def movable(self, one: Round) -> tuple[str, ...]:
        return () if one.is_over else one.movable

    def label(self, one: Round, name: str) -> str:
        return format_html('<span class="govuk-visually-hidden">{}: </span>{}', one.span, LABELS[name])


_VERBS: Mapping[str, str] = {"opens_on": "opens", "due_on": "falls due", "locks_on": "locks"}
_CALLED: Mapping[str, str] = {
    "opens_on": "The day {} opens",
    "due_on": "The due date of {}",
    "locks_on": "The lock of {}",
}


def _name(name: str, span: Span) -> str:
    return f"{name}_{span.slug}"

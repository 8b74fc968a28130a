"""Filters of the list of actions, kept in the address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from actions.rules.standing import At
from hdcperf.control import Control
from hdcperf.forms import CleanCharField
from hdcperf.organisation.filters import PlaceFilterForm, any_of
from hdcperf.periods import Quarter
from hdcperf.rag import Movement

__all__ = ["ActionFilterForm", "with_quarter"]


def with_quarter(asked: QueryDict, held: list[Quarter], default: Quarter) -> QueryDict:
    """What the address asks, with the quarter filled in, so that the filter shows which one is listed."""
    found = asked.copy()
    if found.get("quarter") not in {one.slug for one in held}:
        found["quarter"] = default.slug
    return found


class ActionFilterForm(PlaceFilterForm):
    """Words, quarter, where it belongs, how far the council can do it, how it stands and moved, and what is late."""

    words = CleanCharField(label="Words or code", max_length=100, required=False)
    quarter = forms.ChoiceField(required=False)
    control = forms.ChoiceField(
        label="Do, Enable or Influence", choices=any_of([(one.value, one.word) for one in Control]), required=False
    )
    rag = forms.ChoiceField(
        label="RAG now",
        choices=any_of([(one.value, one.label) for one in At if one is not At.NOT_IN_PLAN]),
        required=False,
    )
    movement = forms.ChoiceField(
        label="Moved",
        choices=any_of([(one.value, one.label) for one in Movement]),
        required=False,
    )
    overdue = forms.ChoiceField(
        choices=any_of([("yes", "Action or milestone overdue"), ("no", "Nothing overdue")]), required=False
    )
    field_order = ("words", "quarter", "aim", "portfolio", "service", "control", "rag", "movement", "overdue")

    def __init__(self, *args: Any, quarters: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = [(one.slug, str(one)) for one in quarters]  # type: ignore[attr-defined]

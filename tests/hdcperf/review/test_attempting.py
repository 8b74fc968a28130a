"""What refuses a form's move is said in the form, and what somebody may not do is not."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from hdcperf.review.attempting import attempt
from hdcperf.workflow import MoveRefused, NotPermitted, SomebodyElseDidIt, StaleRecord


class Question(forms.Form):
    words = forms.CharField()


def raising(error: Exception) -> Any:
    def act() -> None:
        raise error

    return act


def test_a_refusal_is_said_beside_its_box() -> None:
    form = Question({"words": "Why?"})
    refused = MoveRefused("There is an open challenge already.", state="challenged", move="challenge")
    assert not attempt(form, raising(refused), beside="words")
    assert form.errors == {"words": ["There is an open challenge already."]}


def test_what_a_colleague_did_first_is_said_of_the_whole_form() -> None:
    form = Question({"words": "Why?"})
    first = SomebodyElseDidIt("Terry accepted it.", state="accepted", move="challenge")
    assert not attempt(form, raising(first), beside="words")
    assert form.non_field_errors() == ["Terry accepted it."]


@pytest.mark.parametrize(
    "error", [NotPermitted("Only the board decides.", state="submitted", move="rule"), StaleRecord(None)]
)
def test_what_no_box_can_mend_is_answered_by_the_page(error: Exception) -> None:
    with pytest.raises(type(error)):
        attempt(Question({"words": "Why?"}), raising(error))


def test_nothing_is_done_with_a_form_that_is_not_sound() -> None:
    assert not attempt(Question({}), raising(AssertionError("it was done")))
    assert attempt(Question({"words": "Why?"}), lambda: None)

"""The worst of parts drives their parent; a colour that moves, either way, needs its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.rules.colours import ActionRag, driver, needs_reason, reasons_for, worst

GREEN, AMBER, RED, COMPLETED, NOT_STARTED, AWAITED = ActionRag
COLOURS = st.sampled_from(list(ActionRag))


@given(st.lists(COLOURS, min_size=1))
def test_the_worst_of_parts_is_one_of_them_and_nothing_is_worse(parts: list[ActionRag]) -> None:
    found = worst(parts)
    assert found in parts
    assert all(found.rank <= one.rank for one in parts)


@given(COLOURS, st.lists(COLOURS))
def test_parts_drive_their_parent_only_when_they_disagree_with_it(parent: ActionRag, parts: list[ActionRag]) -> None:
    assert driver(parent, parts) == (None if worst(parts) in (None, parent) else worst(parts))


@pytest.mark.parametrize(
    ("before", "now"),
    [(GREEN, AMBER), (AMBER, GREEN), (RED, GREEN), (NOT_STARTED, RED), (COMPLETED, GREEN), (GREEN, NOT_STARTED)],
)
def test_a_colour_that_moves_either_way_needs_its_reason(before: ActionRag, now: ActionRag) -> None:
    assert needs_reason(before, now)


@pytest.mark.parametrize(
    ("before", "now"),
    [(GREEN, GREEN), (None, RED), (AWAITED, RED), (NOT_STARTED, GREEN), (AMBER, COMPLETED), (GREEN, None)],
)
def test_what_does_not_move_or_explains_itself_needs_none(before: ActionRag | None, now: ActionRag | None) -> None:
    assert not needs_reason(before, now)


@given(COLOURS)
def test_the_form_asks_for_the_reason_of_the_very_colours_that_need_one(before: ActionRag) -> None:
    assert set(reasons_for(before)) == {one for one in ActionRag.chosen() if needs_reason(before, one)}

"""What a colour is worth: the worst part drives its parent, and a move is better or worse."""

from __future__ import annotations

import pytest

from actions.rules.colours import ActionRag, driver, movement, worst
from hdcperf.rag import Movement
from hdcperf.ui import rag_tag

RED, AMBER, GREEN = ActionRag.RED, ActionRag.AMBER, ActionRag.GREEN
DONE, LATER, AWAITED = ActionRag.COMPLETED, ActionRag.NOT_STARTED, ActionRag.AWAITED


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (RED, AMBER, Movement.BETTER),
        (AMBER, GREEN, Movement.BETTER),
        (GREEN, DONE, Movement.BETTER),
        (LATER, DONE, Movement.BETTER),
        (GREEN, RED, Movement.WORSE),
        (DONE, GREEN, Movement.WORSE),
        (LATER, AMBER, Movement.WORSE),
        (LATER, GREEN, Movement.SAME),
        (RED, RED, Movement.SAME),
        (AWAITED, GREEN, Movement.NONE),
        (GREEN, AWAITED, Movement.NONE),
        (None, RED, Movement.NONE),
        (RED, None, Movement.NONE),
    ],
)
def test_a_move_of_colour_is_better_or_worse(before: ActionRag, now: ActionRag, expected: Movement) -> None:
    assert movement(before, now) is expected


def test_the_worst_part_drives_its_parent_only_when_they_differ() -> None:
    assert worst([]) is None
    assert worst([DONE, GREEN, AMBER]) is AMBER
    assert driver(GREEN, [GREEN, RED]) is RED
    assert driver(AMBER, [GREEN, DONE]) is GREEN
    assert driver(RED, [RED, GREEN]) is None
    assert driver(GREEN, []) is None


def test_every_colour_is_printed_in_a_word_and_a_shape_of_its_own() -> None:
    tags = {one: rag_tag(one) for one in ActionRag}
    assert {one.label for one in ActionRag} == {tag.text for tag in tags.values()}
    assert len({tag.mark for tag in tags.values()}) == len(tags)
    assert all(tag.mark for tag in tags.values())

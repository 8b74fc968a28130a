"""Who receives what, by role: the person, whoever acts for them, then their manager, head of service and the team."""

from datetime import date

import pytest

from hdcperf.reminders.kinds import Notice, Piece
from hdcperf.reminders.rules import USUAL, Phase, Step
from hdcperf.reminders.whom import As, People, told_at_once, told_of

HOLDER, OTHER, STAND_IN, DELEGATE, MANAGER, HEAD, TEAM, TEAM_2, COVERS_MANAGER = range(1, 10)
EVERYBODY = frozenset(range(1, 10))
TODAY = date(2026, 11, 5)


def council(**more: object) -> People:
    given: dict[str, object] = {
        "names": {one: f"Person {one}" for one in EVERYBODY},
        "reachable": EVERYBODY,
        "managers": {7: frozenset({MANAGER})},
        "heads": {7: frozenset({HEAD})},
        "team": frozenset({TEAM, TEAM_2}),
    }
    return People(**given | more)  # type: ignore[arg-type]


def told(step: Step, people: People, actors: frozenset[int] = frozenset({HOLDER})) -> dict[int, As]:
    work = Piece("w", "Work", "/", TODAY, TODAY, actors, frozenset({STAND_IN}), service=7)
    return {one.person: one.told_as for one in told_of(work, step, USUAL, people)}


OPENED = Step(TODAY, Phase.OPENED)
OVERDUE = {number: Step(TODAY, Phase.OVERDUE, number) for number in range(1, 7)}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (OPENED, {HOLDER}),
        (Step(TODAY, Phase.BEFORE, 1), {HOLDER}),
        (OVERDUE[1], {HOLDER}),
        (OVERDUE[2], {HOLDER}),
        (OVERDUE[3], {HOLDER, MANAGER}),
        (OVERDUE[4], {HOLDER, MANAGER}),
        (OVERDUE[5], {HOLDER, MANAGER, HEAD, TEAM, TEAM_2}),
        (OVERDUE[6], {HOLDER, MANAGER, HEAD, TEAM, TEAM_2}),
    ],
)
def test_from_step_to_step_more_are_told(step: Step, expected: set[int]) -> None:
    assert set(told(step, council())) == expected


def test_while_somebody_is_away_their_delegate_and_the_stand_ins_are_told_and_they_are_not() -> None:
    away = council(delegates={HOLDER: frozenset({DELEGATE})})
    assert told(OPENED, away) == {DELEGATE: As.COVERS, STAND_IN: As.STANDS_IN}
    # A colleague who is there does their own part, and the stand-in that of the one who is away.
    assert told(OPENED, away, frozenset({HOLDER, OTHER})) == {
        OTHER: As.ACTS,
        DELEGATE: As.COVERS,
        STAND_IN: As.STANDS_IN,
    }
    assert told(OVERDUE[5], council(delegates={MANAGER: frozenset({COVERS_MANAGER})}))[COVERS_MANAGER] is As.MANAGES


def test_what_somebody_who_left_or_has_no_address_owed_goes_to_the_stand_ins_then_the_manager_the_head_the_team() -> (
    None
):
    gone = EVERYBODY - {HOLDER}
    assert told(OPENED, council(reachable=gone)) == {STAND_IN: As.STANDS_IN}
    gone -= {STAND_IN}
    assert told(OPENED, council(reachable=gone)) == {MANAGER: As.LEFT_WITH}
    assert told(OPENED, council(reachable=gone - {MANAGER})) == {HEAD: As.LEFT_WITH}
    assert told(OPENED, council(reachable=gone - {MANAGER, HEAD})) == {TEAM: As.LEFT_WITH, TEAM_2: As.LEFT_WITH}
    assert told(OPENED, council(), frozenset()) == {STAND_IN: As.STANDS_IN}


def test_nobody_is_told_of_what_they_did_themselves_and_a_colleague_still_is() -> None:
    notice = Notice("n", TODAY, "Sign off", "/", frozenset({MANAGER, HEAD}), service=7, but_not=frozenset({MANAGER}))
    assert [one.person for one in told_at_once(notice, council())] == [HEAD]
    alone = Notice("n", TODAY, "Sign off", "/", frozenset({MANAGER}), service=7, but_not=frozenset({MANAGER}))
    assert told_at_once(alone, council()) == []


def test_a_hand_over_goes_to_the_stand_ins_or_to_the_manager_where_there_are_none() -> None:
    handed = Notice("n", TODAY, "Kim is away", "/", frozenset(), frozenset({STAND_IN}), service=7)
    assert [one.person for one in told_at_once(handed, council())] == [STAND_IN]
    nobody = Notice("n", TODAY, "Kim is away", "/", frozenset(), service=7)
    assert [one.person for one in told_at_once(nobody, council())] == [MANAGER]

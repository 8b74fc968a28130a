"""The row a move leaves says who made it and for whom: the audit page and the return read nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from kpis.models import MonthlyReturn
from kpis.workflow import move, move_revision
from tests.kpis.workflow_world import TODAY, World, made

pytestmark = pytest.mark.django_db

MADE_IN = {
    "draft": "not started",
    "submit": "draft",
    "take_back": "submitted",
    "answer": "challenged",
    "undo_correction": "accepted",
    "confirm_outturn": "accepted",
    "escalate": "challenged",
    "challenge": "submitted",
    "correct_words": "submitted",
    "accept": "submitted",
    "rule": "challenged",
}
ENTERING = ["draft", "submit", "take_back", "answer", "undo_correction", "confirm_outturn"]
REVIEWING = ["challenge", "correct_words", "accept", "escalate"]
NOBODY = ""


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), made() as world:
        yield world


@pytest.fixture(autouse=True)
def _marchs_round_is_open(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def judged(record: MonthlyReturn) -> None:
    record.rag = "green"


def for_whom(world: World, person: str, name: str) -> str:
    """The person named in the row of ``name`` made by ``person``; the name is kept with it."""
    record = world.returns[MADE_IN[name]]
    change = judged if name == "accept" else None
    moved = move(record, name, by=world.people[person], comment="Because it is so.", change=change)
    row = moved.transitions.last()
    assert row is not None
    assert row.on_behalf_of_name == (row.on_behalf_of.name if row.on_behalf_of else "")
    covered = next((name for name, one in world.people.items() if one == row.on_behalf_of), NOBODY)
    assert row.who == f"{world.people[person].name}{f' for {row.on_behalf_of_name}' if covered else ''}"
    return covered


@pytest.mark.parametrize("name", [*ENTERING, "escalate"])
@pytest.mark.parametrize(
    ("person", "acts_for"),
    [
        ("collector", NOBODY),
        ("forecaster", NOBODY),
        ("commentator", NOBODY),
        ("stand-in", "collector"),
        ("collector's delegate", "collector"),
        ("forecaster's delegate", "forecaster"),
        ("commentator's delegate", "commentator"),
        ("stand-in's delegate", "collector"),
        ("service manager", "collector"),
        ("service manager's delegate", "collector"),
    ],
)
def test_whoever_enters_for_the_kpis_people_is_recorded_as_acting_for_one(
    world: World, person: str, acts_for: str, name: str
) -> None:
    assert for_whom(world, person, name) == acts_for


@pytest.mark.parametrize("name", ENTERING)
@pytest.mark.parametrize("person", ["another team member", "another team member's delegate"])
def test_a_member_of_the_team_enters_for_the_collector(world: World, person: str, name: str) -> None:
    assert for_whom(world, person, name) == "collector"


@pytest.mark.parametrize("name", REVIEWING)
def test_a_member_of_the_team_reviews_for_themselves(world: World, name: str) -> None:
    assert for_whom(world, "another team member", name) == NOBODY


@pytest.mark.parametrize("name", REVIEWING)
def test_a_delegate_reviews_for_the_member_they_cover(world: World, name: str) -> None:
    assert for_whom(world, "another team member's delegate", name) == "another team member"


def test_the_board_decides_for_itself(world: World) -> None:
    assert for_whom(world, "board member", "rule") == NOBODY


def test_a_delegate_decides_for_the_board_member_they_cover(world: World) -> None:
    assert for_whom(world, "board member's delegate", "rule") == "board member"


@pytest.mark.parametrize(
    ("person", "name", "acts_for"),
    [
        ("collector", "propose", NOBODY),
        ("stand-in", "propose", "collector"),
        ("forecaster's delegate", "propose", "forecaster"),
        ("service manager", "propose", "collector"),
        ("another team member", "propose", NOBODY),
        ("another team member", "accept", NOBODY),
        ("another team member's delegate", "accept", "another team member"),
        ("another team member's delegate", "decline", "another team member"),
        ("team member who proposed it", "withdraw", NOBODY),
        ("proposer's delegate", "withdraw", "team member who proposed it"),
    ],
)
def test_a_revisions_row_says_for_whom_too(world: World, person: str, name: str, acts_for: str) -> None:
    revision = world.revisions["proposed"]
    moved = move_revision(revision, name, by=world.people[person], comment="Because it is so.")
    row = moved.transitions.last()
    assert row is not None
    expected = world.people[acts_for] if acts_for else None
    assert (row.move, row.by, row.on_behalf_of) == (name, world.people[person], expected)

"""The factories make what they say: rows the database takes, in each state and colour."""

from __future__ import annotations

import pytest

from actions.models import ActionUpdate
from actions.rules.colours import ActionRag
from tests.factories import actions as factories
from tests.factories import projects
from tests.factories.actions import Q1, Q2, ActionUpdateFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["draft", "submitted", "challenged", "accepted"])
def test_an_update_in_a_state_has_the_moves_that_lead_to_it(state: str) -> None:
    record = ActionUpdateFactory(**{state: True})
    assert record.state == state
    last = record.transitions.last()
    assert last is not None
    assert last.to_state == state


@pytest.mark.parametrize("rag", ActionRag.chosen())
def test_every_colour_brings_what_it_needs(rag: ActionRag) -> None:
    assert ActionUpdateFactory(accepted=True, rag=rag.value).colour is rag


def test_updates_of_a_quarter_share_its_round() -> None:
    one, other = ActionUpdateFactory(), ActionUpdateFactory()
    assert one.period == other.period
    assert one.span == Q2
    assert ActionUpdateFactory(span=Q1, action_year=one.action_year).period != one.period


def test_every_other_factory_makes_a_row() -> None:
    for module in (factories, projects):
        for name in module.__all__:
            if name.endswith("Factory"):
                assert getattr(module, name)().pk
    assert ActionUpdate.objects.exists()

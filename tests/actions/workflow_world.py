"""One action with an update in each state, a revision in each state, and everybody who might touch them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from actions.models import ActionUpdate, Revision
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.factories.actions import Q1, Q2, ActionUpdateFactory, ActionYearFactory, UpdateRevisionFactory
from tests.factories.organisation import AppointmentFactory, DelegationFactory, UserFactory, holder

__all__ = ["REVISION_STATES", "STATES", "TODAY", "World", "made"]

TODAY = date(2026, 10, 12)  # Q2's round is open
STATES = ["not started", "draft", "submitted", "challenged", "accepted"]
REVISION_STATES = ["proposed", "accepted", "declined", "withdrawn"]


@dataclass
class World:
    """The people by what they are, the updates and revisions by their state."""

    people: dict[str, User] = field(default_factory=dict)
    updates: dict[str, ActionUpdate] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)


def build() -> World:
    world = World()
    people = world.people
    facts = ActionYearFactory(responsible=UserFactory(name="Olive Officer"))

    def delegate_of(name: str, **dates: Any) -> User:
        return DelegationFactory(user=people[name], **dates).delegate

    service, portfolio = facts.service, facts.portfolio
    people["officer"] = facts.responsible
    people["service manager"] = holder(Role.SERVICE_MANAGER, service=service)
    people["team member who typed it"] = holder(Role.PERFORMANCE_TEAM)
    people["another team member"] = holder(Role.PERFORMANCE_TEAM)
    people["team member who proposed it"] = holder(Role.PERFORMANCE_TEAM)
    people["board member"] = holder(Role.BOARD)
    people["board member who typed it"] = holder(Role.BOARD)
    for name in ("officer", "service manager"):
        people[f"{name}'s delegate"] = delegate_of(name)
    people["typist's delegate"] = delegate_of("team member who typed it")
    people["proposer's delegate"] = delegate_of("team member who proposed it")
    people["another team member's delegate"] = delegate_of("another team member")
    people["board member's delegate"] = delegate_of("board member")
    # Somebody of the team, and of the board, who covers for the officer: it is their own then.
    for role, name in ((Role.PERFORMANCE_TEAM, "team member"), (Role.BOARD, "board member")):
        person = holder(role)
        DelegationFactory(user=facts.responsible, delegate=person)
        people[f"{name} who covers for the officer"] = person
    people["another service's manager"] = holder(Role.SERVICE_MANAGER)
    people["another officer"] = ActionYearFactory(service=service).responsible
    people["head of service"] = holder(Role.HEAD_OF_SERVICE, service=service)
    people["director"] = holder(Role.DIRECTOR, directorate=service.directorate)
    people["portfolio holder"] = holder(Role.PORTFOLIO_HOLDER, portfolio=portfolio)
    people["internal auditor"] = holder(Role.INTERNAL_AUDIT)
    people["strategic insights"] = holder(Role.STRATEGIC_INSIGHTS)
    people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
    people["nobody"] = UserFactory()
    people["somebody whose delegation has ended"] = delegate_of("officer", ends_on=date(2026, 10, 11))
    former = AppointmentFactory(role=Role.PERFORMANCE_TEAM.value, ends_on=date(2026, 10, 11))
    people["former team member"] = former.user
    closed = AppointmentFactory(
        role=Role.SERVICE_MANAGER.value, service=service, user=UserFactory(is_active=False)
    ).user
    people["manager whose account is closed"] = closed

    _updates(world, facts)
    for one in people.values():
        one.standing = standing(one)  # worked out once, as during a request
    return world


def _updates(world: World, facts: Any) -> None:
    typed = [world.people["team member who typed it"], world.people["board member who typed it"]]
    for number, state in enumerate(STATES):
        # One action has one update a quarter, so each state is of an action of its own, alike in its people.
        one = facts if number == 0 else _alike(facts)
        trait = {} if state == "not started" else {state: True}
        # Handed in by somebody else: repeating one's own move is harmless, and would hide a wrong state.
        record: ActionUpdate = ActionUpdateFactory(action_year=one, span=Q2, submitted_by=UserFactory(), **trait)
        for person in typed:
            record.authors.get_or_create(user=person)
        world.updates[state] = record
    for state in REVISION_STATES:
        record = ActionUpdateFactory(action_year=_alike(facts), span=Q1, accepted=True, submitted_by=typed[0])
        proposer = world.people["team member who proposed it"]
        revision: Revision = UpdateRevisionFactory(update=record, proposed_by=proposer, state=state)
        _moved(revision, "propose", "proposed", proposer)
        if state != "proposed":
            moves = {"accepted": "accept", "declined": "decline", "withdrawn": "withdraw"}
            _moved(revision, moves[state], state, UserFactory())
        world.revisions[state] = revision


def _alike(facts: Any) -> Any:
    return ActionYearFactory(service=facts.service, portfolio=facts.portfolio, responsible=facts.responsible)


def _moved(revision: Revision, move: str, state: str, by: User) -> None:
    revision.transitions.create(
        move=move, from_state="proposed", to_state=state, by=by, by_name=by.name, at=clock.now()
    )


@contextmanager
def made() -> Iterator[World]:
    """The world, in a transaction that is never committed: for a fixture that several tests share."""
    with clock.taken_to_be(TODAY), transaction.atomic():
        yield build()
        transaction.set_rollback(True)

"""One KPI with a return, a revision and a target set in each state, and everybody who might touch them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiPerson, MonthlyReturn, Revision, TargetSet
from tests.factories.kpis import (
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
    round_of,
)
from tests.factories.organisation import AppointmentFactory, DelegationFactory, UserFactory, holder

__all__ = ["REVISION_STATES", "STATES", "TARGET_STATES", "TODAY", "World", "made"]

TODAY = date(2027, 4, 12)  # March's round is open
STATES = ["not started", "draft", "submitted", "challenged", "accepted"]
REVISION_STATES = ["proposed", "accepted", "declined", "withdrawn"]
TARGET_STATES = {
    "awaiting approval": TargetSet.State.AWAITING,
    "approved": TargetSet.State.APPROVED,
    "sent back": TargetSet.State.SENT_BACK,
    "taken back": TargetSet.State.TAKEN_BACK,
    "replaced": TargetSet.State.REPLACED,
}


@dataclass
class World:
    """The people by what they are, the returns, revisions and target sets by their state."""

    people: dict[str, User] = field(default_factory=dict)
    returns: dict[str, MonthlyReturn] = field(default_factory=dict)
    revisions: dict[str, Revision] = field(default_factory=dict)
    targets: dict[str, TargetSet] = field(default_factory=dict)


def build() -> World:
    world = World()
    people = world.people
    kpi_year = KpiYearFactory(latest=True)
    service = kpi_year.service
    TargetSetFactory(kpi_year=kpi_year, target=10, intervention=8)

    def named(duty: str, user: User) -> User:
        return KpiPersonFactory(kpi_year=kpi_year, duty=duty, user=user).user

    def delegate_of(name: str, **dates: Any) -> User:
        return DelegationFactory(user=people[name], **dates).delegate

    duty = KpiPerson.Duty
    people["collector"] = named(duty.COLLECTS, UserFactory(name="Cara Collector"))
    people["forecaster"] = named(duty.FORECASTS, UserFactory(name="Finn Forecaster"))
    people["commentator"] = named(duty.COMMENTS, UserFactory(name="Cole Commentator"))
    people["stand-in"] = named(duty.STANDS_IN, UserFactory(name="Sami Stand-in"))
    people["service manager"] = holder(Role.SERVICE_MANAGER, service=service)
    people["team member who typed it"] = holder(Role.PERFORMANCE_TEAM)
    people["another team member"] = holder(Role.PERFORMANCE_TEAM)
    people["team member who proposed it"] = holder(Role.PERFORMANCE_TEAM)
    people["team member named for the KPI"] = named(duty.STANDS_IN, holder(Role.PERFORMANCE_TEAM))
    people["board member"] = holder(Role.BOARD)
    people["board member named for the KPI"] = named(duty.STANDS_IN, holder(Role.BOARD))
    people["board member who typed it"] = holder(Role.BOARD)
    for name in ("collector", "forecaster", "commentator", "stand-in", "service manager"):
        people[f"{name}'s delegate"] = delegate_of(name)
    people["typist's delegate"] = delegate_of("team member who typed it")
    people["proposer's delegate"] = delegate_of("team member who proposed it")
    people["another team member's delegate"] = delegate_of("another team member")
    people["board member's delegate"] = delegate_of("board member")
    people["another service's manager"] = holder(Role.SERVICE_MANAGER)
    people["head of service"] = holder(Role.HEAD_OF_SERVICE, service=service)
    people["director"] = holder(Role.DIRECTOR, directorate=service.directorate)
    people["portfolio holder"] = holder(Role.PORTFOLIO_HOLDER, portfolio=kpi_year.portfolio)
    people["internal auditor"] = holder(Role.INTERNAL_AUDIT)
    people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
    people["nobody"] = UserFactory()
    people["somebody whose delegation has ended"] = delegate_of("collector", ends_on=date(2027, 4, 11))
    former = AppointmentFactory(role=Role.PERFORMANCE_TEAM.value, ends_on=date(2027, 4, 11))
    people["former team member"] = former.user
    closed = named(duty.COLLECTS, UserFactory(is_active=False))
    people["collector whose account is closed"] = closed

    _returns(world, kpi_year)
    _targets(world, kpi_year)
    for one in people.values():
        one.standing = standing(one)  # worked out once, as during a request
    return world


def _returns(world: World, kpi_year: Any) -> None:
    march = round_of(date(2027, 3, 1))
    typed = [world.people["team member who typed it"], world.people["board member who typed it"]]
    traits = ["not_started", "draft", "submitted", "challenged", "accepted"]
    for number, (state, trait) in enumerate(zip(STATES, traits, strict=True)):
        # The accepted one is March's: its outturn is provisional.
        record: MonthlyReturn = MonthlyReturnFactory(
            kpi_year=kpi_year,
            month=date(2027, 3, 1) if state == "accepted" else date(2026, 9 + number, 1),
            period=march,
            **({trait: True} if trait != "not_started" else {}),
        )
        for person in typed:
            record.authors.create(user=person)
        world.returns[state] = record
    for number, state in enumerate(REVISION_STATES):
        record = MonthlyReturnFactory(
            kpi_year=kpi_year, month=date(2026, 4 + number, 1), period=march, accepted=True, submitted_by=typed[0]
        )
        proposer = world.people["team member who proposed it"]
        revision: Revision = RevisionFactory(monthly_return=record, proposed_by=proposer, state=state)
        revision.transitions.create(
            move="propose",
            from_state="proposed",
            to_state="proposed",
            by=proposer,
            by_name=proposer.name,
            at=clock.now(),
        )
        if state != "proposed":
            other = UserFactory()
            revision.transitions.create(
                move={"accepted": "accept", "declined": "decline", "withdrawn": "withdraw"}[state],
                from_state="proposed",
                to_state=state,
                by=other,
                by_name=other.name,
                at=clock.now(),
            )
        world.revisions[state] = revision


def _targets(world: World, kpi_year: Any) -> None:
    """A set in each state, each from a month of its own, all proposed by the same member of the team."""
    for number, (state, value) in enumerate(TARGET_STATES.items()):
        approved = value in (TargetSet.State.APPROVED, TargetSet.State.REPLACED)
        world.targets[state] = TargetSetFactory(
            kpi_year=kpi_year,
            from_month=date(2026, 8 + number, 1),
            target=12,
            intervention=9,
            state=value,
            set_by=world.people["team member who proposed it"],
            **({} if approved else {"approved_by": "", "approved_on": None}),
        )


@contextmanager
def made() -> Iterator[World]:
    """The world, in a transaction that is never committed: for a fixture that several tests share."""
    with clock.taken_to_be(TODAY), transaction.atomic():
        yield build()
        transaction.set_rollback(True)

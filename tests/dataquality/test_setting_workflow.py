"""Who may make which move of a proposal and of a year's set, in which state: every triple, against tables in words.

Written from the framework (C.1) and not from the code: holders review, services propose, the head of service agrees,
corporate leadership signs off; bodies decide in meetings and never by clicking.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from dataquality.models import Proposal, SettingDecision, SettingRound
from dataquality.operations.going_live import advance, record_decision
from dataquality.operations.proposing import move
from dataquality.setting_workflow import (
    BODIES,
    PROPOSAL_MOVES,
    ROUND_MOVES,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    StaleRecord,
    refusal,
)
from hdcperf.organisation.models import User
from hdcperf.review.decisions import Decided
from hdcperf.roles import Role
from kpis.models import KpiPerson
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import DelegationFactory, PortfolioFactory, UserFactory, holder
from tests.factories.setting import SettingDecisionFactory, SettingRoundFactory, proposal_in, round_in
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)

PROPOSALS = rows_of("""
move      | who       | draft      | submitted  | agreed     | signed
review    | reviewers | yes        | state      | state      | state
review    | others    | not theirs | not theirs | not theirs | not theirs
save      | proposers | yes        | state      | state      | state
save      | rest      | not theirs | not theirs | not theirs | not theirs
submit    | proposers | yes        | state      | state      | state
submit    | rest      | not theirs | not theirs | not theirs | not theirs
take_back | proposers | state      | yes        | state      | state
take_back | rest      | not theirs | not theirs | not theirs | not theirs
agree     | head      | state      | yes        | state      | state
agree     | not head  | not theirs | not theirs | not theirs | not theirs
send_back | head      | state      | yes        | state      | state
send_back | not head  | not theirs | not theirs | not theirs | not theirs
sign      | director  | state      | state      | yes        | state
sign      | not director | not theirs | not theirs | not theirs | not theirs
return    | director  | state      | state      | yes        | yes
return    | not director | not theirs | not theirs | not theirs | not theirs
""")
STATES = ("draft", "submitted", "agreed", "signed")
NAMED = ["KPI holder", "stand-in"]
PROPOSERS = ["performance_team", "service_manager", "delegate", "head_of_service"]


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """A window with a proposal in each state, and everybody who might move it."""

    def __init__(self) -> None:
        portfolio = PortfolioFactory()
        first = KpiYearFactory(latest=True, portfolio=portfolio)
        kpis = [first, *(KpiYearFactory(latest=True, service=first.service, portfolio=portfolio) for _ in "abc")]
        window = SettingRoundFactory()
        self.records = {state: proposal_in(state, window, kpi) for state, kpi in zip(STATES, kpis, strict=True)}
        scope: dict[str, dict[str, Any]] = {
            "service": {"service": first.service},
            "directorate": {"directorate": first.service.directorate},
            "portfolio": {"portfolio": portfolio},
            "council": {},
        }
        self.people: dict[str, User] = {role.value: holder(role, **scope[role.scope_kind.value]) for role in Role}
        for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.DIRECTOR):
            self.people[f"another {role.value}"] = holder(role)
        self.people["delegate"] = DelegationFactory(user=holder(Role.SERVICE_MANAGER, service=first.service)).delegate
        self.people["former manager"] = holder(Role.SERVICE_MANAGER, service=first.service, ends_on=date(2026, 11, 4))
        self.people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
        for name, duty in zip(NAMED, (KpiPerson.Duty.COLLECTS, KpiPerson.Duty.STANDS_IN), strict=True):
            self.people[name] = UserFactory()
            for kpi in kpis:
                KpiPerson.objects.create(kpi_year=kpi, user=self.people[name], duty=duty)

    @property
    def groups(self) -> dict[str, list[str]]:
        everybody = list(self.people)
        reviewers = PROPOSERS + NAMED
        return {
            "reviewers": reviewers,
            "others": [one for one in everybody if one not in reviewers],
            "proposers": PROPOSERS,
            "rest": [one for one in everybody if one not in PROPOSERS],
            "head": ["head_of_service"],
            "not head": [one for one in everybody if one != "head_of_service"],
            "director": ["director"],
            "not director": [one for one in everybody if one != "director"],
        }


def act(record: Proposal, name: str, *, by: User, comment: str) -> Proposal:
    return move(record, name, by=by, version=record.version, comment=comment)


@pytest.fixture
def world() -> World:
    return World()


def test_the_table_names_every_move_of_a_proposal() -> None:
    assert {row.move for row in PROPOSALS} == set(PROPOSAL_MOVES)


@pytest.mark.parametrize("row", PROPOSALS, ids=str)
def test_every_triple_of_a_proposal_is_as_the_table_says(world: World, row: Row) -> None:
    tried = Tried(PROPOSAL_MOVES, act, world.people, world.records)
    assert tried.disagreements(row, world.groups) == []


@pytest.mark.parametrize(
    ("state", "name", "who"), [("submitted", "agree", "head_of_service"), ("agreed", "sign", "director")]
)
def test_whoever_proposed_it_does_not_agree_it(world: World, state: str, name: str, who: str) -> None:
    person = world.people[who]
    kpi = KpiYearFactory(service=world.records["draft"].service, latest=True)
    own = proposal_in(state, SettingRound.objects.get(), kpi, by=person)
    with pytest.raises(MoveRefused, match="a colleague must agree it"):
        move(own, name, by=person, version=own.version)


@pytest.mark.parametrize(
    ("today", "review", "save"),
    [
        (date(2026, 9, 30), "opens on 1 October 2026", "opens on 1 October 2026"),
        (date(2026, 10, 14), None, "services propose from 15 October 2026"),
        (date(2026, 10, 15), None, None),
        (date(2026, 12, 11), None, None),
        (date(2026, 12, 12), "closed on 11 December 2026", "closed on 11 December 2026"),
    ],
)
def test_holders_review_first_and_services_propose_until_it_closes(
    world: World, set_today: Callable[[date], None], today: date, review: str | None, save: str | None
) -> None:
    set_today(today)
    draft, team = world.records["draft"], world.people["performance_team"]
    for name, expected in (("review", review), ("save", save)):
        said = refusal(draft, PROPOSAL_MOVES[name], team)
        assert (said is None) if expected is None else (said is not None and expected in said)


def test_nothing_moves_once_the_set_is_with_its_bodies(world: World) -> None:
    window = SettingRound.objects.get()
    window.state = SettingRound.State.SCRUTINY
    window.save()
    who = {"draft": "performance_team", "submitted": "head_of_service", "agreed": "director", "signed": "director"}
    for state, record in world.records.items():
        fresh = Proposal.objects.get(pk=record.pk)
        for name, one in PROPOSAL_MOVES.items():
            if state in one.sources:
                with pytest.raises((MoveRefused, NotPermitted)):
                    move(fresh, name, by=world.people[who[state]], version=fresh.version, comment="Because.")


# The year's set

LEADS: dict[str, dict[str, str]] = {
    "to_portfolio_holders": {"proposing": "portfolio"},
    "to_scrutiny": {"portfolio": "scrutiny"},
    "to_cabinet": {"scrutiny": "cabinet"},
    "approved": {"cabinet": "approved"},
    "go_live": {"approved": "live"},
    "send_back": dict.fromkeys(["portfolio", "scrutiny", "cabinet", "approved"], "proposing"),
}


def ready(state: str) -> SettingRound:
    """A set in ``state`` with one signed proposal, and everything decided that its stage needs."""
    made = round_in(state)
    before = KpiYearFactory(latest=True, portfolio=PortfolioFactory())
    proposal_in("signed", made, before)
    body = SettingDecision.Body.CABINET if state == "approved" else BODIES.get(state, "")
    if body:
        portfolio = before.portfolio if body == SettingDecision.Body.PORTFOLIO else None
        SettingDecisionFactory(setting_round=made, body=body, portfolio=portfolio, takes_effect_on=TODAY)
    return made


def test_the_table_names_every_move_of_a_set() -> None:
    assert set(LEADS) == set(ROUND_MOVES)


@pytest.mark.parametrize("state", [one.value for one in SettingRound.State])
def test_only_the_team_takes_a_set_on_and_only_in_order(state: str) -> None:
    made = ready(state)
    people = {role.value: holder(role) for role in Role} | {"superuser": UserFactory(is_superuser=True)}
    for name in ROUND_MOVES:
        for who, person in people.items():
            leads = LEADS[name].get(state) if who == "performance_team" else None
            said = refusal(made, ROUND_MOVES[name], person)
            with transaction.atomic():
                if leads is not None:
                    assert said is None, (name, who, said)
                    moved = advance(made, name, by=person, version=made.version, comment="Because.")
                    assert (moved.state, moved.transitions.last().to_state) == (leads, leads)
                else:
                    assert said is not None
                    wrong = NotPermitted if who != "performance_team" else SomebodyElseDidIt
                    with pytest.raises(wrong):
                        advance(made, name, by=person, version=made.version, comment="Because.")
                transaction.set_rollback(True)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def test_a_set_waits_until_every_proposal_is_signed_off(team: User) -> None:
    made = ready("proposing")
    proposal_in("agreed", made)
    with pytest.raises(MoveRefused, match="One proposal is not signed off"):
        advance(made, "to_portfolio_holders", by=team, version=made.version)


def test_a_set_waits_for_the_portfolio_holder_of_a_kpi_to_be_dropped(team: User) -> None:
    made = ready("portfolio")
    dropped = KpiYearFactory(latest=True, portfolio=PortfolioFactory(name="Example portfolio of the dropped"))
    proposal_in("signed", made, dropped, verdict="drop")
    with pytest.raises(MoveRefused, match="Example portfolio of the dropped"):
        advance(made, "to_scrutiny", by=team, version=made.version)


@pytest.mark.parametrize(
    ("state", "kind", "sentence"),
    [
        ("portfolio", "not_agreed", "did not agree: send the set back"),
        ("scrutiny", "not_agreed", "did not agree: send the set back"),
        ("cabinet", "commented", "commented without agreeing"),
    ],
)
def test_a_body_that_did_not_agree_stops_the_set(team: User, state: str, kind: str, sentence: str) -> None:
    made = ready(state)
    first = made.decisions.get()
    SettingDecisionFactory(setting_round=made, body=first.body, portfolio=first.portfolio, kind=kind)
    onward = next(name for name, leads in LEADS.items() if state in leads and name != "send_back")
    with pytest.raises(MoveRefused, match=sentence):
        advance(made, onward, by=team, version=made.version)


def test_the_set_goes_live_only_when_cabinets_decision_takes_effect(
    team: User, set_today: Callable[[date], None]
) -> None:
    made = ready("approved")
    set_today(date(2026, 11, 4))
    with pytest.raises(MoveRefused, match="takes effect on 5 November 2026"):
        advance(made, "go_live", by=team, version=made.version)


def test_a_page_made_before_a_change_is_not_acted_on(team: User) -> None:
    made = ready("scrutiny")
    with pytest.raises(StaleRecord):
        advance(made, "to_cabinet", by=team, version=made.version + 1)


def test_a_decision_is_recorded_once_by_those_who_record(team: User) -> None:
    made = ready("scrutiny")
    said = Decided("commented", date(2026, 11, 4), "12", "The panel asks for a higher target for bins.")
    one = record_decision(made, said, by=team)
    assert record_decision(made, said, by=team) == one
    assert made.decisions.filter(minute="12").count() == 1
    for role in Role:
        if role not in (Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES):
            with pytest.raises(NotPermitted):
                record_decision(made, said, by=holder(role))

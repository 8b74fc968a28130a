"""Who may make which move of a statement of assurance and of a year's report: every triple, against a table in words.

Written from the framework (Appendix A): service managers, and their head of service, provide assurance on their
controls; the Performance Team asks and reports.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, reset_queries, transaction

from dataquality.assurance_workflow import ASSURANCE_MOVES, STATEMENT_MOVES, move_assurance, move_statement, refusal
from dataquality.models import AssuranceRound, AssuranceStatement
from hdcperf.organisation.models import User
from hdcperf.roles import Role, ScopeKind
from tests.factories.assurance import AssuranceRoundFactory, statement_in
from tests.factories.organisation import DelegationFactory, PortfolioFactory, ServiceFactory, UserFactory, holder
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 11)

STATEMENTS = rows_of("""
move   | who      | draft      | signed
save   | signers  | yes        | state
save   | the rest | not theirs | not theirs
sign   | signers  | yes        | state
sign   | the rest | not theirs | not theirs
reopen | signers  | state      | yes
reopen | the rest | not theirs | not theirs
""")
YEARS = rows_of("""
move      | who      | open       | reported
report    | the team | yes        | state
report    | others   | not theirs | not theirs
take_back | the team | state      | yes
take_back | others   | not theirs | not theirs
""")
SIGNERS = ["service_manager", "head_of_service", "delegate of the manager"]
ELSEWHERE = ["another service_manager", "another head_of_service", "former manager", "superuser"]
EVERYBODY = [*(role.value for role in Role), "delegate of the manager", *ELSEWHERE]
GROUPS = {
    "signers": SIGNERS,
    "the rest": [one for one in EVERYBODY if one not in SIGNERS],
    "the team": ["performance_team"],
    "others": [one for one in EVERYBODY if one != "performance_team"],
}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def people_and_statements() -> tuple[dict[str, User], dict[str, AssuranceStatement]]:
    service = ServiceFactory()
    scopes = {
        ScopeKind.SERVICE: {"service": service},
        ScopeKind.DIRECTORATE: {"directorate": service.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": PortfolioFactory()},
    }
    people = {role.value: holder(role, **scopes.get(role.scope_kind, {})) for role in Role}
    people |= {
        "delegate of the manager": DelegationFactory(user=holder(Role.SERVICE_MANAGER, service=service)).delegate,
        "former manager": holder(Role.SERVICE_MANAGER, service=service, ends_on=date(2026, 5, 10)),
        "another service_manager": holder(Role.SERVICE_MANAGER),
        "another head_of_service": holder(Role.HEAD_OF_SERVICE),
        "superuser": UserFactory(is_superuser=True, is_staff=True),
    }
    records = {
        state: statement_in(state, service=service, assurance_round=AssuranceRoundFactory(year=year))
        for state, year in (("draft", 2025), ("signed", 2024))
    }
    return people, records


def _state(record: AssuranceStatement, name: str, *, by: User, comment: str) -> AssuranceStatement:
    def change(fresh: AssuranceStatement) -> None:
        signing = name == "sign"
        fresh.signed_by, fresh.signed_on = (by, TODAY) if signing else (None, None)

    return move_statement(record, name, by=by, comment=comment, change=None if name == "save" else change)


def _year(record: AssuranceRound, name: str, *, by: User, comment: str) -> AssuranceRound:
    def change(fresh: AssuranceRound) -> None:
        giving = name == "report"
        fresh.words, fresh.report, fresh.reported_on = "Noted.", "{}" if giving else "", TODAY if giving else None

    return move_assurance(record, name, by=by, comment=comment, change=change)


def test_every_move_is_made_by_those_of_the_tables_and_nobody_else() -> None:
    people, statements = people_and_statements()
    years = {"open": AssuranceRoundFactory(year=2023), "reported": AssuranceRoundFactory(year=2022, reported=True)}
    assert {row.move for row in STATEMENTS} == set(STATEMENT_MOVES)
    assert {row.move for row in YEARS} == set(ASSURANCE_MOVES)
    assert all(set(row.expected) == set(AssuranceStatement.State.values) for row in STATEMENTS)
    assert all(set(row.expected) == set(AssuranceRound.State.values) for row in YEARS)
    of_statements = Tried(STATEMENT_MOVES, _state, people, statements)
    of_years = Tried(ASSURANCE_MOVES, _year, people, years)
    wrong: list[tuple[Row, list[str]]] = []
    for tried, table in ((of_statements, STATEMENTS), (of_years, YEARS)):
        for row in table:
            reset_queries()  # the log of queries has an end
            if found := tried.disagreements(row, GROUPS):
                wrong.append((row, found))
    assert wrong == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"level": ""}, "Say first how sure you are, and what this rests on."),
        ({"words": ""}, "Say first how sure you are, and what this rests on."),
        ({"level": "limited"}, "Say what the gaps are, and what is being done about them."),
    ],
)
def test_a_statement_that_leaves_out_how_sure_it_is_is_not_signed(facts: dict[str, str], said: str) -> None:
    record = statement_in("draft", **facts)
    assert refusal(record, STATEMENT_MOVES["sign"], holder(Role.SERVICE_MANAGER, service=record.service)) == said


def test_a_figure_outside_what_it_should_be_is_explained_before_the_statement_is_signed() -> None:
    record = statement_in("draft")
    row = record.figures.get(measure="missing-months")
    row.counted, row.of, row.explanation = 1, 12, ""
    row.save()
    manager = holder(Role.SERVICE_MANAGER, service=record.service)
    said = refusal(record, STATEMENT_MOVES["sign"], manager)
    assert said == "1 figure is to be explained first: missing months."
    row.explanation = "The supplier was late."
    row.save()
    assert refusal(record, STATEMENT_MOVES["sign"], manager) is None


def test_nobody_is_sure_of_a_year_before_it_has_ended(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 3, 31))
    record = statement_in("draft")
    said = refusal(record, STATEMENT_MOVES["sign"], holder(Role.SERVICE_MANAGER, service=record.service))
    assert said == "2025/26 has not ended: it can be signed from 1 April 2026. Save it until then."
    team = holder(Role.PERFORMANCE_TEAM)
    assert refusal(record.assurance_round, ASSURANCE_MOVES["report"], team) == said


def test_a_statement_stays_as_it_was_given_once_the_year_is_reported() -> None:
    record = statement_in("signed", assurance_round=AssuranceRoundFactory(reported=True))
    said = refusal(record, STATEMENT_MOVES["reopen"], holder(Role.SERVICE_MANAGER, service=record.service))
    assert said == "The year is reported to the committee, so its statements stay as they were given."


def test_the_database_keeps_what_was_signed_and_reported_whole() -> None:
    record = statement_in("signed", level="full")
    for facts in ({"level": ""}, {"level": "none", "gaps": ""}, {"signed_on": None}):
        fresh = AssuranceStatement.objects.get(pk=record.pk)
        for name, value in facts.items():
            setattr(fresh, name, value)
        with pytest.raises(IntegrityError), transaction.atomic():
            fresh.save()
    year = AssuranceRoundFactory(year=2020, reported=True)
    year.report = ""
    with pytest.raises(IntegrityError), transaction.atomic():
        year.save()

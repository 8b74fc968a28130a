"""Who may make which move of a template, in which state: every triple, against a table in words.

Written from the framework (B.1, B.2, Appendix A) and not from the code: the KPI's people, those the template names,
the service's managers and the Performance Team complete it; the service manager or the head of service signs it off,
never what they sent themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import reset_queries

from dataquality.models import Template
from dataquality.workflow import TEMPLATE_MOVES, move_template, refusal
from hdcperf.organisation.models import User
from hdcperf.roles import Role, ScopeKind
from kpis.models import KpiPerson
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import DelegationFactory, PortfolioFactory, UserFactory, holder
from tests.factories.templates import WAYS, TemplateFactory, template_in
from tests.workflow_tables import Row, Tried, rows_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 16)
STATES = [one.value for one in Template.State]

TABLE = rows_of("""
move      | who        | draft      | submitted  | signed     | superseded | discarded
save      | completers | yes        | state      | state      | state      | state
save      | others     | not theirs | not theirs | not theirs | not theirs | not theirs
submit    | completers | yes        | state      | state      | state      | state
submit    | others     | not theirs | not theirs | not theirs | not theirs | not theirs
take_back | completers | state      | yes        | state      | state      | state
take_back | others     | not theirs | not theirs | not theirs | not theirs | not theirs
send_back | signers    | state      | yes        | state      | state      | state
send_back | the rest   | not theirs | not theirs | not theirs | not theirs | not theirs
sign      | signers    | state      | yes *      | state      | state      | state
sign      | the rest   | not theirs | not theirs | not theirs | not theirs | not theirs
discard   | completers | yes        | state      | state      | state      | state
discard   | others     | not theirs | not theirs | not theirs | not theirs | not theirs
supersede | signers    | state      | state      | yes        | state      | state
supersede | the rest   | not theirs | not theirs | not theirs | not theirs | not theirs
""")
SIGNERS = ["service_manager", "head_of_service", "delegate of the manager", "manager who sent it"]
COMPLETERS = [*SIGNERS[:3], "performance_team", "KPI holder", "stand-in", "named in the template"]
OTHERS = [
    *(role.value for role in Role if role.value not in (*SIGNERS, "performance_team")),
    *("another service_manager", "another head_of_service", "another KPI holder", "former manager", "superuser"),
]
GROUPS = {
    "completers": COMPLETERS,
    "others": OTHERS,
    "signers": SIGNERS,
    "the rest": [*OTHERS, *(one for one in COMPLETERS if one not in SIGNERS)],
}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def people_and_records() -> tuple[dict[str, User], dict[str, Template]]:
    kpi_year = KpiYearFactory(template_signed_on=None, portfolio=PortfolioFactory())
    scopes = {
        ScopeKind.SERVICE: {"service": kpi_year.service},
        ScopeKind.DIRECTORATE: {"directorate": kpi_year.service.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": kpi_year.portfolio},
    }
    people = {role.value: holder(role, **scopes.get(role.scope_kind, {})) for role in Role}
    of_ours = {"service": kpi_year.service}
    people |= {
        "delegate of the manager": DelegationFactory(user=holder(Role.SERVICE_MANAGER, **of_ours)).delegate,
        "manager who sent it": holder(Role.SERVICE_MANAGER, **of_ours),
        "former manager": holder(Role.SERVICE_MANAGER, ends_on=date(2026, 3, 15), **of_ours),
        "another service_manager": holder(Role.SERVICE_MANAGER),
        "another head_of_service": holder(Role.HEAD_OF_SERVICE),
        "KPI holder": KpiPersonFactory(kpi_year=kpi_year).user,
        "stand-in": KpiPersonFactory(kpi_year=kpi_year, duty=KpiPerson.Duty.STANDS_IN).user,
        "another KPI holder": KpiPersonFactory().user,
        "named in the template": UserFactory(),
        "superuser": UserFactory(is_superuser=True, is_staff=True),
    }
    records = {
        state: template_in(
            state,
            kpi_year=KpiYearFactory(template_signed_on=None, service=kpi_year.service, portfolio=kpi_year.portfolio),
            sent_by=people["manager who sent it"],
        )
        for state in STATES
    }
    for record in records.values():
        record.people.create(user=people["named in the template"], duty=KpiPerson.Duty.STANDS_IN)
        for name, duty in (("KPI holder", KpiPerson.Duty.COLLECTS), ("stand-in", KpiPerson.Duty.STANDS_IN)):
            KpiPersonFactory(kpi_year=record.kpi_year, user=people[name], duty=duty)
    _confirm(records["submitted"])
    return people, records


def _confirm(template: Template) -> None:
    for row in template.people.filter(access_confirmed_on=None):
        row.access_confirmed_on = TODAY
        row.save()


def _sign_or_move(record: Template, name: str, *, by: User, comment: str) -> Template:
    def signed(fresh: Template) -> None:
        fresh.declaration, fresh.signed_by, fresh.signed_by_name, fresh.signed_on = "I confirm", by, by.name, TODAY

    return move_template(record, name, by=by, comment=comment, change=signed if name == "sign" else None)


def test_the_table_names_every_move_state_and_post() -> None:
    assert {row.move for row in TABLE} == set(TEMPLATE_MOVES)
    assert all(set(row.expected) == set(STATES) == set(WAYS) for row in TABLE)
    assert {role.value for role in Role} <= {*COMPLETERS, *OTHERS}


def test_every_move_is_made_by_those_of_the_table_and_nobody_else() -> None:
    people, records = people_and_records()
    tried = Tried(TEMPLATE_MOVES, _sign_or_move, people, records, but={"manager who sent it": "own"})
    wrong: list[tuple[Row, list[str]]] = []
    for row in TABLE:
        reset_queries()  # the log of queries has an end
        if found := tried.disagreements(row, GROUPS):
            wrong.append((row, found))
    assert wrong == []


def test_a_template_with_a_question_unanswered_is_not_sent_for_sign_off() -> None:
    record = template_in("draft", benchmarking="")
    said = refusal(record, TEMPLATE_MOVES["submit"], holder(Role.PERFORMANCE_TEAM))
    assert said is not None
    assert "1 question is not answered yet" in said
    assert "Benchmarking" in said


def test_a_template_is_not_signed_off_while_somebody_has_not_confirmed_their_access() -> None:
    record = template_in("submitted", confirmed=False)
    said = refusal(record, TEMPLATE_MOVES["sign"], holder(Role.SERVICE_MANAGER, service=record.kpi_year.service))
    assert said is not None
    for row in record.people.all():
        assert row.user.name in said


def test_a_delegate_signs_for_the_manager_they_cover() -> None:
    record = template_in("submitted")
    manager = holder(Role.SERVICE_MANAGER, service=record.kpi_year.service)
    delegate = DelegationFactory(user=manager).delegate
    _sign_or_move(record, "sign", by=delegate, comment="")
    last = record.transitions.last()
    assert last is not None
    assert (last.by, last.on_behalf_of) == (delegate, manager)


def test_the_delegate_of_whoever_sent_it_does_not_sign_it() -> None:
    kpi_year = KpiYearFactory(template_signed_on=None)
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service)
    record = template_in("submitted", kpi_year=kpi_year, sent_by=manager)
    said = refusal(record, TEMPLATE_MOVES["sign"], DelegationFactory(user=manager).delegate)
    assert said == "You sent this for sign-off yourself, so another manager of the service must sign it."


def test_a_draft_of_nothing_can_be_saved_by_the_team() -> None:
    record = TemplateFactory()
    assert refusal(record, TEMPLATE_MOVES["save"], holder(Role.PERFORMANCE_TEAM)) is None

"""Asking for statements, making them with the service's figures, and the report that is kept as it was given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dataquality.assurance_workflow import MoveRefused, NotPermitted, StaleRecord
from dataquality.models import AssuranceStatement, AuditFinding
from dataquality.operations.assurance import Stated, ask, change_due, reopen_statement, save_statement, sign_statement
from dataquality.operations.audit_findings import Found, change_finding, close_finding, record_finding
from dataquality.presenters.assurance_report import report_of
from dataquality.queries.assurance import assurance_tasks, statement_lines, year_to_ask
from dataquality.queries.assurance_report import held_of_year
from dataquality.rules.frozen_report import Report, Section, read_report, written
from dataquality.rules.measures import Measure
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.problems import ProposalRefused
from hdcperf.roles import Role
from tests.factories.assurance import AssuranceRoundFactory, AuditFindingFactory, statement_in
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, RevisionFactory
from tests.factories.organisation import ServiceFactory, holder
from tests.factories.templates import WaiverFactory

YEAR = FinancialYear(2025)
DUE, TODAY = date(2026, 5, 29), date(2026, 5, 11)
words = st.text(max_size=40)
sections = st.builds(
    Section, words, words, st.tuples(words, words), st.lists(st.tuples(words, words), max_size=3).map(tuple), words
)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@given(st.builds(Report, st.lists(words, max_size=3).map(tuple), st.lists(sections, max_size=3).map(tuple)))
def test_a_report_that_was_kept_is_read_back_the_same(report: Report) -> None:
    assert read_report(written(report)) == report


def _asked() -> tuple[AssuranceStatement, User]:
    """The statement of a service one of whose two templates was never signed, and its manager."""
    kpi_year = KpiYearFactory(year=2025)
    KpiYearFactory(year=2025, service=kpi_year.service, template_signed_on=None)
    record = ask(YEAR, DUE, by=holder(Role.PERFORMANCE_TEAM))
    statement = record.statements.get(service=kpi_year.service)
    return statement, holder(Role.SERVICE_MANAGER, service=kpi_year.service)


SAID = Stated("full", "Two officers check each figure.", "", {Measure.SIGNED: "It was known."})


@pytest.mark.django_db
def test_every_service_with_kpis_in_the_year_is_asked_once_and_late_ones_when_the_date_changes() -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    with pytest.raises(MoveRefused, match="2025/26 has no KPIs"):
        ask(YEAR, DUE, by=team)
    first = KpiYearFactory(year=2025).service
    KpiYearFactory(year=2025, is_live=False)
    assert year_to_ask(standing(team)) == YEAR
    with pytest.raises(ProposalRefused) as refused:
        ask(YEAR, date(2026, 3, 31), by=team)
    assert [one.field for one in refused.value.problems] == ["due_on"]
    with pytest.raises(NotPermitted):
        ask(YEAR, DUE, by=holder(Role.HEAD_OF_SERVICE))
    record = ask(YEAR, DUE, by=team)
    assert ask(YEAR, date(2026, 6, 30), by=team) == record
    assert [one.service for one in record.statements.all()] == [first]
    assert year_to_ask(standing(team)) is None
    second = KpiYearFactory(year=2025).service
    later = change_due(record, date(2026, 6, 12), by=team, version=record.version)
    assert {one.service for one in later.statements.all()} == {first, second}
    with pytest.raises(StaleRecord):
        change_due(record, DUE, by=team, version=record.version)


@pytest.mark.django_db
def test_a_signed_statement_keeps_the_figures_as_they_stood_and_can_be_reopened() -> None:
    statement, manager = _asked()
    with pytest.raises(MoveRefused, match="templates signed off"):
        sign_statement(statement, Stated("full", "Checked."), by=manager, version=1)
    assert not AssuranceStatement.objects.get(pk=statement.pk).level, "nothing was written half way"
    signed = sign_statement(statement, SAID, by=manager, version=1)
    assert (signed.state, signed.signed_by, signed.signed_on) == ("signed", manager, TODAY)
    row = signed.figures.get(measure=Measure.SIGNED.value)
    assert (row.counted, row.of, row.explanation) == (1, 2, "It was known.")
    KpiYearFactory(year=2025, service=statement.service, template_signed_on=None)
    assert signed.figures.get(measure=Measure.SIGNED.value).of == 2
    opened = reopen_statement(signed, by=manager, comment="A third template came to light.")
    saved = save_statement(opened, SAID, by=manager, version=opened.version)
    assert (saved.signed_by, saved.figures.get(measure=Measure.SIGNED.value).of) == (None, 3)
    with pytest.raises(StaleRecord):
        save_statement(saved, SAID, by=manager, version=opened.version)


@pytest.mark.django_db
def test_what_is_missing_is_said_beside_its_box_with_what_was_typed_still_there() -> None:
    statement, manager = _asked()
    client = Client()
    client.force_login(manager)
    address = f"/dataquality/assurance/2025-26/{statement.service_id}/"
    sent = {"version": 1, "move": "sign", "level": "limited", "words": "A colleague reruns it."}
    page = client.post(address, sent).content.decode()
    for said in ("Explain templates signed off", "Say what the gaps are", "A colleague reruns it."):
        assert said in page
    sent |= {"explain_templates-signed": "It was known.", "gaps": "One officer only.", "version": 7}
    assert "It was changed after you opened the page" in client.post(address, sent).content.decode()
    assert client.post(address, {**sent, "version": 1}).status_code == 302
    assert "Only one" not in client.get(address).content.decode()
    assert client.post(address, {**sent, "move": "reopen"}).status_code == 200, "no reason was given"
    assert client.post(address, {"move": "sing"}).status_code == 404


@pytest.mark.django_db
def test_a_draft_is_read_by_its_service_and_the_team_and_by_others_once_it_is_signed() -> None:
    statement, manager = _asked()
    record, auditor = statement.assurance_round, holder(Role.INTERNAL_AUDIT)
    readers = (manager, holder(Role.PERFORMANCE_TEAM), auditor)
    assert [statement_lines(standing(one), record)[0].may_read for one in readers] == [True, True, False]
    assert [one.title for one in assurance_tasks(standing(manager))] == [
        f"Sign the statement of assurance of {statement.service} for 2025/26"
    ]
    sign_statement(statement, SAID, by=manager, version=1)
    assert statement_lines(standing(auditor), record)[0].may_read
    assert assurance_tasks(standing(manager)) == []
    assert [one.title for one in assurance_tasks(standing(holder(Role.PERFORMANCE_TEAM)))] == [
        "Report the assurance on data quality for 2025/26 to the committee"
    ]


@pytest.mark.django_db
def test_the_report_draws_together_statements_waivers_revisions_and_findings_and_names_who_gave_none() -> None:
    statement, manager = _asked()
    sign_statement(statement, SAID, by=manager, version=1)
    record = statement.assurance_round
    kpi_year = KpiYearFactory(year=2025, service=statement.service)
    silent = statement_in("draft", assurance_round=record, level="")
    WaiverFactory(kpi_year=kpi_year, allowed_by_name="Dara Example, Director, Place")
    figure = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 2, 1), accepted=True)
    RevisionFactory(monthly_return=figure, state="accepted", reason="A round was left out.")
    RevisionFactory(monthly_return=figure, state="declined", reason="It was not.")
    AuditFindingFactory(service=statement.service, due_on=date(2026, 4, 30))
    AuditFindingFactory(
        finding="Of long ago.", reported_on=date(2024, 1, 8), closed_on=date(2024, 2, 1), closing_words="Done."
    )
    AuditFindingFactory(finding="Of the year after.", reported_on=date(2026, 4, 20))
    with CaptureQueriesContext(connection) as few:
        report = report_of(held_of_year(record, TODAY), YEAR, TODAY)
    found = {one.title: one.rows for one in report.sections}
    assert report.summary[:2] == ("1 of 2 services gave a statement of assurance.", "Assurance given: 1 full.")
    assert report.summary[-1] == "1 audit finding is open, 1 of them overdue."
    stated = {row[0]: row[1:3] for row in found["How sure each service is of the controls on its figures"]}
    assert stated[silent.service.name] == ("No statement", "The post of service manager is vacant")
    assert manager.name not in written(report), "members read posts, not officers' names"
    assert found["What the services explained"] == (
        (statement.service.name, "Templates signed off", "1 of 2 KPIs (50.0%)", "It was known."),
    )
    assert [row[4] for row in found["Revisions"]] == ["Correction: A round was left out."]
    assert [row[3] for row in found["Waivers"]] == ["Dara Example, Director, Place"]
    assert [row[3] for row in found["Audit findings"]] == ["Nobody else can run the count."]
    for _ in range(3):
        statement_in("signed", assurance_round=record, service=ServiceFactory())
        AuditFindingFactory()
    with CaptureQueriesContext(connection) as many:
        report_of(held_of_year(record, TODAY), YEAR, TODAY)
    assert len(many) == len(few)


@pytest.mark.django_db
def test_audit_records_a_finding_once_and_only_audit_closes_it() -> None:
    auditor = holder(Role.INTERNAL_AUDIT)
    found = Found("Waste 2026", None, date(2026, 4, 20), "high", "One officer only.")
    record = record_finding(found, by=auditor)
    assert record_finding(found, by=auditor) == record
    with pytest.raises(NotPermitted):
        close_finding(record, "Done.", by=holder(Role.PERFORMANCE_TEAM))
    wrong = Found("Waste 2026", None, date(2026, 6, 1), "high", "One officer only.", due_on=date(2026, 5, 1))
    with pytest.raises(ProposalRefused) as refused:
        change_finding(record, wrong, by=auditor, version=1)
    assert [one.field for one in refused.value.problems] == ["reported_on", "due_on"]
    change_finding(record, Found("Waste 2026", None, date(2026, 4, 20), "low", "One officer."), by=auditor, version=1)
    with pytest.raises(StaleRecord):
        change_finding(record, found, by=auditor, version=1)
    closed = close_finding(record, "A second officer is trained.", by=auditor)
    assert (closed.priority, closed.closed_on) == ("low", TODAY)
    with pytest.raises(MoveRefused, match="closed already"):
        close_finding(record, "Again.", by=auditor)
    assert AuditFinding.objects.count() == 1


@pytest.mark.django_db
def test_a_member_reads_the_report_once_it_is_given_and_officers_before() -> None:
    AssuranceRoundFactory(year=2024)
    AssuranceRoundFactory(year=2023, reported=True)
    for role, expected in ((Role.GOVERNANCE, 404), (Role.SERVICE_MANAGER, 404), (Role.INTERNAL_AUDIT, 200)):
        client = Client()
        client.force_login(holder(role))
        assert client.get("/dataquality/assurance/2024-25/report/").status_code == expected
        assert client.get("/dataquality/assurance/2023-24/report/").status_code == 200

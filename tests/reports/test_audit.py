"""The audit list: who, when, from what, to what and why, for those who may see it, whatever its length."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hdcperf.history import save_as
from hdcperf.organisation.models import Service
from hdcperf.review.audit import Asked, Change, Entry, Subject, audit_rows, described, tracked_models
from hdcperf.roles import Role
from kpis.models import MonthlyReturn, MonthlyReturnTransition
from reports.queries.audit import sources, subjects_called
from tests.factories.kpis import (
    ChallengeFactory,
    FindingFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import DelegationFactory, ServiceFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
SEE = {Role.INTERNAL_AUDIT, Role.GOVERNANCE}


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def entries(working: bool = True, **asked: object) -> list[Entry]:
    keys = audit_rows(sources(), Asked(**asked), working=working)  # type: ignore[arg-type]
    return described(sources(), list(keys), working=working)


def said(entry: Entry) -> set[Change]:
    return set(entry.changes)


class TestWords:
    def test_a_change_says_who_from_what_to_what_and_why(self) -> None:
        kim = UserFactory(name="Kim Example")
        service = ServiceFactory(name="Example Waste")
        service.name = "Example Recycling"
        save_as(service, by=kim, reason="Renamed by the council")
        entry = entries(kind="organisation.service")[0]
        assert (entry.who, entry.what, entry.why) == ("Kim Example", "Changed", "Renamed by the council")
        assert said(entry) == {Change("Name", "Example Waste", "Example Recycling")}

    def test_values_are_printed_as_people_read_them(self) -> None:
        kpi_year = KpiYearFactory(code="PI 10")
        record = MonthlyReturnFactory(kpi_year=kpi_year, draft=True, value=Decimal("1234.5"))
        record.no_data, record.value = True, None
        record.no_data_reason, record.no_data_until = "The supplier is late.", date(2026, 12, 1)
        save_as(record, by=UserFactory(), reason="Save as draft")
        entry = entries(kind="kpis.monthlyreturn")[0]
        assert entry.subject == "PI 10 October 2026"
        assert entry.about == Subject("PI 10", kpi_year.name, "/kpis/2026-27/PI%2010/")
        assert said(entry) == {
            Change("Value", "1,234.5", ""),
            Change("No data", "No", "Yes"),
            Change("No data reason", "", "The supplier is late."),
            Change("Figure expected on", "", "1 December 2026"),
        }

    def test_a_person_is_named_and_a_choice_is_in_words(self) -> None:
        named = KpiPersonFactory(user=UserFactory(name="Lee Example"))
        changes = {one.label: one.after for one in entries(kind="kpis.kpiperson")[0].changes}
        assert changes["User"] == "Lee Example"
        assert changes["Duty"] == "Collects the figure"
        assert changes["KPI year"] == str(named.kpi_year)

    def test_a_deletion_says_what_there_was(self) -> None:
        service = ServiceFactory(name="Example Waste")
        service.delete()
        entry = entries(kind="organisation.service")[0]
        assert entry.what == "Deleted"
        assert Change("Name", "Example Waste", "") in entry.changes

    def test_what_points_to_something_deleted_is_still_told(self) -> None:
        service = ServiceFactory()
        directorate = service.directorate
        service.delete()
        directorate.delete()
        assert {one.before for one in entries(kind="organisation.service")[0].changes} >= {"a record since deleted"}

    def test_a_move_says_for_whom_and_with_what_words(self) -> None:
        record = MonthlyReturnFactory(submitted=True)
        kim, lee = UserFactory(name="Kim Example"), UserFactory(name="Lee Example")
        MonthlyReturnTransition.objects.create(
            monthly_return=record,
            move="challenge",
            from_state="submitted",
            to_state="challenged",
            by=kim,
            by_name=kim.name,
            on_behalf_of=lee,
            on_behalf_of_name=lee.name,
            at=datetime(2026, 11, 6, tzinfo=UTC),
            comment="Is it right?",
        )
        entry = entries(kind="return-move")[0]
        assert (entry.who, entry.what, entry.why) == ("Kim Example for Lee Example", "Challenge", "Is it right?")
        assert said(entry) == {Change("State", "Submitted", "Challenged")}

    def test_a_new_password_is_recorded_without_it(self) -> None:
        kim = UserFactory()
        kim.set_password("another, longer password")
        save_as(kim, by=kim, reason="Password changed")
        entry = entries(kind="organisation.user")[0]
        assert (entry.why, entry.changes) == ("Password changed", ())

    def test_every_tracked_model_has_its_place(self) -> None:
        assert {one.model for one in sources().values() if one.is_history} == set(tracked_models())


class TestFilters:
    def test_a_person(self) -> None:
        kim = UserFactory()
        service = ServiceFactory()
        save_as(service, by=kim, reason="Mine")
        assert [entry.why for entry in entries(person=kim.pk)] == ["Mine"]

    def test_words_of_the_reason_or_of_the_record(self) -> None:
        service = ServiceFactory(name="Example 100% Waste")
        save_as(service, by=UserFactory(), reason="Said in cabinet")
        assert len(entries(words="CABINET")) == 1
        assert {entry.kind for entry in entries(words="100% waste")} == {"Service"}
        assert entries(words="100_ waste") == []

    def test_days_are_inclusive_and_englands_own(self) -> None:
        record = MonthlyReturnFactory()
        late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # 11.30pm in England, still 30 June
        for minutes in (0, 60):
            MonthlyReturnTransition.objects.create(
                monthly_return=record,
                move="draft",
                from_state="not_started",
                to_state="draft",
                by=UserFactory(),
                by_name=f"After {minutes}",
                at=late + timedelta(minutes=minutes),
            )
        assert [entry.who for entry in entries(since=date(2026, 6, 30), until=date(2026, 6, 30))] == ["After 0"]
        assert [entry.who for entry in entries(since=date(2026, 7, 1), until=date(2026, 7, 1))] == ["After 60"]

    @pytest.mark.parametrize("text", ["PI 10", "pi10", "KPI 10", "missed"])
    def test_a_kpi_by_its_code_or_name(self, text: str) -> None:
        kpi_year = KpiYearFactory(code="PI 10", name="Missed bins")
        other = KpiYearFactory(code="PI 11", name="Another measure")
        every = [MonthlyReturnFactory(kpi_year=kpi_year, challenged=True), MonthlyReturnFactory(kpi_year=other)]
        ChallengeFactory(monthly_return=every[0])
        TargetSetFactory(kpi_year=kpi_year)
        KpiPersonFactory(kpi_year=kpi_year)
        found = entries(subjects=subjects_called(text))
        assert {entry.kind for entry in found} == {
            "KPI",
            "KPI year",
            "KPI person",
            "Target set",
            "Monthly target",
            "Monthly return",
            "Move of a monthly return",
            "Challenge",
        }
        assert {entry.about.name for entry in found if entry.about} == {kpi_year.name}

    def test_a_service_and_what_belongs_to_it(self) -> None:
        kpi_year = KpiYearFactory()
        MonthlyReturnFactory(kpi_year=kpi_year, submitted=True)
        MonthlyReturnFactory(submitted=True)
        holder(Role.SERVICE_MANAGER, service=kpi_year.service)
        found = entries(service=kpi_year.service_id)
        assert {entry.kind for entry in found} == {
            "Appointment",
            "KPI",
            "KPI year",
            "Monthly return",
            "Move of a monthly return",
            "Service",
        }
        assert {entry.about.name for entry in found if entry.about} == {kpi_year.name}

    def test_the_newest_is_first(self) -> None:
        MonthlyReturnFactory(accepted=True)
        when = [entry.when for entry in entries()]
        assert when == sorted(when, reverse=True)


class TestGovernance:
    """What is not accepted, and what was asked about it, is left out."""

    def accepted(self) -> MonthlyReturn:
        """A return that was drafted with a note, challenged and accepted."""
        record: MonthlyReturn = MonthlyReturnFactory(draft=True, value=Decimal(7), internal_note="Do not tell")
        record.value = Decimal(8)
        save_as(record, by=UserFactory(), reason="Is it 8, they asked")
        record.rag, record.state, record.month_figure = "green", "accepted", Decimal(8)
        save_as(record, by=UserFactory(name="Ash Example"), reason="Accept")
        return record

    def test_an_accepted_return_is_told_as_it_was_accepted(self) -> None:
        self.accepted()
        found = entries(working=False, kind="kpis.monthlyreturn")
        assert [entry.who for entry in found] == ["Ash Example"]
        words = {one.label: (one.before, one.after) for one in found[0].changes}
        assert words["Value"] == ("", "8")
        assert words["State"] == ("", "Accepted")
        assert "Internal note" not in words

    def test_an_auditor_sees_how_it_came_about(self) -> None:
        self.accepted()
        found = entries(working=True, kind="kpis.monthlyreturn")
        assert len(found) == 3
        assert "Do not tell" in {one.after for one in found[-1].changes}

    def test_what_is_not_accepted_is_left_out(self) -> None:
        record = MonthlyReturnFactory(challenged=True)
        ChallengeFactory(monthly_return=record)
        FindingFactory(monthly_return=record)
        LockExceptionFactory(monthly_return=record)
        kinds = {entry.kind for entry in entries(working=False, subjects={"kpis": {record.kpi_id}})}
        assert kinds == {"KPI", "KPI year"}

    def test_dialogue_about_an_accepted_return_is_left_out(self) -> None:
        record = MonthlyReturnFactory(accepted=True)
        ChallengeFactory(monthly_return=record, question="Are you sure?")
        MonthlyReturnTransition.objects.create(
            monthly_return=record,
            move="challenge",
            from_state="submitted",
            to_state="challenged",
            by=record.transitions.first().by,
            by_name="Kim Example",
            at=datetime(2026, 11, 5, tzinfo=UTC),
            comment="Are you sure?",
        )
        found = entries(working=False, subjects={"kpis": {record.kpi_id}})
        assert [entry.what for entry in found if entry.kind == "Move of a monthly return"] == [
            "Accept",
            "Submit",
            "Save as draft",
        ]
        assert not [entry for entry in found if "sure" in entry.why]
        assert entries(working=False, words="Are you sure") == []

    def test_a_note_cannot_be_searched_for(self) -> None:
        self.accepted()
        assert entries(working=False, words="Do not tell") == []
        assert entries(working=True, words="Do not tell")

    def test_a_revision_is_told_when_it_is_accepted(self) -> None:
        proposed = RevisionFactory()
        assert entries(working=False, kind="kpis.revision") == []
        proposed.state = "accepted"
        save_as(proposed, by=UserFactory(), reason="Accept the revision")
        assert [entry.what for entry in entries(working=False, kind="kpis.revision")] == ["Changed", "Created"]


class TestPage:
    @pytest.mark.parametrize("role", list(Role))
    def test_is_for_internal_audit_and_governance(self, client: Client, role: Role) -> None:
        client.force_login(holder(role))
        expected = 200 if role in SEE else 403
        assert client.get("/audit/").status_code == expected
        assert client.get("/audit/export/").status_code == expected

    def test_governance_is_told_what_is_left_out(self, client: Client) -> None:
        MonthlyReturnFactory(submitted=True, kpi_year__code="PI 77")
        client.force_login(holder(Role.GOVERNANCE))
        page = client.get("/audit/").content.decode()
        assert "leaves out figures that are not accepted" in page
        assert "PI 77 October 2026" not in page
        client.force_login(holder(Role.INTERNAL_AUDIT))
        assert "PI 77 October 2026" in client.get("/audit/").content.decode()

    def test_filters_live_in_the_address(self, client: Client) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))
        ServiceFactory(name="Example Waste")
        page = client.get("/audit/?kind=organisation.service&words=waste").content.decode()
        assert "Example Waste" in page
        assert "/audit/export/?kind=organisation.service&amp;words=waste" in page
        assert "Showing <strong>1</strong> to <strong>1</strong>" in " ".join(page.split()).replace("<b>", "<strong>")

    @pytest.mark.parametrize(
        "typed",
        [
            "since_day=40",
            "since_day=31&since_month=2&since_year=2026",
            "person=x",
            "person=999999",
            "kind=unknown",
            "service=%00",
            "words=%00",
            "kpi=%00",
            "page=9999",
            "page=x",
            "since_day=2&since_month=2&since_year=2026&until_day=1&until_month=2&until_year=2026",
        ],
    )
    def test_bad_input_is_a_page(self, client: Client, typed: str) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))
        assert client.get(f"/audit/?{typed}").status_code == 200
        assert client.get(f"/audit/export/?{typed}").status_code == 200

    def test_no_kind_of_record_costs_more_for_being_there_more_often(self, client: Client) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))

        def make(many: int) -> None:
            for _ in range(many):
                challenge = ChallengeFactory()
                save_as(challenge.monthly_return, by=UserFactory(), reason="Changed")
                DelegationFactory()

        def cost() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/audit/").status_code == 200
            return len(queries)

        make(2)
        mixed = cost()
        make(12)
        assert cost() <= mixed


class TestExport:
    def lines(self, client: Client, address: str) -> list[dict[str, str]]:
        answer = client.get(address)
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        text = b"".join(answer).decode("utf-8")
        assert text.startswith("\ufeff")
        return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))

    def test_holds_what_the_page_shows_a_line_for_each_value(self, client: Client) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))
        service = ServiceFactory(name="Example Waste")
        service.name = "Example Recycling"
        save_as(service, by=UserFactory(name="Kim Example"), reason="Renamed")
        first = self.lines(client, "/audit/export/?kind=organisation.service")[0]
        assert first | {"When": ""} == {
            "When": "",
            "Who": "Kim Example",
            "Kind of record": "Service",
            "Record": "Example Recycling",
            "Code": "",
            "Name": "",
            "Done": "Changed",
            "What": "Name",
            "From": "Example Waste",
            "To": "Example Recycling",
            "Why": "Renamed",
        }

    def test_is_filtered_as_the_page_is(self, client: Client) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))
        ServiceFactory()
        assert {
            line["Kind of record"] for line in self.lines(client, "/audit/export/?kind=organisation.directorate")
        } == {"Directorate"}

    def test_no_cell_is_a_formula(self, client: Client) -> None:
        client.force_login(holder(Role.INTERNAL_AUDIT))
        service = ServiceFactory(name='=HYPERLINK("https://evil.example")')
        save_as(service, by=UserFactory(name="@Kim"), reason="-1+1\n=2")
        lines = self.lines(client, "/audit/export/?kind=organisation.service")
        cells = [cell for line in lines for cell in line.values()]
        assert any("HYPERLINK" in cell for cell in cells)
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]

    def test_leaves_out_for_governance_what_the_page_does(self, client: Client) -> None:
        MonthlyReturnFactory(submitted=True)
        client.force_login(holder(Role.GOVERNANCE))
        assert self.lines(client, "/audit/export/?kind=kpis.monthlyreturn") == []


def test_nothing_is_written_by_looking(client: Client) -> None:
    client.force_login(holder(Role.INTERNAL_AUDIT))
    ServiceFactory()
    before = Service.history.count()
    client.get("/audit/")
    assert Service.history.count() == before

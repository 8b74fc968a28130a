"""A pack through its pages: begun, written, commented on, frozen, signed off by somebody else, issued, published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from reports.models import Pack, PackFile
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.meetings import MeetingFactory
from tests.factories.organisation import CouncilFactory, OutcomeFactory, holder

pytestmark = pytest.mark.django_db

PAGE = "/reports/2026-27-Q2/scrutiny/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def act(client: Client, name: str, **more: str) -> str:
    """Press a button of the pack's page, and read the page it leads to."""
    version = Pack.objects.get().version
    answer = client.post(PAGE, {"act": name, "version": version, **more}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, page: str, **typed: str) -> None:
    answer = client.post(f"{PAGE}{page}", {"version": Pack.objects.get().version, **typed})
    assert answer.status_code == 302, answer.content.decode()


def test_a_pack_from_draft_to_everyone(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))
    CouncilFactory()
    team, director = client_of(holder(Role.PERFORMANCE_TEAM)), client_of(holder(Role.DIRECTOR))
    finance, member, nobody = client_of(holder(Role.SECTION_151)), client_of(holder(Role.SCRUTINY)), Client()
    meeting = MeetingFactory()
    kpi = KpiYearFactory(latest=True, outcome=OutcomeFactory(), code="KPI 5", name="Example bins emptied")
    TargetSetFactory(kpi_year=kpi, from_month=date(2026, 4, 1), target=100)
    MonthlyReturnFactory(kpi_year=kpi, month=date(2026, 9, 1), value=Decimal(120), accepted=True)

    team.post("/reports/begin/", {"audience": "scrutiny", "period": "2026-27-Q2"})
    assert "12 working days to the agenda" in read(team)
    assert "Everything that is due is accepted" in read(team)
    assert [one.get(PAGE).status_code for one in (member, finance, nobody)] == [404, 404, 302]
    assert PAGE not in read(member, "/reports/")

    send(team, "meeting/", meeting=str(meeting.pk), late_reason="")
    send(team, "cover/", summary="All is well.", recommendations="- note it", background="None.")
    send(team, "annex/", title="A", paragraph="3", public_interest="A contract is let.", words="The secret price.")
    assert "neither met nor waived" in act(team, "freeze")
    send(team, "checks/places_and_dates/", reason="Against the map.")

    act(team, "consult")
    assert "Comment on it" in read(finance)
    assert "Your comment is kept" in act(finance, "comment", words="No cost beyond the budget.")
    assert "No cost beyond the budget." in read(team)
    assert finance.post(PAGE, {"act": "freeze", "version": Pack.objects.get().version}).status_code == 403

    draft = "/reports/2026-27-Q2/scrutiny.pdf"
    assert finance.get(draft).content.startswith(b"%PDF")
    assert [one.get(draft).status_code for one in (member, nobody)] == [404, 302]
    assert team.get("/reports/2026-27-Q2/scrutiny.csv").status_code == 404  # a draft's figures are not to be reused

    assert "It is frozen" in act(team, "freeze")
    building = Job.objects.get()
    running.run(building.pk)
    building.refresh_from_db()
    assert building.state == Job.State.DONE, building.outcome
    assert "Only a member of the corporate leadership team" in act_refused(team, "sign")
    assert "You signed it off" in act(director, "sign")
    assert "It is issued" in act(team, "issue")
    shown = read(member)
    assert "Example bins emptied" in shown
    assert "No cost beyond the budget." in shown
    assert "The secret price." in shown  # a member of the body it goes to
    assert nobody.get(PAGE).status_code == 302
    assert client_of(holder(Role.COUNCILLOR)).get(PAGE).status_code == 200
    assert "The secret price." not in read(client_of(holder(Role.COUNCILLOR)))

    assert "It is published" in act(team, "publish")
    public = read(nobody)
    assert "Example bins emptied" in public
    assert "A contract is let." in public  # why something is kept back is public; what it is, is not
    assert "The secret price." not in public
    assert PAGE in read(nobody, "/reports/")
    stored = {one.format: bytes(one.content) for one in PackFile.objects.all()}
    assert set(stored) == {"pdf", "xlsx", "csv"}
    for kind, content in stored.items():
        assert f"/reports/2026-27-Q2/scrutiny/version-1.{kind}" in public
        given = nobody.get(f"/reports/2026-27-Q2/scrutiny.{kind}")
        assert given.content == content
        again = nobody.get(f"/reports/2026-27-Q2/scrutiny.{kind}", headers={"If-None-Match": given["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert b"Example bins emptied" in stored["csv"]
    assert b"The secret price." not in stored["csv"]


def act_refused(client: Client, name: str) -> str:
    answer = client.post(PAGE, {"act": name, "version": Pack.objects.get().version})
    assert answer.status_code == 403
    return answer.content.decode()

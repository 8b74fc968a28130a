"""The pages of templates: what they say, what they refuse in sentences, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dataquality.models import Template
from dataquality.rules.templates import QUESTIONS
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiYear
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, round_of
from tests.factories.organisation import ServiceFactory, UserFactory, holder
from tests.factories.templates import TemplateFactory, WaiverFactory, template_in
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
ONE = "/dataquality/2026-27/PI 1/"


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def kpi_year() -> KpiYear:
    made: KpiYear = KpiYearFactory(code="PI 1", template_signed_on=None)
    return made


@pytest.fixture
def team() -> Client:
    return signed_in(holder(Role.PERFORMANCE_TEAM))


def post(client: Client, address: str, **data: Any) -> tuple[int, str]:
    answer = client.post(address, data)
    return answer.status_code, answer.content.decode()


# The list


def test_the_list_says_who_must_act(kpi_year: KpiYear, team: Client) -> None:
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service, user__name="Mo Manager")
    template_in("submitted", kpi_year=kpi_year)
    page = text_of(team, "/dataquality/?year=2026-27")
    assert manager.name in page
    assert "0 of 1 template signed off. 1 KPI cannot be opened for collection." in page


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ("stage=signed", {"PI 2"}),
        ("stage=none", {"PI 3"}),
        ("stage=draft", {"PI 1"}),
        ("collected=not_collected", {"PI 1", "PI 3"}),
        ("words=pi2", {"PI 2"}),
        ("words=nothing", set()),
        ("stage=purple&service=x", {"PI 1", "PI 2", "PI 3"}),  # an old link filters nothing
    ],
)
def test_filters_are_in_the_address(kpi_year: KpiYear, team: Client, asked: str, codes: set[str]) -> None:
    TemplateFactory(kpi_year=kpi_year)
    template_in("signed", kpi_year=KpiYearFactory(code="PI 2"))
    KpiYearFactory(code="PI 3", template_signed_on=None)
    rows = team.get(f"/dataquality/?year=2026-27&{asked}").context["page"].rows
    assert {row.code for row in rows} == codes


def test_the_list_counts_how_far_each_service_has_come(kpi_year: KpiYear, team: Client) -> None:
    template_in("signed", kpi_year=KpiYearFactory(service=kpi_year.service))
    WaiverFactory(kpi_year=kpi_year)
    kpi_year.template_waived_until, kpi_year.template_waiver = date(2026, 11, 30), "Allowed."
    kpi_year.save()
    (found,) = team.get("/dataquality/").context["counts"]
    assert (found.total, found.signed, found.not_begun, found.waived) == (2, 1, 1, 1)


def test_the_list_and_home_ask_as_often_for_twelve_templates_as_for_two() -> None:
    service = ServiceFactory()
    person, manager = UserFactory(), holder(Role.SERVICE_MANAGER, service=service)

    def add(many: int) -> None:
        for number in range(many):
            state = ("draft", "submitted")[number % 2]
            made = template_in(state, kpi_year=KpiYearFactory(service=service, template_signed_on=None))
            KpiPersonFactory(kpi_year=made.kpi_year, user=person)
            made.people.create(user=person, duty="collects")

    def counted() -> list[int]:
        clients = [signed_in(User.objects.get(pk=one.pk)) for one in (person, manager)]
        return [queries(client, path) for client in clients for path in ("/dataquality/", "/")]

    add(4)
    counted()  # what is worked out once a process is now worked out
    few = counted()
    add(20)
    assert counted() == few


# One template


def test_every_question_stands_in_the_frameworks_order_with_the_sign_off_after_the_method(
    kpi_year: KpiYear, team: Client
) -> None:
    TemplateFactory(kpi_year=kpi_year)
    titles = [task.title for part in team.get(ONE).context["parts"] for task in part.tasks]
    words = [one.words for one in QUESTIONS]
    assert titles == [*words[:7], "Service Manager sign-off", *words[7:]]


def test_a_kpi_that_is_no_longer_mine_has_no_template_page(kpi_year: KpiYear) -> None:
    TemplateFactory(kpi_year=kpi_year)
    assert signed_in(holder(Role.SERVICE_MANAGER)).get(ONE).status_code == 404


@pytest.mark.parametrize("path", ["colour/", "document/?version=9", "document/?version=²", "changes/"])
def test_what_is_not_there_answers_so(kpi_year: KpiYear, team: Client, path: str) -> None:
    TemplateFactory(kpi_year=kpi_year)
    assert team.get(f"{ONE}{path}").status_code == 404


@pytest.mark.parametrize("path", ["", "method/", "sign-off/", "waiver/"])
def test_a_forged_button_is_not_there(kpi_year: KpiYear, path: str) -> None:
    template_in("submitted", kpi_year=kpi_year)
    client = signed_in(holder(Role.DIRECTOR, directorate=kpi_year.service.directorate))
    assert client.post(f"{ONE}{path}", {"move": "explode"}).status_code in (403, 404)
    assert Template.objects.get().state == "submitted"


@pytest.mark.parametrize(
    ("section", "data", "said"),
    [
        ("proposed-kpi", {}, "Select how often it is reported"),
        ("collecting", {}, "Select a person"),
        ("collecting", {"person_1": "999999"}, "they must have an account"),
        ("systems", {}, "Enter at least one system, database or spreadsheet"),
        ("systems", {"link_1": "https://example.test/"}, "Enter the name of the system"),
        ("systems", {"name_1": "Example"}, "Select what it is"),
        ("method", {}, "Say how the data is collected, or link to a document that does"),
        ("seasonality", {}, "Select yes or no"),
        ("seasonality", {"seasonal": "yes"}, "Say why seasonality affects it"),
        ("importance", {"importance": " "}, "Write an answer"),
        ("importance", {"importance": "x" * 5001}, "Your answer must be 5,000 characters or fewer. It is 5,001."),
        ("importance", {"importance": "a\x00b"}, "contains a character that cannot be kept"),
    ],
)
def test_a_bad_answer_is_refused_in_a_sentence_and_writes_nothing(
    kpi_year: KpiYear, team: Client, section: str, data: dict[str, str], said: str
) -> None:
    made = TemplateFactory(kpi_year=kpi_year, frequency="monthly")
    status, page = post(team, f"{ONE}{section}/", move="save", version=made.version, **data)
    assert status == 200
    assert said in page
    assert Template.objects.get().version == made.version


def test_what_was_typed_stays_where_it_is_refused(kpi_year: KpiYear, team: Client) -> None:
    made = TemplateFactory(kpi_year=kpi_year)
    _, page = post(
        team, f"{ONE}systems/", move="save", version=made.version, name_1="Kept here", link_1="Shared folder"
    )
    assert "Kept here" in page
    assert "Shared folder" in page


def test_a_person_is_named_once_for_a_duty(kpi_year: KpiYear, team: Client) -> None:
    made, person = TemplateFactory(kpi_year=kpi_year), UserFactory(name="Twice Named")
    data = {"person_1": person.pk, "person_2": person.pk}
    _, page = post(team, f"{ONE}absence/", move="save", version=made.version, **data)
    assert "Twice Named is named already" in page
    assert not made.people.exists()


def test_a_page_without_its_version_is_out_of_date(kpi_year: KpiYear, team: Client) -> None:
    TemplateFactory(kpi_year=kpi_year)
    _, page = post(team, f"{ONE}importance/", move="save", importance="Words")
    assert "This page is out of date" in page


def test_saving_goes_to_the_next_question_or_back_to_the_list(kpi_year: KpiYear, team: Client) -> None:
    made = TemplateFactory(kpi_year=kpi_year)
    first = team.post(f"{ONE}method/", {"move": "save", "version": made.version, "method": "Count."})
    back = team.post(f"{ONE}method/", {"move": "save_back", "version": 2, "method": "Count them."})
    assert first["Location"] == "/dataquality/2026-27/PI%201/importance/"
    assert back["Location"] == "/dataquality/2026-27/PI%201/"


def test_two_people_on_one_question_see_both_answers_and_either_can_be_kept(kpi_year: KpiYear, team: Client) -> None:
    made = TemplateFactory(kpi_year=kpi_year)
    colleague = holder(Role.PERFORMANCE_TEAM, user__name="Quick Colleague")
    signed_in(colleague).post(f"{ONE}method/", {"move": "save", "version": made.version, "method": "Their way."})
    status, page = post(team, f"{ONE}method/", move="save", version=made.version, method="My way.")
    assert status == 409
    for said in ("Quick Colleague", "My way.", "Their way."):
        assert said in page
    assert Template.objects.get().method == "Their way."
    again = {"move": "save", "version": 2, "method": "My way."}
    team.post(f"{ONE}method/", {**again, "keep_method": "theirs"})
    assert Template.objects.get().method == "Their way."
    team.post(f"{ONE}method/", {**again, "keep_method": "mine"})
    assert Template.objects.get().method == "My way."


def test_a_question_can_be_read_once_it_is_with_the_manager(kpi_year: KpiYear, team: Client) -> None:
    template_in("submitted", kpi_year=kpi_year, remedies="Borrow somebody.")
    page = text_of(team, f"{ONE}actions/")
    assert "Borrow somebody." in page
    assert "<textarea" not in page


def test_only_addresses_a_browser_opens_safely_are_links(kpi_year: KpiYear, team: Client) -> None:
    made = template_in("signed", kpi_year=kpi_year)
    made.sources.create(kind="spreadsheet", name="Shared", link="\\\\server\\share")
    made.sources.create(kind="system", name="Bad", link="javascript:alert(1)")
    page = text_of(team, f"{ONE}document/")
    assert 'href="https://example.test/system"' in page
    assert "\\\\server\\share" in page
    assert 'href="javascript' not in page


# Signing off, sending back, waiving


def test_the_declaration_stands_in_full_with_name_and_date(kpi_year: KpiYear) -> None:
    manager = holder(Role.SERVICE_MANAGER, service=kpi_year.service, user__name="Mo Manager")
    made = template_in("submitted", kpi_year=kpi_year)
    client = signed_in(manager)
    page = text_of(client, f"{ONE}sign-off/")
    assert "is an appropriate and robust procedure" in page
    client.post(f"{ONE}sign-off/", {"move": "sign", "version": made.version})
    page = text_of(client, f"{ONE}document/")
    assert "Name: Mo Manager, Service manager" in page
    assert "Date: 5 November 2026" in page


def test_a_sign_off_from_an_old_page_is_shown_again_and_not_made(kpi_year: KpiYear) -> None:
    made = template_in("submitted", kpi_year=kpi_year, version=4)
    client = signed_in(holder(Role.SERVICE_MANAGER, service=kpi_year.service))
    status, page = post(client, f"{ONE}sign-off/", move="sign", version=3)
    assert status == 200
    assert "An answer was changed after you opened the page" in page
    made.refresh_from_db()
    assert made.state == "submitted"


def test_sending_back_says_why_on_the_page_and_among_the_tasks(kpi_year: KpiYear) -> None:
    person = KpiPersonFactory(kpi_year=kpi_year).user
    template_in("submitted", kpi_year=kpi_year)
    client = signed_in(holder(Role.SERVICE_MANAGER, service=kpi_year.service, user__name="Mo Manager"))
    _, page = post(client, f"{ONE}sign-off/", move="send_back", comment="")
    assert "Say what is missing or must change" in page
    client.post(f"{ONE}sign-off/", {"move": "send_back", "comment": "Name the spreadsheet."})
    for path in (ONE, "/"):
        assert "Mo Manager sent it back on 5 November 2026: Name the spreadsheet." in text_of(
            signed_in(User.objects.get(pk=person.pk)), path
        )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"expires_on_day": "4"}, "must be on or after 5 November 2026"),
        ({"expires_on_year": "2027", "expires_on_month": "4"}, "must be on or before 31 March 2027"),
        ({"expires_on_day": "31"}, "must be a real date"),
        ({"reason": ""}, "Say why it may be collected without a signed template"),
    ],
)
def test_a_bad_waiver_is_refused_in_a_sentence(kpi_year: KpiYear, given: dict[str, str], said: str) -> None:
    client = signed_in(holder(Role.DIRECTOR, directorate=kpi_year.service.directorate))
    data = {"expires_on_day": "30", "expires_on_month": "11", "expires_on_year": "2026", "reason": "A new system."}
    _, page = post(client, f"{ONE}waiver/", move="allow", **(data | given))
    assert said in page
    assert not kpi_year.waivers.exists()


def test_a_waiver_shows_on_the_kpi_and_on_every_return_of_its_rounds(kpi_year: KpiYear, team: Client) -> None:
    october = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 10, 1))
    september = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 9, 1))
    assert round_of(october.month).opens_on >= date(2026, 11, 1)
    waiver = WaiverFactory(kpi_year=kpi_year, starts_on=date(2026, 10, 28), allowed_by_name="Dee Rector")
    kpi_year.template_waived_until, kpi_year.template_waiver = waiver.expires_on, waiver.words
    kpi_year.save()
    for path in ("/kpis/2026-27/PI 1/", "/returns/2026-10/PI 1/"):
        assert "allowed by Dee Rector" in text_of(team, path), path
    assert "Dee Rector" not in text_of(team, "/returns/2026-09/PI 1/"), september


def test_opening_a_month_names_those_left_out_and_why(kpi_year: KpiYear, team: Client) -> None:
    KpiYearFactory(code="PI 2")
    said = "Left out, because the data quality template is not signed off"
    card = text_of(team, "/periods/")
    assert said in card
    answer = team.post("/periods/2026-10/open/", follow=True)
    assert f"{said}: {kpi_year.code}." in answer.content.decode()


# Tasks


def test_whoever_is_named_is_asked_to_confirm_and_the_task_goes_when_they_have(kpi_year: KpiYear) -> None:
    made = TemplateFactory(kpi_year=kpi_year)
    person = UserFactory()
    made.people.create(user=person, duty="stands_in")
    client = signed_in(person)
    assert "Confirm that you can get into the systems of PI 1" in text_of(client, "/")
    client.post(f"{ONE}access/", {"move": "confirm"})
    assert "Confirm that you can get into" not in text_of(client, "/")


def test_whoever_sent_it_is_not_asked_to_sign_it(kpi_year: KpiYear) -> None:
    sender, other = (holder(Role.SERVICE_MANAGER, service=kpi_year.service) for _ in range(2))
    template_in("submitted", kpi_year=kpi_year, sent_by=sender)
    assert "Sign off the data quality template of PI 1" not in text_of(signed_in(sender), "/")
    assert "Sign off the data quality template of PI 1" in text_of(signed_in(other), "/")


def test_a_kpi_without_a_template_is_a_task_of_its_people_and_counted_for_the_team(
    kpi_year: KpiYear, team: Client
) -> None:
    person = KpiPersonFactory(kpi_year=kpi_year).user
    assert "Begin the data quality template of PI 1" in text_of(signed_in(person), "/")
    assert "1 KPI cannot be opened for collection" in text_of(team, "/")
    template_in("draft", kpi_year=kpi_year)
    assert "Begin the data quality template" not in text_of(signed_in(person), "/")


def test_many_templates_to_begin_are_one_task_that_leads_to_them() -> None:
    person = UserFactory()
    for _ in range(4):
        KpiPersonFactory(kpi_year=KpiYearFactory(template_signed_on=None), user=person)
    client = signed_in(person)
    page = text_of(client, "/")
    assert "Begin 4 data quality templates of 2026/27" in page
    assert len(client.get("/dataquality/?year=2026-27&stage=none").context["page"].rows) == 4


def test_a_kpi_proposed_for_the_next_year_has_its_template_before_it_is_live(team: Client) -> None:
    proposed = KpiYearFactory(code="PI 8", year=2027, is_live=False, template_signed_on=None)
    listed = team.get("/dataquality/?year=2027-28").context["page"].rows
    assert [(row.code, row.blocked) for row in listed] == [("PI 8", None)]
    assert "It is proposed for 2027/28" in text_of(team, "/dataquality/2027-28/PI 8/")
    team.post("/dataquality/2027-28/PI 8/begin/")
    assert proposed.templates.count() == 1


def test_a_waiver_shows_on_the_list_of_returns_and_on_the_grid() -> None:
    record = MonthlyReturnFactory()
    waiver = WaiverFactory(kpi_year=record.kpi_year)
    MonthlyReturnFactory()
    of_kpi = {"kpi_year": record.kpi_year}
    team, owner = Client(), Client()
    team.force_login(holder(Role.PERFORMANCE_TEAM))
    owner.force_login(KpiPersonFactory(**of_kpi).user)
    assert text_of(team, "/returns/2026-10/").count("Waiver") == 1
    grid = text_of(owner, "/returns/2026-10/grid/")
    assert waiver.words in grid

"""What a template does to the KPI's year: its people, its frequency, and whether its months are opened (B.1, B.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from dataquality.models import DECLARATION, Template
from dataquality.operations.template_access import confirm_access
from dataquality.operations.template_waivers import end_waiver, waive
from dataquality.operations.templates import answer, begin, send_back, sign, submit
from dataquality.presenters.templates import differences
from dataquality.queries.templates import answer_to, answers_of, missing
from dataquality.rules.templates import QUESTIONS, SourceLine, question_called
from dataquality.workflow import MoveRefused, NotPermitted, StaleRecord
from hdcperf.history import HistoryRefused
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear, MonthlyReturn
from kpis.operations.periods import left_out, open_period
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.templates import COMPLETE, TemplateFactory, template_in

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
OCTOBER = Month(2026, 10)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@dataclass
class World:
    """A KPI of 2026/27 without a template, its collector and its service manager."""

    kpi_year: KpiYear
    collector: User
    manager: User

    @property
    def fresh(self) -> KpiYear:
        return KpiYear.objects.get(pk=self.kpi_year.pk)


@pytest.fixture
def world() -> World:
    kpi_year = KpiYearFactory(template_signed_on=None)
    collector = KpiPersonFactory(kpi_year=kpi_year).user
    return World(kpi_year, collector, holder(Role.SERVICE_MANAGER, service=kpi_year.service))


def named(template: Template) -> set[tuple[int, str]]:
    return set(template.people.values_list("user", "duty"))


def of_kpi(kpi_year: KpiYear) -> set[tuple[int, str]]:
    return set(kpi_year.people.values_list("user", "duty"))


def all_answers(*people: User) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {
        question.key: {"people": tuple(one.pk for one in people)} for question in QUESTIONS if question.duty
    }
    for question in QUESTIONS:
        if question.columns[0] in COMPLETE:
            found[question.key] = {column: COMPLETE.get(column, "") for column in question.columns}
    found["systems"] = {"sources": (SourceLine("system", "Example system", "https://example.test/"),)}
    return found


def signed_off(world: World, *people: User) -> Template:
    """The whole way: begun, answered, confirmed, sent, signed."""
    made = begin(world.kpi_year, by=world.collector)
    made = answer(made, all_answers(*people), by=world.collector)
    for person in people:
        confirm_access(made, by=person)
    sent = submit(made, by=world.collector)
    return sign(sent, by=world.manager, version=sent.version)


# From empty to live


def test_a_template_begins_with_the_people_of_the_kpi_and_nothing_else(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    assert named(made) == of_kpi(world.kpi_year)
    assert made.frequency == world.kpi_year.frequency
    unanswered = {one.key for one in missing(made)}
    assert unanswered == {one.key for one in QUESTIONS} - {"collecting", "proposed-kpi"}


def test_signing_off_makes_those_it_names_the_people_of_the_kpi_and_sets_its_frequency(world: World) -> None:
    first, second = UserFactory(), UserFactory()
    made = begin(world.kpi_year, by=world.collector)
    answers = all_answers(first) | {"absence": {"people": (second.pk,)}, "proposed-kpi": {"frequency": "quarterly"}}
    made = answer(made, answers, by=world.collector)
    for person in (first, second):
        confirm_access(made, by=person)
    sent = submit(made, by=world.collector)
    signed = sign(sent, by=world.manager, version=sent.version)
    duties = KpiPerson.Duty
    own = {(first.pk, duty.value) for duty in duties if duty != duties.STANDS_IN}
    assert of_kpi(world.kpi_year) == own | {(second.pk, "stands_in")}
    assert (world.fresh.frequency, world.fresh.template_signed_on) == ("quarterly", TODAY)
    assert (signed.declaration, signed.signed_by_name, signed.signed_on) == (DECLARATION, world.manager.name, TODAY)


def test_a_sign_off_that_fails_leaves_the_kpi_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = answer(begin(world.kpi_year, by=world.collector), all_answers(world.collector), by=world.collector)
    confirm_access(made, by=world.collector)
    sent = submit(made, by=world.collector)
    before = of_kpi(world.kpi_year)

    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("dataquality.operations.templates.end_waivers", fail)
    with pytest.raises(RuntimeError):
        sign(sent, by=world.manager, version=sent.version)
    assert of_kpi(world.kpi_year) == before
    assert world.fresh.template_signed_on is None
    assert Template.objects.get(pk=sent.pk).state == "submitted"


def test_what_changed_since_it_was_read_is_not_signed(world: World) -> None:
    made = answer(begin(world.kpi_year, by=world.collector), all_answers(world.collector), by=world.collector)
    confirm_access(made, by=world.collector)
    sent = submit(made, by=world.collector)
    with pytest.raises(StaleRecord):
        sign(sent, by=world.manager, version=sent.version - 1)
    assert world.fresh.template_signed_on is None


def test_sending_back_needs_a_reason_and_opens_the_questions_again(world: World) -> None:
    made = answer(begin(world.kpi_year, by=world.collector), all_answers(world.collector), by=world.collector)
    sent = submit(made, by=world.collector)
    with pytest.raises(MoveRefused, match="Say what is missing or must change"):
        send_back(sent, by=world.manager, comment=" ")
    back = send_back(sent, by=world.manager, comment="Name the spreadsheet.")
    assert answer(back, {"benchmarking": {"benchmarking": "None."}}, by=world.collector).benchmarking == "None."


def test_what_is_signed_off_is_not_changed_by_answering(world: World) -> None:
    signed = signed_off(world, world.collector)
    with pytest.raises(MoveRefused, match="This is signed off"):
        answer(signed, {"benchmarking": {"benchmarking": "Changed."}}, by=world.collector)
    with pytest.raises(HistoryRefused):
        signed.history.update(benchmarking="Changed.")


# Confirming access


def test_nobody_confirms_access_for_somebody_else_not_even_their_delegate(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    for other in (world.manager, DelegationFactory(user=world.collector).delegate):
        with pytest.raises(NotPermitted):
            confirm_access(made, by=other)
    confirm_access(made, by=world.collector)
    assert set(made.people.values_list("access_confirmed_on", flat=True)) == {TODAY}


def test_other_systems_make_everybody_confirm_their_access_again(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    confirm_access(made, by=world.collector)
    answer(made, {"systems": {"sources": (SourceLine("database", "Another"),)}}, by=world.collector)
    assert set(made.people.values_list("access_confirmed_on", flat=True)) == {None}


def test_a_person_who_confirmed_is_not_asked_again_for_another_duty(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    confirm_access(made, by=world.collector)
    answer(made, {"commentary": {"people": (world.collector.pk,)}}, by=world.collector)
    assert made.people.get(duty="comments").access_confirmed_on == TODAY


# Two people at once


def test_another_answer_to_the_same_question_is_not_written_over(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    seen = made.version
    answer(made, {"method": {"method": "Theirs", "method_link": ""}}, by=world.manager, version=seen)
    with pytest.raises(StaleRecord):
        answer(made, {"method": {"method": "Mine", "method_link": ""}}, by=world.collector, version=seen)
    assert Template.objects.get(pk=made.pk).method == "Theirs"


def test_answers_to_different_questions_do_not_hinder_each_other(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    seen = made.version
    answer(made, {"method": {"method": "Theirs", "method_link": ""}}, by=world.manager, version=seen)
    answer(made, {"importance": {"importance": "Mine"}}, by=world.collector, version=seen)
    fresh = Template.objects.get(pk=made.pk)
    assert (fresh.method, fresh.importance) == ("Theirs", "Mine")


def test_the_same_answer_twice_is_saved_once(world: World) -> None:
    made = begin(world.kpi_year, by=world.collector)
    given = {"absence": {"people": (world.manager.pk,)}}
    once = answer(made, given, by=world.collector, version=made.version)
    again = answer(made, given, by=world.collector, version=made.version)
    assert (once.version, again.version) == (2, 2)
    assert made.people.filter(duty="stands_in").count() == 1


def test_beginning_twice_begins_one(world: World) -> None:
    assert begin(world.kpi_year, by=world.collector) == begin(world.kpi_year, by=world.collector)


# Each year, and in the year


def test_a_new_year_begins_from_last_years_and_asks_for_access_anew(world: World) -> None:
    signed = signed_off(world, world.collector)
    following = KpiYearFactory(kpi=world.kpi_year.kpi, year=2027, service=world.kpi_year.service)
    made = begin(following, by=world.manager)
    assert made.began_from == signed
    assert answers_of(made) == answers_of(signed)
    assert set(made.people.values_list("access_confirmed_on", flat=True)) == {None}
    assert differences(made, signed) == []


def test_what_changed_since_last_year_stands_side_by_side(world: World) -> None:
    signed = signed_off(world, world.collector)
    following = KpiYearFactory(kpi=world.kpi_year.kpi, year=2027, service=world.kpi_year.service)
    made = begin(following, by=world.manager)
    other = UserFactory(name="Other Officer")
    made = answer(
        made, {"collecting": {"people": (other.pk,)}, "importance": {"importance": "Better."}}, by=world.manager
    )
    found = [(one.words[:6], one.old, one.new) for one in differences(made, signed)]
    assert found == [
        ("Who is", world.collector.name, "Other Officer"),
        ("Why is", COMPLETE["importance"], "Better."),
    ]


def test_a_new_version_in_the_year_says_why(world: World) -> None:
    signed_off(world, world.collector)
    with pytest.raises(MoveRefused, match="Say what is to change"):
        begin(world.kpi_year, by=world.collector)
    again = begin(world.kpi_year, by=world.collector, why="Another system.")
    assert (again.number, again.reopened_why) == (2, "Another system.")


@pytest.mark.parametrize(
    ("key", "given", "signed_on"),
    [
        ("method", {"method": "Otherwise.", "method_link": ""}, None),
        ("benchmarking", {"benchmarking": "The county publishes one."}, TODAY),
        ("absence", None, TODAY),
    ],
)
def test_only_a_change_of_collector_or_method_in_the_year_reopens_it(
    world: World, key: str, given: dict[str, object] | None, signed_on: date | None
) -> None:
    signed_off(world, world.collector)
    again = begin(world.kpi_year, by=world.collector, why="A change.")
    assert world.fresh.template_signed_on == TODAY
    answer(again, {key: given or {"people": (world.manager.pk,)}}, by=world.collector)
    assert world.fresh.template_signed_on == signed_on


def test_another_collector_reopens_it_and_naming_the_first_again_undoes_that(world: World) -> None:
    signed_off(world, world.collector)
    again = begin(world.kpi_year, by=world.collector, why="A change.")
    answer(again, {"collecting": {"people": (world.manager.pk,)}}, by=world.manager)
    assert world.fresh.template_signed_on is None
    answer(again, {"collecting": {"people": (world.collector.pk,)}}, by=world.manager)
    assert world.fresh.template_signed_on == TODAY


def test_signing_a_later_version_supersedes_the_one_before(world: World) -> None:
    first = signed_off(world, world.collector)
    again = begin(world.kpi_year, by=world.collector, why="A change.")
    again = answer(again, {"method": {"method": "Otherwise.", "method_link": ""}}, by=world.collector)
    sent = submit(again, by=world.collector)
    sign(sent, by=world.manager, version=sent.version)
    assert [one.state for one in world.kpi_year.templates.order_by("number")] == ["superseded", "signed"]
    assert Template.objects.get(pk=first.pk).declaration == DECLARATION
    assert world.fresh.template_signed_on == TODAY


# The gate


def opened(world: World) -> bool:
    open_period(OCTOBER)
    return MonthlyReturn.objects.filter(kpi_year=world.kpi_year).exists()


def test_a_kpi_without_a_signed_template_is_left_out_of_the_month(world: World) -> None:
    other = KpiYearFactory()
    assert left_out(OCTOBER) == [world.kpi_year]
    assert not opened(world)
    assert MonthlyReturn.objects.filter(kpi_year=other).exists()


def test_once_it_is_signed_off_the_return_is_made(world: World) -> None:
    assert not opened(world)
    signed_off(world, world.collector)
    assert opened(world)
    assert left_out(OCTOBER) == []


def test_a_waiver_lets_it_be_collected_until_its_last_day(world: World, set_today: Callable[[date], None]) -> None:
    director = holder(Role.DIRECTOR, directorate=world.kpi_year.service.directorate)
    waive(world.kpi_year, expires_on=date(2026, 11, 9), reason="A new system.", by=director)
    set_today(date(2026, 11, 10))
    assert not opened(world)
    set_today(date(2026, 11, 9))
    assert opened(world)


def test_a_waiver_names_who_allowed_it_until_when_and_why(world: World) -> None:
    director = holder(Role.DIRECTOR, directorate=world.kpi_year.service.directorate, user__name="Dee Rector")
    waive(world.kpi_year, expires_on=date(2026, 11, 30), reason="A new system.", by=director)
    for said in ("30 November 2026", "Dee Rector", "A new system."):
        assert said in world.fresh.template_waiver


@pytest.mark.parametrize("role", [Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE, Role.PERFORMANCE_TEAM, Role.BOARD])
def test_nobody_but_a_director_of_the_service_allows_a_waiver(world: World, role: Role) -> None:
    post = {"service": world.kpi_year.service} if role.scope_kind == "service" else {}
    for by in (holder(role, **post), holder(Role.DIRECTOR)):
        with pytest.raises(NotPermitted):
            waive(world.kpi_year, expires_on=TODAY, reason="No.", by=by)
    assert not world.kpi_year.waivers.exists()


def test_signing_off_ends_the_waiver(world: World) -> None:
    director = holder(Role.DIRECTOR, directorate=world.kpi_year.service.directorate)
    waive(world.kpi_year, expires_on=date(2026, 12, 31), reason="A new system.", by=director)
    signed_off(world, world.collector)
    assert world.fresh.template_waived_until is None
    assert world.kpi_year.waivers.get().expires_on == TODAY
    with pytest.raises(MoveRefused, match="no waiver is needed"):
        waive(world.kpi_year, expires_on=date(2026, 12, 31), reason="Again.", by=director)


def test_a_waiver_that_is_ended_no_longer_opens_months(world: World) -> None:
    director = holder(Role.DIRECTOR, directorate=world.kpi_year.service.directorate)
    waive(world.kpi_year, expires_on=date(2026, 12, 31), reason="A new system.", by=director)
    end_waiver(world.kpi_year, by=director)
    assert not opened(world)


def test_the_questions_are_in_the_order_of_the_framework() -> None:
    words = [one.words for one in QUESTIONS]
    assert words[1].startswith("Who is responsible for collecting the monthly statistics")
    assert words[6] == "Please detail how the data is collected and how the result is calculated."
    assert words[-1] == "Is there any Local/National Benchmarking data available for this metric?"
    assert len({one.key for one in QUESTIONS}) == len(QUESTIONS) == 13


def test_yes_to_seasonality_without_a_reason_is_no_answer() -> None:
    question = question_called("seasonality")
    assert question is not None
    made = template_in("draft", seasonal="yes", seasonality="")
    assert missing(made) == [question]
    assert answer_to(TemplateFactory(seasonal="no"), question)["seasonal"] == "no"

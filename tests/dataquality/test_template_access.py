"""Somebody a template names cannot get in: said, answered, and in the way of the sign-off until then; and a version
begun by mistake is discarded (framework B.1, B.2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from dataquality.models import AccessProblem, Template
from dataquality.operations.template_access import answer_problem, confirm_access, report_problem
from dataquality.operations.templates import answer, begin, discard
from dataquality.queries.template_tasks import template_tasks
from dataquality.queries.templates import newest
from dataquality.workflow import TEMPLATE_MOVES, MoveRefused, NotPermitted, refusal
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import holder
from tests.factories.templates import template_in

pytestmark = pytest.mark.django_db
WORDS = "My account was closed when I moved teams."


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 3, 16))


def _sent() -> tuple[Template, User, User]:
    """A template with the service manager, the manager, and its collector, who alone has not confirmed."""
    template = template_in("submitted")
    row = template.people.get(duty=KpiPerson.Duty.COLLECTS)
    row.access_confirmed_on = None
    row.save()
    return template, holder(Role.SERVICE_MANAGER, service=template.kpi_year.service), row.user


def test_who_cannot_get_in_is_answered_before_the_template_is_signed_off() -> None:
    template, manager, collector = _sent()
    with pytest.raises(NotPermitted):
        report_problem(template, "Example system", WORDS, by=manager)
    problem = report_problem(template, "Example system", WORDS, by=collector)
    assert report_problem(template, "Example system", WORDS, by=collector) == problem
    with pytest.raises(MoveRefused, match="is to be answered first"):
        report_problem(template, "Example system", "Still not.", by=collector)
    said = f"{collector.name} cannot get into Example system. Answer that first."
    assert refusal(template, TEMPLATE_MOVES["sign"], manager) == said
    assert f"Answer {collector.name}, who cannot get into Example system" in _titles(manager)
    assert _titles(collector) == [], "the next step is the manager's"
    with pytest.raises(NotPermitted):
        answer_problem(problem, "Done.", by=collector)
    answer_problem(problem, "The supplier opened it again.", by=manager)
    with pytest.raises(MoveRefused, match="has answered already"):
        answer_problem(problem, "Otherwise.", by=holder(Role.HEAD_OF_SERVICE, service=template.kpi_year.service))
    (task,) = template_tasks(standing(collector))
    assert task.hint == f"{manager.name} answered: The supplier opened it again."
    assert "has confirmed" in str(refusal(template, TEMPLATE_MOVES["sign"], manager))
    confirm_access(template, by=collector)
    assert refusal(template, TEMPLATE_MOVES["sign"], manager) is None


def _titles(user: User) -> list[str]:
    return [task.title for task in template_tasks(standing(user))]


def test_whoever_gets_in_after_all_settles_it_and_whoever_no_longer_can_is_unconfirmed() -> None:
    template, manager, collector = _sent()
    report_problem(template, "Example system", WORDS, by=collector)
    confirm_access(template, by=collector)
    assert refusal(template, TEMPLATE_MOVES["sign"], manager) is None
    report_problem(template, "Example system", "Closed again.", by=collector)
    assert not template.people.filter(user=collector, access_confirmed_on__isnull=False).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessProblem.objects.create(
            template=template, user=collector, system="Another", words="Nor that.", said_on=date(2026, 3, 16)
        )
    signed = template_in("signed")
    with pytest.raises(MoveRefused, match="signed off already"):
        report_problem(signed, "Example system", WORDS, by=signed.people.earliest("pk").user)


def test_it_is_said_and_answered_on_the_pages() -> None:
    template, manager, collector = _sent()
    KpiPersonFactory(kpi_year=template.kpi_year, user=collector)
    address = f"/dataquality/2026-27/{template.kpi_year.code}/access/"
    theirs, boss = Client(), Client()
    theirs.force_login(collector)
    boss.force_login(manager)
    page = theirs.post(address, {"move": "cannot", "system": "Example system", "words": ""}).content.decode()
    assert "Say what happened" in page
    assert theirs.post(address, {"move": "cannot", "system": "Example system", "words": WORDS}).status_code == 302
    page = boss.get(address).content.decode()
    assert WORDS in page
    problem = AccessProblem.objects.get()
    refused = boss.post(address, {"move": f"answer:{problem.pk}", "answer": ""}).content.decode()
    assert "Say what is done about it" in refused
    assert boss.post(address, {"move": "answer:999999", "answer": "Done."}).status_code == 404
    assert boss.post(address, {"move": f"answer:{problem.pk}", "answer": "It is open."}).status_code == 302
    assert "It is open." in theirs.get(address).content.decode()


def test_a_version_begun_by_mistake_is_discarded_and_the_signed_one_stands_again() -> None:
    signed = template_in("signed")
    kpi_year, team = signed.kpi_year, holder(Role.PERFORMANCE_TEAM)
    kpi_year.template_signed_on = signed.signed_on
    kpi_year.save()
    mistaken = begin(kpi_year, by=team, why="Another team collects it.")
    mistaken = answer(mistaken, {"method": {"method": "Ask the other team.", "method_link": ""}}, by=team)
    assert KpiYear.objects.get(pk=kpi_year.pk).template_signed_on is None, "a change of method reopens it"
    with pytest.raises(MoveRefused, match="Say why this version is discarded"):
        discard(mistaken, by=team, comment=" ")
    gone = discard(mistaken, by=team, comment="It was begun for the wrong KPI.")
    assert gone.state == "discarded"
    assert KpiYear.objects.get(pk=kpi_year.pk).template_signed_on == signed.signed_on
    assert newest(kpi_year) == signed
    with pytest.raises(MoveRefused):
        discard(signed, by=team, comment="Never a signed one.")
    assert begin(kpi_year, by=team, why="Again.").number == 3, "its number is not given again"


def test_a_kpi_whose_only_version_was_discarded_is_to_be_begun() -> None:
    kpi_year = KpiYearFactory(template_signed_on=None)
    person = KpiPersonFactory(kpi_year=kpi_year).user
    made = begin(kpi_year, by=person)
    discard(made, by=person, comment="By mistake.")
    assert _titles(person) == [f"Begin the data quality template of {kpi_year.code} {kpi_year.name} for 2026/27"]
    client = Client()
    client.force_login(person)
    assert "Begin the template" in client.get(f"/dataquality/2026-27/{kpi_year.code}/").content.decode()

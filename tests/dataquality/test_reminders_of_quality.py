"""Whom statements of assurance and actions after quality reviews are asked of, from when and by when (Appendix A)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import dataquality.reminders
from dataquality.models import AssuranceRound, AssuranceStatement
from dataquality.operations.assurance import ask
from hdcperf import clock
from hdcperf.outbox.models import Message
from hdcperf.periods import FinancialYear
from hdcperf.reminders.kinds import Piece
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.roles import Role
from tests.factories.assurance import AssuranceRoundFactory, statement_in
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import ServiceFactory, UserFactory, holder
from tests.factories.quality_reviews import action_in, review_in

pytestmark = pytest.mark.django_db

ASKED, DUE = date(2026, 4, 13), date(2026, 5, 29)


def pieces(code: str, day: date) -> list[Piece]:
    kind = next(one for one in dataquality.reminders.KINDS if one.code == code)
    return list(kind.open_work(day))


# Statements of assurance


def test_a_statement_is_its_services_from_the_day_it_was_asked_for(set_today: Callable[[date], None]) -> None:
    set_today(ASKED)
    service = ServiceFactory(name="Example Parks")
    manager, head = (holder(role, service=service) for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE))
    holder(Role.SERVICE_MANAGER, service=ServiceFactory())
    one = statement_in("draft", service=service)
    (found,) = pieces("assurance-statement", ASKED)
    assert found.title == "The statement of assurance of Example Parks for 2025/26"
    assert (found.opened, found.due) == (ASKED, DUE)
    assert (found.actors, found.service) == ({manager.pk, head.pk}, service.pk)
    assert found.href == f"/dataquality/assurance/2025-26/{service.pk}/"
    assert found.subject == f"assurance-statement-{one.pk}"
    assert pieces("assurance-statement", date(2026, 4, 12)) == []


def test_one_asked_for_within_the_year_is_not_asked_after_until_it_can_be_signed(
    set_today: Callable[[date], None],
) -> None:
    set_today(date(2026, 11, 2))
    statement_in("draft", assurance_round=AssuranceRoundFactory(year=2026, due_on=date(2027, 4, 30)))
    assert pieces("assurance-statement", date(2027, 3, 31)) == []
    (found,) = pieces("assurance-statement", date(2027, 4, 1))
    assert (found.opened, found.due) == (date(2027, 4, 1), date(2027, 4, 30))


def test_nothing_is_asked_for_once_it_is_signed_or_the_year_reported(set_today: Callable[[date], None]) -> None:
    set_today(ASKED)
    statement_in("signed")
    assert pieces("assurance-statement", DUE) == []
    statement_in("draft", assurance_round=AssuranceRoundFactory(year=2024, reported=True))
    assert pieces("assurance-statement", DUE) == []


def test_a_reopened_statement_is_asked_for_again(set_today: Callable[[date], None]) -> None:
    set_today(ASKED)
    one = statement_in("signed")
    one.state, one.signed_by, one.signed_on = AssuranceStatement.State.DRAFT, None, None
    one.save()
    assert [found.subject for found in pieces("assurance-statement", DUE)] == [f"assurance-statement-{one.pk}"]


def test_a_manager_is_told_what_is_missed_and_what_the_framework_asks(set_today: Callable[[date], None]) -> None:
    set_today(ASKED)
    KpiYearFactory(year=2025)
    service = KpiYearFactory(year=2025).service
    manager = holder(Role.SERVICE_MANAGER, service=service)
    ask(FinancialYear(2025), DUE, by=holder(Role.PERFORMANCE_TEAM))
    assert AssuranceRound.objects.get().statements.count() == 2
    set_today(date(2026, 6, 1))
    send_reminders(clock.today())
    words = Message.objects.get(recipient=manager).text
    assert f"The statement of assurance of {service.name} for 2025/26" in words
    assert "goes to the Corporate Governance Committee without your service’s statement" in " ".join(words.split())
    assert "assurance on the effectiveness of the controls" in " ".join(words.split())


# Actions after quality reviews


TODAY = date(2026, 11, 5)


def test_an_action_is_its_owners_from_the_day_the_review_was_finished(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    review = review_in("reported", kpi_year=KpiYearFactory(code="PI 1", name="Example bins"))
    owner = UserFactory()
    one = action_in("open", review, owner=owner, what="Keep the list.")
    (found,) = pieces("quality-action", TODAY)
    assert found.title == "Keep the list, after the quality review of PI 1 Example bins"
    assert (found.opened, found.due) == (date(2026, 10, 5), date(2026, 12, 18))
    assert (found.actors, found.service) == ({owner.pk}, review.kpi_year.service_id)
    assert found.href == f"/dataquality/reviews/{review.pk}/actions/{one.pk}/"
    assert pieces("quality-action", date(2026, 10, 4)) == []


@pytest.mark.parametrize("state", ["done", "confirmed", "dropped"])
def test_an_action_said_to_be_done_or_dropped_is_not_asked_after(
    set_today: Callable[[date], None], state: str
) -> None:
    set_today(TODAY)
    action_in(state, review_in("reported"))
    assert pieces("quality-action", TODAY) == []


def test_an_action_of_a_review_that_is_not_finished_is_nobodys_yet(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    action_in("open", review_in("under_way"))
    assert pieces("quality-action", TODAY) == []


def test_one_said_to_be_done_is_the_reviewers_to_confirm(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    review = review_in("reported", kpi_year=KpiYearFactory(code="PI 1", name="Example bins"))
    one = action_in("done", review, owner=UserFactory(name="Ann"), what="Keep the list.")
    (found,) = pieces("quality-action-confirm", TODAY)
    assert found.title == "Keep the list, after the quality review of PI 1 Example bins"
    assert found.note == "Ann says it is done."
    assert (found.opened, found.due) == (date(2026, 10, 12), date(2026, 10, 19))
    assert found.actors == {review.reviewer_id}
    assert pieces("quality-action-confirm", date(2026, 10, 11)) == []
    one.done_on = date(2026, 10, 20)  # sent back and done again: another piece of work
    one.save()
    assert pieces("quality-action-confirm", TODAY)[0].subject != found.subject


@pytest.mark.parametrize("why", ["owns it", "has left"])
def test_the_team_confirms_where_the_reviewer_cannot(set_today: Callable[[date], None], why: str) -> None:
    set_today(TODAY)
    first, second = holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM)
    review = review_in("reported", reviewer=first)
    action_in("done", review, owner=first if why == "owns it" else UserFactory())
    if why == "has left":
        first.is_active = False
        first.save()
    (found,) = pieces("quality-action-confirm", TODAY)
    assert second.pk in found.actors
    assert (first.pk in found.actors) == (why == "has left"), "sending leaves out whoever left"


@pytest.mark.parametrize("state", ["open", "confirmed", "dropped"])
def test_nothing_is_to_be_confirmed_before_it_is_done_or_after(set_today: Callable[[date], None], state: str) -> None:
    set_today(TODAY)
    action_in(state, review_in("reported"))
    assert pieces("quality-action-confirm", TODAY) == []


def test_all_ask_as_often_whatever_there_is(set_today: Callable[[date], None]) -> None:
    set_today(ASKED)

    def queries() -> list[int]:
        counts = []
        for code in ("assurance-statement", "quality-action", "quality-action-confirm"):
            with CaptureQueriesContext(connection) as seen:
                assert pieces(code, TODAY)
            counts.append(len(seen))
        return counts

    def more() -> None:
        service = ServiceFactory()
        holder(Role.SERVICE_MANAGER, service=service)
        statement_in("draft", service=service)
        action_in("open", review_in("reported"))
        action_in("done", review_in("reported"))

    more()
    few = queries()
    for _ in range(4):
        more()
    assert queries() == few

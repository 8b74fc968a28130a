"""What each app declares: whose work it is, when it is due, and what is told at once of what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import actions.reminders
import kpis.reminders
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.outbox.models import Message
from hdcperf.reminders.kinds import Piece, _declared, kinds, notice_sources
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.roles import Role
from kpis.models import KpiPerson, MonthlyReturn
from kpis.operations.checking import raise_challenge
from tests.factories.actions import ActionUpdateFactory
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
)
from tests.factories.organisation import DelegationFactory, ServiceFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
OCTOBER, SEPTEMBER = date(2026, 10, 1), date(2026, 9, 1)


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def kpi() -> SimpleNamespace:
    """A KPI of a service with its holder, its stand-in and its managers."""
    service = ServiceFactory()
    year = KpiYearFactory(code="PI 1", name="Example bins", service=service)
    found = SimpleNamespace(
        year=year, service=service, holder=UserFactory(name="Ann"), stand_in=UserFactory(name="Ben")
    )
    KpiPersonFactory(kpi_year=year, user=found.holder)
    KpiPersonFactory(kpi_year=year, user=found.stand_in, duty=KpiPerson.Duty.STANDS_IN)
    found.manager, found.head = (
        holder(role, service=service) for role in (Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE)
    )
    found.team = holder(Role.PERFORMANCE_TEAM)
    return found


def pieces(module: object, code: str, day: date = TODAY) -> list[Piece]:
    kind = next(one for one in module.KINDS if one.code == code)  # type: ignore[attr-defined]
    return list(kind.open_work(day))


def told() -> dict[str, str]:
    """Posts what happened and gives each person's subject."""
    send_notices(clock.now())
    return dict(Message.objects.values_list("recipient__name", "subject"))


def test_a_return_is_its_holders_from_its_rounds_dates_and_a_lifted_lock_gives_it_another(
    kpi: SimpleNamespace,
) -> None:
    record = MonthlyReturnFactory(kpi_year=kpi.year, month=OCTOBER)
    (found,) = pieces(kpis.reminders, "monthly-return")
    assert (found.opened, found.due) == (date(2026, 11, 2), date(2026, 11, 12))
    assert (found.actors, found.stand_ins, found.service) == ({kpi.holder.pk}, {kpi.stand_in.pk}, kpi.service.pk)
    assert found.title == "The October 2026 return of PI 1 Example bins"
    assert "It locked after 19 November 2026" in pieces(kpis.reminders, "monthly-return", date(2026, 11, 23))[0].note
    LockExceptionFactory(monthly_return=record, expires_on=date(2026, 11, 27))
    lifted = pieces(kpis.reminders, "monthly-return", date(2026, 11, 23))[0]
    assert (lifted.due, lifted.note) == (date(2026, 11, 27), "")
    assert pieces(kpis.reminders, "monthly-return", date(2026, 11, 1)) == []
    MonthlyReturnFactory(kpi_year=KpiYearFactory(), month=OCTOBER, submitted=True)
    assert len(pieces(kpis.reminders, "monthly-return")) == 1


def test_an_action_update_is_its_officers() -> None:
    update = ActionUpdateFactory()
    (found,) = pieces(actions.reminders, "action-update")
    assert found.actors == {update.action_year.responsible_id}
    assert found.due == update.period.due_on


def test_what_was_handed_in_waits_for_the_team_from_its_due_day_until_it_locks(kpi: SimpleNamespace) -> None:
    MonthlyReturnFactory(kpi_year=kpi.year, month=OCTOBER, submitted=True)
    MonthlyReturnFactory(kpi_year=KpiYearFactory(), month=OCTOBER)
    with_board = MonthlyReturnFactory(kpi_year=KpiYearFactory(), month=OCTOBER, submitted=True)
    ChallengeFactory(monthly_return=with_board, escalated=True)
    (found,) = pieces(kpis.reminders, "returns-to-check")
    assert (found.title, found.actors) == ("1 return of October 2026", {kpi.team.pk})
    assert (found.opened, found.due) == (date(2026, 11, 12), date(2026, 11, 19))
    ActionUpdateFactory(submitted=True)
    (quarter,) = pieces(actions.reminders, "updates-to-check")
    assert quarter.title == "1 action update of Q2 2026/27"


def test_how_often_somebody_was_late_before_counts_what_came_in_after_its_day_or_never(kpi: SimpleNamespace) -> None:
    MonthlyReturnFactory(kpi_year=kpi.year, month=SEPTEMBER)
    MonthlyReturnFactory(kpi_year=kpi.year, month=OCTOBER)
    assert kpis.reminders.late_before(date(2026, 1, 1), TODAY) == {kpi.holder.pk: 1}
    assert kpis.reminders.late_before(date(2026, 1, 1), date(2026, 12, 1)) == {kpi.holder.pk: 2}


def test_a_challenge_and_its_answer_are_told_at_once_to_the_other_side(kpi: SimpleNamespace) -> None:
    record: MonthlyReturn = MonthlyReturnFactory(kpi_year=kpi.year, month=OCTOBER, submitted=True)
    raise_challenge(record, about="value", reason="looks_wrong", question="Is that right?", by=kpi.team)
    assert told() == {
        "Ann": "Answer a challenge about the October 2026 return of PI 1 Example bins by 10 November 2026"
    }
    assert "Is that right?" not in Message.objects.get().text  # the dialogue stays where who may see it is decided
    assert send_notices(clock.now() + timedelta(minutes=1)) == 0
    assert send_notices(clock.now() + timedelta(days=30)) == 0
    (open_one,) = pieces(kpis.reminders, "return-challenge")
    assert open_one.due == date(2026, 11, 10)


def test_a_challenge_with_the_board_is_not_asked_of_the_service(kpi: SimpleNamespace) -> None:
    record = MonthlyReturnFactory(kpi_year=kpi.year, month=OCTOBER, challenged=True)
    ChallengeFactory(monthly_return=record, escalated=True)
    assert pieces(kpis.reminders, "return-challenge") == []


def test_a_holder_who_goes_away_is_stood_in_for_and_their_delegate_hears_of_it(kpi: SimpleNamespace) -> None:
    cy = UserFactory(name="Cy")
    DelegationFactory(user=kpi.holder, delegate=cy, starts_on=TODAY, ends_on=date(2026, 11, 13))
    assert told() == {
        "Cy": "Ann is away from 5 November 2026 to 13 November 2026",
        "Ben": "Ann is away from 5 November 2026 to 13 November 2026: 1 KPI needs somebody to stand in",
    }


def test_a_holder_who_leaves_hands_over_once_whatever_is_changed_on_the_account_later(kpi: SimpleNamespace) -> None:
    kpi.holder.is_active = False
    save_as(kpi.holder, by=None, reason="Left")
    assert told() == {"Ben": "Ann left on 5 November 2026: 1 KPI needs somebody to stand in"}
    save_as(kpi.holder, by=None, reason="Tidied")
    assert send_notices(clock.now()) == 0


def test_whoever_takes_up_a_post_hears_that_its_work_is_theirs() -> None:
    person = holder(Role.SERVICE_MANAGER, starts_on=TODAY, service=ServiceFactory(name="Example Parks"))
    assert told() == {person.name: "You hold the post Service manager, Example Parks from 5 November 2026"}


def test_every_kind_and_notice_is_declared_once_with_words_and_asks_as_often_whatever_there_is(
    kpi: SimpleNamespace,
) -> None:
    for kind in kinds():
        assert kind.missed.endswith(".")
        assert kind.guidelines
    codes = {one.code for one in notice_sources()}
    assert {"return-dialogue", "template-move", "proposal-move", "covering", "kpis-handed-over"} <= codes

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            for kind in kinds():
                list(kind.open_work(TODAY))
            for source in notice_sources():
                list(source.since(datetime(2026, 11, 3, tzinfo=UTC)))
        return len(seen)

    def more() -> None:
        other = KpiYearFactory(service=kpi.service)
        KpiPersonFactory(kpi_year=other, user=kpi.holder)
        MonthlyReturnFactory(kpi_year=other, month=OCTOBER)
        asked = MonthlyReturnFactory(kpi_year=KpiYearFactory(), month=OCTOBER, submitted=True)
        raise_challenge(asked, about="value", reason="looks_wrong", question="Is that right?", by=kpi.team)
        ActionUpdateFactory()

    more()
    few = queries()
    for _ in range(4):
        more()
    assert queries() == few


def test_two_kinds_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="Declared twice: monthly-return"):
        _declared(("kpis.reminders.KINDS", "kpis.reminders.KINDS"))

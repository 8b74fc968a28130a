"""A year lived day by day with 60 KPIs and 40 people: what November and April brought, against a list made by hand.

Ten people of each of three services hold two KPIs each. A1 to A10 hand in on the day the month opens, B1 to B10 on
its fifth working day, C1 to C9 on the day it is due, C10 the day after. A2 never hands in October and March. A4 is
away most of November, covered by A5, with *stand-in A* named in the templates. B5 leaves in March: *stand-in B*.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import models
from django.test import override_settings

from hdcperf.history import save_as
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.outbox.models import Message
from hdcperf.periods import Month, working_days
from hdcperf.reminders.models import Reminder
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.roles import Role
from kpis.models import KpiPerson, KpiYear, MonthlyReturn
from tests.bench.bulk import insert
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory
from tests.factories.organisation import (
    AppointmentFactory,
    DelegationFactory,
    ReportingPeriodFactory,
    ServiceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
A = tuple(f"A{n}" for n in range(1, 11))
B = tuple(f"B{n}" for n in range(1, 11))
C = tuple(f"C{n}" for n in range(1, 11))


def but(people: tuple[str, ...], *without: str) -> tuple[str, ...]:
    return tuple(one for one in people if one not in without)


# Who was told of which step on which day; each of two KPIs, but for A5 on the second, who covers for A4 besides.
NOVEMBER: dict[int, tuple[str, tuple[str, ...]]] = {
    2: ("opened", (*but(A, "A4", "A5"), "A5", "A5", *B, *C, "stand-in A")),
    5: ("before-5", ("A2", "A5", "stand-in A", *B, *C)),
    11: ("before-1", ("A2", "A5", "stand-in A", *C)),
    13: ("overdue-1", ("A2", "C10")),
    18: ("overdue-2", ("A2",)),
    23: ("overdue-3", ("A2", "manager A")),
    26: ("overdue-4", ("A2", "manager A")),
}
# Easter is over before the round opens on 1 April; it is due on the 13th.
APRIL: dict[int, tuple[str, tuple[str, ...]]] = {
    1: ("opened", (*A, *but(B, "B5"), "stand-in B", *C)),
    6: ("before-5", ("A2", *but(B, "B5"), "stand-in B", *C)),
    12: ("before-1", ("A2", *C)),
    14: ("overdue-1", ("A2", "C10")),
    19: ("overdue-2", ("A2",)),
    22: ("overdue-3", ("A2", "manager A")),
    27: ("overdue-4", ("A2", "manager A")),
    30: ("overdue-5", ("A2", "manager A", "head A", "team 1", "team 2")),
}


def make_council() -> dict[str, User]:
    """The 40 people by name, with their posts, KPIs and stand-ins."""
    names = (*A, *B, *C, "stand-in A", "stand-in B", "team 1", "team 2")
    people = {name: UserFactory(name=name) for name in names}
    for letter in "ABC":
        service = ServiceFactory(name=f"Service {letter}")
        for post, role in (("manager", Role.SERVICE_MANAGER), ("head", Role.HEAD_OF_SERVICE)):
            people[f"{post} {letter}"] = UserFactory(name=f"{post} {letter}")
            AppointmentFactory(user=people[f"{post} {letter}"], role=role.value, service=service)
        for number in range(1, 11):
            for _ in range(2):
                kpi_year = KpiYearFactory(service=service)
                KpiPersonFactory(kpi_year=kpi_year, user=people[f"{letter}{number}"])
                if (letter, number) in (("A", 4), ("B", 5)):
                    stand_in = people[f"stand-in {letter}"]
                    KpiPersonFactory(kpi_year=kpi_year, user=stand_in, duty=KpiPerson.Duty.STANDS_IN)
    for name in ("team 1", "team 2"):
        AppointmentFactory(user=people[name], role=Role.PERFORMANCE_TEAM.value)
    DelegationFactory(
        user=people["A4"], delegate=people["A5"], starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 20)
    )
    assert len(people) == 40
    assert KpiYear.objects.count() == 60
    return people


def open_month(month: Month) -> ReportingPeriod:
    period: ReportingPeriod = ReportingPeriodFactory(month=month)
    insert(
        [
            MonthlyReturn(kpi_id=one.kpi_id, kpi_year=one, month=month.first_day, period=period)
            for one in KpiYear.objects.all()
        ]
    )
    return period


def hands_in(name: str, period: ReportingPeriod) -> date | None:
    """The day on which a holder hands in, after the morning's messages."""
    month = period.span
    if name == "A2" and month in (Month(2026, 10), Month(2027, 3)):
        return None
    if (name, month) == ("A4", Month(2026, 10)) or (name in C and name != "C10"):
        return period.due_on
    if name == "C10":
        return working_days().add_working_days(period.due_on, 1)
    return period.opens_on if name in A else working_days().add_working_days(period.opens_on, 4)


def live_a_day(day: date, rounds: list[ReportingPeriod]) -> None:
    send_reminders(day)
    if day.month in (11, 4):
        send_reminders(day)  # the schedule runs twice, and nobody hears of it
    for period in rounds[-2:]:
        done = [name for name in (*A, *B, *C) if hands_in(name, period) == day]
        if done:
            theirs = KpiPerson.objects.filter(user__name__in=done).values("kpi_year")
            waiting = models.QuerySet(MonthlyReturn).filter(period=period, kpi_year__in=theirs)
            waiting.update(state="accepted", value=1, rag="green")  # written as the rows themselves are


def told_in(first: date, last: date) -> dict[date, Counter[tuple[str, str]]]:
    found: dict[date, Counter[tuple[str, str]]] = {}
    rows = Reminder.objects.filter(digest__day__range=(first, last)).values_list(
        "digest__day", "recipient__name", "step"
    )
    for day, name, step in rows:
        found.setdefault(day, Counter())[name, step] += 1
    return found


def by_hand(
    year: int, month: int, expected: dict[int, tuple[str, tuple[str, ...]]]
) -> dict[date, Counter[tuple[str, str]]]:
    """Each name of the list stands for two KPIs."""
    return {
        date(year, month, day): Counter({(name, step): 2 * times for name, times in Counter(names).items()})
        for day, (step, names) in expected.items()
    }


@override_settings(REMINDER_KINDS=["kpis.reminders.KINDS"])
def test_a_year_of_60_kpis_and_40_people_tells_each_what_the_list_made_by_hand_says() -> None:
    people = make_council()
    rounds: list[ReportingPeriod] = []
    day, months = date(2026, 5, 1), [Month(2026, 4) + n for n in range(12)]
    while day <= date(2027, 4, 30):
        if months and working_days().nth_working_day(months[0].next, 1) == day:
            rounds.append(open_month(months.pop(0)))
        if day == date(2027, 3, 15):
            people["B5"].is_active = False
            save_as(people["B5"], by=None, reason="Left")
        live_a_day(day, rounds)
        day += DAY
    assert told_in(date(2026, 11, 1), date(2026, 11, 30)) == by_hand(2026, 11, NOVEMBER)
    assert told_in(date(2027, 4, 1), date(2027, 4, 30)) == by_hand(2027, 4, APRIL)
    assert all(working_days().is_working_day(day) for day in told_in(date(2026, 5, 1), date(2027, 4, 30)))
    assert Message.objects.count() == sum(
        len({name for name, _ in told}) for told in told_in(date(2026, 5, 1), date(2027, 4, 30)).values()
    )

"""What people are reminded of in the monthly cycle, and told at once (framework E.1, C.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from django.db.models import Prefetch
from django.urls import reverse

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.reminders.handover import gone_since
from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece
from hdcperf.review.home_tasks import NOT_IN
from hdcperf.review.reminding import CHECKING, Reminded, to_check
from hdcperf.ui import count_of
from kpis.models import (
    Challenge,
    ChallengeMessage,
    KpiPerson,
    KpiYear,
    MonthlyReturn,
    RevisionTransition,
    TargetSetTransition,
)
from kpis.queries.tasks_of_others import ASKED_OF_LATE

__all__ = ["KINDS", "NOTICES"]

GUIDELINES = (
    "Say what the performance was, against its target.",
    "Say what happened and why: a comment that only repeats the figure explains nothing.",
    "Say how it will affect the year-end target: forecast the year's end, and say how you made the forecast.",
    "Where there is no figure yet, say why and when it is expected.",
)
"""What stakeholders are asked for each month (framework E.1 and C.2)."""

ANSWERING = (
    "Correct the figure or the words if they are wrong, and say what will be done differently next time.",
    "If they are right, say why. Either side can ask the board to decide.",
)


def _people(record: MonthlyReturn, *, stand_in: bool) -> frozenset[int]:
    return frozenset(
        row.user_id for row in record.kpi_year.people.all() if (row.duty == KpiPerson.Duty.STANDS_IN) == stand_in
    )


def _records(ids: Iterable[int]) -> list[MonthlyReturn]:
    """These returns with their KPI's year and people, in two queries."""
    rows = MonthlyReturn.objects.filter(pk__in=set(ids)).select_related("kpi_year")
    return list(rows.prefetch_related(Prefetch("kpi_year__people", KpiPerson.objects.order_by("pk"))))


RETURN: Reminded[MonthlyReturn] = Reminded(
    noun="return",
    link="monthly_return",
    called=lambda record: f"the {record.measured} return of {record.kpi_year.code} {record.kpi_year.name}",
    href=lambda record: reverse("return", args=[record.measured, record.kpi_year.code]),
    actors=lambda record: _people(record, stand_in=False),
    stand_ins=lambda record: _people(record, stand_in=True),
    service=lambda record: record.kpi_year.service_id,
)


def open_returns(today: date) -> Iterator[Piece]:
    """Every return of an open round, and of one that locked lately, that is not in; four queries."""
    rows = MonthlyReturn.objects.filter(
        state__in=NOT_IN,
        period__opened_at__isnull=False,
        period__opens_on__lte=today,
        period__starts_on__gte=today - ASKED_OF_LATE,
    )
    rows = rows.select_related("kpi_year", "period").prefetch_related("lock_exceptions", "kpi_year__people")
    return RETURN.to_enter(rows.defer("why", "what_happened", "being_done", "internal_note"), today)


def open_challenges(today: date) -> Iterator[Piece]:
    return RETURN.to_answer(Challenge.objects.all(), _records)


def returns_to_check(today: date) -> Iterator[Piece]:
    rows = MonthlyReturn.objects.filter(period__starts_on__gte=today - ASKED_OF_LATE)
    rows = rows.exclude(pk__in=MonthlyReturn.objects.with_the_board().values("pk"))
    return to_check(rows, "return", "check-returns", lambda one: reverse("returns", args=[one.month]), today)


def late_before(since: date, today: date) -> Mapping[int, int]:
    """How often each holder's returns came in late, of the rounds due from ``since`` until ``today``."""
    rows = MonthlyReturn.objects.filter(period__due_on__gte=since, period__due_on__lt=today).order_by()
    return RETURN.late_before(rows, _holders, today)


def _holders(ids: Iterable[int]) -> Mapping[int, frozenset[int]]:
    """The people, but for stand-ins, of each return by its id."""
    found: dict[int, set[int]] = {}
    named = KpiPerson.objects.exclude(duty=KpiPerson.Duty.STANDS_IN).filter(kpi_year__returns__in=list(ids))
    for pk, person in named.values_list("kpi_year__returns", "user"):
        found.setdefault(pk, set()).add(person)
    return {pk: frozenset(people) for pk, people in found.items()}


KINDS = (
    Kind(
        code="monthly-return",
        one="monthly return",
        many="monthly returns",
        open_work=open_returns,
        missed="the month locks without your figure. The board then sees “no data” for the KPI, and your service "
        "manager and head of service are told.",
        guidelines=GUIDELINES,
        requested=True,
        late_before=late_before,
    ),
    Kind(
        code="return-challenge",
        one="challenge to answer",
        many="challenges to answer",
        open_work=open_challenges,
        missed="the figure cannot be accepted, and a challenge that is old when the month locks goes to the board.",
        guidelines=ANSWERING,
        told_at_once=True,
    ),
    Kind(
        code="returns-to-check",
        one="month to check",
        many="months to check",
        open_work=returns_to_check,
        missed="the month locks with figures that nobody accepted, and the board does not see them.",
        guidelines=CHECKING,
    ),
)


# Told at once


def _dialogue(moment: datetime) -> Iterator[Notice]:
    return RETURN.dialogue(ChallengeMessage.objects.all(), moment, _records)


def _revisions(moment: datetime) -> Iterator[Notice]:
    rows = RevisionTransition.objects.all()
    return RETURN.revisions(rows, moment, _records, lambda one: reverse("revision", args=[one.pk]))


def _targets(moment: datetime) -> Iterator[Notice]:
    """A target sent back, to whoever proposed it."""
    rows = TargetSetTransition.objects.filter(at__gt=moment, move="send_back", target_set__set_by__isnull=False)
    for row in rows.select_related("target_set__kpi_year"):
        one = row.target_set
        yield Notice(
            subject=f"target-move-{row.pk}",
            on=clock.local_day(row.at),
            title=f"The target of {one.kpi_year.code} {one.kpi_year.name} from {one.start} was sent back",
            href=reverse("target-set", args=[one.pk]),
            recipients=frozenset({one.set_by_id} if one.set_by_id is not None else ()),
            but_not=frozenset({row.by_id}),
        )


def _handed_over(moment: datetime) -> Iterator[Notice]:
    """Whoever stands in for somebody who went away or left hears for which KPIs (framework B.2)."""
    gone = {one.person: one for one in gone_since(moment)}
    if not gone:
        return
    year = Month.from_date(clock.today()).financial_year.start_year
    rows = KpiYear.objects.filter(year=year, people__user__in=list(gone)).distinct()
    held: dict[tuple[int, frozenset[int]], list[KpiYear]] = {}
    for kpi_year in rows.prefetch_related("people").order_by("code_key"):
        named = kpi_year.people.all()
        stand_ins = frozenset(row.user_id for row in named if row.duty == KpiPerson.Duty.STANDS_IN)
        for person in {row.user_id for row in named if row.duty != KpiPerson.Duty.STANDS_IN} & gone.keys():
            held.setdefault((person, stand_ins), []).append(kpi_year)
    for (person, stand_ins), kpi_years in held.items():
        yield _hand_over(gone[person].subject, gone[person].on, gone[person].words, stand_ins, kpi_years)


def _hand_over(subject: str, on: date, words: str, stand_ins: frozenset[int], kpi_years: list[KpiYear]) -> Notice:
    names = "; ".join(f"{one.code} {one.name}" for one in kpi_years)
    return Notice(
        subject=f"{subject}-kpi-{kpi_years[0].pk}",
        on=on,
        title=f"{words}: {count_of(len(kpi_years), 'KPI needs', 'KPIs need')} somebody to stand in",
        href=reverse("home"),
        recipients=frozenset(),
        stand_ins=stand_ins,
        service=kpi_years[0].service_id,
        words=f"You are named to stand in, or answer for the service, for {names}.",
    )


NOTICES = (
    NoticeSource("return-dialogue", "A challenge about a return is asked, answered, escalated or decided", _dialogue),
    NoticeSource("return-revision", "A revision of a figure waits to be decided, or was declined", _revisions),
    NoticeSource("target-move", "A target was sent back", _targets),
    NoticeSource("kpis-handed-over", "A KPI’s stand-ins take over", _handed_over),
)

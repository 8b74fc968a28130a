"""What the figures on data quality are made of: every KPI, month and person counted, in seven queries (B.1)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, Min, OuterRef, QuerySet
from django.utils import timezone

from dataquality.models import Template, TemplatePerson
from dataquality.rules.measures import Measure, Share, share_of
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod, Service, User
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import Permission
from kpis.models import Challenge, KpiPerson, KpiYear, MonthlyReturn, MonthlyReturnTransition, ReturnAuthor, Revision

__all__ = ["Item", "counted_items", "measured_services", "sees_measures", "years_measured"]

State = MonthlyReturn.State
NOT_OPENED = "No return was opened: its template was not signed off"
NOT_SENT = "No return was sent"
NO_DATA = "The return says that there is no data"


@dataclass(frozen=True)
class Item:
    """One thing a figure counts: a KPI, a month of one, or a person; and whether it is in the numerator."""

    measure: Measure
    kpi_year: KpiYear
    key: object
    counts: bool
    month: Month | None = None
    person: str = ""
    due: date | None = None
    done: date | None = None
    why: str = ""

    @property
    def year(self) -> int:
        return int(self.kpi_year.year)

    @property
    def service(self) -> int:
        return int(self.kpi_year.service_id)


def sees_measures(who: Standing) -> bool:
    """Whoever sees templates and reviews sees the figures drawn from them, each over the same services."""
    return who.may(Permission.SEE_QUALITY)


def _seen(who: Standing) -> QuerySet[KpiYear]:
    rows: QuerySet[KpiYear] = KpiYear.objects.filter(who.reach(Permission.SEE_QUALITY).rows(), is_live=True)
    return rows


def years_measured(who: Standing) -> list[int]:
    """The years that have KPIs this person sees the figures of, the newest first."""
    return list(_seen(who).order_by("-year").values_list("year", flat=True).distinct())


def measured_services(who: Standing, year: int) -> list[Service]:
    """The services with KPIs in the year that this person sees the figures of, by name."""
    return list(Service.objects.filter(pk__in=_seen(who).filter(year=year).values("service")))


def counted_items(who: Standing, years: Collection[int], service: int | None = None) -> list[Item]:
    """Everything counted for these years, over the person's reach; for one ``service`` alone, if asked."""
    rows = _seen(who).filter(year__in=years)
    if service is not None:
        rows = rows.filter(service=service)
    return items_of(rows, who.today)


def items_of(rows: QuerySet[KpiYear], today: date) -> list[Item]:
    """Everything counted of these KPI years as it stands ``today``: the same queries for two as for two hundred."""
    held = {one.pk: one for one in rows.select_related("kpi__predecessor", "service").order_by("code_key")}
    return [*_templates(held), *_months(held, today), *_owners(held), *_stand_ins(held)]


Held = dict[int, KpiYear]


def _templates(held: Held) -> Iterator[Item]:
    states = (Template.State.SIGNED, Template.State.SUPERSEDED)
    signed = Template.objects.filter(kpi_year__in=list(held), state__in=states)
    first = dict(signed.order_by().values_list("kpi_year").annotate(first=Min("signed_on")))
    for pk, one in held.items():
        done = first.get(pk) or one.template_signed_on
        yield Item(Measure.SIGNED, one, pk, one.template_signed_on is not None, done=done)


# Months


@dataclass(frozen=True)
class _Return:
    """What is read of one monthly return."""

    kpi_year: KpiYear
    month: Month
    state: str
    due: date | None
    sent: date | None
    no_data: bool
    imported: bool
    challenged: bool
    revised: bool

    @property
    def waits(self) -> bool:
        return self.state in (State.NOT_STARTED, State.DRAFT)

    @property
    def key(self) -> object:
        return (self.kpi_year.pk, self.month)


def _returns(held: Held) -> list[_Return]:
    sent = MonthlyReturnTransition.objects.filter(monthly_return__kpi_year__in=list(held), move="submit")
    first = dict(sent.order_by().values_list("monthly_return").annotate(first=Min("at")))
    of_it = {"monthly_return": OuterRef("pk")}
    rows = (
        MonthlyReturn.objects.filter(kpi_year__in=list(held))
        .annotate(
            challenged=Exists(Challenge.objects.filter(**of_it)),
            revised=Exists(Revision.objects.filter(state=Revision.State.ACCEPTED, **of_it)),
        )
        .order_by("month", "kpi_year__code_key")
        .values_list(
            *("pk", "kpi_year", "month", "state", "period__due_on"), *("no_data", "imported", "challenged", "revised")
        )
    )
    return [
        _Return(
            held[kpi_year],
            Month.from_date(month),
            state,
            due,
            timezone.localdate(first[pk]) if pk in first else None,
            *facts,
        )
        for pk, kpi_year, month, state, due, *facts in rows
    ]


def _months(held: Held, today: date) -> Iterator[Item]:
    rows = _returns(held)
    for one in rows:
        yield from _of_return(one, today)
    there = {(one.kpi_year.kpi_id, one.month) for one in rows}
    yield from _not_opened(held, there, today)


def _of_return(one: _Return, today: date) -> Iterator[Item]:
    """The figures a return is part of: what is still being collected and not yet due is part of none."""
    has_fallen_due = one.due is None or one.due < today
    facts: dict[str, Any] = {"month": one.month, "due": one.due}
    if one.due is not None and (has_fallen_due or not one.waits):
        on_time = not one.waits and (one.sent is None or one.sent <= one.due)
        yield Item(Measure.ON_TIME, one.kpi_year, one.key, on_time, done=one.sent, **facts)
    if one.state == State.ACCEPTED:
        if not one.imported:
            yield Item(Measure.FIRST_TIME, one.kpi_year, one.key, not one.challenged, **facts)
        yield Item(Measure.REVISED, one.kpi_year, one.key, one.revised, **facts)
    if has_fallen_due or not one.waits:
        why = NO_DATA if one.no_data else NOT_SENT if one.waits else ""
        yield Item(Measure.MISSING, one.kpi_year, one.key, bool(why), why=why, **facts)


def _not_opened(held: Held, there: set[tuple[int, Month]], today: date) -> Iterator[Item]:
    """Months whose round was opened and has fallen due without a return of this KPI: its template was not signed."""
    opened = {
        Month.from_date(row.starts_on): row.due_on
        for row in ReportingPeriod.objects.months().opened().filter(due_on__lt=today)
    }
    for one in held.values():
        for month in one.months:
            due = opened.get(month + one.months_in_arrears)
            if due is not None and (one.kpi_id, month) not in there and one.reports(month):
                yield Item(Measure.MISSING, one, (one.pk, month), True, month, due=due, why=NOT_OPENED)


# People


def _named(held: Held, duty: str) -> list[tuple[int, User]]:
    rows = KpiPerson.objects.filter(kpi_year__in=list(held), duty=duty).select_related("user")
    return [(row.kpi_year_id, row.user) for row in rows]


def _owners(held: Held) -> Iterator[Item]:
    named = _named(held, KpiPerson.Duty.COLLECTS)
    entered = set(
        ReturnAuthor.objects.filter(user__in={user.pk for _, user in named}).values_list("user", flat=True).distinct()
    )
    for pk, user in named:
        one = held[pk]
        yield Item(Measure.NEVER, one, (one.year, user.pk), user.pk not in entered, person=user.name)


def _stand_ins(held: Held) -> Iterator[Item]:
    """Those the newest version names, and those the KPI's year has named without one."""
    names: dict[tuple[int, int], User] = {(pk, user.pk): user for pk, user in _named(held, KpiPerson.Duty.STANDS_IN)}
    confirmed: set[tuple[int, int]] = set()
    kept = Template.objects.exclude(state=Template.State.DISCARDED)
    later = kept.filter(kpi_year=OuterRef("template__kpi_year"), number__gt=OuterRef("template__number"))
    rows = TemplatePerson.objects.filter(
        ~Exists(later), template__in=kept, template__kpi_year__in=list(held), duty=KpiPerson.Duty.STANDS_IN
    )
    for row in rows.select_related("user", "template"):
        key = (row.template.kpi_year_id, row.user_id)
        names[key] = row.user
        if row.access_confirmed_on is not None and row.user.is_active:
            confirmed.add(key)
    for key, user in names.items():
        why = "" if user.is_active else "They can no longer sign in"
        yield Item(Measure.STAND_INS, held[key[0]], key, key not in confirmed, person=user.name, why=why)


def of_measure(items: Iterable[Item], measure: Measure) -> list[Item]:
    return [item for item in items if item.measure is measure]


def three_years(year: int) -> list[int]:
    """The year and the two before it: what a figure is seen beside."""
    return [year, year - 1, year - 2]


def months_of(year: int, today: date) -> list[Month]:
    """The months of the year that have ended."""
    return [month for month in FinancialYear(year).months if month.last_day < today]


def shares_of_service(service: int, year: int, today: date) -> dict[Measure, Share]:
    """Every figure of one service for a year as it stands ``today``: what its statement of assurance begins with."""
    items = items_of(KpiYear.objects.filter(service=service, year=year, is_live=True), today)
    return {measure: share_of(of_measure(items, measure)) for measure in Measure}

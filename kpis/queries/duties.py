"""Whose work a KPI is: the person's own, one they cover, or one they stand in for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.roles import Permission
from kpis.models import KpiPerson

__all__ = ["Duties", "duties_of", "enters_returns", "is_named", "who_enters", "works_on_returns"]


def is_named(who: Standing) -> bool:
    """Whether the person, or somebody they cover for, is named on any KPI."""
    return KpiPerson.objects.filter(user__in=who.people).exists()


def enters_returns(who: Standing) -> bool:
    """Whether there are returns the person may enter."""
    return who.may(Permission.ENTER_RETURNS) or is_named(who)


def works_on_returns(who: Standing) -> bool:
    """Whether there are returns the person enters, checks or answers for."""
    return who.may(Permission.SEE_WORKING_RETURNS) or enters_returns(who)


@dataclass(frozen=True)
class Duties:
    """The KPI years (by id) a person is named on this year or last, with for whom they act ("" is themselves)."""

    acting_for: dict[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.acting_for)

    @property
    def kpi_years(self) -> list[int]:
        return list(self.acting_for)

    def words(self, kpi_year_id: int) -> str:
        """*Covering for NAME*, *Standing in for NAME*, or nothing for the person's own."""
        return self.acting_for.get(kpi_year_id, "")


def duties_of(who: Standing) -> Duties:
    """What ``who`` is named on, own and covered, in one query: this financial year and the one before it."""
    year = Month.from_date(who.today).financial_year.start_year
    mine = KpiPerson.objects.filter(user__in=who.people, kpi_year__year__in=(year - 1, year))
    rows = KpiPerson.objects.filter(kpi_year__in=mine.values("kpi_year")).select_related("user").order_by("pk")
    people: dict[int, list[KpiPerson]] = {}
    for row in rows:
        people.setdefault(row.kpi_year_id, []).append(row)
    return Duties({kpi_year_id: _acting_for(who, named) for kpi_year_id, named in people.items()})


def _acting_for(who: Standing, named: list[KpiPerson]) -> str:
    holders = [row for row in named if row.duty != KpiPerson.Duty.STANDS_IN]
    if any(row.user_id == who.user_id for row in holders):
        return ""
    covered = next((row for row in named if row.user_id in who.covering), None)
    if covered is not None and not any(row.user_id == who.user_id for row in named):
        return f"Covering for {covered.user.name}"
    return f"Standing in for {holders[0].user.name}" if holders else ""


def who_enters(kpi_years: Iterable[int]) -> dict[int, str]:
    """Who enters each KPI year's returns, in words and in one query: *Kim Keyfigure; Dee Deputy stands in*."""
    holders: dict[int, list[str]] = {}
    stand_ins: dict[int, list[str]] = {}
    rows = KpiPerson.objects.filter(kpi_year__in=kpi_years, user__is_active=True)
    for row in rows.select_related("user").order_by("pk"):
        found = stand_ins if row.duty == KpiPerson.Duty.STANDS_IN else holders
        names = found.setdefault(row.kpi_year_id, [])
        if row.user.name not in names:
            names.append(row.user.name)
    return {one: _names(holders.get(one, []), stand_ins.get(one, [])) for one in {*holders, *stand_ins}}


def _names(holders: list[str], stand_ins: list[str]) -> str:
    verb = "stands" if len(stand_ins) == 1 else "stand"
    parts = [" and ".join(holders), f"{' and '.join(stand_ins)} {verb} in" if stand_ins else ""]
    return "; ".join(part for part in parts if part)

"""What the page of a KPI reads, for many KPIs at once: a fixed number of queries however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Prefetch

from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from kpis.models import (
    DerivedChange,
    EventKpi,
    KpiEvent,
    KpiPerson,
    KpiYear,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
)
from kpis.queries.figures import KpiFigures, figures
from kpis.queries.kpi_page import KpiHistory, Neighbour
from kpis.queries.sight import access

__all__ = ["Past", "histories"]

T = TypeVar("T")


@dataclass(frozen=True)
class Past:
    """A KPI's year and the one before it, with what it replaced or was replaced by."""

    history: KpiHistory
    links: list[Neighbour]


def histories(who: Standing, kpi_years: Iterable[int], last: Month) -> dict[int, Past]:
    """The past of each of ``kpi_years`` (ids) up to the month ``last``, as ``who`` may see it.

    Twelve queries. Only accepted revisions are in it, and no disputes: this is for what many read.
    """
    rows = list(
        KpiYear.objects.filter(pk__in=list(kpi_years)).select_related(
            "kpi__predecessor", "kpi__successor", "service__directorate", "portfolio", "outcome__priority"
        )
    )
    links = _links(rows)
    before = {one.pk: _year_before(one, links[one.pk]) for one in rows}
    with_before = [*rows, *(one for one in before.values() if one is not None)]
    seen = figures(who, with_before, last=last, targets=True, words=True)
    allowed = access(who, with_before)
    records = [one.record_id for kept in seen.values() for one in kept.by_month.values()]
    about = _About(
        events=_events(rows),
        revisions=_revisions(records),
        derived=_derived(records),
        outcomes=_outcomes(records),
        people=_people(rows),
    )
    return {
        one.pk: Past(
            KpiHistory(
                kpi_year=one,
                allowed=allowed,
                seen=seen[one.pk],
                before=_figures_of(seen, before[one.pk]),
                events=_within(about.events[one.kpi_id], one),
                revisions=_of(about.revisions, seen[one.pk]),
                derived=_of(about.derived, seen[one.pk]),
                outcomes=about.outcomes,
                disputes=[],
                people=about.people[one.pk],
            ),
            links[one.pk],
        )
        for one in rows
    }


@dataclass(frozen=True)
class _About:
    """What hangs on the KPIs: events by KPI; revisions and moves by return; outcomes by return; people by year."""

    events: Mapping[int, list[KpiEvent]]
    revisions: Mapping[int, list[Revision]]
    derived: Mapping[int, list[DerivedChange]]
    outcomes: dict[int, RecoveryOutcome]
    people: Mapping[int, list[KpiPerson]]


def _links(rows: list[KpiYear]) -> dict[int, list[Neighbour]]:
    """Each KPI's other years, newest first, and the latest year of its predecessor and successor."""
    kinds: dict[int, dict[int, str]] = {}
    for one in rows:
        successor = getattr(one.kpi, "successor", None)
        kinds[one.pk] = {one.kpi_id: "year"}
        if one.kpi.predecessor_id is not None:
            kinds[one.pk][one.kpi.predecessor_id] = "predecessor"
        if successor is not None:
            kinds[one.pk][successor.pk] = "successor"
    wanted = {kpi for by_kpi in kinds.values() for kpi in by_kpi}
    years: defaultdict[int, list[KpiYear]] = defaultdict(list)
    for year in KpiYear.objects.filter(kpi__in=wanted, is_live=True).select_related("service").order_by("-year"):
        years[year.kpi_id].append(year)
    return {
        pk: [
            Neighbour(year, kind)
            for kpi, kind in by_kpi.items()
            for year in (years[kpi] if kind == "year" else years[kpi][:1])
        ]
        for pk, by_kpi in kinds.items()
    }


def _year_before(one: KpiYear, links: list[Neighbour]) -> KpiYear | None:
    same = (link.kpi_year for link in links if link.kind == "year")
    return next((year for year in same if year.year == one.year - 1), None)


def _figures_of(seen: Mapping[int, KpiFigures], year: KpiYear | None) -> KpiFigures | None:
    return None if year is None else seen[year.pk]


def _events(rows: list[KpiYear]) -> defaultdict[int, list[KpiEvent]]:
    found: defaultdict[int, list[KpiEvent]] = defaultdict(list)
    touched = EventKpi.objects.filter(kpi__in=[one.kpi_id for one in rows]).select_related("event")
    for row in touched.order_by("event__month", "event__pk"):
        found[row.kpi_id].append(row.event)
    return found


def _within(events: list[KpiEvent], one: KpiYear) -> list[KpiEvent]:
    first, last = one.months[0].first_day, one.months[-1].first_day
    return [event for event in events if first <= event.month <= last]


def _of(by_return: Mapping[int, list[T]], seen: KpiFigures) -> list[T]:
    return [row for one in seen.by_month.values() for row in by_return.get(one.record_id, ())]


def _revisions(records: list[int]) -> defaultdict[int, list[Revision]]:
    found: defaultdict[int, list[Revision]] = defaultdict(list)
    rows = Revision.objects.filter(monthly_return__in=records, state=Revision.State.ACCEPTED)
    made = Prefetch("transitions", RevisionTransition.objects.order_by("at", "pk"))
    for row in rows.select_related("monthly_return").prefetch_related(made).order_by("-proposed_at", "-pk"):
        found[row.monthly_return_id].append(row)
    return found


def _derived(records: list[int]) -> defaultdict[int, list[DerivedChange]]:
    found: defaultdict[int, list[DerivedChange]] = defaultdict(list)
    rows = DerivedChange.objects.filter(monthly_return__in=records).select_related("monthly_return", "cause")
    for row in rows.order_by("-at", "pk"):
        found[row.monthly_return_id].append(row)
    return found


def _outcomes(records: list[int]) -> dict[int, RecoveryOutcome]:
    """What came of recovery actions, as far as it was told with a return that is accepted."""
    rows = RecoveryOutcome.objects.filter(monthly_return__in=records).select_related("told_with")
    return {one.monthly_return_id: one for one in rows if one.told_with is None or one.told_with.is_accepted}


def _people(rows: list[KpiYear]) -> defaultdict[int, list[KpiPerson]]:
    found: defaultdict[int, list[KpiPerson]] = defaultdict(list)
    for row in KpiPerson.objects.filter(kpi_year__in=[one.pk for one in rows]).select_related("user"):
        found[row.kpi_year_id].append(row)
    return found

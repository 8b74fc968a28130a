"""Everything the page of one KPI reads: this year and last, however long its history."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hdcperf.organisation.access import Standing
from kpis.models import (
    Challenge,
    ChallengeMessage,
    DerivedChange,
    KpiEvent,
    KpiPerson,
    KpiYear,
    MonthlyReturn,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
)
from kpis.queries.figures import KpiFigures, figures
from kpis.queries.sight import Access, access, issued_to

__all__ = ["KpiHistory", "Neighbour", "find_year", "history_of", "latest_year", "neighbours"]


def latest_year(code_key: str, this_year: int) -> KpiYear | None:
    """The newest year that has begun in which a KPI had this code; else the first still to come."""
    found = list(KpiYear.objects.filter(code_key=code_key, is_live=True).order_by("-year"))
    return next((one for one in found if one.year <= this_year), found[-1] if found else None)


def find_year(year: int, code_key: str) -> KpiYear | None:
    """The KPI that has this code in the financial year starting in ``year``, with what its page prints."""
    found: KpiYear | None = (
        KpiYear.objects.filter(year=year, code_key=code_key, is_live=True)
        .select_related(
            "kpi__predecessor", "kpi__successor", "service__directorate", "portfolio", "outcome__priority"
        )
        .first()
    )
    return found


@dataclass(frozen=True)
class Neighbour:
    """The same KPI in another year, or the measure it replaced or was replaced by."""

    kpi_year: KpiYear
    kind: str  # "year", "predecessor" or "successor"


def neighbours(kpi_year: KpiYear) -> list[Neighbour]:
    """The KPI's other years, newest first, and the latest year of its predecessor and successor; one query."""
    kpi = kpi_year.kpi
    successor = getattr(kpi, "successor", None)
    others = {kpi.pk: "year"}
    if kpi.predecessor_id is not None:
        others[kpi.predecessor_id] = "predecessor"
    if successor is not None:
        others[successor.pk] = "successor"
    rows = KpiYear.objects.filter(kpi__in=others, is_live=True).select_related("service").order_by("-year")
    found: list[Neighbour] = []
    met: set[int] = set()
    for row in rows:
        kind = others[row.kpi_id]
        if kind == "year" or row.kpi_id not in met:
            found.append(Neighbour(row, kind))
        met.add(row.kpi_id)
    return found


@dataclass(frozen=True)
class KpiHistory:
    """A KPI's year and the one before it as one person may see them, with what happened to them."""

    kpi_year: KpiYear
    allowed: Access
    seen: KpiFigures
    before: KpiFigures | None
    events: list[KpiEvent]
    revisions: list[Revision]
    derived: list[DerivedChange]
    outcomes: dict[int, RecoveryOutcome]
    disputes: list[Challenge]
    people: list[KpiPerson]

    @property
    def sees_more_than_issued(self) -> bool:
        return self.allowed.sees_more_than_issued(self.kpi_year.pk)

    @property
    def works_on_it(self) -> bool:
        return self.kpi_year.pk in self.allowed.working


def history_of(who: Standing, kpi_year: KpiYear, years: Iterable[KpiYear]) -> KpiHistory:
    """Read it in a fixed number of queries; ``years`` are the KPI's years, of which this and the last are loaded."""
    last = next((one for one in years if one.year == kpi_year.year - 1), None)
    seen = figures(who, [kpi_year] if last is None else [kpi_year, last], targets=True, words=True)
    allowed = access(who, [kpi_year])
    this = seen[kpi_year.pk]
    records = [one.record_id for one in this.by_month.values()] if allowed.sees_more_than_issued(kpi_year.pk) else []
    return KpiHistory(
        kpi_year=kpi_year,
        allowed=allowed,
        seen=this,
        before=seen[last.pk] if last is not None else None,
        events=_events(kpi_year),
        revisions=_revisions(records, working=kpi_year.pk in allowed.working),
        derived=list(
            DerivedChange.objects.filter(monthly_return__in=records)
            .select_related("monthly_return", "cause")
            .order_by("-at", "monthly_return__month", "pk")
        ),
        outcomes={one.monthly_return_id: one for one in _outcomes(this, allowed)},
        disputes=_disputes(this, allowed),
        people=list(KpiPerson.objects.filter(kpi_year=kpi_year).select_related("user")),
    )


def _events(kpi_year: KpiYear) -> list[KpiEvent]:
    months = kpi_year.months
    within = (months[0].first_day, months[-1].first_day)
    return list(KpiEvent.objects.filter(touches__kpi=kpi_year.kpi_id, month__range=within).order_by("month", "pk"))


def _revisions(records: list[int], *, working: bool) -> list[Revision]:
    """Accepted revisions, newest first; those proposed or declined only for those who work on the return."""
    rows = Revision.objects.filter(monthly_return__in=records).select_related("monthly_return", "proposed_by")
    if not working:
        rows = rows.filter(state=Revision.State.ACCEPTED)
    made = Prefetch("transitions", RevisionTransition.objects.order_by("at", "pk"))
    return list(rows.prefetch_related(made).order_by("-proposed_at", "-pk"))


def _outcomes(seen: KpiFigures, allowed: Access) -> QuerySet[RecoveryOutcome]:
    """What came of recovery actions; told with a return that is not accepted, it is still the service's own.

    Whoever reads issued figures reads an outcome once the figure it was told with was issued to them too.
    """
    records = [one.record_id for one in seen.by_month.values()]
    rows: QuerySet[RecoveryOutcome] = RecoveryOutcome.objects.filter(monthly_return__in=records)
    if not allowed.sees_more_than_issued(seen.kpi_year.pk):
        return rows.filter(Exists(issued_to(allowed.panel).filter(monthly_return=OuterRef("told_with"))))
    told = Q(told_with__isnull=True) | Q(told_with__state=MonthlyReturn.State.ACCEPTED)
    return rows if seen.kpi_year.pk in allowed.working else rows.filter(told)


def _disputes(seen: KpiFigures, allowed: Access) -> list[Challenge]:
    """What is before the board, with its dialogue, for those who may see a disputed figure."""
    if seen.kpi_year.pk not in allowed.disputed and seen.kpi_year.pk not in allowed.working:
        return []
    disputed = [one.record_id for one in seen.by_month.values() if "disputed" in one.marks]
    said = Prefetch("messages", ChallengeMessage.objects.order_by("at", "pk"))
    return list(
        Challenge.objects.with_the_board()
        .filter(monthly_return__in=disputed)
        .select_related("monthly_return")
        .prefetch_related(said)
    )

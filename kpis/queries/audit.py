"""What the monthly cycle tells the audit list of its tables (framework: audit and governance)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from hdcperf.codes import code_key
from hdcperf.review.audit import Moves, Part, Source, Subject, nothing
from kpis.models import (
    Challenge,
    CommentaryExample,
    EventKpi,
    Finding,
    Kpi,
    KpiEvent,
    KpiPerson,
    KpiTheme,
    KpiYear,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    MonthlyTarget,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
    TargetSet,
    TargetSetTransition,
    WordCorrection,
)
from kpis.workflow import MOVES, REVISION_MOVES, TARGET_MOVES

__all__ = ["PART", "RETURN_MOVES", "REVISIONS", "TARGETS", "kpis_called"]

_KPI_YEAR: dict[type[models.Model], str] = {
    KpiYear: "",
    KpiPerson: "kpi_year__",
    TargetSet: "kpi_year__",
    MonthlyTarget: "target_set__kpi_year__",
    TargetSetTransition: "target_set__kpi_year__",
    MonthlyReturn: "kpi_year__",
    MonthlyReturnTransition: "monthly_return__kpi_year__",
    WordCorrection: "monthly_return__kpi_year__",
    RecoveryOutcome: "monthly_return__kpi_year__",
    CommentaryExample: "monthly_return__kpi_year__",
    Challenge: "monthly_return__kpi_year__",
    Finding: "monthly_return__kpi_year__",
    LockException: "monthly_return__kpi_year__",
    Revision: "monthly_return__kpi_year__",
    RevisionTransition: "revision__monthly_return__kpi_year__",
}
"""The way from a row to the facts of its KPI's year."""

PLAIN_MOVES = ("draft", "submit", "take_back", "accept", "confirm_outturn")
"""Moves that carry nothing of the dialogue."""

APPROVED_ONCE = (TargetSet.State.APPROVED.value, TargetSet.State.REPLACED.value)
"""A target that is only proposed is the officers' own, as a return is before it is accepted."""

RETURN_MOVES = Moves(
    "return-move", "Move of a monthly return", MonthlyReturnTransition, "monthly_return", MOVES, ("kpi_year",)
)
REVISIONS = Moves(
    "revision-move",
    "Move of a revision",
    RevisionTransition,
    "revision",
    REVISION_MOVES,
    ("monthly_return__kpi_year",),
)


TARGETS = Moves("target-move", "Move of a target", TargetSetTransition, "target_set", TARGET_MOVES, ("kpi_year",))


def kpis_called(text: str) -> frozenset[int]:
    """The ids of KPIs with this code (however it is written) or these words in their name, in any year."""
    rows = KpiYear.objects.filter(Q(code_key=code_key(text)) | Q(name__icontains=text))
    return frozenset(rows.values_list("kpi_id", flat=True))


def _path(source: Source) -> str | None:
    """The way to the KPI's year: from the moves' own table, or from the model whose history it is."""
    return _KPI_YEAR.get(source.model if source.is_history else source.rows)


def _of_kpis(source: Source, kpis: Collection[int]) -> Q:
    path = _path(source)
    if path is not None:
        return Q(**{f"{path}kpi__in": kpis})
    if source.model is Kpi:
        return Q(id__in=kpis)
    if source.model in (EventKpi, KpiTheme):
        return Q(kpi__in=kpis)
    if source.model is KpiEvent:
        return Q(id__in=EventKpi.objects.filter(kpi__in=kpis).values("event"))
    return nothing()


def _of_service(source: Source, service: int) -> Q:
    path = _path(source)
    if path is not None:
        return Q(**{f"{path}service": service})
    if source.model in (Kpi, EventKpi, KpiTheme, KpiEvent):
        kpis = KpiYear.objects.filter(service=service).values_list("kpi_id", flat=True)
        return _of_kpis(source, kpis)  # type: ignore[arg-type]
    return nothing()


def _accepted_only(source: Source) -> Q:
    """The rows of ``source`` that are about what is accepted."""
    accepted = MonthlyReturn.State.ACCEPTED.value
    if source.rows is MonthlyReturnTransition:
        return Q(monthly_return__state=accepted, move__in=PLAIN_MOVES)
    if source.rows is RevisionTransition:
        return Q(revision__state=Revision.State.ACCEPTED.value)
    if source.rows is TargetSetTransition:
        return Q(target_set__state__in=APPROVED_ONCE)
    if source.model is TargetSet:
        return Q(id__in=TargetSet.objects.filter(state__in=APPROVED_ONCE).values("pk"))
    if source.model is MonthlyTarget:
        return Q(target_set__state__in=APPROVED_ONCE)
    if source.model is MonthlyReturn:
        return Q(state=accepted)
    if source.model is Revision:
        return Q(id__in=Revision.objects.filter(state=Revision.State.ACCEPTED).values("pk"))
    if source.model is RecoveryOutcome:
        told = Q(told_with__isnull=True) | Q(told_with__state=accepted)
        return Q(monthly_return__state=accepted) & told
    if source.model in (CommentaryExample, LockException):
        return Q(monthly_return__state=accepted)
    return Q()


def _not_yet_accepted(source: Source, row: Any) -> bool:
    return source.model is MonthlyReturn and row.state != MonthlyReturn.State.ACCEPTED


def _kpi_year(record: models.Model) -> KpiYear | None:
    """The facts of the KPI's year a record belongs to, among what was fetched with it."""
    if isinstance(record, KpiYear):
        return record
    for way in ("kpi_year", "monthly_return", "target_set"):
        found = record._state.fields_cache.get(way)
        if isinstance(found, models.Model):
            return _kpi_year(found)
    return None


def _subject(record: models.Model) -> Subject | None:
    found = _kpi_year(record)
    if found is None:
        return None
    # A year that is only proposed has no page yet.
    address = reverse("kpi", args=[found.financial_year, found.code]) if found.is_live else ""
    return Subject(found.code, found.name, address)


def _named(record: models.Model) -> str | None:
    if isinstance(record, MonthlyTarget):
        return f"{record.target_set}, {record.month:%B %Y}"
    owner = getattr(record, "monthly_return", None)
    return str(owner) if owner is not None else None


PART = Part(
    app="kpis",
    moves=(RETURN_MOVES, REVISIONS, TARGETS),
    dialogue=frozenset({Challenge, Finding, WordCorrection}),
    private=frozenset({"internal_note"}),
    months=frozenset({"month", "from_month", "ended_after"}),
    needed={
        MonthlyReturn: ("kpi_year",),
        TargetSet: ("kpi_year",),
        Revision: ("monthly_return__kpi_year",),
    },
    accepted_only=_accepted_only,
    hides_before=_not_yet_accepted,
    called={"kpis": kpis_called},
    of_subjects={"kpis": _of_kpis},
    of_service=_of_service,
    subject=_subject,
    named=_named,
)

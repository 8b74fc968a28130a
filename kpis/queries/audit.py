"""Who changed what, when and why: one list of every move and every tracked row (framework: audit and governance).

The list is a union of narrow reads (when, kind, id), so that filtering and paging cost the same however long it is.
``audit_words`` turns one page of it into words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value

from hdcperf.clock import LONDON
from hdcperf.codes import code_key
from hdcperf.organisation.models import Appointment, Service
from kpis.models import (
    Challenge,
    CommentaryExample,
    EventKpi,
    Finding,
    Kpi,
    KpiEvent,
    KpiPerson,
    KpiYear,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    MonthlyTarget,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
    TargetSet,
    WordCorrection,
)

__all__ = ["Asked", "RowKey", "Source", "as_label", "audit_rows", "kpis_called", "sources", "tracked_models"]

RowKey = tuple[datetime, str, int]
"""When, the kind of source, and the row's own id."""

_KPI_YEAR: dict[type[models.Model], str] = {
    KpiYear: "",
    KpiPerson: "kpi_year__",
    TargetSet: "kpi_year__",
    MonthlyTarget: "target_set__kpi_year__",
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

DIALOGUE = frozenset({Challenge, Finding, WordCorrection})
"""What the two sides say to each other before a figure is accepted."""

PLAIN_MOVES = ("draft", "submit", "take_back", "accept", "confirm_outturn")
"""Moves that carry nothing of the dialogue."""

PRIVATE = frozenset({"internal_note"})
"""Fields kept apart from what is accepted."""


@dataclass(frozen=True)
class Source:
    """One table of the list: the history of a model, or the moves of a workflow."""

    kind: str
    label: str
    model: type[models.Model]
    rows: type[models.Model]
    is_history: bool

    @property
    def when(self) -> str:
        return "history_date" if self.is_history else "at"

    @property
    def person(self) -> str:
        return "history_user" if self.is_history else "by"

    def searched(self, working: bool) -> list[str]:
        """The fields in which words are looked for."""
        fields = [
            one.name
            for one in self.rows._meta.concrete_fields
            if isinstance(one, models.TextField | models.CharField) and not one.choices and one.name != "history_type"
        ]
        return [name for name in fields if working or name not in PRIVATE]


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to. ``kpis`` and ``service`` are ids; days are inclusive, in England's time."""

    person: int | None = None
    kind: str = ""
    kpis: frozenset[int] | None = None
    service: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


def tracked_models() -> list[type[models.Model]]:
    """Every model that keeps a history."""
    return [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]


def as_label(words: str) -> str:
    """A column's or a table's own words, to stand before its value: ``kpi year`` becomes ``KPI year``."""
    return re.sub(r"\b[Kk]pi\b", "KPI", words[:1].upper() + words[1:])


@lru_cache(maxsize=1)
def sources() -> dict[str, Source]:
    """Every table of the list by its kind, in the order of their labels."""
    found = [
        Source("return-move", "Move of a monthly return", MonthlyReturn, MonthlyReturnTransition, False),
        Source("revision-move", "Move of a revision", Revision, RevisionTransition, False),
    ]
    for model in tracked_models():
        label = as_label(str(model._meta.verbose_name))
        manager: Any = getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]
        found.append(Source(str(model._meta.model_name), label, model, manager.model, True))
    return {one.kind: one for one in sorted(found, key=lambda one: one.label)}


def kpis_called(text: str) -> frozenset[int]:
    """The ids of KPIs with this code (however it is written) or these words in their name, in any year."""
    rows = KpiYear.objects.filter(Q(code_key=code_key(text)) | Q(name__icontains=text))
    return frozenset(rows.values_list("kpi_id", flat=True))


def audit_rows(asked: Asked, *, working: bool) -> QuerySet[Any, RowKey]:
    """The keys of what was asked for, newest first.

    Without ``working``, what is not accepted is left out: unaccepted returns and revisions, and all dialogue.
    """
    parts = [_narrow(one, asked, working) for one in _asked_for(asked, working)]
    if not parts:
        parts = [_keys(next(iter(sources().values()))).none()]
    first, *others = parts
    whole = first.union(*others, all=True) if others else first
    return whole.order_by("-audit_when", "-audit_kind", "-audit_id")


def _asked_for(asked: Asked, working: bool) -> Iterable[Source]:
    for one in sources().values():
        if asked.kind and one.kind != asked.kind:
            continue
        if working or one.model not in DIALOGUE:
            yield one


def _keys(source: Source, condition: Q | None = None) -> QuerySet[Any, RowKey]:
    rows = source.rows._default_manager.filter(condition or Q()).order_by()
    annotated = rows.annotate(
        audit_when=F(source.when), audit_kind=Value(source.kind, CharField()), audit_id=F(source.rows._meta.pk.name)
    )
    keys: QuerySet[Any, RowKey] = annotated.values_list("audit_when", "audit_kind", "audit_id")
    return keys


def _narrow(source: Source, asked: Asked, working: bool) -> QuerySet[Any, RowKey]:
    condition = Q() if working else _accepted_only(source)
    if asked.person is not None:
        condition &= Q(**{source.person: asked.person})
    if asked.since is not None:
        condition &= Q(**{f"{source.when}__gte": _start_of(asked.since)})
    if asked.until is not None:
        condition &= Q(**{f"{source.when}__lt": _start_of(asked.until + timedelta(days=1))})
    if asked.words:
        condition &= _holding(source, asked.words, working)
    if asked.kpis is not None:
        condition &= _of_kpis(source, asked.kpis)
    if asked.service is not None:
        condition &= _of_service(source, asked.service)
    return _keys(source, condition)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _holding(source: Source, words: str, working: bool) -> Q:
    found = Q()
    for name in source.searched(working):
        found |= Q(**{f"{name}__icontains": words})
    return found


def _nothing() -> Q:
    return Q(pk__in=[])


def _path(source: Source) -> str | None:
    """The way to the KPI's year: from the moves' own table, or from the model whose history it is."""
    return _KPI_YEAR.get(source.model if source.is_history else source.rows)


def _of_kpis(source: Source, kpis: Iterable[int]) -> Q:
    path = _path(source)
    if path is not None:
        return Q(**{f"{path}kpi__in": kpis})
    if source.model is Kpi:
        return Q(id__in=kpis)
    if source.model is EventKpi:
        return Q(kpi__in=kpis)
    if source.model is KpiEvent:
        return Q(id__in=EventKpi.objects.filter(kpi__in=kpis).values("event"))
    return _nothing()


def _of_service(source: Source, service: int) -> Q:
    path = _path(source)
    if path is not None:
        return Q(**{f"{path}service": service})
    if source.model is Appointment:
        return Q(service=service)
    if source.model is Service:
        return Q(id=service)
    if source.model in (Kpi, EventKpi, KpiEvent):
        kpis = KpiYear.objects.filter(service=service).values_list("kpi_id", flat=True)
        return _of_kpis(source, kpis)
    return _nothing()


def _accepted_only(source: Source) -> Q:
    """The rows of ``source`` that are about what is accepted."""
    accepted = MonthlyReturn.State.ACCEPTED.value
    if source.rows is MonthlyReturnTransition:
        return Q(monthly_return__state=accepted, move__in=PLAIN_MOVES)
    if source.rows is RevisionTransition:
        return Q(revision__state=Revision.State.ACCEPTED.value)
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

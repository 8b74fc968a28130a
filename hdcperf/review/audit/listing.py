"""One list of every move and every tracked row, as a union of narrow reads (when, kind, id).

Filtering and paging cost the same however long the list is; ``words`` turns one page of it into words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import CharField, F, Q, QuerySet, Value

from hdcperf.clock import LONDON
from hdcperf.review.audit.parts import Source, nothing

__all__ = ["Asked", "RowKey", "audit_rows", "tracked_models"]

RowKey = tuple[datetime, str, int]
"""When, the kind of source, and the row's own id."""


@dataclass(frozen=True)
class Asked:
    """What the list is narrowed to. Days are inclusive, in England's time.

    ``subjects`` are ids of KPIs, actions, projects by the name of their kind; a kind that is not there has none.
    """

    person: int | None = None
    kind: str = ""
    subjects: Mapping[str, Collection[int]] | None = None
    service: int | None = None
    since: date | None = None
    until: date | None = None
    words: str = ""


def tracked_models() -> list[type[models.Model]]:
    """Every model that keeps a history."""
    return [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]


def audit_rows(sources: Mapping[str, Source], asked: Asked, *, working: bool) -> QuerySet[Any, RowKey]:
    """The keys of what was asked for, newest first.

    Without ``working``, what is not accepted is left out, and all dialogue.
    """
    parts = [_narrow(one, asked, working) for one in _asked_for(sources, asked, working)]
    if not parts:
        parts = [_keys(next(iter(sources.values()))).none()]
    first, *others = parts
    whole = first.union(*others, all=True) if others else first
    return whole.order_by("-audit_when", "-audit_kind", "-audit_id")


def _asked_for(sources: Mapping[str, Source], asked: Asked, working: bool) -> Iterable[Source]:
    for one in sources.values():
        if asked.kind and one.kind != asked.kind:
            continue
        if working or one.model not in one.part.dialogue:
            yield one


def _keys(source: Source, condition: Q | None = None) -> QuerySet[Any, RowKey]:
    rows = source.rows._default_manager.filter(condition or Q()).order_by()
    annotated = rows.annotate(
        audit_when=F(source.when), audit_kind=Value(source.kind, CharField()), audit_id=F(source.rows._meta.pk.name)
    )
    keys: QuerySet[Any, RowKey] = annotated.values_list("audit_when", "audit_kind", "audit_id")
    return keys


def _narrow(source: Source, asked: Asked, working: bool) -> QuerySet[Any, RowKey]:
    condition = Q() if working else source.part.accepted_only(source)
    if asked.person is not None:
        condition &= Q(**{source.person: asked.person})
    if asked.since is not None:
        condition &= Q(**{f"{source.when}__gte": _start_of(asked.since)})
    if asked.until is not None:
        condition &= Q(**{f"{source.when}__lt": _start_of(asked.until + timedelta(days=1))})
    if asked.words:
        condition &= _holding(source, asked.words, working)
    if asked.subjects is not None:
        condition &= _of_subjects(source, asked.subjects)
    if asked.service is not None:
        condition &= source.part.of_service(source, asked.service)
    return _keys(source, condition)


def _of_subjects(source: Source, subjects: Mapping[str, Collection[int]]) -> Q:
    found = nothing()
    for kind, ids in subjects.items():
        if (narrow := source.part.of_subjects.get(kind)) is not None:
            found |= narrow(source, ids)
    return found


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, LONDON)


def _holding(source: Source, words: str, working: bool) -> Q:
    found = Q(pk__in=[])
    for name in source.searched(working):
        found |= Q(**{f"{name}__icontains": words})
    return found

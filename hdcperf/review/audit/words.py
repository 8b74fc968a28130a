"""One page of the audit list in words: labels instead of columns, values as people read them, people by name.

A page costs two queries for each kind on it and one for each model its rows point to, however many rows there are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import OuterRef, Subquery

from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.audit.listing import RowKey
from hdcperf.review.audit.parts import Moves, Source, Subject, as_label
from hdcperf.ui import day, figure, moment, month

__all__ = ["Change", "Entry", "described", "move_in_words"]

_NOT_SHOWN = frozenset({"id", "version", "code_key"})
"""Columns that say nothing to a person."""

_DELETED = "a record since deleted"
_NOBODY = "By itself"


@dataclass(frozen=True)
class Change:
    """One value of a record: what it is called, what it was and what it became (empty for nothing)."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of the list. ``about`` is the KPI or the action the record belongs to, where there is one."""

    when: datetime
    who: str
    kind: str
    what: str
    subject: str
    about: Subject | None
    changes: tuple[Change, ...]
    why: str


Related = Mapping[type[models.Model], Mapping[Any, models.Model]]


@dataclass
class _Rows:
    """The rows of one kind on the page, with the row before each (history only)."""

    source: Source
    rows: dict[int, Any] = field(default_factory=dict)
    before: dict[int, Any] = field(default_factory=dict)


def described(sources: Mapping[str, Source], keys: Sequence[RowKey], *, working: bool) -> list[Entry]:
    """The entries for ``keys``, in their order. Without ``working`` nothing from before an acceptance is told."""
    ids: dict[str, list[int]] = defaultdict(list)
    for _, kind, pk in keys:
        ids[kind].append(pk)
    fetched = {kind: _fetch(sources[kind], wanted) for kind, wanted in ids.items()}
    related = _related(fetched.values())
    return [_entry(fetched[kind], pk, related, working) for _, kind, pk in keys if pk in fetched[kind].rows]


def _fetch(source: Source, ids: list[int]) -> _Rows:
    manager = source.rows._default_manager
    if source.moves is not None:
        also = [source.moves.link, *(f"{source.moves.link}__{one}" for one in source.moves.also)]
        return _Rows(source, {row.pk: row for row in manager.filter(pk__in=ids).select_related(*also)})
    earlier = manager.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    rows = list(manager.filter(pk__in=ids).annotate(row_before=Subquery(earlier.values("history_id")[:1])))
    before = manager.in_bulk([row.row_before for row in rows if row.row_before is not None])
    return _Rows(source, {row.pk: row for row in rows}, {row.pk: before.get(row.row_before) for row in rows})


def _fields(source: Source) -> list[models.Field[Any, Any]]:
    """The model's own fields that its history keeps."""
    kept = {one.name for one in source.rows._meta.concrete_fields}
    return [one for one in source.model._meta.concrete_fields if one.name in kept]


def _points_to(one: models.Field[Any, Any]) -> type[models.Model] | None:
    return one.related_model if isinstance(one, models.ForeignKey) else None  # type: ignore[return-value]


def _related(fetched: Iterable[_Rows]) -> Related:
    """Every record the rows point to, by model and id, in one query a model."""
    ids: dict[type[models.Model], set[Any]] = defaultdict(set)
    needed: dict[type[models.Model], tuple[str, ...]] = {}
    for group in fetched:
        if not group.source.is_history:
            continue
        needed.update(group.source.part.needed)
        for one in _fields(group.source):
            if (model := _points_to(one)) is not None:
                rows = [*group.rows.values(), *(row for row in group.before.values() if row is not None)]
                ids[model] |= {getattr(row, one.attname) for row in rows} - {None}
    return {
        model: model._default_manager.select_related(*needed[model]).in_bulk(wanted)
        if model in needed
        else model._default_manager.in_bulk(wanted)
        for model, wanted in ids.items()
        if wanted
    }


def _entry(group: _Rows, pk: int, related: Related, working: bool) -> Entry:
    row = group.rows[pk]
    if group.source.moves is not None:
        return _move(group.source, group.source.moves, row)
    before = group.before.get(pk)
    if not working and before is not None and group.source.part.hides_before(group.source, before):
        before = None  # what stood before acceptance is not told: the row is shown as what was accepted
    record = _record(group.source, row, related)
    return Entry(
        when=row.history_date,
        who=row.history_by_name or _NOBODY,
        kind=group.source.label,
        what={"+": "Created", "~": "Changed", "-": "Deleted"}[row.history_type],
        subject=_subject(group.source, record, row.id),
        about=group.source.part.subject(record),
        changes=tuple(_changes(group.source, before, row, related, working)),
        why=row.history_change_reason or "",
    )


def _move(source: Source, moves: Moves, row: Any) -> Entry:
    record = getattr(row, moves.link)
    label, before, after = move_in_words(moves, row)
    changes = (Change("State", before, after),) if before != after else ()
    about = source.part.subject(record)
    return Entry(row.at, row.who, source.label, label, str(record), about, changes, row.comment)


def move_in_words(moves: Moves, row: Any) -> tuple[str, str, str]:
    """A move that was made, the state before and the state after, as their labels."""
    choices = moves.model._meta.get_field("state").flatchoices  # type: ignore[union-attr]
    states = {value: str(words) for value, words in choices}
    label = moves.table[row.move].label if row.move in moves.table else row.move
    return label, states.get(row.from_state, row.from_state), states.get(row.to_state, row.to_state)


def _record(source: Source, row: Any, related: Related) -> models.Model:
    """The record as the row has it, with what it points to already fetched."""
    fields = _fields(source)
    record = source.model(**{one.attname: getattr(row, one.attname) for one in fields})
    for one in fields:
        if (model := _points_to(one)) is not None:
            found = related.get(model, {}).get(getattr(row, one.attname))
            record._state.fields_cache[one.name] = found
    return record


def _subject(source: Source, record: models.Model, pk: object) -> str:
    """Which record it is, in a few words."""
    try:
        return source.part.named(record) or str(record)
    except (AttributeError, ObjectDoesNotExist):  # something it is named after has been deleted
        return f"{source.label} {pk}"


def _changes(source: Source, before: Any, row: Any, related: Related, working: bool) -> Iterable[Change]:
    """What the row changed; everything that was filled in when it was created, or deleted."""
    gone = row.history_type == "-"
    for one in _fields(source):
        if one.name in _NOT_SHOWN or (not working and one.name in source.part.private):
            continue
        new = getattr(row, one.attname)
        old = getattr(before, one.attname) if before is not None else None
        if gone:
            old, new = new, None
        if old == new or (_is_nothing(old) and _is_nothing(new)):
            continue
        if before is None and not gone and new is False:
            continue
        label = as_label(str(one.verbose_name))
        yield Change(label, _printed(source, one, old, related), _printed(source, one, new, related))


def _is_nothing(value: object) -> bool:
    return value is None or value == ""


def _printed(source: Source, one: models.Field[Any, Any], value: Any, related: Related) -> str:
    """A value as people read it; nothing for nothing."""
    if _is_nothing(value):
        return ""
    if (model := _points_to(one)) is not None:
        found = related.get(model, {}).get(value)
        if found is None:
            return _DELETED
        return found.name if isinstance(found, User) else str(found)
    if one.choices:
        return str(dict(one.flatchoices).get(value, value))
    return _plain(source, one, value)


def _plain(source: Source, one: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return month(value) if one.name in source.part.months else day(value)
    if isinstance(value, Decimal):
        return figure(value)
    if one.name == "year" and isinstance(value, int):
        return str(FinancialYear(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)

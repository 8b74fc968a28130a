"""Facts of a record that were changed, old and new side by side, read from its history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

__all__ = ["WordChange", "word_changes"]


@dataclass(frozen=True)
class WordChange:
    """A fact that was changed: what, from what to what, when, by whom and why."""

    field: str
    old: str
    new: str
    at: datetime
    by: str
    reason: str


def word_changes(record: Any, kept: Iterable[Any], facts: Mapping[str, str]) -> list[WordChange]:
    """What changed between the rows of ``kept`` (history of ``record``, oldest first), newest first.

    ``facts`` gives each column's name in words; people and places are named in place of their ids.
    """
    found: list[WordChange] = []
    for old, new in pairwise(kept):
        found += [
            WordChange(
                field=name,
                old=str(getattr(old, name)),
                new=str(getattr(new, name)),
                at=new.history_date,
                by=new.history_by_name,
                reason=new.history_change_reason,
            )
            for name in facts
            if getattr(old, name) != getattr(new, name)
        ]
    return _in_words(record, found, facts)[::-1]


def _in_words(record: Any, changes: list[WordChange], facts: Mapping[str, str]) -> list[WordChange]:
    names: dict[str, dict[str, str]] = {}
    for name in {one.field for one in changes if one.field.endswith("_id")}:
        model: Any = record._meta.get_field(name.removesuffix("_id")).related_model
        wanted = {value for one in changes if one.field == name for value in (one.old, one.new)}
        names[name] = {str(one.pk): str(one) for one in model.objects.filter(pk__in=wanted)}
    return [
        replace(
            one,
            field=facts[one.field],
            old=names.get(one.field, {}).get(one.old, one.old),
            new=names.get(one.field, {}).get(one.new, one.new),
        )
        for one in changes
    ]

"""What each app tells the audit list of its tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from hdcperf.workflow import Move

__all__ = ["Moves", "Part", "Source", "Subject", "as_label", "nothing", "sources_of"]


@dataclass(frozen=True)
class Subject:
    """The KPI or the action a record belongs to, as it was called that year."""

    code: str
    name: str
    href: str


@dataclass(frozen=True)
class Moves:
    """The moves of one workflow: its transition rows, their key to the record, and the table that names them."""

    kind: str
    label: str
    rows: type[models.Model]
    link: str
    table: Mapping[str, Move]
    also: tuple[str, ...] = ()
    """What else is fetched with a row, so that its record can be named."""

    @property
    def model(self) -> type[models.Model]:
        found = self.rows._meta.get_field(self.link).related_model
        assert isinstance(found, type)
        return found


@dataclass(frozen=True)
class Source:
    """One table of the list: the history of a model, or the moves of a workflow."""

    kind: str
    label: str
    model: type[models.Model]
    rows: type[models.Model]
    part: Part
    moves: Moves | None = None

    @property
    def is_history(self) -> bool:
        return self.moves is None

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
        return [name for name in fields if working or name not in self.part.private]


def nothing(*_: Any) -> Q:
    """No row at all."""
    return Q(pk__in=[])


def everything(*_: Any) -> Q:
    return Q()


def no_subject(record: models.Model) -> Subject | None:
    return None


@dataclass(frozen=True)
class Part:
    """One app's tables in the audit list.

    ``accepted_only`` narrows a source to what is accepted; ``dialogue`` are tables that only those who see working
    returns are shown at all, and ``private`` fields likewise. ``called`` finds the ids of what records belong to by
    code or name, for each kind the app keeps (KPIs, actions, projects); ``of_subjects`` narrows to those of a kind,
    the app's own or another's, and ``of_service`` to a service.
    """

    app: str
    moves: tuple[Moves, ...] = ()
    dialogue: Collection[type[models.Model]] = frozenset()
    private: Collection[str] = frozenset()
    months: Collection[str] = frozenset()
    """Dates that stand for their month."""
    needed: Mapping[type[models.Model], tuple[str, ...]] = field(default_factory=dict)
    """What a record's own words are made of, fetched with it."""
    accepted_only: Callable[[Source], Q] = everything
    hides_before: Callable[[Source, Any], bool] = lambda source, row: False
    """Whether what a row said before its change is not told to those who see only what is accepted."""
    called: Mapping[str, Callable[[str], frozenset[int]]] = field(default_factory=dict)
    of_subjects: Mapping[str, Callable[[Source, Collection[int]], Q]] = field(default_factory=dict)
    of_service: Callable[[Source, int], Q] = nothing
    subject: Callable[[models.Model], Subject | None] = no_subject
    named: Callable[[models.Model], str | None] = lambda record: None
    """What a record is called, where its own words will not do."""

    def sources(self) -> list[Source]:
        """The app's tables: its moves, and every model that keeps a history."""
        found = [Source(one.kind, one.label, one.model, one.rows, self, one) for one in self.moves]
        for model in apps.get_app_config(self.app).get_models():
            attribute = getattr(model._meta, "simple_history_manager_attribute", None)
            if attribute is not None:
                kind = f"{self.app}.{model._meta.model_name}"
                label = as_label(str(model._meta.verbose_name))
                found.append(Source(kind, label, model, getattr(model, attribute).model, self))
        return found


def as_label(words: str) -> str:
    """A column's or a table's own words, to stand before its value: ``kpi year`` becomes ``KPI year``."""
    return re.sub(r"\b[Kk]pi\b", "KPI", words[:1].upper() + words[1:])


def sources_of(parts: Collection[Part]) -> dict[str, Source]:
    """Every table of the list by its kind, in the order of their labels."""
    found = [source for part in parts for source in part.sources()]
    return {one.kind: one for one in sorted(found, key=lambda one: (one.label, one.kind))}

"""The whole audit list: every part's tables, and the council's own (people, posts, structure, rounds)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.db.models import Q

import actions.queries.audit
import dataquality.queries.audit
import kpis.queries.audit
import reports.queries.audit_part
from hdcperf.organisation.models import Appointment, Service
from hdcperf.review.audit import Moves, Part, Source, nothing, sources_of
from reports import models as tables
from reports.pack_workflow import PACK_MOVES

__all__ = ["parts", "sources", "subjects_called"]


def _of_service(source: Source, service: int) -> Q:
    if source.model is Appointment:
        return Q(service=service)
    if source.model is Service:
        return Q(id=service)
    return nothing()


_COUNCIL = Part(app="organisation", of_service=_of_service)
_REMINDERS = Part(app="reminders")


def _that_went_out(source: Source) -> Q:
    """Rows of packs that went out: of a draft nobody is told who does not work on it."""
    table = source.model if source.is_history else source.rows
    path = {
        tables.Pack: "",
        tables.PackTransition: "pack__",
        tables.PackText: "pack__",
        tables.PackWaiver: "pack__",
        tables.PackAnnex: "pack__",
    }.get(table)
    out = [tables.Pack.State.ISSUED.value, tables.Pack.State.PUBLISHED.value]
    return Q() if path is None else Q(**{f"{path}state__in": out})


_REPORTS = Part(
    app="reports",
    moves=(Moves("pack-move", "Move of a pack", tables.PackTransition, "pack", PACK_MOVES),),
    dialogue=frozenset({tables.PackAnnex}),
    needed={tables.PackText: ("pack",), tables.PackWaiver: ("pack",), tables.PackAnnex: ("pack",)},
    accepted_only=_that_went_out,
)


def parts() -> tuple[Part, ...]:
    apps = (kpis.queries.audit.PART, actions.queries.audit.PART, dataquality.queries.audit.PART)
    return (_COUNCIL, *apps, reports.queries.audit_part.PART, _REMINDERS)


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Source]:
    """Every table of the list by its kind, in the order of their labels."""
    return sources_of(parts())


def subjects_called(text: str) -> dict[str, Collection[int]]:
    """What goes by this code or these words, in any year: ids by the name of their kind."""
    return {kind: called(text) for part in parts() for kind, called in part.called.items()}

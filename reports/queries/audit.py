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
from hdcperf.review.audit import Part, Source, nothing, sources_of

__all__ = ["parts", "sources", "subjects_called"]


def _of_service(source: Source, service: int) -> Q:
    if source.model is Appointment:
        return Q(service=service)
    if source.model is Service:
        return Q(id=service)
    return nothing()


_COUNCIL = Part(app="organisation", of_service=_of_service)
_REMINDERS = Part(app="reminders")


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

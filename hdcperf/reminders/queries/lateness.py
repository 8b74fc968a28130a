"""Who is late, with what, and how often before: the Performance Team's chase list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from hdcperf.organisation.models import Service
from hdcperf.reminders.kinds import Kind, Piece, kinds
from hdcperf.reminders.queries.people import people_on
from hdcperf.reminders.whom import People

__all__ = ["LatePiece", "LateService", "Lateness", "late_on"]


@dataclass(frozen=True)
class LatePiece:
    kind: Kind
    piece: Piece


@dataclass
class LateService:
    """One service's late work, whom a message about it goes to, and who is late with what."""

    service: Service
    to: frozenset[int]
    pieces: list[LatePiece] = field(default_factory=list)

    @property
    def people(self) -> dict[int, list[LatePiece]]:
        """Each person who is late, with what; under 0 what nobody is named for."""
        found: dict[int, list[LatePiece]] = defaultdict(list)
        for one in self.pieces:
            for person in sorted(one.piece.actors) or [0]:
                found[person].append(one)
        return dict(found)


@dataclass(frozen=True)
class Lateness:
    """Everything late on a day. ``before`` counts for each person what was late in the twelve months before."""

    day: date
    people: People
    services: tuple[LateService, ...]
    before: Counter[int]


def late_on(day: date, only: Service | None = None) -> Lateness:
    """What is late on ``day``, service by service; the number of queries grows with the kinds declared alone."""
    people = people_on(day)
    since = day.replace(year=day.year - 1, day=min(day.day, 28))
    before: Counter[int] = Counter()
    late = []
    for kind in kinds():
        late += [LatePiece(kind, piece) for piece in kind.open_work(day) if piece.due < day]
        if kind.late_before is not None:
            before.update(kind.late_before(since, day))
    return Lateness(day, people, tuple(_by_service(late, people, only)), before)


def _by_service(late: Iterable[LatePiece], people: People, only: Service | None) -> list[LateService]:
    services = {row.pk: row for row in ([only] if only is not None else Service.objects.order_by("name"))}
    found: dict[int, LateService] = {}
    for one in sorted(late, key=lambda each: (each.piece.due, each.kind.code, each.piece.title)):
        service = services.get(one.piece.service or 0)
        if service is None:
            continue
        if service.pk not in found:
            to = people.manager_of(service.pk) or people.head_of(service.pk)
            found[service.pk] = LateService(service, to)
        found[service.pk].pieces.append(one)
    return [found[pk] for pk in services if pk in found]

"""The chase list in words, and the message to a service."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from hdcperf.reminders.presenters.messages import with_address
from hdcperf.reminders.queries.lateness import Lateness, LatePiece, LateService
from hdcperf.ui import Link, count_of, day

__all__ = ["LateRow", "LateTable", "chase_words", "late_tables", "receivers"]


@dataclass(frozen=True)
class LateRow:
    """One person who is late, with what, and how often in the last twelve months."""

    name: str
    away: str
    work: tuple[Link, ...]
    since: str
    times: str


@dataclass(frozen=True)
class LateTable:
    """A service's late people, and where its message is written."""

    service: str
    summary: str
    rows: tuple[LateRow, ...]
    href: str
    table_id: str


def late_tables(found: Lateness) -> list[LateTable]:
    """A table for each service with something late."""
    return [
        LateTable(
            service=one.service.name,
            summary=f"{count_of(len(one.pieces), 'piece of work', 'pieces of work')} late",
            rows=tuple(sorted((_row(person, late, found) for person, late in one.people.items()), key=_by_name)),
            href=reverse("reminders-chase", args=[one.service.pk]),
            table_id=f"service-{one.service.pk}",
        )
        for one in found.services
    ]


def _by_name(row: LateRow) -> str:
    return row.name


def _row(person: int, late: list[LatePiece], found: Lateness) -> LateRow:
    people = found.people
    return LateRow(
        name=people.names.get(person, "Nobody is named"),
        away=_away(person, found),
        work=tuple(Link(one.piece.title, one.piece.href) for one in late),
        since=day(min(one.piece.due for one in late)),
        times=count_of(found.before[person], "time") if person else "",
    )


def _away(person: int, found: Lateness) -> str:
    people = found.people
    if not person:
        return ""
    if person in people.delegates:
        return f"Away: {people.named(tuple(sorted(people.delegates[person])))} covers"
    return "" if person in people.reachable else "Account closed, or no address that mail can be sent to"


def receivers(one: LateService, found: Lateness) -> str:
    """Whom the service's message goes to, by name; empty when nobody can be told."""
    return found.people.named(tuple(sorted(one.to)))


def chase_words(one: LateService, found: Lateness) -> str:
    """The service's message, ready to send or to copy: who is late with what, and what happens next."""
    lines = [
        f"On {day(found.day)} this is late in {one.service.name}:",
        "",
    ]
    for person, late in sorted(one.people.items(), key=lambda pair: found.people.names.get(pair[0], "")):
        lines.append(f"{found.people.names.get(person, 'Nobody is named')}:")
        lines += [_line(each) for each in late]
        lines.append("")
    lines += ["Please see that it is done, or tell the Performance Team what stands in the way.", ""]
    lines.append(f"{settings.PRODUCT_NAME}, {settings.COUNCIL_NAME}")
    return "\n".join(lines)


def _line(each: LatePiece) -> str:
    return f"- {each.piece.title}, due on {day(each.piece.due)}\n  {with_address(each.piece.href)}"

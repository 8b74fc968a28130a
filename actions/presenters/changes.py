"""The page of what changed between two years' sets, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from actions.models import ActionYear
from actions.queries.changes import Amendment, Difference, Ending, YearChanges
from hdcperf.control import Control
from hdcperf.ui import Count, day

__all__ = ["ChangesPage", "present_changes"]


@dataclass(frozen=True)
class NewRow:
    name: str
    wording: str
    place: str
    control: str
    due: str
    money: str


@dataclass(frozen=True)
class AmendedCard:
    """An amended action: its name, why, and old and new side by side."""

    number: int
    heading: str
    reason: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class EndedRow:
    name: str
    wording: str
    reason: str
    when: str


@dataclass(frozen=True)
class ChangesPage:
    """Everything the page prints; ``before`` is the year compared with, empty for a first set."""

    before: str
    counts: tuple[Count, ...]
    new: tuple[NewRow, ...]
    amended: tuple[AmendedCard, ...]
    completed: tuple[EndedRow, ...]
    dropped: tuple[EndedRow, ...]
    renumbered: tuple[tuple[str, str, str], ...]
    carried: tuple[str, ...]
    unanswered: tuple[str, ...]


def present_changes(found: YearChanges, officer: bool) -> ChangesPage:
    """``officer`` is whether people are named."""
    sizes = (
        ("New", len(found.new), "#new"),
        ("Amended", len(found.amended), "#amended"),
        ("Completed", len(found.completed), "#completed"),
        ("Dropped", len(found.dropped), "#dropped"),
        ("Renumbered", len(found.renumbered), "#renumbered"),
        ("Carried forward as they are", len(found.carried), "#carried"),
        ("Not answered for yet", len(found.unanswered), "#unanswered"),
    )
    return ChangesPage(
        before=str(found.before.financial_year) if found.before is not None else "",
        counts=tuple(Count(number, label, href if number else "") for label, number, href in sizes),
        new=tuple(_new(row) for row in found.new),
        amended=tuple(_amended(number, one, officer) for number, one in enumerate(found.amended, start=1)),
        completed=tuple(_ended(found.completed)),
        dropped=tuple(_ended(found.dropped)),
        renumbered=tuple((before.code, row.code, row.title) for before, row in found.renumbered),
        carried=tuple(row.name for row in found.carried),
        unanswered=tuple(row.name for row in found.unanswered),
    )


def _new(row: ActionYear) -> NewRow:
    return NewRow(
        name=row.name,
        wording=row.wording,
        place=row.service.name,
        control=Control(row.control).word,
        due=day(row.due_on),
        money=row.mtfs_line or "No line named",
    )


def _amended(number: int, one: Amendment, officer: bool) -> AmendedCard:
    return AmendedCard(
        number=number,
        heading=one.row.name,
        reason=one.row.proposal_reason,
        differences=tuple(each for each in one.differences if officer or each.label != "Responsible officer"),
    )


def _ended(endings: Iterable[Ending]) -> Iterable[EndedRow]:
    for one in endings:
        ended = one.before.action.ended_on
        yield EndedRow(
            name=one.before.name,
            wording=one.before.wording,
            reason=one.reason,
            when=f"Decided during the year, from {day(ended)}" if one.during and ended else "At this refresh",
        )

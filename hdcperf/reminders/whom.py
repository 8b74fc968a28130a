"""Who receives a reminder: whoever must act; while they are away or gone, whoever acts for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from hdcperf.reminders.kinds import Notice, Piece
from hdcperf.reminders.rules import Step, Timings

__all__ = ["As", "People", "Told", "told_at_once", "told_of"]

Ids = frozenset[int]
NONE: Ids = frozenset()


class As(StrEnum):
    """Why somebody receives a reminder; the first that holds is said."""

    ACTS = "acts"
    COVERS = "covers"
    STANDS_IN = "stands_in"
    LEFT_WITH = "left_with"
    MANAGES = "manages"
    HEADS = "heads"
    TEAM = "team"


@dataclass(frozen=True)
class Told:
    """One recipient of one reminder, why, and for whom (the person away, or those who are late)."""

    person: int
    told_as: As
    instead_of: tuple[int, ...] = ()

    @property
    def must_act(self) -> bool:
        """They are to do it themselves, rather than see that it is done."""
        return self.told_as in (As.ACTS, As.COVERS, As.STANDS_IN)


@dataclass(frozen=True)
class People:
    """The council's people on a day. ``reachable`` have an account and an address mail can be sent to.

    ``delegates`` are of those away that day; managers and heads are by service.
    """

    names: Mapping[int, str]
    reachable: Ids
    delegates: Mapping[int, Ids] = field(default_factory=dict)
    managers: Mapping[int, Ids] = field(default_factory=dict)
    heads: Mapping[int, Ids] = field(default_factory=dict)
    team: Ids = NONE

    def present(self, people: Ids) -> Ids:
        """Those who can be told and are not away."""
        return frozenset(one for one in people & self.reachable if one not in self.delegates)

    def missing(self, people: Ids) -> Ids:
        return people - self.present(people)

    def with_cover(self, people: Ids) -> Ids:
        """Those present, and the delegates of those who are away."""
        cover = [self.delegates.get(one, NONE) for one in people]
        return self.present(people).union(*map(self.present, cover))

    def manager_of(self, service: int | None) -> Ids:
        return self.with_cover(self.managers.get(service, NONE)) if service is not None else NONE

    def head_of(self, service: int | None) -> Ids:
        return self.with_cover(self.heads.get(service, NONE)) if service is not None else NONE

    @property
    def the_team(self) -> Ids:
        return self.with_cover(self.team)

    def named(self, people: tuple[int, ...]) -> str:
        """Names in a sentence: *Ann and Ben*, *Ann, Ben and Cy*."""
        names = [self.names.get(one, "somebody who left") for one in people]
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _acting(actors: Ids, stand_ins: Ids, service: int | None, people: People) -> dict[int, Told]:
    """Whoever acts: those who must, for each one missing their delegate and stand-ins, and in the end somebody."""
    found = {one: Told(one, As.ACTS) for one in people.present(actors)}
    away = tuple(sorted(people.missing(actors)))
    for one in away:
        for delegate in people.present(people.delegates.get(one, NONE)):
            found.setdefault(delegate, Told(delegate, As.COVERS, (one,)))
    if away or not actors:
        for one in people.present(stand_ins):
            found.setdefault(one, Told(one, As.STANDS_IN, away))
    if found:
        return found
    left_with = people.manager_of(service) or people.head_of(service) or people.the_team
    return {one: Told(one, As.LEFT_WITH, away) for one in left_with}


def _themselves(wanted: Ids, people: People) -> dict[int, Told]:
    """Those themselves, away or not, and nobody in their stead."""
    return {one: Told(one, As.ACTS) for one in wanted & people.reachable}


def told_of(piece: Piece, step: Step, timings: Timings, people: People) -> list[Told]:
    """Everybody who receives ``step`` of ``piece``, each once."""
    if piece.personal:
        found = _themselves(piece.actors, people)
    else:
        found = _acting(piece.actors, piece.stand_ins, piece.service, people)
    late = tuple(sorted(piece.actors))
    if step.tells_manager(timings):
        for one in people.manager_of(piece.service):
            found.setdefault(one, Told(one, As.MANAGES, late))
    if step.tells_head(timings):
        for one in people.head_of(piece.service):
            found.setdefault(one, Told(one, As.HEADS, late))
        for one in people.the_team:
            found.setdefault(one, Told(one, As.TEAM, late))
    return list(found.values())


def told_at_once(notice: Notice, people: People) -> list[Told]:
    """Everybody who is told of ``notice``, but not who made it happen."""
    wanted = notice.recipients - notice.but_not
    if notice.recipients and not wanted:
        return []  # whoever would be told did it
    if notice.personal:
        return list(_themselves(wanted, people).values())
    found = _acting(wanted, notice.stand_ins, notice.service, people)
    return [one for one in found.values() if one.person not in notice.but_not]

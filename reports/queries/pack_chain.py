"""Who has a part in packs on a day: who comments, signs off and issues, and whom an issued pack is for (C.2.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from hdcperf.organisation.models import Appointment, Delegation
from hdcperf.roles import COUNCIL_WIDE, MEMBER_ROLES, Permission, Role, ScopeKind
from reports.models import Pack, PackText, PackTransition
from reports.models.packs import PackQuerySet
from reports.packs.sections import Audience
from reports.rules.pack_chain import comments_at
from reports.rules.timetable import StepName, Timetable

__all__ = ["BODIES", "Chain", "chain_on", "times_of", "waiting_since", "worked_on"]

BODIES: Mapping[Audience, frozenset[Role]] = {
    Audience.BOARD: frozenset({Role.BOARD}),
    Audience.LEADERSHIP: frozenset({Role.DIRECTOR, Role.SECTION_151, Role.MONITORING_OFFICER}),
    Audience.SCRUTINY: frozenset({Role.SCRUTINY}),
    Audience.CABINET: frozenset({Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER}),
    Audience.YEARLY: frozenset({Role.SCRUTINY, Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER}),
}
"""Whose posts make up the body each pack is issued to."""
Ids = frozenset[int]


@dataclass(frozen=True)
class Chain:
    """Everybody's roles on a day, and for each person whom they have named as their delegate."""

    roles: Mapping[int, frozenset[Role]]
    delegates: Mapping[int, Ids]

    def who(self, permission: Permission) -> Ids:
        """Those whose own post carries ``permission``, wherever it is held."""
        return frozenset(
            one for one, roles in self.roles.items() if any(permission in role.permissions for role in roles)
        )

    def commenters(self, audience: Audience) -> Mapping[StepName, Ids]:
        """Who is asked to comment on a pack, by the step of the timetable at which they do."""
        found: dict[StepName, set[int]] = defaultdict(set)
        for one, roles in self.roles.items():
            if (step := comments_at(roles, is_public=audience.is_public)) is not None:
                found[step].add(one)
        return {step: frozenset(people) for step, people in found.items()}

    def but(self, people: Ids, done: Collection[int]) -> Ids:
        """``people`` without those who did it themselves, or whose delegate did."""
        return frozenset(
            one for one in people if one not in done and not self.delegates.get(one, frozenset()) & set(done)
        )

    def with_delegates(self, people: Ids) -> Ids:
        """``people`` and those who act for them: what bars the one bars the other."""
        return people.union(*(self.delegates.get(one, frozenset()) for one in people))

    def readers(self, audience: Audience) -> Ids:
        """The members of the body a pack is issued to who may read it, themselves alone."""
        body = BODIES[audience]
        return frozenset(one for one, roles in self.roles.items() if roles & body and _reads(roles, audience))


def _reads(roles: frozenset[Role], audience: Audience) -> bool:
    """As ``queries.packs`` has it: what is for members, or what stays within the council."""
    for_members = audience.is_public and any(Permission.SEE_ISSUED in role.permissions for role in roles)
    return for_members or any(_sees_every_accepted_figure(role) for role in roles)


def _sees_every_accepted_figure(role: Role) -> bool:
    everywhere = role.scope_kind is ScopeKind.COUNCIL or Permission.SEE_ACCEPTED in COUNCIL_WIDE.get(role, ())
    return everywhere and Permission.SEE_ACCEPTED in role.permissions


def chain_on(today: date) -> Chain:
    """Everybody with a post and an account on ``today``, and their delegates, in two queries."""
    roles: dict[int, set[Role]] = defaultdict(set)
    posts = Appointment.objects.on(today).filter(user__is_active=True)
    for person, role in posts.values_list("user", "role"):
        roles[person].add(Role(role))
    delegates: dict[int, set[int]] = defaultdict(set)
    for person, delegate in Delegation.objects.on(today).values_list("user", "delegate"):
        # Members' posts are personal: what their delegate did is not theirs.
        if roles[person] - MEMBER_ROLES:
            delegates[person].add(delegate)
    return Chain(
        {one: frozenset(held) for one, held in roles.items() if held},
        {one: frozenset(named) for one, named in delegates.items()},
    )


def waiting_since(state: Pack.State, move: str) -> PackQuerySet:
    """Packs in ``state`` with their meetings, and as ``since`` when ``move`` last brought them there; one query."""
    last = PackTransition.objects.filter(pack=OuterRef("pk"), move=move).order_by("-at", "-pk")
    rows: PackQuerySet = Pack.objects.filter(state=state).select_related("meeting")
    return rows.annotate(since=Subquery(last.values("at")[:1])).exclude(since=None)


def times_of(pack: Pack) -> Timetable | None:
    """The timetable of the pack's meeting; None while none is known, or it was cancelled."""
    meeting = pack.meeting
    return None if meeting is None or meeting.is_cancelled else meeting.timetable


def worked_on(packs: Collection[int]) -> Mapping[int, Ids]:
    """Who began, wrote, sent out or froze each of these packs (by id), and so cannot sign it off; two queries."""
    found: dict[int, set[int]] = defaultdict(set)
    moves = PackTransition.objects.filter(pack__in=packs, move__in=("begin", "consult", "freeze"))
    for pack, person in moves.values_list("pack", "by"):
        found[pack].add(person)
    for pack, person in PackText.history.filter(pack__in=packs).values_list("pack", "history_user"):
        if person is not None:
            found[pack].add(person)
    return {pack: frozenset(people) for pack, people in found.items()}

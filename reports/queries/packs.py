"""Which packs a person may read: drafts are the team's and the sign-off chain's, what went out its readers'.

Nobody else is told that there is a draft.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission, Role
from reports.gathering.reading import Span
from reports.models import FrozenData, Pack
from reports.models.packs import PackQuerySet
from reports.packs.frozen import FrozenAnnex, FrozenPack, read_annex, read_pack
from reports.packs.sections import Audience

__all__ = [
    "annex_row",
    "annex_shown",
    "find_pack",
    "frozen_annex",
    "frozen_pack",
    "packs_in_the_making",
    "packs_to_read",
    "seen_packs",
    "works_on_packs",
]

State = Pack.State
_NOTHING = Q(pk__in=[])
_PUBLIC = [one.value for one in Audience if one.is_public]
_ENTITLED: dict[Audience, frozenset[Role]] = {
    Audience.SCRUTINY: frozenset({Role.SCRUTINY}),
    Audience.CABINET: frozenset({Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER}),
    Audience.YEARLY: frozenset({Role.SCRUTINY, Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER}),
}
"""Members of the body a pack goes to, who may have its exempt annex."""


def works_on_packs(who: Standing) -> bool:
    """Whether there can be a draft this person may see."""
    wanted = (Permission.MANAGE_PACKS, Permission.SIGN_PACKS, Permission.COMMENT_PACKS, Permission.ISSUE_PACKS)
    return any(who.may(one) for one in wanted)


def seen_packs(who: Standing) -> PackQuerySet:
    """Every version of every pack this person may read or work on."""
    return Pack.objects.filter(_made_with(who) | _read_by(who)).select_related("meeting", "annex")


def _made_with(who: Standing) -> Q:
    """Those in the making, for the team and the sign-off chain, each from the state in which it is their turn."""
    found = _NOTHING
    if who.may(Permission.MANAGE_PACKS):
        return ~_NOTHING
    if who.may(Permission.COMMENT_PACKS) or who.may(Permission.SIGN_PACKS):
        found |= Q(state__in=[State.CONSULTING, State.FROZEN, State.SIGNED])
    if who.may(Permission.ISSUE_PACKS):
        found |= Q(state__in=[State.FROZEN, State.SIGNED])
    return found


def _read_by(who: Standing) -> Q:
    """Those that went out: to their body, or to everyone."""
    found = Q(state=State.PUBLISHED)
    if who.may(Permission.SEE_ISSUED):
        found |= Q(state=State.ISSUED, audience__in=_PUBLIC)
    if who.reach(Permission.SEE_ACCEPTED).council:
        # What stays within the council is read by those who see every accepted figure.
        found |= Q(state=State.ISSUED)
    return found


def find_pack(who: Standing, span: Span, audience: Audience, number: int | None = None) -> Pack | None:
    """The newest version this person may see of a pack, or the version asked for; one being made comes first."""
    rows = seen_packs(who) & Pack.objects.of(span, audience.value)
    if number is not None:
        rows = rows.filter(number=number)
    return rows.order_by("-number").first()


def packs_to_read(who: Standing) -> QuerySet[Pack]:
    """What went out and no later version replaced for this reader, newest period first."""
    rows = seen_packs(who).filter(state__in=[State.ISSUED, State.PUBLISHED], replaced_at__isnull=True)
    return rows.order_by("-starts_on", "audience", "-number")


def packs_in_the_making(who: Standing) -> QuerySet[Pack]:
    """The drafts this person may see."""
    return seen_packs(who).being_made().order_by("-starts_on", "audience")


def _frozen(pack: Pack, kind: FrozenData.Kind) -> FrozenData | None:
    return pack.frozen.filter(kind=kind, number=pack.freezes).first()


def frozen_pack(pack: Pack) -> FrozenPack | None:
    """What the pack was frozen as; None while it is a draft."""
    row = None if pack.is_open else _frozen(pack, FrozenData.Kind.PACK)
    return None if row is None else read_pack(row.text)


def annex_shown(who: Standing, pack: Pack) -> bool:
    """Whether this person is entitled to the pack's exempt annex: never from a public page."""
    if who.may(Permission.SEE_EXEMPT):
        return True
    return pack.is_out and bool(who.roles & _ENTITLED.get(pack.audience_of, frozenset()))


def frozen_annex(who: Standing, pack: Pack) -> FrozenAnnex | None:
    """The exempt annex as it was frozen, for those entitled to it."""
    row = annex_row(who, pack)
    return None if row is None else read_annex(row.text)


def annex_row(who: Standing, pack: Pack) -> FrozenData | None:
    """What the exempt annex was frozen as, for those entitled to it; None for everybody else."""
    if pack.is_open or not annex_shown(who, pack):
        return None
    return _frozen(pack, FrozenData.Kind.ANNEX)

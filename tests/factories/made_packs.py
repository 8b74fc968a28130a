"""Packs in any of their states, with the moves that led there and the data they were frozen as."""

from __future__ import annotations

from datetime import date
from typing import Any

from hdcperf import clock
from hdcperf.organisation.models import User
from reports.models import FrozenData, Meeting, Pack, PackTransition
from reports.pack_workflow import PACK_MOVES
from reports.packs.frozen import FrozenAnnex, FrozenPack, FrozenSupplement, digest, written
from reports.packs.sections import DEFAULT_SECTIONS, Audience
from tests.factories.meetings import MeetingFactory
from tests.factories.organisation import UserFactory
from tests.factories.packs import sample_pack

__all__ = ["freeze_as", "pack_in"]

_WAY = ("consult", "freeze", "sign", "issue", "publish")
_STATES = ("draft", "consulting", "frozen", "signed", "issued", "published")
_KINDS = {
    FrozenPack: FrozenData.Kind.PACK,
    FrozenAnnex: FrozenData.Kind.ANNEX,
    FrozenSupplement: FrozenData.Kind.SUPPLEMENT,
}
_BODIES = {"yearly": "cabinet"}


def pack_in(
    state: str,
    *,
    audience: str = "scrutiny",
    starts_on: date = date(2026, 7, 1),
    kind: str = "quarter",
    by: User | None = None,
    signed_by: User | None = None,
    frozen: FrozenPack | None = None,
    **facts: Any,
) -> Pack:
    """A pack that came to ``state`` by its moves; ``by`` made all but the sign-off, which is ``signed_by``'s."""
    person = by or UserFactory()
    if "meeting" not in facts:
        facts["meeting"] = _meeting(_BODIES.get(audience, audience))
    sections = ",".join(one.value for one in DEFAULT_SECTIONS[Audience(audience)])
    made = Pack.objects.create(
        period_kind=kind, starts_on=starts_on, audience=audience, **{"sections": sections, **facts}
    )
    reached = _STATES.index(state)
    for name in _WAY[:reached]:
        move = PACK_MOVES[name]
        actor = (signed_by or UserFactory()) if name == "sign" else person
        PackTransition.objects.create(
            pack=made,
            move=name,
            from_state=made.state,
            to_state=str(move.target),
            by=actor,
            by_name=actor.name,
            at=clock.now(),
        )
        if name == "freeze":
            made.freezes = 1
            freeze_as(made, frozen, by=person)
        made.state = str(move.target)
        made.save()
    return made


def _meeting(body: str) -> Meeting:
    found = Meeting.objects.filter(body=body, held_on=date(2026, 12, 1)).first()
    return found or MeetingFactory(body=body)


def freeze_as(
    pack: Pack, frozen: FrozenPack | FrozenAnnex | FrozenSupplement | None = None, *, by: User
) -> FrozenData:
    """Keep ``frozen`` (or the sample) as what the pack, its annex or its supplement was frozen as."""
    data = frozen or sample_pack(
        slug=pack.span.slug,
        audience=pack.audience,
        audience_label=pack.audience_of.label,
        period=str(pack.span),
        version=pack.number,
    )
    text = written(data)
    row: FrozenData = FrozenData.objects.create(
        pack=pack,
        kind=_KINDS[type(data)],
        number=max(pack.freezes, 1),
        text=text,
        sha256=digest(text),
        frozen_by=by,
        frozen_at=clock.now(),
    )
    return row

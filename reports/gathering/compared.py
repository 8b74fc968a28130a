"""What differs from packs that went out before: from the version corrected, and cabinet's from scrutiny's (C.2.3)."""

from __future__ import annotations

from dataclasses import replace

from hdcperf.ui import day
from reports.models import FrozenData, Pack
from reports.packs.frozen import FrozenPack, read_pack
from reports.packs.pieces import Change
from reports.packs.sections import Audience
from reports.rules.pack_changes import changes_between

__all__ = ["changed_since_scrutiny", "compared"]


def compared(pack: Pack, frozen: FrozenPack) -> FrozenPack:
    """With what a correction changes of the version before, and what cabinet's pack changes of scrutiny's."""
    if pack.number > 1:
        before = _went_out(pack, pack.audience, number=pack.number - 1)
        frozen = replace(
            frozen,
            correction_reason=pack.correction_reason,
            corrections=changes_between(before, frozen) if before is not None else (),
        )
    if pack.audience != Audience.CABINET:
        return frozen
    changes, what = changed_since_scrutiny(pack, frozen)
    return replace(frozen, changed_since=changes, changed_since_what=what)


def changed_since_scrutiny(pack: Pack, frozen: FrozenPack) -> tuple[tuple[Change, ...], str]:
    """What of ``frozen`` is not as scrutiny had it, and which pack that was; nothing where none of it went out."""
    scrutiny = _went_out(pack, Audience.SCRUTINY.value)
    if scrutiny is None:
        return (), ""
    same_cover = replace(frozen, cover=scrutiny.cover)  # each report has words of its own
    return changes_between(scrutiny, same_cover), f"{scrutiny.audience_label}’s pack of {day(scrutiny.frozen_on)}"


def _went_out(pack: Pack, audience: str, number: int | None = None) -> FrozenPack | None:
    """The newest frozen data of the same period's pack for ``audience`` that went out."""
    rows = FrozenData.objects.filter(
        pack__in=Pack.objects.of(pack.span, audience).out(), kind=FrozenData.Kind.PACK
    ).order_by("-pack__number", "-number")
    if number is not None:
        rows = rows.filter(pack__number=number)
    row = rows.first()
    return None if row is None else read_pack(row.text)

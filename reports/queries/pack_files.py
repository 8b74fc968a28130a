"""What the files of a pack are made of."""

from __future__ import annotations

from reports.models import FrozenData, Pack

__all__ = ["frozen_row"]


def frozen_row(pack: Pack) -> FrozenData | None:
    """The data the pack was frozen as the last time; None while it is a draft."""
    if pack.is_open:
        return None
    return pack.frozen.filter(kind=FrozenData.Kind.PACK, number=pack.freezes).select_related("pack").first()

"""The supplements of cabinet's pack: which there are, for whoever may read the pack they go with."""

from __future__ import annotations

from reports.models import FrozenData, Pack

__all__ = ["supplement_row", "supplement_rows"]


def supplement_rows(pack: Pack) -> list[FrozenData]:
    """Those issued with this version of the pack or an earlier one, the newest first."""
    versions = Pack.objects.of(pack.span, pack.audience).filter(number__lte=pack.number)
    rows = FrozenData.objects.filter(pack__in=versions, kind=FrozenData.Kind.SUPPLEMENT)
    return list(rows.select_related("pack").order_by("-number"))


def supplement_row(pack: Pack, number: int) -> FrozenData | None:
    """One of them."""
    return next((row for row in supplement_rows(pack) if row.number == number), None)

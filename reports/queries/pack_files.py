"""The files of a pack: what they are made of, and which there are."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Length

from reports.models import FrozenData, Pack, PackFile

__all__ = ["files_there", "frozen_row", "having_pdf", "rows_with_files"]


def frozen_row(pack: Pack) -> FrozenData | None:
    """The data the pack was frozen as the last time; None while it is a draft."""
    if pack.is_open:
        return None
    return pack.frozen.filter(kind=FrozenData.Kind.PACK, number=pack.freezes).select_related("pack").first()


def rows_with_files(pack: Pack) -> list[FrozenData]:
    """The data files are made of: what the pack was frozen as the last time, and its supplements."""
    row = frozen_row(pack)
    supplements = pack.frozen.filter(kind=FrozenData.Kind.SUPPLEMENT).select_related("pack")
    return [*([row] if row is not None else []), *supplements]


def files_there(pack: Pack) -> dict[str, int]:
    """The formats made of what the pack was frozen as the last time, each with its size in bytes."""
    rows = PackFile.objects.filter(
        frozen__pack=pack, frozen__kind=FrozenData.Kind.PACK, frozen__number=pack.freezes
    ).order_by("format")
    return dict(rows.annotate(size=Length("content")).values_list("format", "size"))


def having_pdf(rows: Iterable[FrozenData]) -> list[FrozenData]:
    """Those of the rows whose PDF is made, so that no page leads to a file that is not there yet; one query."""
    found = list(rows)
    made = PackFile.objects.filter(frozen__in=found, format=PackFile.Format.PDF)
    there = set(made.values_list("frozen", flat=True))
    return [row for row in found if row.pk in there]

"""The series a KPI is compared with, ready for the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from dataquality.models import Comparator
from hdcperf.ui import Link, figure

__all__ = ["SeriesCard", "series_cards"]


@dataclass(frozen=True)
class SeriesCard:
    """One series: whose it is, its source, how comparable it is, and its values with the newest first."""

    number: int
    name: str
    group: str
    source: str
    how_comparable: str
    values: tuple[tuple[str, str, str], ...]
    change: Link | None


def series_cards(series: Iterable[Comparator], place: Sequence[object] | None) -> list[SeriesCard]:
    """``place`` is the KPI's year and code for somebody who may change them; the values are prefetched."""
    return [
        SeriesCard(
            number=number,
            name=one.name,
            group=one.get_group_display(),
            source=one.source,
            how_comparable=one.how_comparable,
            values=tuple((row.period, figure(row.value), row.note) for row in reversed(list(one.values.all()))),
            change=Link("Change", reverse("comparator", args=[*place, one.pk]), one.name)
            if place is not None
            else None,
        )
        for number, one in enumerate(series, start=1)
    ]

"""A frozen pack as its page prints it: the values that were frozen, and a drawing of each chart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.text import slugify

from hdcperf.charts import ChartView, KpiChart, present
from hdcperf.ui import Tag, mark_tag
from reports.packs.frozen import FrozenPack, OutcomePart, PriorityPart
from reports.packs.items import FrozenKpi, FrozenMeasure

__all__ = ["PackView", "pack_view"]


@dataclass(frozen=True)
class KpiView:
    kpi: FrozenKpi
    chart: ChartView | None
    marks: tuple[Tag, ...]


@dataclass(frozen=True)
class MeasureView:
    measure: FrozenMeasure
    chart: ChartView | None


@dataclass(frozen=True)
class OutcomeView:
    part: OutcomePart
    kpis: tuple[KpiView, ...]


@dataclass(frozen=True)
class PriorityView:
    part: PriorityPart
    outcomes: tuple[OutcomeView, ...]


@dataclass(frozen=True)
class PackView:
    """``draft`` is the word a draft carries; empty for what went out."""

    pack: FrozenPack
    draft: str
    priorities: tuple[PriorityView, ...]
    measures: tuple[MeasureView, ...]


def pack_view(pack: FrozenPack, draft: str = "") -> PackView:
    """The pack for its page."""
    return PackView(
        pack=pack,
        draft=draft,
        priorities=tuple(
            PriorityView(one, tuple(OutcomeView(part, tuple(map(_kpi, part.kpis))) for part in one.outcomes))
            for one in pack.priorities
        ),
        measures=tuple(MeasureView(one, _drawn(one.chart, one.reference)) for one in pack.measures),
    )


def _kpi(kpi: FrozenKpi) -> KpiView:
    return KpiView(kpi, _drawn(kpi.chart, kpi.code), tuple(mark_tag(mark) for mark in kpi.marks))


def _drawn(chart: KpiChart | None, name: str) -> ChartView | None:
    """The light drawing alone: a page of sixty charts is no place for sixty live ones."""
    return None if chart is None else replace(present(chart, f"chart-{slugify(name)}", hide_table=True), plotly={})

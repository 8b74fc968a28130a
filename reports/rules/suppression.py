"""Numbers of people so small that they tell who they are: kept out of what is published. Pure.

Below a KPI's own threshold a number is printed as *Fewer than 5*. Where one month alone would be kept back, the sum
of the year gives it away, so the next smallest month is kept back with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from hdcperf.charts import KpiChart, Point, describe
from reports.packs.items import FrozenKpi
from reports.packs.pieces import Figure, Movement, Passage, Revised

__all__ = ["suppressed", "to_hide"]


def is_small(value: Decimal | None, below: int) -> bool:
    """Above nought and below the threshold: nobody is told by nought."""
    return value is not None and 0 < value < below


def suppressed(kpi: FrozenKpi, below: int) -> FrozenKpi:
    """The KPI with numbers below the threshold kept back, wherever they stand; itself where there is none."""
    chart, hidden = _of_chart(kpi.chart, below)
    figures = (kpi.month, kpi.ytd, kpi.forecast)
    parts = [one for one in kpi.companions if is_small(_number(one.words), below)]
    revised = [one for one in kpi.revisions if any(is_small(_number(word), below) for word in (one.old, one.new))]
    if not (hidden or parts or revised or any(is_small(one.value, below) for one in figures)):
        return kpi
    words = f"Fewer than {below}"
    this_month = kpi.period in hidden or is_small(kpi.month.value, below)
    return replace(
        kpi,
        suppressed=f"Numbers below {below} are kept back, because they could tell who somebody is.",
        sentence=f"{kpi.title}: numbers below {below} are kept back.",
        month=_hidden(kpi.month, words, hide=this_month, below=below),
        ytd=_hidden(kpi.ytd, words, hide=False, below=below),
        forecast=_hidden(kpi.forecast, words, hide=False, below=below),
        movement=Movement("none", "Not compared: numbers are kept back"),
        companions=tuple(_part(one, below, words) for one in kpi.companions),
        revisions=tuple(_revision(one, below, words) for one in kpi.revisions),
        track_record=(),
        chart=chart,
    )


def _hidden(figure: Figure, words: str, *, hide: bool, below: int) -> Figure:
    if is_small(figure.value, below):
        return Figure(None, words)
    return Figure(None, "Kept back") if hide else figure


def _part(one: Passage, below: int, words: str) -> Passage:
    return replace(one, words=words) if is_small(_number(one.words), below) else one


def _revision(one: Revised, below: int, words: str) -> Revised:
    old, new = (words if is_small(_number(said), below) else said for said in (one.old, one.new))
    return replace(one, old=old, new=new)


def _number(words: str) -> Decimal | None:
    plain = words.replace(",", "").split(" ")[0]
    return Decimal(plain) if plain.replace(".", "", 1).isdigit() else None


def _of_chart(chart: KpiChart | None, below: int) -> tuple[KpiChart | None, frozenset[str]]:
    """The chart without the months kept back, and the labels of those of this year."""
    if chart is None:
        return None, frozenset()
    now = to_hide([(point.label, point.value) for point in chart.points], below)
    last = to_hide([(point.label, point.last_year) for point in chart.points], below)
    forecast = chart.forecast if chart.forecast is None or not is_small(chart.forecast.value, below) else None
    if not (now or last) and forecast == chart.forecast:
        return chart, frozenset()
    points = tuple(_point(one, now, last, f"Fewer than {below}, or kept back") for one in chart.points)
    made = replace(chart, points=points, forecast=forecast, alt="")
    return replace(made, alt=describe(made)), now


def to_hide(values: Iterable[tuple[str, Decimal | None]], below: int) -> frozenset[str]:
    """The labels of the months whose figure is kept back: those below the threshold, and one more beside one."""
    known = [(label, value) for label, value in values if value is not None]
    small = [label for label, value in known if is_small(value, below)]
    if len(small) == 1:
        others = [(value, label) for label, value in known if label not in small and value > 0]
        small += [min(others)[1]] if others else []
    return frozenset(small)


def _point(point: Point, now: frozenset[str], last: frozenset[str], words: str) -> Point:
    if point.label in now:
        point = replace(point, value=None, rag="", missing=words)
    return replace(point, last_year=None) if point.label in last else point

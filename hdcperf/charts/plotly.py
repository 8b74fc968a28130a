"""The same chart for Plotly: data and layout as plain JSON values, drawn by static/js/chart.js.

Months stand at 0, 1, 2, ... on a numeric axis, so that target steps and breaks can fall between them.
"""

from decimal import Decimal
from html import escape
from typing import Any

from .drawing import BAND, GREY, GRID, INK, LAST_YEAR, LIMIT, TARGET, THIS_YEAR, rag_colour, rag_key
from .frame import LAST_YEAR_TEXT
from .scale import axis_for, tick_text
from .series import KpiChart, Level, Point, level_runs, runs
from .words import intervention_text, marks_text, target_text

SYMBOLS = {"green": "circle", "amber": "triangle-up", "red": "square"}


def plotly_json(chart: KpiChart) -> dict[str, Any]:
    """A dict of `data`, `layout` and `config` for Plotly, and `months`, the labels of the ticks.

    Words are escaped, because Plotly reads a little HTML in them.
    """
    data = [
        *_bands(chart),
        *_levels(chart),
        *_limits(chart),
        *_last_year(chart),
        *_this_year(chart),
        *_forecast(chart),
    ]
    return {"data": data, "layout": _layout(chart), "config": _CONFIG, "months": _months(chart)}


# The toolbar could upload to Plotly's cloud; the wheel and dragging are left to the page.
_CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": False,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
    "showAxisDragHandles": False,
}


def _months(chart: KpiChart) -> list[str]:
    """Tick labels, with the year under the first month of each."""
    year, found = "", []
    for point in chart.points:
        new = point.year and point.year != year
        found.append(escape(point.short) + (f"<br>{escape(point.year)}" if new else ""))
        year = point.year or year
    return found


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _line(name: str, xs: list[float], ys: list[float | None], **more: Any) -> dict[str, Any]:
    base = {"type": "scatter", "mode": "lines", "name": escape(name), "x": xs, "y": ys, "hoverinfo": "skip"}
    return base | {"connectgaps": False} | more


def _bands(chart: KpiChart) -> list[dict[str, Any]]:
    found = []
    for first, last, level in level_runs(chart):
        for inner, outer in (
            (level.target, level.intervention),
            (level.target_upper, level.intervention_upper),
        ):
            if inner is not None and outer is not None:
                xs: list[float] = [first - 0.5, last + 0.5, last + 0.5, first - 0.5]
                ys = [_number(inner), _number(inner), _number(outer), _number(outer)]
                look = {"fill": "toself", "fillcolor": BAND, "line": {"width": 0}, "showlegend": False}
                found.append(_line("Tolerance", xs, ys, **look))
    return found


def _levels(chart: KpiChart) -> list[dict[str, Any]]:
    found = []
    for name, words, dash in (("intervention", "Intervention level", "dash"), ("target", "Target", "solid")):
        for edge in (name, f"{name}_upper"):
            xs, ys = _steps(level_runs(chart), edge)
            if any(y is not None for y in ys):
                line = {"color": TARGET, "width": 1.5, "dash": dash}
                found.append(_line(words, xs, ys, line=line, showlegend=edge == name))
    return found


def _steps(found: list[tuple[int, int, Level]], edge: str) -> tuple[list[float], list[float | None]]:
    xs: list[float] = []
    ys: list[float | None] = []
    for first, last, level in found:
        if xs and xs[-1] != first - 0.5:
            xs.append(first - 0.5)
            ys.append(None)
        value = _number(getattr(level, edge))
        xs += [first - 0.5, last + 0.5]
        ys += [value, value]
    return xs, ys


def _limits(chart: KpiChart) -> list[dict[str, Any]]:
    if not chart.limits:
        return []
    ends: list[float] = [-0.5, len(chart.points) - 0.5]
    line = {"color": LIMIT, "width": 1.5, "dash": "dot"}
    pairs = ((chart.limits.lower, True), (chart.limits.upper, False))
    return [
        _line("Ordinary range", ends, [_number(value)] * 2, line=line, showlegend=shown)
        for value, shown in pairs
    ]


def _pieces(chart: KpiChart, values: tuple[Decimal | None, ...]) -> tuple[list[float], list[float | None]]:
    """One trace with a gap at every missing month and break."""
    xs: list[float] = []
    ys: list[float | None] = []
    for piece in runs(chart, values):
        if xs:
            xs.append(xs[-1])
            ys.append(None)
        xs += [float(index) for index, _ in piece]
        ys += [_number(value) for _, value in piece]
    return xs, ys


def _last_year(chart: KpiChart) -> list[dict[str, Any]]:
    xs, ys = _pieces(chart, tuple(point.last_year for point in chart.points))
    if not xs:
        return []
    return [_line(chart.last_label or "Last year", xs, ys, line={"color": LAST_YEAR, "width": 1.5})]


def _this_year(chart: KpiChart) -> list[dict[str, Any]]:
    name = chart.this_label or "Figure"
    xs, ys = _pieces(chart, tuple(point.value for point in chart.points))
    if not xs:
        return []
    shown = [(index, point) for index, point in enumerate(chart.points) if point.value is not None]
    markers: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "name": escape(name),
        "x": [index for index, _ in shown],
        "y": [_number(point.value) for _, point in shown],
        "text": [f"<i>{point.marks}</i>" if point.marks else "" for _, point in shown],
        "textposition": "top center",
        "hovertext": [_hover(chart, point) for _, point in shown],
        "hoverinfo": "text",
        "showlegend": False,
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "symbol": [_symbol(point.rag, "p" in point.marks) for _, point in shown],
            "color": [rag_colour(point.rag) for _, point in shown],
            "line": {"width": 1.5, "color": [rag_colour(point.rag) for _, point in shown]},
        },
    }
    return [_line(name, xs, ys, line={"color": THIS_YEAR, "width": 2.5}), markers]


def _symbol(rag: str, hollow: bool = False) -> str:
    symbol = SYMBOLS.get(rag_key(rag), "diamond-open")
    return f"{symbol}-open" if hollow and not symbol.endswith("-open") else symbol


def _hover(chart: KpiChart, point: Point) -> str:
    """Month, figure, target, RAG, and whatever else the table has on it."""
    value = "" if point.value is None else chart.figure(point.value)
    lines = [f"<b>{escape(point.label)}</b>", escape(value)]
    if point.level:
        lines.append(escape(f"Target {target_text(chart, point)}"))
        if point.level.intervention is not None:
            lines.append(escape(f"Intervention level {intervention_text(chart, point)}"))
    if point.rag:
        lines.append(escape(point.rag))
    if point.last_year is not None:
        lines.append(escape(f"{chart.last_label or 'Last year'} {chart.figure(point.last_year)}"))
    if point.marks:
        lines.append(marks_text(point))
    return "<br>".join(lines)


def _forecast(chart: KpiChart) -> list[dict[str, Any]]:
    if not chart.forecast:
        return []
    at, value = len(chart.points), _number(chart.forecast.value)
    known = [(index, point.value) for index, point in enumerate(chart.points) if point.value is not None]
    traces = []
    if known:
        line = {"color": THIS_YEAR, "width": 1.5, "dash": "dot"}
        xs = [float(known[-1][0]), float(at)]
        traces.append(
            _line(chart.forecast.label, xs, [_number(known[-1][1]), value], line=line, showlegend=False)
        )
    words = [f"<b>{escape(chart.forecast.label)}</b>", escape(chart.figure(chart.forecast.value))]
    colour = rag_colour(chart.forecast.rag)
    marker = {"size": 11, "symbol": _symbol(chart.forecast.rag, True), "color": colour, "line": {"width": 2}}
    hover = "<br>".join(words + ([escape(chart.forecast.rag)] if chart.forecast.rag else []))
    point = _line(chart.forecast.label, [float(at)], [value], mode="markers", marker=marker)
    return [*traces, point | {"hoverinfo": "text", "hovertext": [hover], "cliponaxis": False}]


def _layout(chart: KpiChart) -> dict[str, Any]:
    axis = axis_for(chart)
    last = len(chart.points) - 0.5 + (1 if chart.forecast else 0)
    grid = {"gridcolor": GRID, "zerolinecolor": GREY, "fixedrange": True, "linecolor": GREY}
    markers = bool(chart.events)
    return {
        "template": None,
        "autosize": True,
        "height": 380,
        "margin": {"l": 8, "r": 16, "t": 56 if markers else 36, "b": 8},
        "font": {"size": 14, "color": INK},
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 30,
        "hoverlabel": {
            "bgcolor": "#fff",
            "bordercolor": INK,
            "font": {"color": INK, "size": 14},
            "align": "left",
        },
        "legend": {"orientation": "h", "x": 0, "y": -0.18, "yanchor": "top", "itemclick": False}
        | {"itemdoubleclick": False, "font": {"color": LAST_YEAR_TEXT}},
        "xaxis": grid
        | {"range": [-0.5, max(last, 0.5)], "showgrid": False, "zeroline": False, "automargin": True}
        | {"tickmode": "array", "tickvals": list(range(len(chart.points))), "ticktext": _months(chart)}
        | {"tickangle": 0, "ticks": "outside", "tickcolor": GREY},
        "yaxis": grid
        | {"range": [axis.low, axis.high], "tickmode": "array", "tickvals": list(axis.ticks)}
        | {"ticktext": [escape(tick_text(tick, axis, chart)) for tick in axis.ticks], "automargin": True}
        | {"title": {"text": escape(chart.unit_text), "standoff": 8}},
        "shapes": _shapes(chart),
        "annotations": _annotations(chart),
    }


def _shapes(chart: KpiChart) -> list[dict[str, Any]]:
    base = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
    marks: list[dict[str, Any]] = []
    for at, _ in chart.break_positions():
        for shift in (-0.03, 0.03):
            place = at - 0.5 + shift
            marks.append(base | {"x0": place, "x1": place, "line": {"color": GREY, "width": 1.2}})
    for _, at, _ in chart.numbered_events():
        marks.append(base | {"x0": at, "x1": at, "line": {"color": GREY, "width": 1, "dash": "dot"}})
    return marks


def _annotations(chart: KpiChart) -> list[dict[str, Any]]:
    together: dict[int, list[str]] = {}
    for number, at, _ in chart.numbered_events():
        together.setdefault(at, []).append(str(number))
    look = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "bgcolor": INK, "borderpad": 3}
    return [
        look | {"x": at, "text": f"<b>{','.join(numbers)}</b>", "font": {"color": "#fff", "size": 12}}
        for at, numbers in together.items()
    ]

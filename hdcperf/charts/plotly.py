"""The same chart for Plotly: data and layout as plain JSON values, drawn by static/js/chart.js.

Months stand at 0, 1, 2, ... on a numeric axis, so that target steps and breaks can fall between them.
"""

from collections.abc import Sequence
from decimal import Decimal
from html import escape
from typing import Any

from .frame import Frame, LineLabel, clear_spot, line_labels
from .palette import BAND, GREY, GRID, INK, LAST_YEAR, LIMIT, TARGET, THIS_YEAR, WHITE, rag_colour, rag_key
from .scale import axis_for, spread, text_width, tick_text
from .series import KpiChart, Level, Point, level_runs, runs
from .words import intervention_text, marks_text, target_text

HEIGHT, BELOW, EVENT_ROW, TEXT = 380, 52, 24, 14
"""Pixels: the whole chart, the room under it for months and years, one row of event numbers, and text."""
SYMBOLS = {"green": "circle", "amber": "triangle-up", "red": "diamond"}


def plotly_json(chart: KpiChart) -> dict[str, Any]:
    """A dict of `data`, `layout` and `config` for Plotly, and `months`, the labels and years of the ticks.

    Words are escaped, because Plotly reads a little HTML in them; and they hold no HTML of ours but line breaks,
    because Plotly draws bold and italic with a style attribute, which the Content Security Policy forbids.
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


def _months(chart: KpiChart) -> list[list[str]]:
    """(short label, year) of each tick: the page prints those that fit, the year under its first month."""
    return [[escape(point.short), escape(point.year)] for point in chart.points]


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
                look = {"fill": "toself", "fillcolor": BAND, "line": {"width": 0}}
                found.append(_line("Tolerance", xs, ys, **look))
    return found


def _levels(chart: KpiChart) -> list[dict[str, Any]]:
    found = []
    for name, words, dash in (("intervention", "Intervention level", "dash"), ("target", "Target", "solid")):
        for edge in (name, f"{name}_upper"):
            xs, ys = _steps(level_runs(chart), edge)
            if any(y is not None for y in ys):
                line = {"color": TARGET, "width": 1.5, "dash": dash}
                found.append(_line(words, xs, ys, line=line))
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
    both = (chart.limits.lower, chart.limits.upper)
    return [_line("Ordinary range", ends, [_number(value)] * 2, line=line) for value in both]


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
        "text": [point.marks for _, point in shown],
        "textposition": "top center",
        "textfont": {"style": "italic", "weight": "bold"},
        "hovertext": [_hover(chart, point) for _, point in shown],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "size": 10,
            "symbol": [_symbol(point.rag, _is_hollow(point)) for _, point in shown],
            "color": [_marker_colour(point.rag, _is_hollow(point)) for _, point in shown],
            "line": {"width": 1.5, "color": [rag_colour(point.rag).line for _, point in shown]},
        },
    }
    return [_line(name, xs, ys, line={"color": THIS_YEAR, "width": 2.5}), markers]


def _symbol(rag: str, hollow: bool = False) -> str:
    symbol = SYMBOLS.get(rag_key(rag), "circle-open")
    return f"{symbol}-open" if hollow and not symbol.endswith("-open") else symbol


def _is_hollow(point: Point) -> bool:
    return "p" in point.marks


def _marker_colour(rag: str, hollow: bool) -> str:
    """An open symbol is drawn in its line's colour alone."""
    colour = rag_colour(rag)
    return colour.line if hollow or not rag_key(rag) else colour.fill


def _hover(chart: KpiChart, point: Point) -> str:
    """Month, figure, target, RAG, and whatever else the table has on it."""
    value = "" if point.value is None else chart.figure(point.value)
    lines = [escape(point.label), escape(value)]
    if point.level:
        lines.append(escape(f"Target {target_text(chart.figure, point)}"))
        if point.level.intervention is not None:
            lines.append(escape(f"Intervention level {intervention_text(chart.figure, point)}"))
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
        traces.append(_line(chart.forecast.label, xs, [_number(known[-1][1]), value], line=line))
    words = [escape(chart.forecast.label), escape(chart.figure(chart.forecast.value))]
    colour = rag_colour(chart.forecast.rag).line
    marker = {"size": 11, "symbol": _symbol(chart.forecast.rag, True), "color": colour, "line": {"width": 2}}
    hover = "<br>".join(words + ([escape(chart.forecast.rag)] if chart.forecast.rag else []))
    point = _line(chart.forecast.label, [float(at)], [value], mode="markers", marker=marker)
    return [*traces, point | {"hoverinfo": "text", "hovertext": [hover], "cliponaxis": False}]


def _layout(chart: KpiChart) -> dict[str, Any]:
    axis = axis_for(chart)
    frame, labels = _frame(chart), line_labels(chart, compact=False)
    last = frame.slots - 0.5
    grid = {"gridcolor": GRID, "zerolinecolor": GREY, "fixedrange": True, "linecolor": GREY}
    widest = max((text_width(label.words, TEXT) for label in labels if label.reaches_end), default=4)
    return {
        "template": None,
        "autosize": False,
        "height": HEIGHT,
        "margin": {"l": 8, "r": round(widest) + 12, "t": round(HEIGHT - BELOW - frame.bottom), "b": BELOW},
        "font": {"size": TEXT, "color": INK},
        "paper_bgcolor": WHITE,
        "plot_bgcolor": WHITE,
        "dragmode": False,
        "showlegend": False,
        "hovermode": "closest",
        "hoverdistance": 30,
        "hoverlabel": {"bgcolor": WHITE, "bordercolor": INK, "font": {"color": INK, "size": TEXT}, "align": "left"},
        "xaxis": grid
        | {"range": [-0.5, last], "showgrid": False, "zeroline": False}
        | {"tickmode": "array", "tickangle": 0, "ticks": "outside", "tickcolor": GREY},
        "yaxis": grid
        | {"range": [axis.low, axis.high], "tickmode": "array", "tickvals": list(axis.ticks)}
        | {"ticktext": [escape(tick_text(tick, axis, chart)) for tick in axis.ticks], "automargin": True}
        | {"title": {"text": escape(chart.unit_text), "standoff": 8}},
        "shapes": _shapes(chart),
        "annotations": [*_event_numbers(chart), *_names(frame, labels)],
    }


def _frame(chart: KpiChart) -> Frame:
    """The plot in pixels, as wide as it usually is: what the lines' names are placed by."""
    rows = 1 + max((row for _, row, _ in _event_rows(chart)), default=-1)
    return Frame(chart, axis_for(chart), 0, 600, 0, HEIGHT - BELOW - 24 - rows * EVENT_ROW)


def _names(frame: Frame, labels: Sequence[LineLabel]) -> list[dict[str, Any]]:
    """Each line named at its end, as in the still drawing, so that nobody needs a key."""
    found = []
    at_end = [label for label in labels if label.reaches_end]
    heights = [frame.y(label.value) for label in at_end]
    for label, wanted, y in zip(at_end, heights, spread(heights, TEXT + 4, 0, frame.bottom), strict=True):
        place = {"xref": "paper", "x": 1, "xshift": 6, "y": float(label.value), "yshift": round(wanted - y, 1)}
        found.append(_name(label, place))
    for label in labels:
        if not label.reaches_end and (spot := clear_spot(frame, label, TEXT)):
            across = spot[0] - frame.x(label.index)
            up = frame.y(label.value) - (spot[1] - TEXT * 0.35)
            place = {"x": label.index, "xshift": round(across, 1), "y": float(label.value), "yshift": round(up, 1)}
            found.append(_name(label, place))
    return found


def _name(label: LineLabel, place: dict[str, Any]) -> dict[str, Any]:
    look = {"text": escape(label.words), "xanchor": "left", "yanchor": "middle", "showarrow": False}
    return look | place | {"borderpad": 0, "font": {"color": label.colour, "size": TEXT}}


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


def _event_rows(chart: KpiChart) -> list[tuple[int, int, str]]:
    """(month, row, numbers) of the events; neighbours are set above one another."""
    together: dict[int, list[str]] = {}
    for number, at, _ in chart.numbered_events():
        together.setdefault(at, []).append(str(number))
    gap = len(chart.points) / 18
    ends: list[int] = []
    placed: list[tuple[int, int, str]] = []
    for at, numbers in sorted(together.items()):
        row = next((row for row, end in enumerate(ends) if at - end >= gap), min(len(ends), 2))
        ends[row : row + 1] = [at]
        placed.append((at, row, ",".join(numbers)))
    return placed


def _event_numbers(chart: KpiChart) -> list[dict[str, Any]]:
    look = {"yref": "paper", "y": 1, "yanchor": "bottom", "showarrow": False, "bgcolor": INK, "borderpad": 3}
    font = {"color": WHITE, "size": 12, "weight": "bold"}
    return [
        look | {"x": at, "yshift": row * EVENT_ROW, "text": numbers, "font": font}
        for at, row, numbers in _event_rows(chart)
    ]

"""One KPI chart as a light SVG, for pages without scripts, PDFs and e-mails, in colour or not."""

from collections.abc import Sequence

from django.utils.safestring import SafeString

from .drawing import SIZE, Dot, Sheet, short
from .frame import Frame, LineLabel, clear_spot, line_labels
from .palette import BAND, GREY, GRID, INK, LAST_YEAR, LIMIT, TARGET, THIS_YEAR, WHITE
from .scale import axis_for, readable, shortened, spread, text_width, tick_text
from .series import KpiChart, Level, level_runs, runs
from .words import describe

MARKER_ROW = 18.0
COMPACT = 440
"""Below this width a chart has fewer ticks, shorter labels and smaller points."""


def svg(chart: KpiChart, width: int = 640, height: int = 300) -> SafeString:
    """The chart as SVG, `width` by `height` units, at least 240 by 160 (ValueError); it scales by viewBox."""
    return _drawn(chart, width, height).finish(chart.title, describe(chart))


def print_svg(chart: KpiChart, width: int, height: int, family: str) -> SafeString:
    """The chart for paper: its title is the whole text alternative, since PDF takes no other, in that font."""
    drawn = _drawn(chart, width, height)
    return drawn.finish(f"Chart. {chart.title}. {describe(chart)}", classes="chart", family=family)


def _drawn(chart: KpiChart, width: int, height: int) -> Sheet:
    if width < 240 or height < 160:
        raise ValueError("A chart needs at least 240 by 160 units; use sparkline for less")
    sheet = Sheet(width, height)
    if not chart.points:
        sheet.text(width / 2, height / 2, "No figures to show", 16, fill=GREY, text_anchor="middle")
        return sheet
    labels = line_labels(chart, compact=width < COMPACT)
    frame = _frame(chart, width, height, labels)
    _grid(sheet, frame)
    _month_labels(sheet, frame)
    _levels(sheet, frame)
    _limits(sheet, frame)
    _breaks_and_events(sheet, frame)
    _lines(sheet, frame)
    _forecast(sheet, frame)
    _labels(sheet, frame, labels)
    return sheet


def _frame(chart: KpiChart, width: int, height: int, labels: Sequence[LineLabel]) -> Frame:
    axis = axis_for(chart, 4 if height < 220 else 5)
    left = min(max(text_width(tick_text(tick, axis, chart), SIZE) for tick in axis.ticks) + 8, width * 0.25)
    widest = max((text_width(label.words, SIZE) for label in labels if label.reaches_end), default=0)
    right = width - min(widest + 12, width * 0.33)
    top = 10 + (SIZE + 8 if chart.unit_text else 0)
    draft = Frame(chart, axis, left, right, top, height - 40)
    rows = 1 + max((row for _, row, _ in _markers(draft)), default=-1)
    top += rows * MARKER_ROW + (SIZE if any(point.marks for point in chart.points) else 0)
    return Frame(chart, axis, left, right, top, height - 40)


def _grid(sheet: Sheet, frame: Frame) -> None:
    across = [[(frame.left, y), (frame.right, y)] for y in map(frame.y, frame.axis.ticks)]
    sheet.path(*across, stroke=GRID)
    if frame.axis.low <= 0 <= frame.axis.high:
        sheet.path([(frame.left, frame.y(0)), (frame.right, frame.y(0))], stroke=GREY)
    for tick in frame.axis.ticks:
        y = frame.y(tick)
        words = shortened(tick_text(tick, frame.axis, frame.chart), SIZE, frame.left - 7)
        sheet.text(frame.left - 6, y + SIZE * 0.35, words, fill=GREY, text_anchor="end")
    if unit := frame.chart.unit_text:
        sheet.text(2, SIZE + 1, shortened(unit, SIZE, frame.right - 4), fill=GREY)


def _month_labels(sheet: Sheet, frame: Frame) -> None:
    """Months that fit, and under the first of each calendar year (or financial year of quarters) the year."""
    points = frame.chart.points
    widest = max(text_width(point.short, SIZE) for point in points)
    shown = readable(len(points), lambda step: frame.slot * step >= widest + 4)
    year, free_from = "", 0.0
    sheet.path(*([(x, frame.bottom), (x, frame.bottom + 4)] for x in map(frame.x, shown)), stroke=GREY)
    for index in shown:
        point, x = points[index], frame.x(index)
        start = _text_inside(sheet, x, frame.bottom + 18, point.short)
        if point.year and point.year != year and start >= free_from:
            sheet.text(
                start,
                frame.bottom + 34,
                shortened(point.year, SIZE, sheet.width - start - 2),
                SIZE,
                fill=GREY,
            )
            free_from = start + text_width(point.year, SIZE) + 6
            year = point.year


def _text_inside(sheet: Sheet, x: float, y: float, words: str) -> float:
    """A text centred on x but kept on the sheet; returns where it begins."""
    words = shortened(words, SIZE, sheet.width * 0.4)
    width = text_width(words, SIZE)
    middle = min(max(x, width / 2 + 1), sheet.width - width / 2 - 1)
    sheet.text(middle, y, words, fill=INK, text_anchor="middle")
    # The true text is narrower than the guess; the year is lined up with where it probably begins.
    return max(middle - width * 0.42, 1)


def _levels(sheet: Sheet, frame: Frame) -> None:
    """Tolerance shaded between target and intervention level; then the two as stepped lines."""
    found = level_runs(frame.chart)
    bands = [band for first, last, level in found for band in _bands(frame, first, last, level)]
    if bands:
        sheet.outlines(*bands, fill=BAND)
    for name, dashes in (("intervention", "5 4"), ("target", "")):
        for edge in (name, f"{name}_upper"):
            _steps(sheet, frame, found, edge, dashes)


def _bands(frame: Frame, first: int, last: int, level: Level) -> list[list[tuple[float, float]]]:
    left, right = frame.x(first - 0.5), frame.x(last + 0.5)
    sides = ((level.target, level.intervention), (level.target_upper, level.intervention_upper))
    heights = [(frame.y(near), frame.y(far)) for near, far in sides if near is not None and far is not None]
    return [[(left, near), (right, near), (right, far), (left, far)] for near, far in heights]


def _steps(sheet: Sheet, frame: Frame, found: list[tuple[int, int, Level]], edge: str, dashes: str) -> None:
    lines: list[list[tuple[float, float]]] = []
    end = None
    for first, last, level in found:
        value = getattr(level, edge)
        if value is None:
            continue
        if end != first - 1:
            lines.append([])
        lines[-1] += [(frame.x(first - 0.5), frame.y(value)), (frame.x(last + 0.5), frame.y(value))]
        end = last
    if lines:
        look = {"stroke": TARGET, "stroke_width": "1.5"} | ({"stroke_dasharray": dashes} if dashes else {})
        sheet.path(*lines, **look)


def _limits(sheet: Sheet, frame: Frame) -> None:
    if limits := frame.chart.limits:
        heights = (frame.y(limits.lower), frame.y(limits.upper))
        across = [[(frame.left, y), (frame.right, y)] for y in heights]
        sheet.path(*across, stroke=LIMIT, stroke_dasharray="1 3", stroke_width="1.5")


def _lines(sheet: Sheet, frame: Frame) -> None:
    """Last year paler and under; this year bold, its points shaped by RAG and marked."""
    chart = frame.chart
    for piece in runs(chart, tuple(point.last_year for point in chart.points)):
        if len(piece) > 1:
            sheet.path(frame.place(piece), stroke=LAST_YEAR, stroke_width="1.5", stroke_linejoin="round")
        else:
            x, y = frame.place(piece)[0]
            sheet.path([(x - 3, y), (x + 3, y)], stroke=LAST_YEAR, stroke_width="2")
    for piece in runs(chart, tuple(point.value for point in chart.points)):
        if len(piece) > 1:
            sheet.path(frame.place(piece), stroke=THIS_YEAR, stroke_width="2.5", stroke_linejoin="round")
    shown = [
        (frame.x(i), frame.y(point.value), point) for i, point in enumerate(chart.points) if point.value is not None
    ]
    sheet.dots(Dot(x, y, point.rag, frame.radius, hollow="p" in point.marks) for x, y, point in shown)
    for x, y, point in shown:
        if point.marks:
            _mark(sheet, x, y - frame.radius - 4, point.marks)


def _mark(sheet: Sheet, x: float, y: float, letters: str) -> None:
    """Letters on a little white ground, so that no line runs through them."""
    width = 7.0 * len(letters) + 2
    box = {"x": short(x - width / 2), "y": short(y - 9), "width": short(width), "height": "11.5"}
    sheet.element("rect", fill=WHITE, fill_opacity="0.85", **box)
    sheet.text(x, y, letters, fill=INK, text_anchor="middle", font_style="italic", font_weight="bold")


def _forecast(sheet: Sheet, frame: Frame) -> None:
    """The forecast stands one slot after the last month, joined to the latest figure by a dotted line."""
    chart = frame.chart
    if not chart.forecast:
        return
    at = (frame.x(len(chart.points)), frame.y(chart.forecast.value))
    known = [(index, point.value) for index, point in enumerate(chart.points) if point.value is not None]
    if known:
        start = frame.place(known[-1:])[0]
        sheet.path([start, at], stroke=THIS_YEAR, stroke_width="1.5", stroke_dasharray="2 4")
    sheet.dots([Dot(*at, chart.forecast.rag, frame.radius + 0.5, hollow=True)])


def _markers(frame: Frame) -> list[tuple[float, int, str]]:
    """Event numbers along the top: (x, row, numbers). Neighbours too close for one row go to the next."""
    together: dict[int, list[str]] = {}
    for number, at, _ in frame.chart.numbered_events():
        together.setdefault(at, []).append(str(number))
    placed: list[tuple[float, int, str]] = []
    ends: list[float] = []
    for at, numbers in sorted(together.items()):
        words = shortened(",".join(numbers), 11, frame.left + 40)
        half = max(8.0, text_width(words, 11) / 2 + 4)
        x = min(max(frame.x(at), frame.left + half - 8), frame.right + 8 - half)
        row = next((row for row, end in enumerate(ends) if x - half >= end), len(ends))
        if row >= 3:
            row = 2
        ends[row : row + 1] = [x + half + 1]
        placed.append((x, row, words))
    return placed


def _breaks_and_events(sheet: Sheet, frame: Frame) -> None:
    for at, _ in frame.chart.break_positions():
        x = frame.x(at - 0.5)
        pair = [[(x + shift, frame.top - 4), (x + shift, frame.bottom)] for shift in (-1.5, 1.5)]
        sheet.path(*pair, stroke=GREY, stroke_width="1.2")
    base = frame.top - (SIZE if any(point.marks for point in frame.chart.points) else 0)
    for x, row, words in _markers(frame):
        y = base - row * MARKER_ROW - MARKER_ROW / 2 - 2
        half = max(8.0, text_width(words, 11) / 2 + 4)
        sheet.path([(x, y + 8), (x, frame.bottom)], stroke=GREY, stroke_dasharray="1 3")
        box = {"x": short(x - half), "y": short(y - 8), "width": short(2 * half), "height": "16", "rx": "8"}
        sheet.element("rect", fill=INK, **box)
        centred: dict[str, str | float] = {"fill": WHITE, "text_anchor": "middle", "font_weight": "bold"}
        sheet.text(x, y + 4, words, 11, **centred)


def _labels(sheet: Sheet, frame: Frame, labels: Sequence[LineLabel]) -> None:
    """Names at the right-hand end of the lines that reach it, else beside their last month."""
    at_end = [label for label in labels if label.reaches_end]
    heights = spread([frame.y(label.value) for label in at_end], SIZE + 2, frame.top, frame.bottom)
    for label, y in zip(at_end, heights, strict=True):
        words = shortened(label.words, SIZE, sheet.width - frame.right - 8)
        sheet.text(frame.right + 6, y + SIZE * 0.35, words, fill=label.colour)
    for label in labels:
        if not label.reaches_end and (spot := clear_spot(frame, label, SIZE)):
            sheet.text(*spot, label.words, fill=label.colour)

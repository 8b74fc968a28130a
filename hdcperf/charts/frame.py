"""The frame of one drawing: where months and values fall, and where a line's name finds room."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .palette import LAST_YEAR_TEXT, TARGET, THIS_YEAR
from .scale import Axis, text_width
from .series import KpiChart


@dataclass(frozen=True)
class Frame:
    """Where the chart's months and values fall on the sheet."""

    chart: KpiChart
    axis: Axis
    left: float
    right: float
    top: float
    bottom: float

    @property
    def slots(self) -> int:
        return max(len(self.chart.points) + (1 if self.chart.forecast else 0), 1)

    @property
    def slot(self) -> float:
        return (self.right - self.left) / self.slots

    def x(self, index: float) -> float:
        """The middle of a month's slot; half a slot less is its left edge."""
        return self.left + (index + 0.5) * self.slot

    def y(self, value: Decimal | float) -> float:
        share = (float(value) - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - share * (self.bottom - self.top)

    def place(self, line: Sequence[tuple[int, Decimal]]) -> list[tuple[float, float]]:
        return [(self.x(index), self.y(value)) for index, value in line]

    @property
    def radius(self) -> float:
        return max(3.2, min(4.5, self.slot * 0.3))


@dataclass(frozen=True)
class LineLabel:
    """The name of a line, the value and month it ends at, and whether that is the chart's end."""

    words: str
    value: Decimal
    index: int
    reaches_end: bool
    colour: str


def line_labels(chart: KpiChart, compact: bool) -> list[LineLabel]:
    """The names to print on the chart's own lines, so that nobody needs a key."""
    final = len(chart.points) - 1
    found: list[LineLabel] = []

    def add(words: str, ends: tuple[int, Decimal] | None, colour: str, to: int) -> None:
        if words and ends:
            found.append(LineLabel(words, ends[1], ends[0], ends[0] >= to, colour))

    # With a forecast in the last slot only the forecast ends there; this year's own line stops one before it.
    beyond = final + 1 if chart.forecast else final
    add(chart.this_label, _last([point.value for point in chart.points]), THIS_YEAR, beyond)
    add(chart.last_label, _last([point.last_year for point in chart.points]), LAST_YEAR_TEXT, final)
    ends = next(((at, chart.points[at].level) for at in range(final, -1, -1) if chart.points[at].level), None)
    if ends and (level := ends[1]):
        at = ends[0]
        upper = level.target_upper
        middle = level.target if upper is None else (level.target + upper) / 2
        add("Target" if upper is None else "Target range", (at, middle), TARGET, final)
        words = "Intervention" if compact else "Intervention level"
        for edge in (level.intervention, level.intervention_upper):
            add(words, (at, edge) if edge is not None else None, TARGET, final)
    if chart.forecast:
        add(
            "Forecast" if compact else chart.forecast.label,
            (final + 1, chart.forecast.value),
            THIS_YEAR,
            beyond,
        )
    return found


def _last(values: Sequence[Decimal | None]) -> tuple[int, Decimal] | None:
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    return known[-1] if known else None


def clear_spot(frame: Frame, label: LineLabel, size: float) -> tuple[float, float] | None:
    """Where to write a name beside the last month of its line so that it crosses least: (x, baseline y)."""
    width, x, y = text_width(label.words, size), frame.x(label.index), frame.y(label.value)
    starts = (x + frame.radius + 5, x - width / 2, x - width - frame.radius - 5)
    shifts = (0.0, -16.0, 16.0, -28.0, 28.0, -40.0, 40.0)
    best: tuple[float, float, float] | None = None
    for rank, shift in enumerate(shifts):
        for side, start in enumerate(starts):
            middle = y + shift
            if start < frame.left or start + width > frame.right + 4:
                continue
            if not frame.top + size / 2 <= middle <= frame.bottom - size / 2:
                continue
            hits = sum(
                1
                for at, line in _obstacles(frame)
                if start - 2 <= at <= start + width + 2 and abs(line - middle) < size * 0.7
            )
            score = hits * 3 + rank + side * 0.5
            if best is None or score < best[0]:
                best = (score, start, middle + size * 0.35)
    return (best[1], best[2]) if best else None


def _obstacles(frame: Frame) -> Iterator[tuple[float, float]]:
    """Points a few units apart along every line of the chart."""
    points = frame.chart.points
    for values in ([point.value for point in points], [point.last_year for point in points]):
        for index, value in enumerate(values):
            following = values[index + 1] if index + 1 < len(values) else None
            if value is None:
                continue
            yield frame.x(index), frame.y(value)
            if following is not None:
                for share in (0.2, 0.4, 0.6, 0.8):
                    across = frame.y(value) + share * (frame.y(following) - frame.y(value))
                    yield frame.x(index + share), across
    for index, point in enumerate(points):
        for edge in point.level.edges() if point.level else ():
            if edge is not None:
                yield from ((frame.x(index + shift), frame.y(edge)) for shift in (-0.4, -0.2, 0, 0.2, 0.4))
        if point.marks and point.value is not None:
            yield frame.x(index), frame.y(point.value) - frame.radius - 8
    yield from _towards_forecast(frame)


def _towards_forecast(frame: Frame) -> Iterator[tuple[float, float]]:
    known = _last([point.value for point in frame.chart.points])
    if frame.chart.forecast and known:
        start, end = known[0], len(frame.chart.points)
        for step in range(21):
            share = step / 20
            rise = frame.y(frame.chart.forecast.value) - frame.y(known[1])
            yield frame.x(start + share * (end - start)), frame.y(known[1]) + share * rise

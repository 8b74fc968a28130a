"""What a chart shows, as plain values: no drawing here, and of ours only how a figure is printed.

One month (or quarter) is one `Point`, in time order, with its own target beside it, so that a target that
changes in October is simply two different levels. A missing month is a point whose value is None: it is drawn
as a gap and never as nought.
"""

from dataclasses import dataclass
from decimal import Decimal

from hdcperf.figures import print_figure

MARK_WORDS = {"r": "Revised", "p": "Provisional", "d": "Disputed"}
"""The letters a point may carry, drawn beside it and explained under the chart."""


def _finite(*values: Decimal | None) -> None:
    if any(value is not None and not value.is_finite() for value in values):
        raise ValueError("A chart draws finite figures only; a missing figure is None")


@dataclass(frozen=True)
class Level:
    """The target and intervention level of one month (framework C.2).

    A range measure also has the two upper edges: `target` to `target_upper` is on target, and beyond
    `intervention` or `intervention_upper` is past the intervention level.
    """

    target: Decimal
    intervention: Decimal | None = None
    target_upper: Decimal | None = None
    intervention_upper: Decimal | None = None

    def __post_init__(self) -> None:
        _finite(*self.edges())

    def edges(self) -> tuple[Decimal | None, ...]:
        return (self.target, self.intervention, self.target_upper, self.intervention_upper)


@dataclass(frozen=True)
class Point:
    """One month's figure. `rag` is the printed word ("Green", "Amber", "Red", anything else is unjudged);
    `marks` is any of the letters r (revised), p (provisional), d (disputed); `missing` is what the table says
    when there is no value ("No data", "Not yet due", "Nothing to measure")."""

    label: str
    short: str
    value: Decimal | None
    rag: str = ""
    marks: str = ""
    level: Level | None = None
    last_year: Decimal | None = None
    missing: str = "No data"

    def __post_init__(self) -> None:
        _finite(self.value, self.last_year)
        if unknown := set(self.marks) - set(MARK_WORDS):
            raise ValueError(f"A point is marked with the letters r, p and d, not {', '.join(sorted(unknown))}")

    @property
    def year(self) -> str:
        """The last word of the label when it holds a number: "2026" of "October 2026"."""
        last = self.label.split(" ")[-1]
        return last if any(character.isdigit() for character in last) and last != self.label else ""


@dataclass(frozen=True)
class Event:
    """Something dated that explains a figure, such as a flood; `label` is the label of its month."""

    label: str
    sentence: str


@dataclass(frozen=True)
class Break:
    """From this month the figures are not comparable with those before; `label` is the label of the month."""

    label: str
    sentence: str


@dataclass(frozen=True)
class Forecast:
    """The year-end forecast. Give it only where it is on the same scale as the points."""

    value: Decimal
    rag: str = ""
    label: str = "Year-end forecast"

    def __post_init__(self) -> None:
        _finite(self.value)


@dataclass(frozen=True)
class Limits:
    """The band ordinary months fall within; `sentence` says how it was worked out, in plain words."""

    lower: Decimal
    upper: Decimal
    sentence: str

    def __post_init__(self) -> None:
        _finite(self.lower, self.upper)


@dataclass(frozen=True)
class KpiChart:
    """One chart: points in time order, labels unique. An event or a break outside the points is not shown.

    `alt` is the text alternative; left empty, `describe` writes it. `decimals` is how figures are printed;
    `prefix` ("£") and `suffix` ("%", " days") go round them.
    """

    title: str
    points: tuple[Point, ...]
    alt: str = ""
    prefix: str = ""
    suffix: str = ""
    decimals: int = 0
    this_label: str = "This year"
    last_label: str = "Last year"
    events: tuple[Event, ...] = ()
    breaks: tuple[Break, ...] = ()
    forecast: Forecast | None = None
    limits: Limits | None = None

    def __post_init__(self) -> None:
        labels = [point.label for point in self.points]
        if len(set(labels)) != len(labels):
            raise ValueError("Each point of a chart needs its own label")

    @property
    def unit_text(self) -> str:
        """The unit when it is too long to print on every tick: "days" of " days"."""
        return self.suffix.strip() if len(self.suffix.strip()) > 1 else ""

    def figure(self, value: Decimal) -> str:
        """A value as people read it: "£1,250", "84.2%", "−3 days"."""
        return print_figure(value, self.decimals, self.prefix, self.suffix)

    def bare(self, value: Decimal) -> str:
        """A value without a long unit, for a table whose caption names it: "3" of 3 days, but "84.2%"."""
        return print_figure(value, self.decimals, self.prefix, "" if self.unit_text else self.suffix)

    def position(self, label: str) -> int | None:
        """Where the month of that label stands among the points, or None when it is outside the chart."""
        return next((index for index, point in enumerate(self.points) if point.label == label), None)

    def numbered_events(self) -> tuple[tuple[int, int, Event], ...]:
        """(number, index of its point, event) of the events inside the chart, in time order."""
        placed = [(self.position(event.label), event) for event in self.events]
        inside = sorted(((at, event) for at, event in placed if at is not None), key=lambda pair: pair[0])
        return tuple((number, at, event) for number, (at, event) in enumerate(inside, start=1))

    def break_positions(self) -> tuple[tuple[int, Break], ...]:
        """(index of its first new point, break) of the breaks inside the chart."""
        placed = ((self.position(item.label), item) for item in self.breaks)
        return tuple((at, item) for at, item in placed if at is not None)


def runs(chart: KpiChart, values: tuple[Decimal | None, ...]) -> list[list[tuple[int, Decimal]]]:
    """Split a line where a month is missing or where a break begins: [[(index, value), ...], ...]."""
    starts = {at for at, _ in chart.break_positions()}
    pieces: list[list[tuple[int, Decimal]]] = []
    joined = False
    for index, value in enumerate(values):
        if value is None:
            joined = False
            continue
        if not joined or index in starts:
            pieces.append([])
        pieces[-1].append((index, value))
        joined = True
    return pieces


def level_runs(chart: KpiChart) -> list[tuple[int, int, Level]]:
    """Neighbouring months with the same level, joined: (first index, last index, level)."""
    found: list[tuple[int, int, Level]] = []
    for index, point in enumerate(chart.points):
        if point.level is None:
            continue
        if found and found[-1][1] == index - 1 and found[-1][2] == point.level:
            found[-1] = (found[-1][0], index, point.level)
        else:
            found.append((index, index, point.level))
    return found

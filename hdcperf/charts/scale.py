"""Where things go: a sensible axis, ticks that read well, labels that keep apart. Floats only draw."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .series import KpiChart

FAR_FROM_NOUGHT = 0.35
"""A line chart may leave nought out when its figures span less than this share of the largest."""
LEAST_SPAN = 0.05
"""However alike the figures, the axis spans this share of the largest, so that noise stays looking small."""


@dataclass(frozen=True)
class Axis:
    """A value axis from `low` to `high`, with its ticks in rising order."""

    low: float
    high: float
    ticks: tuple[float, ...]
    step: float

    @property
    def cut(self) -> bool:
        """The axis leaves nought out, which a note under the chart says."""
        return self.low > 0 or self.high < 0


def axis_for(chart: KpiChart, count: int = 5) -> Axis:
    """An axis that holds every figure, target, limit and forecast of the chart with about `count` ticks."""
    values = _all_values(chart)
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    ceiling = 100.0 if chart.suffix.strip() == "%" and high <= 100 else None
    if low > 0 and 0 < high - low < FAR_FROM_NOUGHT * high:
        low, high = _widened(low, high)
    else:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = low + 1.0
    step = _nice_step((high - low) / max(count - 1, 1), whole=chart.decimals == 0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if ceiling is not None and last * step > ceiling >= first * step + step:
        last = math.floor(ceiling / step + 1e-9)
        top = ceiling
    else:
        top = last * step
    ticks = tuple(_clean(number * step) for number in range(first, last + 1))
    return Axis(_clean(first * step), _clean(max(top, ticks[-1])), ticks, step)


def _all_values(chart: KpiChart) -> list[float]:
    found = [value for point in chart.points for value in (point.value, point.last_year)]
    found += [edge for point in chart.points if point.level for edge in point.level.edges()]
    if chart.forecast:
        found.append(chart.forecast.value)
    if chart.limits:
        found += [chart.limits.lower, chart.limits.upper]
    return [float(value) for value in found if value is not None]


def _widened(low: float, high: float) -> tuple[float, float]:
    """Room round figures far from nought, so that the lowest does not sit on the axis."""
    spare = max(LEAST_SPAN * high - (high - low), 0.15 * (high - low))
    return max(low - spare / 2, 0.0), high + spare / 2


def _nice_step(rough: float, whole: bool) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    multiple = next(size for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    step = multiple * power
    return max(math.ceil(step), 1.0) if whole and step < 10 else step


def _clean(value: float) -> float:
    """Without the dust of binary fractions: 0.30000000000000004 is 0.3."""
    return float(f"{value:.12g}") + 0.0


def tick_text(value: float, axis: Axis, chart: KpiChart) -> str:
    """A tick as people read it: "£1.5m", "250k", "85%", "−2". A long unit is printed once, above the axis."""
    largest = max(abs(axis.low), abs(axis.high))
    unit, letters = next(((unit, letters) for unit, letters in _UNITS if largest >= unit), (1.0, ""))
    unit = 1e3 if letters == "k" else unit
    number = f"{abs(value) / unit:,.{_places(axis.step / unit)}f}{letters}" if value else "0"
    suffix = "" if chart.unit_text else chart.suffix.strip()
    return f"{'−' if value < 0 else ''}{chart.prefix}{number}{suffix}"


# From 10,000 figures are printed in thousands; one axis keeps one unit.
_UNITS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e4, "k"))


def _places(step: float) -> int:
    """How many decimal places tell two neighbouring ticks apart."""
    return next((places for places in range(9) if abs(step * 10**places - round(step * 10**places)) < 1e-6), 9)


def text_width(text: str, size: float) -> float:
    """A generous guess of how wide a text is drawn, in the units of `size`, whatever the font."""
    return size * sum(_letter_width(letter) for letter in text)


def _letter_width(letter: str) -> float:
    if ord(letter) > 0x2E7F or letter in "MW%@—":
        return 1.0
    if letter in "m−":
        return 0.9
    return 0.7 if letter.isupper() else 0.64 if letter.isdigit() or letter == "£" else 0.56


def shortened(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it would not fit in `room`."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…" if text else ""


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near those wanted, at least `gap` apart where there is room, within low to high."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    placed = [min(max(value, low), high) for value in wanted]
    for before, after in pairwise(order):
        placed[after] = max(placed[after], placed[before] + gap)
    ceiling = high
    for index in reversed(order):
        placed[index] = min(placed[index], ceiling)
        ceiling = placed[index] - gap
    return placed


def readable(count: int, wide_enough: Callable[[int], bool]) -> list[int]:
    """Which of `count` labels to print: every one, every second, third and so on, as fits."""
    every = next((step for step in (1, 2, 3, 4, 6, 12, 24) if wide_enough(step)), max(count, 1))
    return list(range(0, count, every))

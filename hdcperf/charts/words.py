"""The chart in words: a text alternative that says what it shows, and the notes printed under it."""

from collections.abc import Callable
from decimal import Decimal

from .scale import axis_for
from .series import MARK_WORDS, KpiChart, Point


def describe(chart: KpiChart) -> str:
    """The chart's own text alternative, else one written from its figures."""
    if chart.alt:
        return chart.alt
    known = [(point, point.value) for point in chart.points if point.value is not None]
    if not known:
        return "There are no figures to show."
    latest, value = known[-1]
    parts = [f"{latest.label}: {chart.figure(value)}{_judged(chart, latest)}."]
    if len(known) > 1:
        lowest = min(known, key=lambda pair: pair[1])
        highest = max(known, key=lambda pair: pair[1])
        span = f"{known[0][0].label} to {latest.label}"
        parts.append(
            f"From {span} the lowest was {chart.figure(lowest[1])} in {lowest[0].label} and the highest "
            f"{chart.figure(highest[1])} in {highest[0].label}."
        )
    if latest.last_year is not None:
        parts.append(f"The same month last year was {chart.figure(latest.last_year)}.")
    if chart.forecast:
        judged = f", {chart.forecast.rag}" if chart.forecast.rag else ""
        parts.append(f"{chart.forecast.label}: {chart.figure(chart.forecast.value)}{judged}.")
    gaps = sum(1 for point in chart.points[: chart.points.index(latest)] if point.value is None)
    if gaps:
        parts.append(f"{gaps} earlier {'month has' if gaps == 1 else 'months have'} no figure.")
    return " ".join(parts)


def _judged(chart: KpiChart, point: Point) -> str:
    against = f", against a target of {target_text(chart.figure, point)}" if point.level else ""
    return against + (f", {point.rag}" if point.rag else "")


def target_text(written: Callable[[Decimal], str], point: Point) -> str:
    """The month's target as words: "85%", "10 to 20 days", or "No target"."""
    if point.level is None:
        return "No target"
    if point.level.target_upper is None:
        return written(point.level.target)
    return f"{written(point.level.target)} to {written(point.level.target_upper)}"


def intervention_text(written: Callable[[Decimal], str], point: Point) -> str:
    """The month's intervention level, both sides of a range, or "None"."""
    if point.level is None:
        return "None"
    edges = [edge for edge in (point.level.intervention, point.level.intervention_upper) if edge is not None]
    return " and ".join(written(edge) for edge in edges) or "None"


def marks_text(point: Point) -> str:
    """The marks of a month as words: "Revised, provisional"."""
    words = [MARK_WORDS[letter] for letter in MARK_WORDS if letter in point.marks]
    return ", ".join([words[0], *(word.lower() for word in words[1:])]) if words else ""


def notes(chart: KpiChart) -> tuple[str, ...]:
    """Sentences under the chart, besides its numbered events: breaks, marks, limits, a cut axis."""
    found = [
        f"Break in the figures before {item.label}: {_sentence(item.sentence)}" for _, item in chart.break_positions()
    ]
    letters = {letter for point in chart.points for letter in point.marks}
    found += [f"{letter} = {word.lower()} figure." for letter, word in MARK_WORDS.items() if letter in letters]
    if chart.limits:
        found.append(f"Dotted lines: {_sentence(chart.limits.sentence)}")
    if chart.points and axis_for(chart).cut:
        found.append("The axis does not start at nought.")
    return tuple(found)


def _sentence(words: str) -> str:
    words = words.strip()
    return words if words.endswith((".", "!", "?")) else f"{words}."

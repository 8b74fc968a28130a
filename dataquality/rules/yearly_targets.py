"""Next year's target from last year's result: growth, maintain, reduce, the arithmetic in words (framework C.1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from hdcperf.rag import Direction, LabelledEnum
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import Levels

__all__ = ["Method", "Result", "TargetRefused", "arithmetic", "is_beaten", "methods_for", "year_target"]

_WIDE = Context(prec=60)


class Method(LabelledEnum):
    """How next year's target comes about (framework C.1.2)."""

    GROWTH = "growth", "Growth: last year's result plus a percentage"
    MAINTAIN = "maintain", "Maintain: the target stays the same"
    REDUCE = "reduce", "Reduce: last year's result less a percentage"
    OTHER = "other", "Another way, explained"


BY_PERCENT = frozenset({Method.GROWTH, Method.REDUCE})


@dataclass(frozen=True)
class Result:
    """What a year came to, or is expected to: ``words`` say which, for example *2026/27 as forecast in September*."""

    value: Decimal
    words: str
    is_forecast: bool = False


class TargetRefused(ValueError):
    """The target cannot be worked out so; the message is a sentence, ``field`` what it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def methods_for(direction: Direction, result: Result | None) -> list[Method]:
    """The methods that can be worked out: a percentage needs a result. What had no target can stay without one.

    A range is kept or set another way: a percentage would move one edge past the other.
    """
    can = [Method.MAINTAIN, Method.OTHER]
    if result is not None and direction is not Direction.RANGE:
        can += [Method.GROWTH, Method.REDUCE]
    return [one for one in Method if one in can]


def year_target(
    measure: Measure,
    method: Method,
    *,
    percent: Decimal | None,
    result: Result | None,
    this_year: Levels,
    typed: Levels,
) -> Levels:
    """Next year's target (both edges of a range), at the measure's decimals; no intervention level.

    ``percent`` is of the result, 0 to 1000. Raises TargetRefused with the sentence and the field it is about.
    """
    if method is Method.MAINTAIN:
        return Levels(target=this_year.target, target_upper=this_year.target_upper)
    if method is Method.OTHER:
        if typed.target is None:
            raise TargetRefused("target", "Enter the target for the year: 0 if the target is nought")
        return Levels(target=typed.target, target_upper=typed.target_upper)
    if result is None:
        raise TargetRefused("method", "There is no result to work from: choose another way.")
    if percent is None:
        raise TargetRefused("percent", "Enter by how many per cent")
    target = _by_percent(measure, method, percent, result)
    least, most = measure.year_limits
    if most is not None and target > most:
        raise TargetRefused(
            "percent",
            f"{arithmetic(measure, method, percent=percent, result=result, target=target)} "
            f"That is above {measure.show(most)}, the most it can be: enter a smaller percentage.",
        )
    if least is not None and target < least:
        raise TargetRefused(
            "percent",
            f"{arithmetic(measure, method, percent=percent, result=result, target=target)} "
            f"That is below {measure.show(least)}, the least it can be: enter a smaller percentage.",
        )
    return Levels(target=target)


def _by_percent(measure: Measure, method: Method, percent: Decimal, result: Result) -> Decimal:
    """The result moved by ``percent`` of its size, rounded to the decimals shown, halves away from nought."""
    change = _WIDE.divide(abs(result.value) * percent, Decimal(100))
    exact = result.value + change if method is Method.GROWTH else result.value - change
    return exact.quantize(Decimal(1).scaleb(-measure.decimals), ROUND_HALF_UP, _WIDE)


def arithmetic(
    measure: Measure, method: Method, *, percent: Decimal | None, result: Result | None, target: Decimal
) -> str:
    """How the target comes about, in a sentence with the figures in it, so that anybody can do it again."""
    show = measure.show
    if method in BY_PERCENT and result is not None and percent is not None:
        word = "plus" if method is Method.GROWTH else "less"
        return f"{show(result.value)} ({result.words}) {word} {_plain(percent)}% is {show(target)}."
    if method is Method.MAINTAIN:
        return f"The target stays at {show(target)}."
    against = ""
    if result is not None and result.value != 0:
        apart = _WIDE.divide((target - result.value) * 100, abs(result.value)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        way = "above" if apart > 0 else "below"
        against = f", {_plain(abs(apart))}% {way} {show(result.value)} ({result.words})" if apart else ""
    return f"The target is {show(target)}{against}."


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_beaten(result: Decimal | None, target: Levels, direction: Direction) -> bool:
    """Whether the result is better than the target already, so that members will ask why it is not raised.

    A result on its target meets it and does not beat it. A range is met or missed, never beaten.
    """
    if result is None or target.target is None:
        return False
    if direction is Direction.HIGHER:
        return result > target.target
    return direction is Direction.LOWER and result < target.target

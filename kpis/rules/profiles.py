"""Twelve monthly targets from a year's: flat, in last year's shape, or typed (framework C.1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from hdcperf.periods import Month
from hdcperf.rag import LabelledEnum
from kpis.rules.figures import YtdRule, format_figure
from kpis.rules.forecasts import Measure
from kpis.rules.year_to_date import Levels, MonthFigure

__all__ = ["Profile", "ProfileRefused", "monthly_levels", "monthly_targets", "shape_of", "typed_refusal"]

_WIDE = Context(prec=60)
_Spread = dict[Month, Decimal] | None


class ProfileRefused(ValueError):
    """A year's target cannot be spread so; the message is a sentence, ``field`` the figure it is about."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


class Profile(LabelledEnum):
    """How a year's target is spread over its months."""

    FLAT = "flat", "Flat: the same each month"
    LAST_YEAR = "last_year", "Last year's shape"
    TWO_YEARS = "two_years", "The averaged shape of two years"
    TYPED = "typed", "Typed for each month"


def monthly_targets(
    measure: Measure,
    months: Sequence[Month],
    year_target: Decimal,
    shape: Sequence[Decimal] | None = None,
) -> dict[Month, Decimal]:
    """Each month's target from the year's, at the measure's decimals; ``shape`` gives the months' proportions.

    What adds up is spread so that the months sum exactly to the year's target (the largest remainders take what
    rounding leaves over); a running total's targets are those sums to date; a level (latest, mean, weighted) has the
    year's target every month when flat, else the same proportions round it. ``shape`` needs a weight, none of them
    negative and not all nought, for each month: see ``shape_of``. Raises ValueError otherwise.
    """
    weights = [Decimal(1)] * len(months) if shape is None else list(shape)
    if len(weights) != len(months) or any(weight < 0 for weight in weights) or not sum(weights):
        raise ValueError("A profile needs a share for each month, none negative and not all nought.")
    if _is_summed(measure):
        spread = _shared_out(year_target, weights, measure.decimals)
        if measure.rule is YtdRule.RUNNING_TOTAL:
            spread = [sum(spread[: number + 1], Decimal(0)) for number in range(len(spread))]
        return dict(zip(months, spread, strict=True))
    if shape is None:
        return dict.fromkeys(months, year_target)
    return dict(zip(months, _levels(measure, year_target, weights), strict=True))


def _is_summed(measure: Measure) -> bool:
    return measure.rule in (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL)


def _shared_out(total: Decimal, weights: Sequence[Decimal], decimals: int) -> list[Decimal]:
    """``total`` shared in proportion, in steps of the last decimal shown, summing exactly to it.

    The steps left over by rounding down go to the largest remainders, the earlier month first. A total with more
    decimals than are shown is shared at its own.
    """
    exponent = total.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    step = Decimal(1).scaleb(min(-decimals, exponent))
    units = int(abs(total) / step)
    whole = sum(weights, Decimal(0))
    exact = [_WIDE.divide(Decimal(units) * weight, whole) for weight in weights]
    shares = [int(share.to_integral_value(ROUND_FLOOR)) for share in exact]
    most_left_over = sorted(range(len(shares)), key=lambda n: (shares[n] - exact[n], n))
    for n in most_left_over[: units - sum(shares)]:
        shares[n] += 1
    sign = -1 if total < 0 else 1
    return [sign * share * step for share in shares]


def _levels(measure: Measure, year_target: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Levels in last year's proportions: a mean or weighted year round its average, the latest up to its last."""
    middle = weights[-1] if measure.rule is YtdRule.LATEST else sum(weights, Decimal(0)) / len(weights)
    if middle == 0:
        raise ValueError("Last year ended at nought, so its shape cannot be scaled.")
    step = Decimal(1).scaleb(-measure.decimals)
    levels = [_WIDE.divide(year_target * weight, middle).quantize(step, ROUND_HALF_UP) for weight in weights]
    return [_possible(measure, level) for level in levels]


def _possible(measure: Measure, level: Decimal) -> Decimal:
    """A scaled level kept within what the measure can be: no target of 104%."""
    if measure.maximum is not None:
        level = min(level, measure.maximum)
    return level if measure.minimum is None else max(level, measure.minimum)


def shape_of(measure: Measure, months: Sequence[Month], last_year: Sequence[MonthFigure]) -> list[Decimal] | None:
    """Last year's own monthly figures as proportions for ``months``; None when they cannot serve.

    They cannot when a month is missing, one is negative, or all are nought.
    """
    to_date = measure.to_date([figure for figure in last_year if figure.month + 12 in months])
    own = [at.own for month in months if (at := to_date.get(month - 12)) is not None]
    shape = [value for value in own if value is not None]
    if len(shape) != len(months) or any(value < 0 for value in shape) or not sum(shape):
        return None
    return shape


def monthly_levels(
    measure: Measure,
    months: Sequence[Month],
    year: Levels,
    shape: Sequence[Decimal] | None = None,
    kept: Mapping[Month, Levels] | None = None,
) -> dict[Month, Levels]:
    """Each month's target and intervention level (both edges of a range) from the year's, by one profile.

    Where months are summed the distance between the edges is shared out, not each edge by itself: every month's
    intervention level stays on the worse side of its target, and each edge still sums exactly. ``kept`` are the
    earlier months that an approved set governs: of a sum, what they hold is taken off before the rest is shared, so
    that the whole still makes the year's target. Only the months not kept are given. Raises ProfileRefused when the
    earlier months leave no room, and ValueError as ``monthly_targets`` does.
    """
    rest = _Rest(measure, months, shape, kept or {})
    target = rest.spread("target", year.target)
    level = rest.spread("intervention", year.intervention, year.target, "target", target)
    upper = rest.spread("target_upper", year.target_upper, year.target, "target", target)
    level_upper = rest.spread("intervention_upper", year.intervention_upper, year.target_upper, "target_upper", upper)
    edges = (target, level, upper, level_upper)
    return {
        month: Levels(*(edge[month] if edge is not None else None for edge in edges))
        for month in months
        if month not in rest.kept
    }


@dataclass(frozen=True)
class _Rest:
    """Spreads each figure of a year over the months that are not kept."""

    measure: Measure
    months: Sequence[Month]
    shape: Sequence[Decimal] | None
    kept: Mapping[Month, Levels]

    def spread(
        self, name: str, value: Decimal | None, base: Decimal | None = None, base_name: str = "", over: _Spread = None
    ) -> _Spread:
        """``value`` over the months; of a sum, its distance from ``base``, which is spread as ``over``."""
        if value is None:
            return None
        if not _is_summed(self.measure):
            return monthly_targets(self.measure, self.months, value, self.shape)
        if base is None or over is None:
            return self._shared(name, value, self._held(name))
        held, held_base = self._held(name), self._held(base_name)
        apart = None if held is None or held_base is None else held - held_base
        shared = self._shared(name, value - base, apart)
        return {month: over[month] + shared[month] for month in over if month in shared}

    def _held(self, name: str) -> Decimal | None:
        """What the kept months hold of the year already; None where one of them has no such figure."""
        if not self.kept:
            return Decimal(0)
        figures = [getattr(self.kept[month], name) for month in sorted(self.kept)]
        if any(figure is None for figure in figures):
            return None
        return figures[-1] if self.measure.rule is YtdRule.RUNNING_TOTAL else sum(figures, Decimal(0))

    def _shared(self, name: str, whole: Decimal, held: Decimal | None) -> dict[Month, Decimal]:
        if held is None:
            # The months before have none, so nothing is to be made up: their share is left out.
            return monthly_targets(self.measure, self.months, whole, self.shape)
        left = whole - held
        if whole * left < 0 or (whole == 0 and left != 0):
            raise ProfileRefused(name, self._no_room(name, held))
        rest = [month for month in self.months if month not in self.kept]
        shape = None if self.shape is None else self.shape[len(self.months) - len(rest) :]
        spread = monthly_targets(self.measure, rest, left, shape)
        if self.measure.rule is not YtdRule.RUNNING_TOTAL:
            return spread
        return {month: held + target for month, target in spread.items()}

    def _no_room(self, name: str, held: Decimal) -> str:
        last = max(self.kept)
        if name == "target":
            return (
                f"The months to {last} already hold {self.measure.show(held)} of it, so it cannot be less: enter "
                f"{self.measure.show(held)} or more, or type each month."
            )
        apart = self.measure.show(abs(held))
        return f"The months to {last} are already {apart} from their target, so the year's must be at least that far."


def typed_refusal(
    measure: Measure, typed: Mapping[Month, Decimal | None], year_target: Decimal | None, what: str = "target"
) -> str:
    """Why typed monthly targets do not make the year's target, as a sentence; empty when they do.

    ``what`` is the figure's name. What adds up must sum to it, a running total or level must end on it; a mean or
    weighted year is not held to it.
    """
    months = sorted(typed)
    known = [target for month in months if (target := typed[month]) is not None]
    if year_target is None or len(known) != len(months) or not months:
        return ""
    if measure.rule is YtdRule.ADDS_UP:
        made, how = sum(known, Decimal(0)), "add up to"
    elif measure.rule in (YtdRule.RUNNING_TOTAL, YtdRule.LATEST):
        made, how = known[-1], "end at"
    else:
        return ""
    if made == year_target:
        return ""
    apart = format_figure(abs(year_target - made), measure.unit, measure.decimals, measure.unit_label)
    return (
        f"The months {how} {measure.show(made)}, but the year's {what} is {measure.show(year_target)}: "
        f"they are {apart} apart."
    )

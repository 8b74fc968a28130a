"""What a figure cannot be: the errors of the basic checks (framework C.2.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from kpis.rules.facts import Check, ReturnFacts, error, exact, figure_field, lower_first, plain, upper_first
from kpis.rules.figures import MAX_WHOLE_DIGITS, Entry, Unit, YtdRule

__all__ = ["impossible"]


def impossible(facts: ReturnFacts) -> list[Check]:
    """The errors in what was typed."""
    return [check for rule in _RULES for check in rule(facts)]


def _negative_parts(facts: ReturnFacts) -> Iterator[Check]:
    if facts.entry is Entry.PARTS and facts.denominator is not None and facts.denominator < 0:
        label = facts.denominator_label or "The denominator"
        yield error(
            "denominator_negative",
            "denominator",
            f"{upper_first(label)} is {plain(facts.denominator)}, below nought.",
            "Enter how many there were in all: 0 when there was nothing to measure.",
        )


def _part_above_whole(facts: ReturnFacts) -> Iterator[Check]:
    """A part is no more than its whole, unless the measure may pass 100%."""
    maximum = facts.measure.maximum
    may_pass = maximum is not None and maximum > 100
    if facts.measure.unit is not Unit.PERCENTAGE or facts.entry is not Entry.PARTS or may_pass:
        return
    part, whole = facts.numerator, facts.denominator
    if part is None or whole is None or part <= whole or whole < 0:
        return
    part_label = facts.numerator_label or "The numerator"
    whole_label = facts.denominator_label or "the denominator"
    yield error(
        "part_above_whole",
        "numerator",
        f"{upper_first(part_label)} is {plain(part)}, more than the {plain(whole)} of {lower_first(whole_label)}.",
        "Check both figures: one of them may be a slip, or they may be the wrong way round.",
    )


def _outside_the_possible(facts: ReturnFacts) -> Iterator[Check]:
    if isinstance(facts.figure, Decimal):
        limits = facts.measure.minimum, facts.measure.maximum
        yield from _outside(facts, facts.figure, limits, "outside_possible", figure_field(facts), "The figure")
    if facts.forecast is not None:
        limits = facts.measure.year_limits
        yield from _outside(facts, facts.forecast, limits, "forecast_impossible", "forecast", "The forecast")


def _outside(
    facts: ReturnFacts,
    value: Decimal,
    limits: tuple[Decimal | None, Decimal | None],
    code: str,
    field: str,
    name: str,
) -> Iterator[Check]:
    least, most = limits
    if least is not None and value < least:
        beyond = f"below {facts.measure.show(least)}, the smallest it can be"
    elif most is not None and value > most:
        beyond = f"above {facts.measure.show(most)}, the largest it can be"
    else:
        return
    yield error(
        code,
        field,
        f"{name} is {exact(facts.measure, value)}, {beyond}.",
        "Check it, or ask the Performance Team if the limit itself is wrong.",
    )


def _too_large_to_keep(facts: ReturnFacts) -> Iterator[Check]:
    figure = facts.figure
    if isinstance(figure, Decimal) and figure.adjusted() >= MAX_WHOLE_DIGITS:
        yield error(
            "too_large",
            figure_field(facts),
            f"The figure has more than {MAX_WHOLE_DIGITS} digits before the point.",
            "Check both parts: together they make a figure that is too large.",
        )


def _fraction_of_a_count(facts: ReturnFacts) -> Iterator[Check]:
    """A plain number shown without decimals counts whole things: half a household is a slip."""
    whole_only = facts.measure.unit is Unit.NUMBER and facts.measure.decimals == 0 and facts.entry is Entry.VALUE
    adds = facts.measure.rule in (YtdRule.ADDS_UP, YtdRule.RUNNING_TOTAL, YtdRule.LATEST)
    if not whole_only or not adds or facts.value is None or facts.value == facts.value.to_integral_value():
        return
    # A measure that has been reported in fractions before is not a count, whatever its decimals say.
    if all(value == value.to_integral_value() for _, value in facts.earlier):
        yield error(
            "fraction_of_a_count",
            "value",
            f"The figure is {plain(facts.value)}, but this measure counts whole numbers.",
            "Enter a whole number.",
        )


_Rule = Callable[[ReturnFacts], Iterator[Check]]
_RULES: Sequence[_Rule] = (
    _negative_parts,
    _part_above_whole,
    _too_large_to_keep,
    _outside_the_possible,
    _fraction_of_a_count,
)

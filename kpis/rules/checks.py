"""The basic checks on a monthly return, before it is submitted (framework C.2.2).

Errors are kept to the impossible and the missing. Everything else asks: it can be right, and then it is answered
with a sentence that stays with the return.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from statistics import median

from hdcperf.periods import Month
from hdcperf.rag import Direction, Rag
from kpis.rules.commentary import claims_to_be_on_track, says_no_cause, says_too_little
from kpis.rules.facts import Check, ReturnFacts, ask, exact, figure_field
from kpis.rules.figures import YtdRule
from kpis.rules.impossible import impossible
from kpis.rules.missing import submission_errors
from kpis.rules.needed import Reach, what_it_would_take

__all__ = ["Check", "ReturnFacts", "basic_checks", "submission_errors"]

USUAL_MONTHS = 12
"""How many earlier months make *the usual*, and the fewest worth comparing with."""
FEWEST_MONTHS = 3


def basic_checks(facts: ReturnFacts) -> list[Check]:
    """What is impossible (errors) and what is unlikely (to be answered) in what was typed. Framework C.2.2.

    What is still missing is ``submission_errors``: a draft may lack anything.
    """
    if facts.no_data:
        return []
    errors = impossible(facts)
    asks = [check for rule in _ASKS for check in rule(facts)]
    # A figure that cannot be is put right first; asking whether it is usual as well would only be noise.
    wrong = {check.field for check in errors}
    return errors + ([ask for ask in asks if ask.field not in wrong] if errors else asks)


def _running_total_falls(facts: ReturnFacts) -> Iterator[Check]:
    figure = facts.figure
    if facts.measure.rule is not YtdRule.RUNNING_TOTAL or not isinstance(figure, Decimal):
        return
    year = facts.month.year_from(facts.measure.first_month)
    before = [(month, value) for month, value in facts.earlier if month in year]
    if before and figure < before[-1][1]:
        show = facts.measure.show
        yield ask(
            "running_total_falls",
            figure_field(facts),
            f"The running total is {show(figure)}, below the {show(before[-1][1])} of {before[-1][0]}.",
            "Check that this is the total since April and not the month alone. If it did fall, say why.",
        )


def _same_again(facts: ReturnFacts) -> Iterator[Check]:
    """The same figure three months running (the two before and this one)."""
    figure = facts.figure
    last = facts.earlier[-2:]
    if not isinstance(figure, Decimal) or len(last) < 2 or figure == 0:
        return
    at_a_limit = figure in (facts.measure.minimum, facts.measure.maximum)
    if not at_a_limit and all(value == figure for _, value in last):
        yield ask(
            "same_again",
            figure_field(facts),
            f"The figure is {facts.measure.show(figure)}, exactly as in {last[0][0]} and {last[1][0]}.",
            "Check that it was measured again. If it is the same, say so.",
        )


def _far_from_usual(facts: ReturnFacts) -> Iterator[Check]:
    """About ten or a hundred times the usual, or a tenth or hundredth of it: a slip of the decimal point."""
    if facts.measure.rule is YtdRule.RUNNING_TOTAL:
        to_date = facts.measure.to_date([*facts.before, facts.entered])
        own = [(month, at.own) for month, at in to_date.items() if at.own is not None]
    else:
        own = [*facts.earlier]
        figure = facts.figure
        if isinstance(figure, Decimal):
            own.append((facts.month, figure))
    if not own or own[-1][0] != facts.month:
        return
    this = abs(own[-1][1])
    usual = [abs(value) for _, value in own[:-1][-USUAL_MONTHS:]]
    middle = median(usual) if len(usual) >= FEWEST_MONTHS else Decimal(0)
    if middle == 0 or this == 0:
        return
    if _as_a_year_ago(own):
        return
    times = next((words for low, high, words in _SLIPS if low * middle <= this <= high * middle), None)
    if times is not None:
        yield ask(
            "far_from_usual",
            figure_field(facts),
            f"The figure is {exact(facts.measure, own[-1][1])}, {times} the usual "
            f"{facts.measure.show(middle)} (the middle of the last {len(usual)}).",
            "Check the decimal point and the unit. If it is right, say what made it so different.",
        )


def _as_a_year_ago(own: list[tuple[Month, Decimal]]) -> bool:
    """The same month last year was of this size: the season, and no slip (subscriptions come in April)."""
    month, this = own[-1]
    before = dict(own).get(month - 12)
    return before is not None and before * this > 0 and abs(before) <= 3 * abs(this) <= 9 * abs(before)


_SLIPS = (
    (Decimal("0.005"), Decimal("0.02"), "about a hundredth of"),
    (Decimal("0.05"), Decimal("0.15"), "about a tenth of"),
    (Decimal(7), Decimal(15), "about ten times"),
    (Decimal(50), Decimal(200), "about a hundred times"),
)


def _no_cause(facts: ReturnFacts) -> Iterator[Check]:
    if facts.why.strip() and says_no_cause(facts.why, facts.what_happened):
        yield ask(
            "no_cause",
            "why",
            "The commentary gives the figure or a few words, but not what caused it.",
            "Say what lies behind the figure, or why the cause is not known.",
        )


def _too_little(facts: ReturnFacts) -> Iterator[Check]:
    if facts.what_happened.strip() and says_too_little(facts.what_happened):
        yield ask(
            "says_too_little",
            "what_happened",
            "The commentary only repeats the figure.",
            "Say in a sentence what happened this month.",
        )


def _on_track_while_red(facts: ReturnFacts) -> Iterator[Check]:
    said = claims_to_be_on_track(facts.what_happened) or claims_to_be_on_track(facts.why)
    if facts.rag is Rag.RED and said:
        yield ask(
            "on_track_while_red",
            "what_happened",
            f"The commentary says “{said}”, but the figure is red.",
            "Change the words, or say in what way it is on track although it is red.",
        )


def _done_by_past(facts: ReturnFacts) -> Iterator[Check]:
    if facts.done_by is None or facts.today is None:
        return
    if facts.rag.is_off_target and facts.done_by < facts.today:
        yield ask(
            "done_by_past",
            "done_by",
            "The date for what is being done has already passed.",
            "Enter the date it will be done by. If it has been done, say what came of it.",
        )


def _hopeful_forecast(facts: ReturnFacts) -> Iterator[Check]:
    """Green for the year, although that takes more than the best month ever."""
    if facts.forecast_rag is not Rag.GREEN or facts.year_target is None or facts.direction is Direction.NONE:
        return
    in_year = facts.in_year
    history = [one for one in facts.before if one not in in_year]
    takes = what_it_would_take(
        facts.measure, in_year, facts.year_target, facts.direction, facts.year_target_upper, history
    )
    if takes.reach in (Reach.STRETCH, Reach.OUT_OF_REACH):
        yield ask(
            "forecast_hopeful",
            "forecast",
            f"The forecast is green, but: {takes.sentence}",
            "Change the forecast, or say what will make the difference.",
        )


_Rule = Callable[[ReturnFacts], Iterator[Check]]
_ASKS: Sequence[_Rule] = (
    _running_total_falls,
    _same_again,
    _far_from_usual,
    _too_little,
    _no_cause,
    _on_track_while_red,
    _done_by_past,
    _hopeful_forecast,
)

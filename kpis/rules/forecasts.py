"""Suggested year-end forecasts, what it would take from here, and how past forecasts did (framework E.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import LabelledEnum, Rag
from kpis.rules.figures import CALCULATION, Frequency, Unit, YtdRule, format_figure
from kpis.rules.year_to_date import MonthFigure, YearToDate, expected_months, year_to_date

__all__ = [
    "ForecastMade",
    "Measure",
    "Method",
    "Progress",
    "Suggestion",
    "forecast_track_record",
    "progress",
    "suggestions",
]


class Method(LabelledEnum):
    """How a forecast was made."""

    AS_PLANNED = "as_planned", "As planned"
    RUN_RATE = "run_rate", "From the rate so far"
    SHAPE = "shape", "From last year's shape"
    JUDGEMENT = "judgement", "Judgement"


@dataclass(frozen=True)
class Measure:
    """The facts of a KPI's year that its calculations need."""

    rule: YtdRule
    unit: Unit = Unit.NUMBER
    rate_per: int | None = None
    decimals: int = 0
    unit_label: str = ""
    frequency: Frequency = Frequency.MONTHLY
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    first_month: int = 4

    def __post_init__(self) -> None:
        # The database hands over plain words.
        object.__setattr__(self, "rule", YtdRule(self.rule))
        object.__setattr__(self, "unit", Unit(self.unit))
        object.__setattr__(self, "frequency", Frequency(self.frequency))

    def show(self, value: Decimal) -> str:
        """The figure as people read it."""
        return format_figure(value, self.unit, self.decimals, self.unit_label)

    @property
    def year_limits(self) -> tuple[Decimal | None, Decimal | None]:
        """The smallest and largest the year can end at: a month's limits, which months that add up may pass."""
        if self.rule is not YtdRule.ADDS_UP:
            return self.minimum, self.maximum
        return (self.minimum if self.minimum is not None and self.minimum >= 0 else None), None

    def can_end_at(self, value: Decimal) -> bool:
        """Whether the year could end at ``value``, by the smallest and largest the measure can be."""
        least, most = self.year_limits
        return (least is None or value >= least) and (most is None or value <= most)

    def to_date(
        self, figures: Sequence[MonthFigure], due: Collection[Month] | None = None
    ) -> dict[Month, YearToDate]:
        """The year to date at each month of ``figures``."""
        return year_to_date(
            self.rule,
            figures,
            self.unit,
            self.rate_per,
            first_month=self.first_month,
            frequency=self.frequency,
            due=due,
        )


@dataclass(frozen=True)
class Progress:
    """How far a year has got: at the last month that was answered, with a figure or with nothing to measure."""

    year: FinancialYear
    last: Month
    value: Decimal
    counted: int
    elapsed: int
    left: tuple[Month, ...]

    @property
    def total(self) -> int:
        """Months that will have counted by the year's end, if the missing ones stay missing."""
        return self.counted + len(self.left)


def progress(measure: Measure, figures: Sequence[MonthFigure]) -> Progress | None:
    """How far the (single, latest) year of ``figures`` has got; None while it has no figure."""
    to_date = measure.to_date(figures)
    answered = [month for month, at in to_date.items() if month not in at.missing]
    if not answered:
        return None
    last = answered[-1]
    value = to_date[last].value
    if value is None:
        return None
    year = last.year_from(measure.first_month)
    expected = expected_months(year, measure.frequency)
    return Progress(
        year=year,
        last=last,
        value=value,
        counted=to_date[last].counted,
        elapsed=sum(month <= last for month in expected),
        left=tuple(month for month in expected if month > last),
    )


@dataclass(frozen=True)
class Suggestion:
    """A forecast for the year end that can be taken over or ignored, in the measure's unit."""

    method: Method
    value: Decimal
    sentence: str


def suggestions(
    measure: Measure,
    figures: Sequence[MonthFigure],
    last_year: Sequence[MonthFigure] = (),
    targets: Mapping[Month, Decimal | None] | None = None,
) -> list[Suggestion]:
    """What the year's end would be as planned, at the rate so far, and in last year's shape.

    ``figures`` are this year's so far, ``targets`` its months' own. Only those that can be worked out and are
    possible for the measure are given; in the first month there may be none.
    """
    so_far = progress(measure, figures)
    if so_far is None or not so_far.left:
        return []
    found = (
        _as_planned(measure, so_far, targets or {}),
        _run_rate(measure, so_far),
        _shape(measure, so_far, figures, last_year),
    )
    return [one for one in found if one is not None and measure.can_end_at(one.value)]


def _as_planned(measure: Measure, so_far: Progress, targets: Mapping[Month, Decimal | None]) -> Suggestion | None:
    """The year so far, and then exactly the target in each month left."""
    rest = [targets.get(month) for month in so_far.left]
    planned = [target for target in rest if target is not None]
    if len(planned) != len(rest) or measure.rule is YtdRule.WEIGHTED:
        return None
    if measure.rule is YtdRule.ADDS_UP:
        value = so_far.value + sum(planned, Decimal(0))
    elif measure.rule is YtdRule.MEAN:
        whole = so_far.value * so_far.counted + sum(planned, Decimal(0))
        value = CALCULATION.divide(whole, Decimal(so_far.total))
    elif measure.rule is YtdRule.RUNNING_TOTAL:
        here = targets.get(so_far.last)
        if here is None:
            return None
        value = so_far.value + planned[-1] - here
    else:
        value = planned[-1]
    shown = measure.show(value)
    return _suggestion(Method.AS_PLANNED, value, f"{shown}, if every month left is exactly on its target.")


def _run_rate(measure: Measure, so_far: Progress) -> Suggestion:
    if measure.rule is YtdRule.ADDS_UP:
        value = CALCULATION.divide(so_far.value * so_far.total, Decimal(so_far.counted))
        how = "if the months left are like the average so far"
    elif measure.rule is YtdRule.RUNNING_TOTAL:
        months = so_far.elapsed + len(so_far.left)
        value = CALCULATION.divide(so_far.value * months, Decimal(so_far.elapsed))
        how = "if the months left are like the average so far"
    elif measure.rule is YtdRule.LATEST:
        value = so_far.value
        how = f"if it stays as it was in {so_far.last}"
    else:
        value = so_far.value
        how = "if the months left are like the year so far"
    return _suggestion(Method.RUN_RATE, value, f"{measure.show(value)}, {how}.")


def _shape(
    measure: Measure,
    so_far: Progress,
    figures: Sequence[MonthFigure],
    last_year: Sequence[MonthFigure],
) -> Suggestion | None:
    """This year so far, finishing as last year did: in proportion, or for a level by the same change."""
    kept = _same_months(measure, so_far, figures)
    before = measure.to_date([figure for figure in last_year if figure.month in kept], due=kept)
    then, end = before.get(so_far.last - 12), before.get(so_far.left[-1] - 12)
    if then is None or end is None or then.value is None or end.value is None:
        return None
    if {then.month, end.month} & set(end.missing) or (end.missing and measure.rule not in _POINTS):
        return None
    if measure.rule is YtdRule.LATEST:
        value = so_far.value + end.value - then.value
        how = f"if it changes from here as it did after {then.month}"
    elif then.value == 0:
        return None
    else:
        value = CALCULATION.divide(so_far.value * end.value, then.value)
        how = f"if the rest of the year goes as it did after {then.month}"
    return _suggestion(Method.SHAPE, value, f"{measure.show(value)}, {how}.")


_POINTS = (YtdRule.LATEST, YtdRule.RUNNING_TOTAL)
"""Rules whose year to date is one month's figure, whatever the months before it were."""


def _same_months(measure: Measure, so_far: Progress, figures: Sequence[MonthFigure]) -> set[Month]:
    """Last year's months that count: where months are summed, not those this year has missed."""
    if measure.rule in _POINTS:
        return {month - 12 for month in so_far.year.months}
    answered = {figure.month for figure in figures if figure.figure(measure.unit, measure.rate_per) is not None}
    return {month - 12 for month in answered | set(so_far.left) if month in so_far.year}


def _suggestion(method: Method, value: Decimal, sentence: str) -> Suggestion:
    return Suggestion(method, CALCULATION.plus(value), sentence)


@dataclass(frozen=True)
class ForecastMade:
    """A month's forecast of the year end, with its RAG, beside the RAG of the figure in that month."""

    month: Month
    forecast: Decimal | None
    forecast_rag: Rag
    rag: Rag


def forecast_track_record(
    made: Sequence[ForecastMade], outcome: Decimal | None = None, outcome_rag: Rag | None = None
) -> list[str]:
    """What this year's forecasts have been worth, in plain sentences; none when there is nothing to remark on.

    ``made`` is one year's, in order; ``outcome`` is the year's outturn once it is known.
    """
    sentences = []
    hopeful = [one for one in made if one.forecast_rag is Rag.GREEN and one.rag.is_off_target]
    judged = [one for one in made if one.forecast is not None and one.rag in (Rag.GREEN, Rag.AMBER, Rag.RED)]
    if hopeful:
        sentences.append(
            f"The forecast said green while the figure missed its target in {_of(len(hopeful), len(judged))}: "
            f"{_listed([str(one.month) for one in hopeful])}."
        )
    if stuck := _stuck(made):
        sentences.append(
            f"The forecast has not changed since {stuck[0].month}, though the figure missed its target in "
            f"{_of(sum(one.rag.is_off_target for one in stuck), len(stuck))} since then."
        )
    if outcome is not None and outcome_rag is not None and judged:
        sentences.append(_against_outcome(judged, outcome, outcome_rag))
    return sentences


def _stuck(made: Sequence[ForecastMade]) -> Sequence[ForecastMade]:
    """The months at the end with one unchanged forecast, when at least three of them missed the target."""
    last = next((one.forecast for one in reversed(made)), None)
    if last is None:
        return []
    run: list[ForecastMade] = []
    for one in reversed(made):
        if one.forecast != last:
            break
        run.insert(0, one)
    return run if sum(one.rag.is_off_target for one in run) >= 3 else []


def _against_outcome(judged: Sequence[ForecastMade], outcome: Decimal, outcome_rag: Rag) -> str:
    right = sum(one.forecast_rag is outcome_rag for one in judged)
    high = sum(one.forecast is not None and one.forecast > outcome for one in judged)
    low = sum(one.forecast is not None and one.forecast < outcome for one in judged)
    if high > 2 * low:
        lean = ", and most were too high"
    elif low > 2 * high:
        lean = ", and most were too low"
    else:
        lean = ""
    return f"The year ended {outcome_rag.label.lower()}: {right} of {len(judged)} forecasts said so{lean}."


def _of(some: int, whole: int) -> str:
    months = "month" if whole == 1 else "months"
    return f"{some} of {whole} {months}"


def _listed(words: Sequence[str]) -> str:
    """``June 2026, July 2026 and August 2026``."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))

"""Living through the example: a year imported, six months collected and accepted, and October being collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.example import Cast, make_council
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import FinancialYear, Month, months_between, working_days
from hdcperf.review.saving import Incomplete
from kpis.example.definitions import YEARS, make_definitions
from kpis.example.figures import RUNNING, Line, entry, register
from kpis.example.words import Compared, commentary, compared_with, doing
from kpis.models import IssuedFigure, KpiYear, MonthlyReturn
from kpis.operations.checking import accept
from kpis.operations.entering import Entry, save_draft, submit
from kpis.operations.freezing import freeze
from kpis.operations.periods import escalate_at_lock, open_period
from kpis.presenters.standing import published_words
from kpis.queries.assessing import as_figure, assess, figures_before
from kpis.queries.findings import ReturnContext, forecast_is_needed, load_context, measure_of
from kpis.rules.forecasts import suggestions

IMPORTED = months_between(Month(2025, 4), Month(2026, 3))
COLLECTED = months_between(Month(2026, 4), Month(2026, 9))
COLLECTING = Month(2026, 10)
TODAY = date(2026, 11, 5)
LATE = {("dfg-completions", Month(2026, 7)): 11}
"""Returns handed in after they were due: how many working days after the month opened."""
ANSWER = "Checked again with the team that holds the records: the figure is right."


@dataclass
class Story:
    """Everything the example's scenes need."""

    cast: Cast
    kpi_years: dict[tuple[str, int], KpiYear]
    lines: dict[str, Line] = field(default_factory=lambda: {line["reference"]: line for line in register()})

    @property
    def reviewers(self) -> tuple[User, User]:
        return self.cast.users["performance-team"], self.cast.users["performance-team-2"]

    def holder(self, line: Line) -> User:
        return self.cast.holders[line["service"]]

    def find(self, reference: str, measured: Month) -> MonthlyReturn:
        """The return of a KPI for the month it measures, as it is now."""
        found: MonthlyReturn = MonthlyReturn.objects.select_related("kpi_year__service", "period").get(
            kpi__reference=reference, month=measured.first_day
        )
        return found


def tell(
    say: Callable[[str], None] = lambda _: None, *, before: Callable[[Story, FinancialYear], None] | None = None
) -> Story:
    """Make the example council and live through its months up to 5 November 2026. Makes the same rows each time.

    ``before`` is called before each year's months: what its KPIs need so that they can be opened.
    """
    from kpis.example import scenes  # the scenes read this module's helpers

    with clock.taken_to_be(date(2025, 3, 3)):
        cast = make_council()
        story = Story(cast, make_definitions(cast))
    say("The example council, its people and its KPIs are made.")
    for year in YEARS:
        if before is not None:
            before(story, FinancialYear(year))
    with clock.taken_to_be(date(2026, 4, 9)):
        for measured in IMPORTED:
            _import_month(story, measured)
    say("April 2025 to March 2026 is imported.")
    for measured in COLLECTED:
        _collect(story, measured, scenes.leave_out(measured))
        scenes.play(story, measured)
        lock(measured)
        say(f"{measured} is collected and accepted.")
    scenes.issue()
    scenes.october(story)
    say(f"{COLLECTING} is being collected.")
    return story


def _import_month(story: Story, measured: Month) -> None:
    for (reference, year), kpi_year in story.kpi_years.items():
        line = story.lines[reference]
        if year != measured.financial_year.start_year or not _reports(line, measured):
            continue
        found = entry(line, measured)
        is_last = measured == IMPORTED[-1]
        record = MonthlyReturn(
            kpi=kpi_year.kpi,
            kpi_year=kpi_year,
            month=measured.first_day,
            state=MonthlyReturn.State.ACCEPTED,
            imported=True,
            value=found.value,
            numerator=found.numerator,
            denominator=found.denominator,
            outturn=MonthlyReturn.Outturn.FINAL if is_last else MonthlyReturn.Outturn.NONE,
        )
        freeze(record)
        save_as(record, by=story.reviewers[0], reason="Imported from last year's spreadsheet (example)")


def _reports(line: Line, measured: Month) -> bool:
    position = measured.number_in_year
    return {"monthly": True, "quarterly": position % 3 == 0, "yearly": position == 12}[line["frequency"]]


def returns_of(story: Story, period: ReportingPeriod) -> Iterator[tuple[Line, MonthlyReturn]]:
    """The returns of a round with their lines of the register, in the order of the codes."""
    records = period.returns.select_related("kpi", "kpi_year__service", "period").order_by("kpi_year__code_key")
    for record in records:
        yield story.lines[record.kpi.reference], record


def _collect(story: Story, month: Month, left_out: frozenset[str]) -> None:
    """A whole month: opened, entered over the days that follow, accepted a few days later."""
    team, colleague = story.reviewers
    opens = working_days().nth_working_day(month.next, 1)
    with clock.taken_to_be(opens):
        period, _ = open_period(month, by=team)
    for number, (line, record) in enumerate(returns_of(story, period)):
        if line["reference"] in left_out:
            continue
        handed_in = LATE.get((line["reference"], month), 1 + number % 8)
        with clock.taken_to_be(working_days().add_working_days(opens, handed_in)):
            sent = hand_in(story, line, record)
        with clock.taken_to_be(working_days().add_working_days(opens, handed_in + 1 + number % 3)):
            accept(sent, by=team if number % 3 else colleague)


def lock(month: Month) -> None:
    """What the daily job does on the day after a month's lock."""
    day = ReportingPeriod.objects.get(starts_on=month.first_day).locks_on
    after = working_days().add_working_days(day, 1)
    with clock.taken_to_be(after):
        escalate_at_lock(after)


def full_entry(story: Story, line: Line, context: ReturnContext) -> Entry:
    """What the example's holder types for a month: figures, words, forecast, and a recovery where it is needed."""
    measured = context.measured
    found = entry(line, measured)
    standing = assess(context.facts, measured, found)
    happened, why = commentary(line, _compared(line, context, found, standing.month_figure))
    found = replace(found, what_happened=happened, why=why)
    if standing.rag.is_off_target:
        action, owner = doing(line, measured)
        by = working_days().add_working_days(clock.today(), 30)
        found = replace(found, being_done=action, done_by=by, done_owner=owner)
    return _with_forecast(context, found) if forecast_is_needed(context) else found


def _compared(line: Line, context: ReturnContext, found: Entry, month_figure: Decimal | None) -> Compared:
    """The figure as its commentary speaks of it, beside the one it is compared with."""
    other = compared_with(line, context.measured)
    record = context.month(other)
    if line["shape"] in RUNNING:
        return Compared(context.measured, found.value, record.value if record else None, other)
    before = None
    if record is not None:
        before = as_figure(other, record).figure(record.kpi_year.unit, record.kpi_year.rate_per)
    return Compared(context.measured, month_figure, before if isinstance(before, Decimal) else None, other)


def _with_forecast(context: ReturnContext, found: Entry) -> Entry:
    """The forecast a cautious officer would make: last year's shape where there is one, else the rate so far."""
    figures = [*figures_before(context.facts, context.measured), as_figure(context.measured, found)]
    this_year = context.kpi_year.financial_year
    last_year = [one for one in context.previous if one.month not in this_year]
    offered = suggestions(measure_of(context.kpi_year), figures, last_year)
    latest = assess(context.facts, context.measured, found).headline or Decimal(0)
    chosen = offered[-1] if offered else None
    return replace(
        found,
        forecast=round(chosen.value if chosen else latest, context.kpi_year.decimals),
        forecast_method=chosen.method.value if chosen else MonthlyReturn.Method.JUDGEMENT,
        forecast_confidence=MonthlyReturn.Confidence.LIKELY,
    )


def hand_in(
    story: Story, line: Line, record: MonthlyReturn, by: User | None = None, **changes: object
) -> MonthlyReturn:
    """Enter and submit a return as its holder would, answering what the checks ask."""
    person = by or story.holder(line)
    typed = replace(full_entry(story, line, load_context(record)), **changes)  # type: ignore[arg-type]
    try:
        return submit(record, typed, by=person, version=record.version)
    except Incomplete as found:
        answers = {check.code: ANSWER for check in found.problems if not check.is_error}
        return submit(found.fresh, typed, by=person, version=found.fresh.version, answers=answers)


def draft(story: Story, line: Line, record: MonthlyReturn, **changes: object) -> MonthlyReturn:
    """Start a return and leave it as a draft."""
    typed = replace(full_entry(story, line, load_context(record)), **changes)  # type: ignore[arg-type]
    return save_draft(record, typed, by=story.holder(line), version=record.version)


def as_issued(record: MonthlyReturn, pack: str, issued_on: date) -> None:
    """Record that an accepted figure went to the panel and to the public in a pack."""
    for audience in IssuedFigure.Audience:
        IssuedFigure.objects.create(
            monthly_return=record,
            audience=audience,
            pack=pack,
            issued_on=issued_on,
            commentary="\n\n".join(published_words(Entry.of(record))),
            **{
                column: getattr(record, column)
                for column in (
                    "being_done",
                    "done_by",
                    "done_owner",
                    "month_figure",
                    "ytd_figure",
                    "target",
                    "target_upper",
                    "intervention",
                    "intervention_upper",
                    "rag",
                    "forecast",
                    "year_target",
                    "year_target_upper",
                    "year_intervention",
                    "year_intervention_upper",
                    "forecast_rag",
                )
            },
        )


__all__ = [
    "COLLECTING",
    "TODAY",
    "Story",
    "as_issued",
    "draft",
    "hand_in",
    "returns_of",
    "tell",
]

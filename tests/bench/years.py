"""Years of KPIs in bulk: facts, people, targets, and the returns, the newest round in every state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import FinancialYear, Month, months_between, round_dates
from kpis.models import Kpi, KpiPerson, KpiYear, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.models.returns import Judgement
from tests.bench.bulk import analyse, insert, write_history
from tests.bench.council import Bench
from tests.bench.lives import LAST_ROUND, live_through
from tests.bench.measures import Measured

__all__ = ["LAST_ROUND", "add_kpis", "add_years"]

State = MonthlyReturn.State
NEWEST = (
    *(State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.NOT_STARTED, State.CHALLENGED),
    *(State.DRAFT, State.SUBMITTED, State.ACCEPTED, State.NOT_STARTED, State.SUBMITTED),
)
"""The states of the newest round, in turn. In the round before it one in fifty is disputed, one only submitted."""

Rounds = dict[Month, ReportingPeriod]


def add_kpis(how_many: int) -> list[Kpi]:
    """Make the KPIs; what they are each year comes with ``add_years``."""
    return insert([Kpi(reference=f"example-measure-{n:04}") for n in range(1, how_many + 1)])


def add_years(bench: Bench, kpis: Sequence[Kpi], years: Iterable[FinancialYear]) -> None:
    """Make these financial years of all ``kpis``, up to the last round."""
    for year in sorted(years):
        rounds = _rounds(bench.reviewer, year)
        made = [Measured(number, year) for number in range(len(kpis))]
        kpi_years = insert([_facts(bench, one, kpi) for one, kpi in zip(made, kpis, strict=True)])
        insert([row for facts in kpi_years for row in _people(bench, facts)])
        _add_targets(made, kpi_years)
        records = [
            record for one, facts in zip(made, kpi_years, strict=True) for record in _returns(one, facts, rounds)
        ]
        live_through(bench, insert(records))
    for model in (Kpi, KpiYear, KpiPerson, ReportingPeriod):
        write_history(model, bench.reviewer, clock.now())
    write_history(TargetSet, bench.reviewer, "from_month")
    for monthly in (MonthlyTarget, MonthlyReturn):
        write_history(monthly, bench.reviewer, "month")
    analyse()


def _rounds(team: User, year: FinancialYear) -> Rounds:
    """The rounds that collect the year, by month; a month in arrears is collected in the next year's first."""
    needed = months_between(year.months[0], min(year.months[-1] + 1, LAST_ROUND))
    there = {row.month: row for row in ReportingPeriod.objects.months().opened()}
    new = [
        ReportingPeriod(
            starts_on=month.first_day, opened_by=team, opened_at=clock.now(), **asdict(round_dates(month))
        )
        for month in needed
        if month not in there
    ]
    return there | {row.month: row for row in insert(new)}


def _facts(bench: Bench, one: Measured, kpi: Kpi) -> KpiYear:
    number, kind, code = one.number, one.kind, f"PI {one.number + 1}"
    return KpiYear(
        kpi=kpi,
        year=one.year.start_year,
        code=code,
        code_key=code_key(code),
        name=f"Example measure {number + 1} of how well the council does something",
        definition="How many examples there were in the month, counted by the council's own example system.",
        unit=kind.unit.value,
        decimals=kind.decimals,
        service=bench.services[number % len(bench.services)],
        outcome=bench.outcomes[number % len(bench.outcomes)],
        portfolio=bench.portfolios[number % len(bench.portfolios)],
        direction=kind.direction.value,
        frequency=one.frequency.value,
        months_in_arrears=one.arrears,
        ytd_rule=kind.rule.value,
        headline=kind.headline.value,
        entry=kind.entry.value,
    )


def _people(bench: Bench, kpi_year: KpiYear) -> Iterator[KpiPerson]:
    duty = KpiPerson.Duty
    for each, shift in ((duty.COLLECTS, 0), (duty.COMMENTS, 0), (duty.FORECASTS, 7), (duty.STANDS_IN, 11)):
        yield KpiPerson(kpi_year=kpi_year, user=bench.holder_of(kpi_year.kpi_id + shift), duty=each)


def _add_targets(made: Sequence[Measured], kpi_years: Sequence[KpiYear]) -> None:
    sets = insert([_target_set(one, facts) for one, facts in zip(made, kpi_years, strict=True)])
    insert(
        [
            MonthlyTarget(
                target_set=target_set,
                month=month.first_day,
                direction=target_set.direction,
                **asdict(one.kind.target_of_month(place)),
            )
            for one, target_set in zip(made, sets, strict=True)
            for place, month in enumerate(one.months, start=1)
        ]
    )


def _target_set(one: Measured, kpi_year: KpiYear) -> TargetSet:
    start = one.year.months[0].first_day
    return TargetSet(
        kpi_year=kpi_year,
        from_month=start,
        direction=one.kind.direction.value,
        state=TargetSet.State.APPROVED,
        approved_by="Example Cabinet",
        approved_on=start,
        reason="Invented for measuring.",
        **asdict(one.kind.levels_after(len(one.months))),
    )


def _returns(one: Measured, kpi_year: KpiYear, rounds: Rounds) -> Iterator[MonthlyReturn]:
    for record in one.returns(LAST_ROUND - one.arrears):
        collected = record.measured + one.arrears
        record.kpi_id, record.kpi_year, record.period = kpi_year.kpi_id, kpi_year, rounds[collected]
        record.state = _state(one.number, collected)
        if record.measured.month == 3:
            record.outturn = MonthlyReturn.Outturn.FINAL
        if record.state != State.ACCEPTED:
            _judge_nothing(record)
        if record.state == State.NOT_STARTED:
            record.value = record.numerator = record.denominator = record.forecast = None
        else:
            _write_words(record)
        yield record


def _state(number: int, collected: Month) -> State:
    if collected == LAST_ROUND:
        return NEWEST[number % len(NEWEST)]
    if collected == LAST_ROUND - 1:
        return {0: State.CHALLENGED, 1: State.SUBMITTED}.get(number % 50, State.ACCEPTED)
    return State.ACCEPTED


def _judge_nothing(record: MonthlyReturn) -> None:
    """A return that is not accepted has nothing frozen but its forecast, which somebody typed."""
    for field in Judgement._meta.fields:
        if field.name != "forecast":
            setattr(record, field.name, "" if field.name.endswith("rag") else None)


def _write_words(record: MonthlyReturn) -> None:
    record.what_happened = f"There were fewer examples than usual in {record.measured}. " * 4
    record.why = "The example system was being replaced, and two people of the example team were on leave. " * 3
    record.forecast_method, record.forecast_confidence = (
        MonthlyReturn.Method.RUN_RATE,
        MonthlyReturn.Confidence.LIKELY,
    )
    record.being_done = "Overtime at weekends until the backlog of examples is gone. " * 2
    record.done_by, record.done_owner = record.measured.next.last_day, "Example Owner"

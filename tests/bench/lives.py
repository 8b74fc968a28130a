"""What surrounds returns that are already written: moves, authors, dialogue, revisions, issued figures, events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta

from hdcperf.clock import LONDON
from hdcperf.periods import Month
from hdcperf.rag import Rag
from kpis.models import (
    Challenge,
    ChallengeMessage,
    EventKpi,
    Finding,
    IssuedFigure,
    KpiEvent,
    MonthlyReturn,
    MonthlyReturnTransition,
    RecoveryOutcome,
    ReturnAuthor,
    Revision,
    RevisionTransition,
)
from kpis.models.returns import Judgement
from tests.bench.bulk import insert, write_history
from tests.bench.council import Bench

__all__ = ["LAST_ROUND", "live_through"]

State = MonthlyReturn.State
LAST_ROUND = Month(2026, 10)
NEWEST_PACK = Month(2026, 6)
"""The last month of the newest quarter whose pack was issued."""
STEPS = {
    State.NOT_STARTED: (),
    State.DRAFT: (("draft", State.DRAFT),),
    State.SUBMITTED: (("draft", State.DRAFT), ("submit", State.SUBMITTED)),
    State.CHALLENGED: (("draft", State.DRAFT), ("submit", State.SUBMITTED), ("challenge", State.CHALLENGED)),
    State.ACCEPTED: (("draft", State.DRAFT), ("submit", State.SUBMITTED), ("accept", State.ACCEPTED)),
}


def live_through(bench: Bench, records: Sequence[MonthlyReturn]) -> None:
    """Write all that belongs to ``records``, which have their ids, their rounds and their KPI years."""
    started = [one for one in records if one.state != State.NOT_STARTED]
    accepted = [one for one in records if one.is_accepted]
    insert([step for one in started for step in _moves(bench, one)])
    insert([ReturnAuthor(monthly_return=one, user=bench.holder_of(one.kpi_id)) for one in started])
    insert([_finding(bench, one) for one in started[::40]])
    red = [one for one in accepted if one.rag == Rag.RED.value]
    insert([_outcome(bench, one) for one in red[::2]])
    _add_dialogue(bench, [one for one in records if one.state == State.CHALLENGED])
    _add_dialogue(bench, accepted[::30])
    revised = _tenth(accepted, 3)
    waiting = [one for one in accepted if one.kpi_id in revised and _is_before_the_newest(one)]
    still = frozenset(waiting)
    decided = [one for one in accepted if one not in still]
    _add_revisions(bench, decided[::100], Revision.State.ACCEPTED)
    _add_revisions(bench, waiting, Revision.State.PROPOSED)
    insert([row for one in accepted for row in _issues(one)])
    _add_events(bench, records)
    for model, when in (
        (Challenge, "raised_at"),
        (Finding, "answered_at"),
        (RecoveryOutcome, "noted_at"),
        (Revision, "proposed_at"),
        (KpiEvent, "month"),
    ):
        write_history(model, bench.reviewer, when)


def _moment(record: MonthlyReturn, days: int) -> datetime:
    """Noon, so many days after the return's round opened."""
    assert record.period is not None
    return datetime.combine(record.period.opens_on + timedelta(days=days), time(12), LONDON)


def _moves(bench: Bench, record: MonthlyReturn) -> Iterator[MonthlyReturnTransition]:
    before = State.NOT_STARTED
    for days, (name, after) in enumerate(STEPS[State(record.state)]):
        by = bench.holder_of(record.kpi_id) if name in ("draft", "submit") else bench.reviewer
        yield MonthlyReturnTransition(
            monthly_return=record,
            move=name,
            from_state=before.value,
            to_state=after.value,
            by=by,
            by_name=by.name,
            at=_moment(record, days),
        )
        before = after


def _finding(bench: Bench, record: MonthlyReturn) -> Finding:
    return Finding(
        monthly_return=record,
        code="ten_times_the_usual",
        sentence="This is ten times the usual.",
        answer="It was counted twice and is right.",
        answered_by=bench.holder_of(record.kpi_id),
        answered_at=_moment(record, 1),
    )


def _outcome(bench: Bench, record: MonthlyReturn) -> RecoveryOutcome:
    return RecoveryOutcome(
        monthly_return=record,
        result=RecoveryOutcome.Result.DONE,
        words="The example backlog is gone.",
        noted_by=bench.holder_of(record.kpi_id),
        noted_at=_moment(record, 40),
    )


def _add_dialogue(bench: Bench, records: Sequence[MonthlyReturn]) -> None:
    """A challenge for each: closed on an accepted return, open on a new one, with the board on an older one."""
    challenges = insert([_challenge(bench, one) for one in records])
    kinds = ChallengeMessage.Kind
    insert(
        [
            ChallengeMessage(
                challenge=one, kind=kind, words="Example words.", by=by, by_name=by.name, at=one.raised_at
            )
            for one in challenges
            for kind, by in (
                (kinds.QUESTION, bench.reviewer),
                (kinds.ANSWER, bench.holder_of(one.monthly_return.kpi_id)),
                (kinds.CLOSING, bench.reviewer),
            )[: 3 if one.closed_at else 1]
        ]
    )


def _challenge(bench: Bench, record: MonthlyReturn) -> Challenge:
    made = Challenge(
        monthly_return=record,
        about=Challenge.About.VALUE,
        reason=Challenge.Reason.LOOKS_WRONG,
        question="Is this right?",
        raised_by=bench.reviewer,
        raised_at=_moment(record, 2),
        due_on=_moment(record, 5).date(),
    )
    assert record.period is not None
    if record.is_accepted:
        made.state, made.closed_by, made.closed_at = Challenge.State.CLOSED, bench.reviewer, _moment(record, 4)
    elif record.period.starts_on < LAST_ROUND.first_day:
        made.escalated_at, made.escalation_reason = _moment(record, 14), "The two sides did not agree."
    return made


def _tenth(records: Iterable[MonthlyReturn], first: int) -> frozenset[int]:
    """One KPI in ten, by their order and not by what number the database gave them."""
    return frozenset(sorted({one.kpi_id for one in records})[first::10])


def _is_before_the_newest(record: MonthlyReturn) -> bool:
    """Whether the return is of the round before the newest, where revisions still wait."""
    assert record.period is not None
    return record.period.month == LAST_ROUND - 1


def _add_revisions(bench: Bench, records: Sequence[MonthlyReturn], state: Revision.State) -> None:
    revisions = insert([_revision(bench, one, state) for one in records])
    insert(
        [
            RevisionTransition(
                revision=one,
                move=name,
                from_state=before,
                to_state=after,
                by=by,
                by_name=by.name,
                at=one.proposed_at + timedelta(days=days),
            )
            for one in revisions
            for name, before, after, by, days in (
                ("propose", "", "proposed", one.proposed_by, 0),
                ("accept", "proposed", "accepted", bench.reviewer, 3),
            )[: 1 if one.state == Revision.State.PROPOSED else 2]
        ]
    )


def _revision(bench: Bench, record: MonthlyReturn, state: Revision.State) -> Revision:
    figure = record.ytd_figure
    return Revision(
        monthly_return=record,
        kind=Revision.Kind.LATE_DATA,
        reason="Some examples were counted late.",
        state=state,
        proposed_by=bench.holder_of(record.kpi_id),
        proposed_at=_moment(record, 25),
        old_figure=figure,
        old_rag=record.rag,
        new_value=record.value,
        new_numerator=record.numerator,
        new_denominator=record.denominator,
        new_figure=figure,
        new_rag=record.rag,
    )


def _issues(record: MonthlyReturn) -> Iterator[IssuedFigure]:
    """A quarter's last month goes to the panel and, once its year is over, to the public."""
    month = record.measured
    if month.month % 3 or month > NEWEST_PACK:
        return
    columns = {field.name: getattr(record, field.name) for field in Judgement._meta.fields}
    audiences = [IssuedFigure.Audience.PANEL]
    if month.financial_year < NEWEST_PACK.financial_year:
        audiences.append(IssuedFigure.Audience.PUBLIC)
    for audience in audiences:
        yield IssuedFigure(
            monthly_return=record,
            audience=audience,
            pack=f"{month.quarter} pack",
            issued_on=(month + 2).last_day,
            commentary=record.what_happened,
            **columns,
        )


def _add_events(bench: Bench, records: Sequence[MonthlyReturn]) -> None:
    """Two events a year, each on the charts of one KPI in ten."""
    charted = _tenth(records, 9)
    touched = {month: [one for one in records if one.measured.month == month] for month in (6, 9)}
    events = {
        month: KpiEvent(month=ones[0].month, sentence="An example flood.", noted_by=bench.reviewer)
        for month, ones in touched.items()
        if ones
    }
    insert(list(events.values()))
    insert(
        [
            EventKpi(event=event, kpi_id=one.kpi_id)
            for month, event in events.items()
            for one in touched[month]
            if one.kpi_id in charted
        ]
    )

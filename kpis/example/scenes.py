"""The example's scenes: a late return, a challenge answered, a dispute, revisions, and October in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hdcperf import clock
from hdcperf.periods import Month
from hdcperf.review.recovery import Recovery
from kpis.example.figures import entry
from kpis.example.targets import propose_in_the_year, stretch
from kpis.example.year import COLLECTING, TODAY, Story, as_issued, draft, hand_in, returns_of
from kpis.models import Challenge, MonthlyReturn, RecoveryOutcome, Revision
from kpis.operations.checking import (
    accept,
    answer_challenge,
    choose_example,
    correct_words,
    escalate,
    raise_challenge,
)
from kpis.operations.entering import Entry, record_recovery
from kpis.operations.exceptions import grant_exception
from kpis.operations.periods import open_period
from kpis.operations.revising import NewFigures, accept_revision, propose

__all__ = ["issue", "leave_out", "october", "play"]

About, Reason = Challenge.About, Challenge.Reason


def leave_out(measured: Month) -> frozenset[str]:
    """KPIs whose return of the round has a scene of its own."""
    return {
        Month(2026, 5): frozenset({"call-wait"}),
        Month(2026, 9): frozenset({"temporary-accommodation", "food-inspections"}),
    }.get(measured, frozenset())


def play(story: Story, measured: Month) -> None:
    """The scenes of a month that is over."""
    if measured == Month(2026, 5):
        _a_figure_corrected_after_a_challenge(story, measured)
    if measured == Month(2026, 6):
        _an_example_of_good_commentary(story, measured)
    if measured == Month(2026, 7):
        _recovery_followed_up(story)
    if measured == Month(2026, 8):
        stretch(story)
    if measured == Month(2026, 9):
        _a_dispute(story, measured)
        _revisions(story)


def _a_figure_corrected_after_a_challenge(story: Story, measured: Month) -> None:
    line, team = story.lines["call-wait"], story.reviewers[0]
    right = entry(line, measured).value or Decimal(0)
    wrong = right // 10
    with clock.taken_to_be(date(2026, 6, 8)):
        record = hand_in(story, line, story.find("call-wait", measured), value=wrong)
    with clock.taken_to_be(date(2026, 6, 9)):
        challenge = raise_challenge(
            record,
            about=About.VALUE,
            reason=Reason.LOOKS_WRONG,
            question=f"The figure is {wrong} seconds and the words say {right}. Which is it?",
            by=team,
        )
    with clock.taken_to_be(date(2026, 6, 10)):
        record = story.find("call-wait", measured)
        record = answer_challenge(
            challenge,
            words=f"Sorry: a digit was lost in typing. It is {right} seconds.",
            lesson="The figure is pasted from the report, and the stand-in reads it back.",
            by=story.holder(line),
            entry=replace(Entry.of(record), value=right),
            version=record.version,
        )
    with clock.taken_to_be(date(2026, 6, 11)):
        accept(record, by=team)


def _an_example_of_good_commentary(story: Story, measured: Month) -> None:
    with clock.taken_to_be(date(2026, 7, 16)):
        for reference, why_good in (
            ("missed-bins", "It names the cause, says which rounds, and gives a date."),
            ("benefit-claims", "It explains what changed since last month and does not repeat the figure."),
        ):
            choose_example(story.find(reference, measured), why_good=why_good, by=story.reviewers[0])


def _recovery_followed_up(story: Story) -> None:
    promised = MonthlyReturn.objects.filter(month__lte=date(2026, 6, 1), imported=False).exclude(being_done="")
    results = RecoveryOutcome.Result
    with clock.taken_to_be(date(2026, 8, 14)):
        for number, record in enumerate(promised.select_related("kpi", "kpi_year__service").order_by("pk")):
            result = (results.DONE, results.PART, results.NOT_DONE, results.DONE)[number % 4]
            words = {
                results.DONE: "Done in the month promised; the figure has begun to move.",
                results.PART: "Begun, and not finished: it needs a month longer than we thought.",
                results.NOT_DONE: "Not done: the money was needed elsewhere. It is planned again for the autumn.",
            }[result]
            later = MonthlyReturn.objects.filter(kpi=record.kpi_id, month__gt=record.month).order_by("month").first()
            if later is not None:
                holder = story.holder(story.lines[record.kpi.reference])
                record_recovery(record, Recovery(result, words), told_with=later, by=holder)


def _a_dispute(story: Story, measured: Month) -> None:
    """A challenge the two sides did not settle, so the lock sent it to the board."""
    line, team = story.lines["temporary-accommodation"], story.reviewers[0]
    with clock.taken_to_be(date(2026, 10, 6)):
        record = hand_in(story, line, story.find("temporary-accommodation", measured))
    with clock.taken_to_be(date(2026, 10, 8)):
        challenge = raise_challenge(
            record,
            about=About.VALUE,
            reason=Reason.LOOKS_WRONG,
            question="The government return for the same day counts nine more households. Which is right, and why?",
            by=team,
        )
    with clock.taken_to_be(date(2026, 10, 9)):
        record = story.find("temporary-accommodation", measured)
        record = answer_challenge(
            challenge,
            words="Ours. The nine had signed for their new homes and moved out on 1 October.",
            by=story.holder(line),
            entry=Entry.of(record),
            version=record.version,
        )
    with clock.taken_to_be(date(2026, 10, 12)):
        raise_challenge(
            record,
            about=About.VALUE,
            reason=Reason.LOOKS_WRONG,
            question="The definition counts households on the last night of the month, and they were still there on "
            "30 September. Please add the nine, or say why the definition does not apply.",
            by=team,
        )
    with clock.taken_to_be(date(2026, 10, 15)):
        grant_exception(
            story.find("food-inspections", measured),
            reason="The inspection system was down for two weeks; the supplier gives 9 November.",
            asked_by=f"{story.holder(story.lines['food-inspections']).name}, by email on 14 October",
            expires_on=date(2026, 11, 10),
            by=team,
        )


def _revisions(story: Story) -> None:
    team = story.reviewers[0]
    bins = story.find("missed-bins", Month(2026, 6))
    with clock.taken_to_be(date(2026, 9, 24)):
        revision = propose(
            bins,
            figures=NewFigures(numerator=(bins.numerator or Decimal(0)) + 14, denominator=bins.denominator),
            kind=Revision.Kind.CORRECTION,
            reason="Fourteen reports made through the app were left out of the count.",
            by=story.cast.users["kpi-holder"],
        )
    with clock.taken_to_be(date(2026, 9, 28)):
        accept_revision(revision, by=team)
    late = story.find("complaints-on-time", Month(2026, 8))
    with clock.taken_to_be(date(2026, 11, 3)):
        propose(
            late,
            figures=NewFigures(numerator=(late.numerator or Decimal(0)) - 3, denominator=late.denominator),
            kind=Revision.Kind.LATE_DATA,
            reason="Three answers recorded as sent were found not to have left until September.",
            by=story.holder(story.lines["complaints-on-time"]),
        )


def issue() -> None:
    """The packs members have had: last year's end and the first quarter, as they were on the day."""
    packs = (
        ("Quarter 4 2025/26 performance report", date(2026, 6, 3), date(2025, 4, 1), date(2026, 3, 1)),
        ("Quarter 1 2026/27 performance report", date(2026, 8, 26), date(2026, 4, 1), date(2026, 6, 1)),
    )
    for name, day, first, last in packs:
        with clock.taken_to_be(day):
            records = MonthlyReturn.objects.filter(
                state=MonthlyReturn.State.ACCEPTED, month__gte=first, month__lte=last
            )
            for record in records:
                as_issued(_as_it_was(record, day), name, day)


def _as_it_was(record: MonthlyReturn, day: date) -> MonthlyReturn:
    """The return as it stood on ``day``: a later revision was not in the pack."""
    row = record.history.filter(history_date__date__lte=day).order_by("-history_date", "-history_id").first()
    if row is None:
        return record
    was = row.instance
    was.pk = record.pk
    return was if isinstance(was, MonthlyReturn) else record


ACCEPTED = ("residual-waste", "leisure-admissions", "benefit-claims", "benefit-changes", "planning-minors")
SUBMITTED = ("garden-waste", "council-tax-collected", "homeless-preventions", "planning-householder", "sickness")
CHALLENGED = ("missed-bins", "business-engagements")
DRAFTED = ("fly-tips", "community-groups")
NO_DATA = "council-tax-bandings"
TYPED_BADLY = "Fewer people renewed than last year, because the charge rose by £5 and remindres went out late."


def october(story: Story) -> None:
    """October as it is on 5 November 2026: every state is there to see."""
    team = story.reviewers[0]
    with clock.taken_to_be(date(2026, 11, 2)):
        period, _ = open_period(COLLECTING, by=team)
    for line, record in returns_of(story, period):
        reference = line["reference"]
        if reference in (*ACCEPTED, *SUBMITTED, *CHALLENGED):
            with clock.taken_to_be(date(2026, 11, 3)):
                if reference == "garden-waste":
                    sent = hand_in(story, line, record, why=TYPED_BADLY)
                else:
                    sent = hand_in(story, line, record)
            if reference in ACCEPTED:
                with clock.taken_to_be(date(2026, 11, 4)):
                    accept(sent, by=team)
        elif reference in DRAFTED:
            with clock.taken_to_be(date(2026, 11, 4)):
                draft(story, line, record, why="", forecast=None)
    _october_dialogue(story)
    propose_in_the_year(story)


def _october_dialogue(story: Story) -> None:
    team = story.reviewers[0]
    with clock.taken_to_be(date(2026, 11, 4)):
        raise_challenge(
            story.find("missed-bins", COLLECTING),
            about=About.COMMENTARY,
            reason=Reason.UNEXPLAINED,
            question="Which rounds were late, and did the two redrawn in July settle as expected?",
            by=team,
        )
        forecast = raise_challenge(
            story.find("business-engagements", COLLECTING),
            about=About.FORECAST,
            reason=Reason.FORECAST,
            question="The forecast repeats last year's winter. One adviser of four is lent to the market towns "
            "programme until March: how is it reached with three?",
            by=team,
        )
        clear = raise_challenge(
            story.find("homeless-preventions", COLLECTING),
            about=About.COMMENTARY,
            reason=Reason.UNCLEAR,
            question="Does this count the families who moved into temporary accommodation first?",
            by=team,
        )
        garden = story.find("garden-waste", COLLECTING)
        correct_words(
            garden,
            prompt="why",
            after=garden.why.replace("remindres", "reminders"),
            by=team,
            version=garden.version,
        )
        homes = story.find(NO_DATA, COLLECTING)
        hand_in(
            story,
            story.lines[NO_DATA],
            homes,
            value=None,
            no_data=True,
            no_data_reason="The Valuation Office has not sent October's list.",
            no_data_until=date(2026, 11, 20),
            what_happened="",
            why="",
            being_done="",
            done_by=None,
            done_owner="",
        )
    with clock.taken_to_be(TODAY):
        _answered_and_escalated(story, clear, forecast)


def _answered_and_escalated(story: Story, clear: Challenge, forecast: Challenge) -> None:
    """One challenge was answered this morning, and one went to the board: the two sides do not agree."""
    record = story.find("homeless-preventions", COLLECTING)
    clearer = f"{record.what_happened} None of them went into temporary accommodation first."
    answer_challenge(
        clear,
        words="No: only households who never needed it. The sentence now says so.",
        by=story.holder(story.lines["homeless-preventions"]),
        entry=replace(Entry.of(record), what_happened=clearer),
        version=record.version,
    )
    escalate(
        forecast,
        reason="The service stands by its forecast: the autumn event alone brings sixty firms. We do not agree.",
        by=story.holder(story.lines["business-engagements"]),
    )

"""The example's scenes: an update returned, a lock lifted, an action dropped, revisions, and Q2 in every state."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.example.quarters import accept_a_few_days_later, draft, entry_for, hand_in, updates_of
from actions.example.reading import lines, said
from actions.example.story import Story
from actions.models import Challenge, PlanDecision, Revision
from actions.operations.checking import accept, answer_challenge, escalate, raise_challenge, return_update
from actions.operations.entry import Entry
from actions.operations.exceptions import grant_exception
from actions.operations.mid_year import end_action
from actions.operations.quarters import open_quarter
from actions.operations.revising import Revised, accept_revision, propose
from hdcperf import clock
from hdcperf.periods import Quarter, RoundDates, round_dates
from hdcperf.review.decisions import Decided
from hdcperf.review.rounds.setting import Wanted, set_dates

__all__ = ["collect_the_last", "dialogue_of_the_last", "end_the_evening", "leave_out", "play"]

About, Reason = Challenge.About, Challenge.Reason
FIRST_2026, LAST = Quarter.parse("2026-27-Q1"), Quarter.parse("2026-27-Q2")
OPENS, DUE, LOCKS = date(2026, 10, 1), date(2026, 10, 30), date(2026, 11, 13)
TODAY = date(2026, 11, 5)

NOT_STARTED = ("parking", "lower-emissions")
DRAFTED = ("food-waste", "automated-service")
WAITING = ("prescribing", "cleaner-vans")
ASKED = ("wealth", "skills", "warmer-homes", "listening")


def leave_out(quarter: Quarter) -> tuple[str, ...]:
    """Actions whose update of the quarter has a scene of its own, or was never handed in."""
    return {"2024-25-Q4": ("newly-arrived",), "2026-27-Q1": ("workforce", "affordable-homes")}.get(quarter.slug, ())


def play(story: Story, quarter: Quarter) -> None:
    """The scenes of a quarter that is over."""
    if quarter == FIRST_2026:
        _returned_and_put_right(story)
        _a_lock_lifted(story)
        _a_colour_revised(story)


def end_the_evening(story: Story) -> None:
    """Cabinet dropped an action in the middle of the year, so no update is owed for the quarter that was to come."""
    row = story.actions["evening-calls"].years.get(plan_year__year=2025)
    decided = Decided(
        kind=PlanDecision.Kind.AGREED,
        met_on=date(2025, 11, 18),
        minute="CAB 25/49",
        wording="RESOLVED that the evening end on 27 November: few call, and answers at any hour serve them better.",
        takes_effect_on=date(2025, 11, 27),
    )
    with clock.taken_to_be(date(2025, 11, 28)):
        end_action(row, "dropped", PlanDecision.Body.CABINET, decided, by=story.team)


def _returned_and_put_right(story: Story) -> None:
    line, quarter = lines()["workforce"], FIRST_2026
    officer, words = story.officer(line), said()["workforce", quarter.slug]
    with clock.taken_to_be(date(2026, 7, 6)):
        record = story.find("workforce", quarter)
        hasty = replace(entry_for(record, words), impact="It helps the council to grow its own staff for the future.")
        record = hand_in(story, line, record, hasty)
    with clock.taken_to_be(date(2026, 7, 8)):
        challenge = return_update(
            record,
            missing=["impact"],
            more="How far has agency spending fallen? The aim for March is a third.",
            by=story.team,
        )
    with clock.taken_to_be(date(2026, 7, 10)):
        record = story.find("workforce", quarter)
        record = answer_challenge(
            challenge,
            words="By 29 in a hundred, from the ledger. It is in the impact now.",
            by=officer,
            entry=replace(Entry.of(record), impact=words.impact),
            version=record.version,
        )
    with clock.taken_to_be(date(2026, 7, 13)):
        accept(record, by=story.team)


def _a_lock_lifted(story: Story) -> None:
    line, quarter = lines()["affordable-homes"], FIRST_2026
    with clock.taken_to_be(date(2026, 7, 22)):
        grant_exception(
            story.find("affordable-homes", quarter),
            reason="The associations' figures came a week after the lock, because their system was replaced.",
            asked_by=f"{story.officer(line).name}, by telephone on 21 July",
            expires_on=date(2026, 7, 31),
            by=story.team,
        )
    with clock.taken_to_be(date(2026, 7, 27)):
        sent = hand_in(story, line, story.find("affordable-homes", quarter))
    accept_a_few_days_later(story, sent, 1)


def _a_colour_revised(story: Story) -> None:
    """Placements had been counted twice: the accepted green became amber, and the old words stay beside it."""
    record, officer = story.find("skills", FIRST_2026), story.officer(lines()["skills"])
    new = replace(
        Revised.of(record),
        rag="amber",
        done="Twenty-six placements were done by the end of June, and the college counts them towards its courses. "
        "Fourteen more had been counted twice.",
        recovery="Count by the young person instead of by the form, and make up the fourteen in July.",
        recovery_by=date(2026, 10, 30),
        recovery_owner="Economic development manager",
    )
    with clock.taken_to_be(date(2026, 9, 8)):
        why = "The college's list shows that fourteen placements had two forms, and were counted twice."
        revision = propose(record, new=new, kind=Revision.Kind.CORRECTION, reason=why, by=officer)
    with clock.taken_to_be(date(2026, 9, 11)):
        accept_revision(revision, by=story.colleague)


# Q2 2026/27, as it is on 5 November 2026


def collect_the_last(story: Story) -> None:
    """Most of the quarter is handed in and accepted in October; some is not, and every state is there to see."""
    with clock.taken_to_be(date(2026, 9, 22)):
        seen = round_dates(LAST.last_month)
        wanted = Wanted(RoundDates(OPENS, DUE, LOCKS), seen)
        set_dates({LAST: wanted}, by=story.team)
    with clock.taken_to_be(OPENS):
        open_quarter(LAST, by=story.team)
    for number, (line, record) in enumerate(updates_of(story, LAST)):
        if line.key in NOT_STARTED:
            continue
        if line.key in DRAFTED:
            with clock.taken_to_be(date(2026, 10, 28)):
                draft(story, line, record)
            continue
        late = line.key in (*WAITING, *ASKED)
        with clock.taken_to_be(date(2026, 10, 26 + number % 4) if late else date(2026, 10, 5 + number % 4)):
            sent = hand_in(story, line, record)
        if not late:
            accept_a_few_days_later(story, sent, number)


def dialogue_of_the_last(story: Story) -> None:
    """What the Performance Team asks of the quarter, and what it is answered; and a revision that waits."""
    with clock.taken_to_be(date(2026, 11, 3)):
        raise_challenge(
            story.find("wealth", LAST),
            about=About.IMPACT,
            reason=Reason.NO_IMPACT,
            question="“Bid better, their first results show”: how many won, and how much? Members will ask.",
            by=story.team,
        )
        return_update(
            story.find("skills", LAST),
            missing=["impact"],
            more="The second sentence of the update is repeated as the impact.",
            by=story.team,
        )
        asked = raise_challenge(
            story.find("warmer-homes", LAST),
            about=About.UPDATE,
            reason=Reason.UNCLEAR,
            question="Are the twelve landlords among the 30 who were asked?",
            by=story.team,
        )
        disputed = raise_challenge(
            story.find("listening", LAST),
            about=About.RAG,
            reason=Reason.DOES_NOT_MATCH,
            question="A milestone moves by ten weeks and the action is called green. How is it measured, and what "
            "would make it amber?",
            by=story.colleague,
        )
        _propose_a_correction(story)
    with clock.taken_to_be(date(2026, 11, 4)):
        record = story.find("warmer-homes", LAST)
        clearer = record.done.replace("12 landlords put", "12 of the 30 landlords asked put")
        answer_challenge(
            asked,
            words="Yes, all twelve are. The update says so now.",
            by=story.officer(lines()["warmer-homes"]),
            entry=replace(Entry.of(record), done=clearer),
            version=record.version,
        )
    with clock.taken_to_be(TODAY):
        reason = "Fifteen wards of nineteen became eighteen in a quarter. We call that green, and do not agree."
        escalate(disputed, reason=reason, by=story.officer(lines()["listening"]))


def _propose_a_correction(story: Story) -> None:
    record = story.find("warmer-homes", FIRST_2026)
    new = replace(Revised.of(record), done=record.done.replace("61 homes", "59 homes").replace("409", "407"))
    reason = "Two homes were finished in July, and are counted in the second quarter as well."
    propose(record, new=new, kind=Revision.Kind.CORRECTION, reason=reason, by=story.officer(lines()["warmer-homes"]))

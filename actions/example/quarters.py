"""A quarter of the example: opened, handed in over the days that follow, accepted a few days later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from zlib import crc32

from django.db.models import Model

from actions.example.reading import Line, Said, lines, promises, said
from actions.example.story import Story
from actions.models import ActionUpdate, IssuedReport, IssuedUpdate, Milestone, MilestoneReport, ProjectReport
from actions.operations.checking import accept
from actions.operations.entering import record_recovery, save_draft, submit
from actions.operations.entry import Entry, MilestoneSaid
from actions.operations.quarters import open_quarter
from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.periods import Quarter, working_days
from hdcperf.review.recovery import Recovery
from hdcperf.review.saving import Incomplete

__all__ = ["accept_a_few_days_later", "collect", "draft", "entry_for", "hand_in", "issue", "updates_of"]

Outcome = MilestoneReport.Outcome


def updates_of(story: Story, quarter: Quarter) -> Iterator[tuple[Line, ActionUpdate]]:
    """The updates of a quarter with their lines; parts come before their wholes, which are read beside them."""
    by_action = {action.pk: key for key, action in story.actions.items()}
    rows = ActionUpdate.objects.filter(quarter=quarter.first_day).select_related("action_year__service", "period")
    for record in sorted(rows, key=lambda one: (one.action_year.parent_id is None, one.action_year.code_key)):
        yield lines()[by_action[record.action_id]], record


def collect(story: Story, quarter: Quarter, left_out: Iterable[str] = ()) -> None:
    """A whole quarter, but for the actions ``left_out``, whose update has a scene of its own."""
    opens = working_days().nth_working_day(quarter.last_month.next, 1)
    with clock.taken_to_be(opens):
        open_quarter(quarter, by=story.team)
    for number, (line, record) in enumerate(updates_of(story, quarter)):
        if line.key in left_out:
            continue
        with clock.taken_to_be(working_days().add_working_days(opens, 1 + number % 7)):
            sent = hand_in(story, line, record)
        accept_a_few_days_later(story, sent, number)


def accept_a_few_days_later(story: Story, sent: ActionUpdate, number: int) -> ActionUpdate:
    """Accept an update that was handed in, two to four working days after."""
    handed_in = clock.local_day(sent.transitions.latest("pk").at)
    with clock.taken_to_be(working_days().add_working_days(handed_in, 2 + number % 3)):
        return accept(sent, by=story.team if number % 3 else story.colleague)


def hand_in(
    story: Story, line: Line, record: ActionUpdate, typed: Entry | None = None, by: User | None = None
) -> ActionUpdate:
    """Enter and submit an update as its officer would, answering what the checks ask."""
    words, person = said()[line.key, record.span.slug], by or story.officer(line)
    entry = typed or entry_for(record, words)
    _say_what_came_of_it(story, line, record, person)
    try:
        return submit(record, entry, by=person, version=record.version)
    except Incomplete as found:
        if not words.answer or any(check.is_error for check in found.problems):
            raise AssertionError(f"{record}: {[check.sentence for check in found.problems]}") from found
        answers = {check.code: words.answer for check in found.problems}
        return submit(found.fresh, entry, by=person, version=found.fresh.version, answers=answers)


def _say_what_came_of_it(story: Story, line: Line, record: ActionUpdate, by: User) -> None:
    """What was promised with the quarter before is answered for with this one."""
    before = record.span.previous
    if (kept := promises().get((line.key, before.slug))) is not None:
        record_recovery(story.find(line.key, before), Recovery(*kept), told_with=record, by=by)


def draft(story: Story, line: Line, record: ActionUpdate) -> ActionUpdate:
    """Start an update and leave it as a draft."""
    words = said()[line.key, record.span.slug]
    return save_draft(record, entry_for(record, words), by=story.officer(line), version=record.version)


def entry_for(record: ActionUpdate, words: Said) -> Entry:
    """What the officer types: the words, and what became of each milestone that fell due."""
    needs_recovery = words.rag in ("amber", "red")
    new_due_on, new_due_reason = words.due or (None, "")
    return Entry(
        done=words.done,
        rag=words.rag,
        rag_reason=words.why,
        impact=words.impact,
        recovery=words.will,
        recovery_by=words.by,
        recovery_owner=words.who if needs_recovery else "",
        achieved=words.achieved,
        new_due_on=new_due_on,
        new_due_reason=new_due_reason,
        milestones=tuple(_milestones(record, words)),
    )


def _milestones(record: ActionUpdate, words: Said) -> Iterator[MilestoneSaid]:
    moves = {name: (to, why) for name, to, why in words.moves}
    rows = Milestone.objects.planned().filter(action=record.action_id, reached_on__isnull=True)
    for one in rows.order_by("pk"):
        if one.name in moves:
            to, why = moves.pop(one.name)
            yield MilestoneSaid(one.pk, Outcome.MOVED, on=to, reason=why)
        elif one.due_on <= record.span.last_day:
            yield MilestoneSaid(one.pk, Outcome.REACHED, on=_reached(one))
    assert not moves, f"{record} moves what is not there: {list(moves)}"
    for name, due_on in words.new:
        yield MilestoneSaid(None, Outcome.NEW, name=name, on=due_on)


def _reached(milestone: Milestone) -> date:
    """A working day at most six before it was due; the same every time."""
    return working_days().add_working_days(milestone.due_on, -(crc32(milestone.name.encode()) % 6))


def issue(quarter: Quarter, day: date) -> None:
    """The pack members had of ``quarter``: every update and every project's report accepted by then, as it stood."""
    with clock.taken_to_be(day):
        _issue(ActionUpdate, IssuedUpdate, "update", quarter, day)
        _issue(ProjectReport, IssuedReport, "report", quarter, day)


def _issue(records: type[Model], issues: type[Model], link: str, quarter: Quarter, day: date) -> None:
    told = [one.name for one in issues._meta.concrete_fields if hasattr(records, one.name) and one.name != "id"]
    for record in records._default_manager.filter(quarter=quarter.first_day, state="accepted"):
        for audience in IssuedUpdate.Audience:
            issues._default_manager.create(
                **{link: record, **{name: getattr(record, name) for name in told}},
                audience=audience,
                pack=f"Quarter {quarter.number} {quarter.year} performance report",
                issued_on=day,
            )

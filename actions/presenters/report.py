"""A project's report ready for its pages: how it reads, its heading and lock, its place in the quarter's list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from actions.models import ProjectReport, ReportChallenge, ReportRevision
from actions.operations.report_entry import PARTS, ReportEntry, entry_at, fitting
from actions.operations.revising_reports import RevisedReport
from actions.presenters.published import Words, movement_of
from actions.presenters.revisions import Change
from actions.project_workflow import REPORT_MOVES, acts_for_manager, may_report, may_review, refusal, report_lock
from actions.queries.queue import Flag
from actions.queries.report_contexts import ReportContext, ReportRow
from actions.rules.colours import ActionRag
from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import User
from hdcperf.review import submissions
from hdcperf.review.merging import Difference, StaleRow, stale_rows
from hdcperf.review.page import ask_for_the_lock, covering_words, due_words, lock_of, may_lift
from hdcperf.review.queue import is_in
from hdcperf.review.queue_page import Owed, task_rows
from hdcperf.review.reviewing import EarlierChallenge, Top, earlier_challenge, top_of
from hdcperf.review.revisions import RevisionRow, row_of
from hdcperf.review.submissions import EARLIER_CHALLENGES
from hdcperf.ui import (
    Dated,
    Link,
    Lock,
    Movement,
    Step,
    SummaryRow,
    Tag,
    TaskRow,
    by_whom,
    day,
    mark_tag,
    rag_tag,
    state_tag,
)

__all__ = [
    "PublishedReport",
    "ReportHeading",
    "ReportQueueRow",
    "earlier_report_challenges",
    "facts_beside",
    "published_report",
    "report_address",
    "report_changes",
    "report_heading",
    "report_lock_piece",
    "report_name",
    "report_queue_rows",
    "report_review_link",
    "report_revision_row",
    "report_revision_rows",
    "report_stale_rows",
    "report_steps",
    "report_top",
    "reports_owed",
]

State = ProjectReport.State


def report_name(record: ProjectReport) -> str:
    """The project and the quarter, as messages name it."""
    return f"{record.project}, {record.span}"


def report_address(record: ProjectReport, page: str = "project-report") -> str:
    return reverse(page, args=[record.span, record.project.code])


# How it reads


@dataclass(frozen=True)
class PublishedReport:
    """How a report reads: the board's status with its meeting, the officer's view where it differs, the words."""

    status: Tag
    board: str
    own_view: Tag | None
    own_why: str
    before: Tag | None
    before_label: str
    movement: Movement | None
    words: tuple[Words, ...]
    reached: tuple[str, ...]
    ends: Dated
    next_name: str
    next_on: Dated | None
    next_late: Tag | None


def published_report(context: ReportContext, entry: ReportEntry) -> PublishedReport:
    """``entry`` as it will appear, or an accepted report as it was frozen."""
    entry, record = fitting(entry), context.record
    status = ActionRag(entry.status) if entry.status else None
    before = context.status_last_quarter
    names = {one.pk: one.name for one in context.milestones}
    name, on = _next(context, entry)
    differs = bool(entry.own_view) and entry.own_view != entry.status
    return PublishedReport(
        status=rag_tag(status) if status is not None else Tag("No status yet", "outline"),
        board=f"{entry.board}, {day(entry.met_on)}" if entry.board and entry.met_on else "",
        own_view=rag_tag(entry.own_view) if differs else None,
        own_why=entry.own_view_why if differs else "",
        before=rag_tag(before) if before is not None else None,
        before_label=str(record.span.previous),
        movement=movement_of(before, status),
        words=tuple(_words(entry)),
        reached=tuple(f"{names.get(pk, 'A milestone')}, {day(reached)}" for pk, reached in entry.reached),
        ends=Dated(record.ends_on or record.project.ends_on),
        next_name=name,
        next_on=Dated(on) if on is not None else None,
        next_late=mark_tag("overdue") if on is not None and on < context.as_at else None,
    )


def _words(entry: ReportEntry) -> Iterator[Words]:
    found = (
        ("What the board said", entry.board_words),
        ("What was done", entry.progress),
        ("Risks", entry.risks),
        ("What comes next", entry.next_steps),
    )
    yield from (Words(heading, text) for heading, text in found if text)
    if entry.recovery or entry.recovery_by or entry.recovery_owner:
        yield Words("What will be done", entry.recovery, by_whom(entry.recovery_by, entry.recovery_owner))


def _next(context: ReportContext, entry: ReportEntry) -> tuple[str, date | None]:
    record = context.record
    if record.is_accepted:
        return record.next_milestone, record.next_milestone_on
    said = dict(entry.reached)
    coming = next((one for one in context.to_reach if one.pk not in said), None)
    return (coming.name, coming.due_on) if coming is not None else ("", None)


# Its page


@dataclass(frozen=True)
class ReportHeading:
    """The top of the page."""

    title: str
    name: str
    tags: tuple[Tag, ...]
    due: str
    covering: str


def report_heading(record: ProjectReport, user: User, who: Standing, *, enters: bool) -> ReportHeading:
    own = record.project.manager_id in who.people
    marks = {
        "late": record.is_late(clock.today()),
        "disputed": any(one.is_with_the_board for one in record.challenges.all()),
        "revised": any(one.state == ReportRevision.State.ACCEPTED for one in record.revisions.all()),
        "not owed": bool(record.excused),
    }
    return ReportHeading(
        title=f"{'Your report' if enters and own else 'Report'} for {record.span}",
        name=str(record.project),
        tags=(state_tag(record.state), *(mark_tag(name) for name, holds in marks.items() if holds)),
        due=due_words(record) if not record.excused else "",
        covering=covering_words(acts_for_manager(record, user), who) if enters else "",
    )


def report_lock_piece(record: ProjectReport, user: User, who: Standing) -> Lock | None:
    """Why the page is read-only, which lock applies and who can lift it; None while it is open to ``user``."""
    today = clock.today()
    refused = may_report(record, user)
    return lock_of(
        record,
        noun="report",
        frozen="it is frozen with what it was read beside",
        refused=refused and f"{refused} It is entered by {record.project.manager.name}.",
        closed=report_lock(record, today),
        contact=None if record.excused else ask_for_the_lock(record, report_name(record), who),
        today=today,
    )


def facts_beside(context: ReportContext) -> list[tuple[str, object]]:
    """What is read beside the form: last quarter's status, the end, who runs it and which board rules."""
    record, project, last = context.record, context.record.project, context.status_last_quarter
    return [
        (f"Status in {record.span.previous}", rag_tag(last) if last is not None else "No report"),
        ("Project ends", day(record.ends_on or project.ends_on)),
        ("Project manager", project.manager.name),
        ("Sponsor", project.sponsor.name),
        ("Board", project.board),
    ]


def report_steps(record: ProjectReport, user: User, who: Standing) -> list[Step]:
    """What the person can do with a report that is only read."""
    found = []
    if refusal(record, REPORT_MOVES["take_back"], user) is None:
        hint = "It becomes a draft again, and the Performance Team no longer sees it as submitted."
        found.append(Step("Take back", report_address(record), hint, "post", "move", "take_back", "secondary"))
    if may_review(record, user) is None and record.state in (State.SUBMITTED, State.CHALLENGED):
        found.append(Step("Check this report", report_address(record, "project-review")))
    if may_lift(record, who) and not record.excused:
        found.append(Step("Lift the lock for this report", report_address(record, "project-lock-exception")))
    if record.is_accepted and (may_report(record, user) is None or may_review(record, user) is None):
        found.append(Step("Propose a revision", report_address(record, "project-revise")))
    found.append(Step("The project", reverse("project", args=[record.project.code])))
    return found


# Versions in words

_NAMES = {
    "board": "Board",
    "met_on": "Met on",
    "own_view": "Own view",
    "own_view_why": "Why",
    "recovery": "What will be done",
    "recovery_by": "By",
    "recovery_owner": "By whom",
    "next_steps": "What comes next",
}


def report_stale_rows(
    context: ReportContext, mine: ReportEntry, theirs: ReportEntry, different: list[Difference]
) -> list[StaleRow]:
    names = {one.pk: one.name for one in context.milestones}

    def lines(entry: ReportEntry, name: str) -> Iterable[str]:
        value = getattr(entry, name)
        if name == "reached":
            yield from (f"{names.get(pk, 'A milestone')}: reached {day(on)}" for pk, on in value)
        elif name in ("status", "own_view") and value:
            yield ActionRag(value).label if name == "status" else f"Own view: {ActionRag(value).label}"
        elif value:
            words = day(value) if isinstance(value, date) else str(value)
            yield f"{_NAMES[name]}: {words}" if name in _NAMES else words

    return stale_rows(different, mine, theirs, lines)


def report_top(context: ReportContext, row: ReportRow | None) -> Top:
    """The head of the review page, with what changed since it was handed in before."""
    record = context.record
    now = ReportEntry.of(record)
    again = submissions.resubmission(record, PARTS, now, lambda row: entry_at(record, row))
    return top_of(
        record,
        row,
        title=f"Check {record.span}",
        caption=f"{record.project} · {record.project.service.name}",
        again=again,
        changes=report_stale_rows(context, again.before, now, again.different) if again else (),
    )


def earlier_report_challenges(record: ProjectReport) -> list[EarlierChallenge]:
    """The last challenges on this project's other quarters, newest first."""
    earlier = ReportChallenge.objects.filter(report__project=record.project_id).exclude(report=record.pk)
    rows = earlier.select_related("report__project", "raised_by").order_by("-raised_at", "-pk")[:EARLIER_CHALLENGES]
    return [earlier_challenge(one, one.report.span, report_address(one.report), judged="status") for one in rows]


# In the quarter's list


@dataclass(frozen=True)
class ReportQueueRow:
    """One report as the list prints it."""

    code: str
    name: str
    href: str
    service: str
    manager: str
    state: Tag
    marks: tuple[Tag, ...]
    status: Tag
    own_view: Tag | None
    before: Tag | None
    movement: Movement | None
    flags: tuple[Flag, ...]
    sent: str


def report_queue_rows(rows: Iterable[ReportRow], *, reviews: bool) -> list[ReportQueueRow]:
    return [_queue_row(row, reviews) for row in rows]


def _queue_row(row: ReportRow, reviews: bool) -> ReportQueueRow:
    record, project = row.record, row.record.project
    shows = is_in(record)
    differs = shows and record.own_view and record.own_view != record.status
    return ReportQueueRow(
        code=project.code,
        name=project.name,
        href=report_address(record, "project-review" if reviews and shows else "project-report"),
        service=project.service.name,
        manager=project.manager.name,
        state=state_tag(record.state),
        marks=tuple(mark_tag(name) for name in row.marks),
        status=rag_tag(row.status) if shows else Tag("Not in yet", "outline"),
        own_view=rag_tag(record.own_view) if differs else None,
        before=rag_tag(row.before) if row.before is not None else None,
        movement=movement_of(row.before, row.status),
        flags=row.flags,
        sent=f"{row.sent.who}, {day(row.sent.on)}" if row.sent else "",
    )


def report_review_link(text: str, row: ReportRow) -> Link:
    """The link to a row's review page."""
    return Link(text, report_address(row.record, "project-review"), hint=f"report to check: {row.record.project}")


def reports_owed(rows: Iterable[ReportRow], *, enters: frozenset[int]) -> list[TaskRow]:
    """What projects still have to do in the round; of those the reader does not enter, it says whom to ask."""
    return task_rows(
        (row for row in rows if not row.record.excused),
        lambda row: Owed(
            str(row.record.project),
            report_address(row.record),
            row.record.pk in enters,
            row.record.project.manager.name,
        ),
    )


# Revisions

_LABELS = {
    "status": "Status",
    "board": "Board",
    "met_on": "Date of its meeting",
    "board_words": "What the board said",
    "progress": "What was done",
    "risks": "Risks",
    "recovery": "What will be done",
    "recovery_by": "By when",
    "recovery_owner": "By whom",
}


def report_changes(old: RevisedReport, new: RevisedReport) -> list[Change]:
    """The parts that differ."""
    return [
        Change(label, _printed(name, getattr(old, name)), _printed(name, getattr(new, name)))
        for name, label in _LABELS.items()
        if getattr(old, name) != getattr(new, name)
    ]


def _printed(name: str, value: object) -> object:
    if name == "status" and value:
        return rag_tag(value)
    return (day(value) if isinstance(value, date) else value) or "Nothing"


def report_revision_row(revision: ReportRevision) -> RevisionRow:
    record = revision.report
    return row_of(
        revision,
        href=reverse("project-revision", args=[revision.pk]),
        title=report_name(record),
        service=record.project.service.name,
        old=(rag_tag(revision.old_status),),
        new=(rag_tag(revision.new_status),),
    )


def report_revision_rows(record: ProjectReport, *, working: bool) -> list[SummaryRow]:
    """Revisions of the report: accepted, and for those who work on it also those that wait or were declined."""
    return [
        SummaryRow(
            f"{one.get_kind_display()}: {one.get_state_display().lower()}",
            f"{one.reason} Proposed by {one.proposed_by.name} on {day(clock.local_day(one.proposed_at))}.",
        )
        for one in record.revisions.all()
        if working or one.state == ReportRevision.State.ACCEPTED
    ]

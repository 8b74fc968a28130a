"""Reports with what they are read beside, their checks, and a quarter of them as the Performance Team checks it.

The number of queries does not depend on how many reports there are, nor on how long their projects' history is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from actions.models import (
    ProjectMilestone,
    ProjectReport,
    ProjectReportTransition,
    ReportAuthor,
    ReportChallenge,
    ReportFinding,
    ReportLockException,
    ReportRevision,
)
from actions.operations.report_entry import ReportEntry, fitting
from actions.queries.contexts import HANDED_IN, Sent
from actions.queries.project_sight import working_reports
from actions.queries.queue import Flag
from actions.rules.colours import ActionRag, movement
from actions.rules.facts import REACHED, MilestoneFacts
from actions.rules.reports import LABELS, ReportBefore, ReportFacts, report_errors, report_findings
from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod, Service
from hdcperf.rag import Movement
from hdcperf.review.checks import Check, ask
from hdcperf.review.findings import unanswered
from hdcperf.review.queue import place_of

__all__ = [
    "ReportContext",
    "ReportRow",
    "load_report_context",
    "load_reports",
    "next_report",
    "noted_reports",
    "outstanding",
    "report_checks",
    "report_flags",
    "report_marks",
    "step_field",
    "submission_problems",
]

State = ProjectReport.State


@dataclass(frozen=True)
class ReportContext:
    """A report and what it is read beside. ``before`` is the latest earlier report that was handed in."""

    record: ProjectReport
    milestones: tuple[ProjectMilestone, ...]
    before: ProjectReport | None
    last_quarter: ProjectReport | None
    sent: Sent | None

    @property
    def as_at(self) -> date:
        """The day its words are held to: when they were handed in, or today while they are being written."""
        return self.sent.on if self.sent is not None and self.record.state in HANDED_IN else clock.today()

    @property
    def status_last_quarter(self) -> ActionRag | None:
        """How it stood the quarter before: *awaited* where that report was not accepted, None where there is none."""
        if self.record.is_accepted:
            return ActionRag(self.record.status_before) if self.record.status_before else None
        return self.last_quarter.colour if self.last_quarter is not None else None

    @property
    def to_reach(self) -> tuple[ProjectMilestone, ...]:
        """The milestones not reached before this report."""
        return tuple(one for one in self.milestones if one.reached_on is None)


def load_report_context(record: ProjectReport) -> ReportContext:
    """What one report is read beside."""
    return load_report_contexts([record])[record.pk]


def load_report_contexts(records: Collection[ProjectReport]) -> dict[int, ReportContext]:
    """What each report (all of one quarter) is read beside, by its id, in four queries."""
    if not records:
        return {}
    (quarter,) = {one.quarter for one in records}
    projects = {one.project_id for one in records}
    milestones: dict[int, list[ProjectMilestone]] = defaultdict(list)
    for step in ProjectMilestone.objects.filter(project__in=projects).order_by("due_on", "pk"):
        milestones[step.project_id].append(step)
    earlier = ProjectReport.objects.filter(quarter__lt=quarter, state__in=HANDED_IN)
    latest = earlier.filter(project=OuterRef("project")).order_by("-quarter").values("quarter")[:1]
    before = {one.project_id: one for one in earlier.filter(project__in=projects, quarter=Subquery(latest))}
    previous = next(iter(records)).span.previous.first_day
    last = {one.project_id: one for one in ProjectReport.objects.filter(project__in=projects, quarter=previous)}
    sent = _sent(records)
    return {
        one.pk: ReportContext(
            record=one,
            milestones=tuple(milestones[one.project_id]),
            before=before.get(one.project_id),
            last_quarter=last.get(one.project_id),
            sent=sent.get(one.pk),
        )
        for one in records
    }


def _sent(records: Collection[ProjectReport]) -> dict[int, Sent]:
    """When each report last reached the team, and from whom."""
    handed_in = ProjectReportTransition.objects.filter(
        report__in=[one.pk for one in records], move__in=("submit", "answer"), to_state=State.SUBMITTED
    )
    latest = handed_in.order_by().values("report").annotate(newest=Max("pk")).values("newest")
    rows = ProjectReportTransition.objects.filter(pk__in=latest)
    return {row.report_id: Sent(row.who, clock.local_day(row.at)) for row in rows}


# The checks


def step_field(pk: int) -> str:
    """The box in which it is said when a milestone was reached."""
    return f"reached_{pk}"


def _facts(context: ReportContext, entry: ReportEntry) -> ReportFacts:
    record, project, before = context.record, context.record.project, context.before
    said = dict(entry.reached)
    return ReportFacts(
        quarter=record.span,
        as_at=context.as_at,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        rag=ActionRag(entry.status) if entry.status else None,
        board=entry.board,
        met_on=entry.met_on,
        board_words=entry.board_words,
        own_view=ActionRag(entry.own_view) if entry.own_view else None,
        own_view_why=entry.own_view_why,
        before=None
        if before is None
        else ReportBefore(
            str(before.span), ActionRag(before.status), before.progress, before.risks, before.board_words
        ),
        progress=entry.progress,
        risks=entry.risks,
        next_steps=entry.next_steps,
        recovery=entry.recovery,
        recovery_by=entry.recovery_by,
        recovery_owner=entry.recovery_owner,
        milestones=tuple(
            MilestoneFacts(
                name=one.name,
                due_on=one.due_on,
                said=REACHED if one.pk in said else "",
                on=said.get(one.pk),
                reached_on=one.reached_on,
                field=step_field(one.pk),
            )
            for one in context.milestones
        ),
        is_closed=project.closed_on is not None,
    )


def report_checks(context: ReportContext, entry: ReportEntry) -> tuple[list[Check], list[Check]]:
    """What stops submission (missing or impossible), and what asks for a sentence."""
    facts = _facts(context, fitting(entry))
    stops = report_errors(facts)
    # What cannot be is put right first; asking about the same box as well would only be noise.
    wrong = {one.field for one in stops}
    return stops, [one for one in report_findings(facts) if one.field not in wrong]


def submission_problems(record: ProjectReport) -> list[Check]:
    """What must be put right before ``record`` can be submitted."""
    return report_checks(load_report_context(record), ReportEntry.of(record))[0]


def outstanding(record: ProjectReport) -> list[Check]:
    """What the checks ask of ``record`` and nobody has answered yet."""
    return unanswered(record, report_checks(load_report_context(record), ReportEntry.of(record))[1])


# A quarter


@dataclass(frozen=True)
class ReportRow:
    """One report of a round. ``status`` is what was handed in, *awaited* until then."""

    record: ProjectReport
    context: ReportContext
    status: ActionRag
    before: ActionRag | None
    marks: tuple[str, ...]
    flags: tuple[Flag, ...]
    with_board: bool
    is_own: bool

    @property
    def service(self) -> Service:
        return self.record.project.service

    @property
    def code_key(self) -> str:
        return self.record.project.code_key

    @property
    def sent(self) -> Sent | None:
        return self.context.sent

    @property
    def movement(self) -> Movement:
        return movement(self.before, self.status)

    @property
    def order(self) -> tuple[float, int, int, str]:
        """What waits for the team first, the worst first."""
        return (place_of(self), self.status.rank, -len(self.flags), self.code_key)


def load_reports(who: Standing, period: ReportingPeriod) -> list[ReportRow]:
    """The reports of ``period`` that ``who`` works on, in the order to check them; at most nine queries."""
    today = clock.today()
    records = list(
        noted_reports(working_reports(who), today)
        .filter(period=period)
        .select_related("project__service__directorate", "project__manager", "period")
        .prefetch_related("reached", "findings")
        .order_by("project__code_key")
    )
    if not records:
        return []
    contexts, own = load_report_contexts(records), _own(who, period)
    rows = [
        ReportRow(
            record=one,
            context=contexts[one.pk],
            status=ActionRag(one.status) if one.state in HANDED_IN else ActionRag.AWAITED,
            before=contexts[one.pk].status_last_quarter,
            marks=report_marks(one, today),
            flags=tuple(flag for flag, _ in report_flags(contexts[one.pk])),
            with_board=vars(one)["with_board"],
            is_own=one.pk in own,
        )
        for one in records
    ]
    return sorted(rows, key=lambda row: row.order)


def report_flags(context: ReportContext) -> list[tuple[Flag, ReportFinding | None]]:
    """What does not fit together in a report that was handed in, with what explained it; of an accepted one, what
    was asked."""
    record = context.record
    kept = {one.code: one for one in record.findings.all()}
    if record.is_accepted:
        return [
            (Flag(ask(one.code, one.field, one.sentence, "", LABELS.get(one.code, "")), True), one)
            for one in kept.values()
        ]
    if record.state not in HANDED_IN:
        return []
    asks = report_checks(context, ReportEntry.of(record))[1]
    open_ones = {one.code for one in unanswered(record, asks)}
    return [
        (Flag(one, one.code not in open_ones), None if one.code in open_ones else kept.get(one.code)) for one in asks
    ]


def noted_reports(reports: QuerySet[ProjectReport], today: date) -> QuerySet[ProjectReport]:
    """The reports with the facts beside their state that ``report_marks`` reads."""
    mine = OuterRef("pk")
    rows: QuerySet[ProjectReport] = reports.annotate(
        with_board=Exists(ReportChallenge.objects.with_the_board().filter(report=mine)),
        revised=Exists(ReportRevision.objects.filter(report=mine, state=ReportRevision.State.ACCEPTED)),
        waiting_revision=Exists(ReportRevision.objects.filter(report=mine, state=ReportRevision.State.PROPOSED)),
        lifted=Exists(ReportLockException.objects.filter(report=mine, expires_on__gte=today)),
        answered=Exists(ReportChallenge.objects.filter(report=mine, state=ReportChallenge.State.ANSWERED)),
    )
    return rows


def report_marks(record: ProjectReport, today: date) -> tuple[str, ...]:
    """The names of the marks beside a report read with ``noted_reports``."""
    facts = vars(record)
    owed = record.state in (State.NOT_STARTED, State.DRAFT) and not record.excused
    marks = {
        "disputed": facts["with_board"],
        "answered": facts["answered"] and not facts["with_board"],
        "late": record.is_late(today),
        "locked": owed and record.period.is_locked(today) and not facts["lifted"],
        "lock lifted": facts["lifted"] and owed,
        "revised": facts["revised"],
        "revision waiting": facts["waiting_revision"],
        "not owed": bool(record.excused),
    }
    return tuple(name for name, holds in marks.items() if holds)


def _own(who: Standing, period: ReportingPeriod) -> set[int]:
    """The reports of the round that ``who`` typed or runs the project of, themselves or for somebody they cover."""
    typed = ReportAuthor.objects.filter(report__period=period, user__in=who.people)
    runs = Q(project__manager__in=who.people) | Q(project__sponsor__in=who.people)
    running: Iterable[int] = ProjectReport.objects.filter(runs, period=period).order_by().values_list("pk", flat=True)
    return {*typed.values_list("report_id", flat=True), *running}


def next_report(who: Standing) -> ProjectReport | None:
    """The most urgent report of the person's own projects that can be entered now, or None."""
    lifted = ReportLockException.objects.filter(report=OuterRef("pk"), expires_on__gte=who.today)
    rows: QuerySet[ProjectReport] = (
        ProjectReport.objects.owed()
        .filter(project__manager__in=who.people, period__opens_on__lte=who.today)
        .filter(Q(period__locks_on__gte=who.today) | Exists(lifted))
    )
    return rows.select_related("project", "period").order_by("period__due_on", "project__code_key").first()

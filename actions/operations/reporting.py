"""A project's report: entered, submitted, answered, accepted (framework, *Quarterly Reporting*, E.1).

It goes the way of every return: drafts never block, a challenge reopens only what was asked about, nobody accepts
their own. Acceptance reaches its milestones and freezes what it was read beside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction

from actions.models import Project, ProjectMilestone, ProjectReport, ReportChallenge, ReportChallengeMessage
from actions.operations.report_entry import PARTS, ReportEntry, apply, fitting
from actions.project_workflow import REPORT_MOVES, MoveRefused, acts_for_manager, move_report, refuse_stale
from actions.queries.report_contexts import outstanding, submission_problems
from actions.rules.colours import ActionRag
from actions.rules.guidelines import REPORT_GUIDELINES, missing_words
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.review import findings, moves
from hdcperf.review.answering import Answers, answer_all
from hdcperf.review.dialogue import Dialogue
from hdcperf.review.locks import Lifting
from hdcperf.review.recovery import Recovery
from hdcperf.review.saving import Incomplete, Saving

__all__ = [
    "LIFTING",
    "REPORTS",
    "SAVING",
    "accept_report",
    "answer_report",
    "corrected",
    "hand_on",
    "open_parts",
    "return_report",
    "save_draft",
    "submit",
]

About = ReportChallenge.About

REPORTS = Dialogue(
    records=ProjectReport,
    challenges=ReportChallenge,
    messages=ReportChallengeMessage,
    link="report",
    noun="report",
    moves=REPORT_MOVES,
    judged="status",
)
"""The dialogue of projects' reports, which lock with the updates of their quarter."""


# Entering


def save_draft(record: ProjectReport, entry: ReportEntry, *, by: User, version: int) -> ProjectReport:
    """Save what was typed as a draft and return the fresh record.

    Raises StaleRecord when somebody changed it since ``version``, and the errors of ``move_report``.
    """

    def change(fresh: ProjectReport) -> None:
        refuse_stale(fresh, version)
        apply(fresh, entry, by=by)

    with transaction.atomic():
        saved = move_report(record, "draft", by=by, change=change)
        moves.name_author(saved, (by, acts_for_manager(saved, by)))
    return saved


def submit(
    record: ProjectReport, entry: ReportEntry, *, by: User, version: int, answers: dict[str, str] | None = None
) -> ProjectReport:
    """Save what was typed, keep the answers to findings, and submit; return the fresh record.

    Raises Incomplete after saving the draft when something is missing or a finding is unanswered; otherwise as
    ``save_draft``. What the status has no place for is left out.
    """
    with transaction.atomic():
        saved = save_draft(record, entry, by=by, version=version)
        findings.keep_answers(saved, outstanding(saved), answers or {}, by=by)
    problems = [*submission_problems(saved), *outstanding(saved)]
    if problems:
        raise Incomplete(saved, problems)

    def change(fresh: ProjectReport) -> None:
        refuse_stale(fresh, saved.version)
        tidy = fitting(ReportEntry.of(fresh))
        if tidy != ReportEntry.of(fresh):
            apply(fresh, tidy, by=by)

    return move_report(saved, "submit", by=by, change=change)


def _no_promise(promise: ProjectReport, said: Recovery, *, told_with: ProjectReport, by: User) -> None:
    """A project's promises are followed up by its board, whose words each report carries."""


SAVING: Saving[ProjectReport, ReportEntry] = Saving(
    draft=save_draft, submit=submit, entry_of=ReportEntry.of, recovery=_no_promise
)


# Checking


def open_parts(record: ProjectReport) -> frozenset[str]:
    """The fields of ``ReportEntry`` that open challenges have reopened."""
    asked = set(record.challenges.filter(state=ReportChallenge.State.OPEN).values_list("about", flat=True))
    parts = PARTS if About.WHOLE.value in asked else [one for one in PARTS if one in asked]
    return frozenset(name for part in parts for name in PARTS[part][1])


def return_report(record: ProjectReport, *, missing: Iterable[str], more: str, by: User) -> ReportChallenge:
    """Return the whole report, saying what is missing in the words of the guidelines, and more.

    Raises MoveRefused when nothing is said to be missing, and the errors of ``Dialogue.ask``.
    """
    words = missing_words(missing, more, REPORT_GUIDELINES)
    if not words:
        raise MoveRefused("Say what is missing.", state=record.state, move="challenge")
    asked: ReportChallenge = REPORTS.ask(
        record, about=About.WHOLE.value, reason=ReportChallenge.Reason.MISSING.value, question=words, by=by
    )
    return asked


def corrected(record: ProjectReport, entry: ReportEntry) -> ReportEntry:
    """What the report would hold: ``entry`` in the parts that open challenges reopened, the rest as it is."""
    opened = {name: getattr(entry, name) for name in open_parts(record)}
    return fitting(replace(ReportEntry.of(record), **opened))


def answer_report(
    record: ProjectReport, entry: ReportEntry, answers: Answers, *, by: User, version: int
) -> ProjectReport:
    """Answer every open challenge that has words, correcting only the parts they reopened.

    A status that changed needs its lesson. Raises Unanswered, StaleRecord and the errors of ``move_report``.
    """

    def one(challenge: ReportChallenge, words: str, version: int, lesson: str) -> ProjectReport:
        def correct(fresh: ProjectReport) -> bool:
            refuse_stale(fresh, version)
            before = fresh.status
            apply(fresh, corrected(fresh, entry), by=by)
            return before != fresh.status

        with transaction.atomic():
            moved, done = REPORTS.answer(challenge, words=words, by=by, lesson=lesson, correct=correct)
            if done:
                moves.name_author(moved, (by, acts_for_manager(moved, by)))
                findings.keep_answers(moved, outstanding(moved), answers.findings, by=by)
        return moved

    changes = corrected(record, entry).status != record.status
    fresh: ProjectReport = answer_all(
        record,
        answers,
        version=version,
        first=(About.WHOLE, About.STATUS),
        lesson_needed="The status changed: say what will be done differently next time." if changes else "",
        answer=one,
    )
    return fresh


def accept_report(record: ProjectReport, *, by: User, version: int | None = None) -> ProjectReport:
    """Accept a submitted report: its milestones are reached, and what it was read beside is frozen.

    ``version`` is the one the reviewer read: StaleRecord is raised when the report was changed since. Otherwise the
    errors of ``move_report``. The second half of a double click changes nothing.
    """
    done: list[bool] = []

    def change(fresh: ProjectReport) -> None:
        done.append(True)
        if version is not None:
            refuse_stale(fresh, version)
        _take_effect(fresh, by)

    with transaction.atomic():
        moved = move_report(record, "accept", by=by, change=change)
        if done:
            REPORTS.close_all(moved, by=by)
    return moved


def _take_effect(record: ProjectReport, by: User) -> None:
    """Reach what ``record`` (locked) says was reached, and freeze what it was read beside. The caller saves it."""
    # Two reports of one project that are accepted at once take turns.
    project = Project._base_manager.select_for_update().get(pk=record.project_id)
    for said in record.reached.select_related("milestone"):
        if said.milestone.reached_on is None:
            said.milestone.reached_on = said.on
            save_as(said.milestone, by=by, reason=f"Reached: {record}")
    before = ProjectReport.objects.filter(project=project, quarter=record.span.previous.first_day).first()
    record.status_before = before.colour.value if before is not None else ""
    record.ends_on = project.ends_on
    coming = (
        ProjectMilestone.objects.filter(project=project, reached_on__isnull=True).order_by("due_on", "pk").first()
    )
    record.next_milestone = coming.name if coming is not None else ""
    record.next_milestone_on = coming.due_on if coming is not None else None
    _tell_next(record, ActionRag(record.status), by, f"{record.span} was accepted after it")


def hand_on(record: ProjectReport, *, by: User, reason: str) -> None:
    """Tell the quarter after, if it is accepted, how this one stands now."""
    _tell_next(record, record.colour, by, reason)


def _tell_next(record: ProjectReport, status: ActionRag, by: User, reason: str) -> None:
    following = ProjectReport.objects.select_for_update().filter(
        project=record.project_id, quarter=record.span.next.first_day, state=ProjectReport.State.ACCEPTED
    )
    for later in following.exclude(status_before=status.value):
        later.status_before = status.value
        later.version += 1
        save_as(later, by=by, reason=f"Status the quarter before: {reason}")


# The lock


def _no_lock(record: ProjectReport) -> str:
    if record.is_accepted:
        return "This report is accepted, so it is changed by a revision: no lock is in the way."
    return f"{record.excused} No lock is in the way." if record.excused else ""


LIFTING = Lifting("report", _no_lock)

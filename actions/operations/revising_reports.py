"""Revising an accepted report: proposed, decided by somebody else, and marked wherever it is shown.

Milestones that were reached are not revised: the accepted report stands until the revision is accepted.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from django.db import transaction

from actions.models import ProjectReport, ReportRevision
from actions.operations.reporting import hand_on
from actions.project_workflow import (
    REPORT_REVISION_MOVES,
    MoveRefused,
    NotPermitted,
    move_report_revision,
    refuse_stale,
)
from actions.rules.colours import ActionRag
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["NAMES", "RevisedReport", "accept_revision", "decline_revision", "propose", "withdraw_revision"]


@dataclass(frozen=True)
class RevisedReport:
    """What of an accepted report a revision can change."""

    status: str = ""
    board: str = ""
    met_on: date | None = None
    board_words: str = ""
    progress: str = ""
    risks: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""

    @classmethod
    def of(cls, record: ProjectReport) -> RevisedReport:
        """What ``record`` holds now."""
        return cls(**{name: getattr(record, name) for name in NAMES})

    @classmethod
    def old(cls, revision: ReportRevision) -> RevisedReport:
        """What the report held when the revision was proposed (or accepted, once it is)."""
        return cls(**{name: getattr(revision, f"old_{name}") for name in NAMES})

    @classmethod
    def new(cls, revision: ReportRevision) -> RevisedReport:
        """What the revision makes of it."""
        return cls(**{name: getattr(revision, f"new_{name}") for name in NAMES})

    @property
    def fitting(self) -> RevisedReport:
        """Without what its status has no place for."""
        if ActionRag(self.status).needs_recovery:
            return self
        return replace(self, recovery="", recovery_by=None, recovery_owner="")


NAMES = tuple(one.name for one in fields(RevisedReport))


def propose(
    record: ProjectReport, *, new: RevisedReport, kind: str, reason: str, by: User, version: int | None = None
) -> ReportRevision:
    """Propose a revision of an accepted report. The same again (a double click) is proposed once.

    Raises StaleRecord when the report was changed since ``version``; NotPermitted; or MoveRefused when it is not
    accepted, one is waiting already, or nothing changes.
    """
    new = new.fitting
    with transaction.atomic():
        fresh = ProjectReport._base_manager.select_for_update().get(pk=record.pk)
        waiting = fresh.revisions.filter(state=ReportRevision.State.PROPOSED).first()
        if waiting is not None and (waiting.kind, waiting.reason, waiting.proposed_by_id) == (kind, reason, by.pk):
            return waiting
        if version is not None:
            refuse_stale(fresh, version)
        old = RevisedReport.of(fresh)
        revision = ReportRevision(
            report=fresh,
            kind=kind,
            reason=reason,
            proposed_by=by,
            proposed_at=clock.now(),
            **{f"old_{name}": getattr(old, name) for name in NAMES},
            **{f"new_{name}": getattr(new, name) for name in NAMES},
        )
        _refuse(fresh, revision, old == new, waiting, by)
        save_as(revision, by=by, reason=reason)
        return move_report_revision(revision, "propose", by=by, comment=reason)


def _refuse(
    record: ProjectReport, revision: ReportRevision, is_same: bool, waiting: ReportRevision | None, by: User
) -> None:
    if sentence := REPORT_REVISION_MOVES["propose"].permitted(revision, by):
        raise NotPermitted(sentence, state=record.state, move="propose")
    found = (
        (not record.is_accepted, "Only an accepted report is revised: this one can still be changed."),
        (waiting is not None, "A revision of this report is already waiting to be decided."),
        (is_same, "This is what was accepted: there is nothing to revise."),
    )
    for holds, sentence in found:
        if holds:
            raise MoveRefused(sentence, state=record.state, move="propose")


def accept_revision(revision: ReportRevision, *, by: User) -> ReportRevision:
    """Accept a revision: the report takes its words and status, and the quarter after is told how it stands now.

    Raises the errors of ``move_report_revision``. The second half of a double click changes nothing.
    """
    done: list[bool] = []
    with transaction.atomic():
        moved = move_report_revision(revision, "accept", by=by, change=lambda _: done.append(True))
        if not done:
            return moved
        record = ProjectReport._base_manager.select_for_update().get(pk=moved.report_id)
        new, was = RevisedReport.new(moved), record.status
        for name in NAMES:
            setattr(moved, f"old_{name}", getattr(record, name))
            setattr(record, name, getattr(new, name))
        record.version += 1
        save_as(record, by=by, reason=f"Revised. {moved.get_kind_display()}: {moved.reason}")
        save_as(moved, by=by, reason="What it changed, as accepted")
        if record.status != was:
            hand_on(record, by=by, reason=f"{record.span} was revised")
    return moved


def decline_revision(revision: ReportRevision, *, reason: str, by: User) -> ReportRevision:
    """Decline a revision, saying why; the accepted report stands."""
    return move_report_revision(revision, "decline", by=by, comment=reason)


def withdraw_revision(revision: ReportRevision, *, by: User) -> ReportRevision:
    """Take back a revision one proposed."""
    return move_report_revision(revision, "withdraw", by=by)

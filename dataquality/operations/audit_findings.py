"""What internal audit found on data quality: recorded by audit, followed until closed (framework Appendix A)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from dataquality.assurance_workflow import MoveRefused, NotPermitted, may_record_findings, refuse_stale
from dataquality.models import AuditFinding
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import Service, User
from hdcperf.review.problems import Problem, refuse

__all__ = ["Found", "change_finding", "close_finding", "record_finding"]


@dataclass(frozen=True)
class Found:
    """A finding as it stands in the audit report."""

    audit: str
    service: Service | None
    reported_on: date
    priority: str
    finding: str
    response: str = ""
    owner: str = ""
    due_on: date | None = None


def record_finding(found: Found, *, by: User) -> AuditFinding:
    """Record a finding; the same by the same person (a double click) is the one there is.

    Raises NotPermitted or ProposalRefused.
    """
    _refuse_others(None, by)
    _check(found)
    with transaction.atomic():
        same: AuditFinding | None = AuditFinding.objects.filter(
            audit=found.audit, finding=found.finding, reported_on=found.reported_on, service=found.service
        ).first()
        if same is not None:
            return same
        made = AuditFinding(**vars(found), recorded_by_name=by.name)
        save_as(made, by=by, reason="Recorded from the audit report")
    return made


def change_finding(record: AuditFinding, found: Found, *, by: User, version: int) -> AuditFinding:
    """Correct what was recorded. Raises NotPermitted, MoveRefused once it is closed, StaleRecord, ProposalRefused."""
    _refuse_others(record, by)
    _check(found)
    with transaction.atomic():
        fresh = _open(record, "change")
        refuse_stale(fresh, version)
        for name, value in vars(found).items():
            setattr(fresh, name, value)
        fresh.version += 1
        save_as(fresh, by=by, reason="Finding changed")
    return fresh


def close_finding(record: AuditFinding, words: str, *, by: User) -> AuditFinding:
    """Audit is satisfied that it was put right; ``words`` say how. Raises NotPermitted or MoveRefused."""
    _refuse_others(record, by)
    with transaction.atomic():
        fresh = _open(record, "close")
        fresh.closed_on, fresh.closing_words = clock.today(), words
        fresh.version += 1
        save_as(fresh, by=by, reason=f"Closed: {words}")
    return fresh


def _refuse_others(record: AuditFinding | None, by: User) -> None:
    if sentence := may_record_findings(record, by):
        raise NotPermitted(sentence, state="", move="finding")


def _open(record: AuditFinding, move: str) -> AuditFinding:
    fresh: AuditFinding = AuditFinding.objects.select_for_update(of=("self",)).get(pk=record.pk)
    if fresh.closed_on is not None:
        raise MoveRefused("This finding is closed already.", state="", move=move)
    return fresh


def _check(found: Found) -> None:
    wrong = []
    if found.reported_on > clock.today():
        wrong.append(Problem("reported_on", "The audit report is not out yet: enter today or an earlier date"))
    if found.due_on is not None and found.due_on < found.reported_on:
        wrong.append(Problem("due_on", "It cannot be due before it was reported: enter a later date"))
    refuse(wrong)

"""Carrying out a plan: every row with its history, its reason naming the file, in the caller's transaction."""

from __future__ import annotations

import hashlib

from hdcperf import clock
from hdcperf.history import delete_as, save_as
from hdcperf.importing import Plan, Status
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import User
from kpis.importing.draft import YearDraft
from kpis.importing.planning import Writing
from kpis.importing.targets import IMPORTED
from kpis.models import ImportMapping, ImportRun, KpiPerson
from kpis.operations.freezing import move_later_months
from kpis.operations.templates import template_signed

__all__ = ["record_run", "write"]


def write(writing: Writing, *, file_name: str, by: User, tell: Tell = nobody) -> None:
    """Save what the plan makes and changes, telling of each year of a KPI. The caller holds the transaction."""
    reason = f"{IMPORTED}{file_name}"
    for service in writing.structure.new_services:
        if service.directorate.pk is None:
            save_as(service.directorate, by=by, reason=reason)
        save_as(service, by=by, reason=reason)
    for number, draft in enumerate(writing.drafts):
        tell(number, len(writing.drafts))
        _write_year(draft, by, reason)


def _write_year(draft: YearDraft, by: User, reason: str) -> None:
    if draft.kpi.pk is None:
        save_as(draft.kpi, by=by, reason=reason)
    if draft.is_new or draft.year_changed:
        save_as(draft.kpi_year, by=by, reason=reason)
    for gone in draft.people_gone:
        delete_as(gone, by=by, reason=reason)
    for person in draft.people_new:
        save_as(person, by=by, reason=reason)
    collectors = [one for one in (*draft.people_gone, *draft.people_new) if one.duty == KpiPerson.Duty.COLLECTS]
    if collectors and draft.kpi_year.template_signed_on is not None:
        # Another collector in the year: what was signed off no longer says who collects it (framework B.1).
        template_signed(draft.kpi_year, signed_on=None, by=by)
    target_set = draft.target_set
    if target_set is not None and (draft.set_changed or target_set.pk is None):
        target_set.set_by = target_set.set_by or by
        save_as(target_set, by=by, reason=reason)
    for row in draft.targets:
        save_as(row, by=by, reason=reason)
    for record in draft.returns:
        save_as(record, by=by, reason=reason)
    if draft.to_move:
        first = min(draft.returns, key=lambda record: record.month)
        move_later_months(first, by=by, recounted=None, only=draft.to_move)


def record_run(plan: Plan[Writing], content: bytes, *, file_name: str, mapping: ImportMapping, by: User) -> ImportRun:
    """Keep what the import did: the file by name and fingerprint, who, when, and how many rows."""
    counts = plan.counts
    return ImportRun.objects.create(
        file_name=file_name,
        sha256=hashlib.sha256(content).hexdigest(),
        mapping=mapping,
        by=by,
        by_name=by.name,
        at=clock.now(),
        new_rows=counts[Status.NEW],
        changed_rows=counts[Status.CHANGED],
        unchanged_rows=counts[Status.UNCHANGED],
    )

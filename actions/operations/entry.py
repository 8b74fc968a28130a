"""What is entered in an update: its words, its RAG, its milestones and dates, read from and put onto a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from actions.models import ActionUpdate, MilestoneReport
from actions.rules.colours import ActionRag, needs_reason
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User

__all__ = ["COLUMNS", "Entry", "MilestoneSaid", "apply", "entry_at", "fitting"]

Outcome = MilestoneReport.Outcome


@dataclass(frozen=True)
class MilestoneSaid:
    """What is said of one milestone (by its id), or of a new one; ``on`` is the day reached, or the new date."""

    milestone: int | None
    outcome: str
    name: str = ""
    on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Entry:
    """What an officer enters for a quarter. ``milestones`` are in the order of their ids, new ones last."""

    done: str = ""
    rag: str = ""
    rag_reason: str = ""
    impact: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    achieved: str = ""
    new_due_on: date | None = None
    new_due_reason: str = ""
    internal_note: str = ""
    milestones: tuple[MilestoneSaid, ...] = ()

    @classmethod
    def of(cls, record: ActionUpdate) -> Entry:
        """What is entered on ``record`` now (prefetch ``milestone_reports`` for many)."""
        return cls(
            **{name: getattr(record, name) for name in COLUMNS},
            milestones=in_order(record.milestone_reports.all()),
        )


COLUMNS = tuple(one.name for one in fields(Entry) if one.name != "milestones")
"""The fields of an entry that are columns of the update."""


def in_order(reports: Iterable[MilestoneReport]) -> tuple[MilestoneSaid, ...]:
    """Reports as they are said: the known milestones by id, then the new ones as they were added."""
    rows = sorted(reports, key=lambda one: (one.milestone_id is None, one.milestone_id or 0, one.pk))
    return tuple(MilestoneSaid(one.milestone_id, one.outcome, one.name, one.on, one.reason) for one in rows)


def apply(record: ActionUpdate, entry: Entry, *, by: User) -> None:
    """Put ``entry`` on ``record`` and count the version up; its milestones are saved, saving it is the caller's."""
    for name in COLUMNS:
        setattr(record, name, getattr(entry, name))
    record.version += 1
    _save_milestones(record, entry.milestones, by)


def _save_milestones(record: ActionUpdate, said: Iterable[MilestoneSaid], by: User) -> None:
    there = list(record.milestone_reports.select_for_update())
    known = {one.milestone_id: one for one in there if one.milestone_id is not None}
    new = [one for one in there if one.milestone_id is None]
    kept = set()
    for one in said:
        if one.milestone is not None:
            row = known.get(one.milestone) or MilestoneReport(update=record, milestone_id=one.milestone)
        else:
            row = new.pop(0) if new else MilestoneReport(update=record)
        if row.pk is None or MilestoneSaid(row.milestone_id, row.outcome, row.name, row.on, row.reason) != one:
            row.outcome, row.name, row.on, row.reason = one.outcome, one.name, one.on, one.reason
            save_as(row, by=by, reason="Entered with the update")
        kept.add(row.pk)
    for row in there:
        if row.pk not in kept:
            delete_as(row, by=by, reason="Taken out of the update")


def fitting(entry: Entry, rag_before: ActionRag | None) -> Entry:
    """``entry`` without what its RAG has no place for: a recovery typed under amber does not stay on a green update.

    A draft keeps it all, so that choosing another colour loses nothing.
    """
    rag = ActionRag(entry.rag) if entry.rag else None
    if rag is None:
        return entry
    left_out: dict[str, object] = {}
    if not rag.needs_recovery:
        left_out |= {"recovery": "", "recovery_by": None, "recovery_owner": ""}
    if rag is not ActionRag.COMPLETED:
        left_out["achieved"] = ""
    if not needs_reason(rag_before, rag):
        left_out["rag_reason"] = ""
    return replace(entry, **left_out)  # type: ignore[arg-type]


def entry_at(record: ActionUpdate, row: Any) -> Entry:
    """What was entered when ``row`` of the update's history was written, its milestones with it."""
    latest: dict[int, Any] = {}
    rows: Any = MilestoneReport.history.filter(update_id=record.pk, history_date__lte=row.history_date)
    for one in rows.order_by("history_date", "history_id"):
        latest[one.id] = one
    said = [one for one in latest.values() if one.history_type != "-"]
    said.sort(key=lambda one: (one.milestone_id is None, one.milestone_id or 0, one.id))
    return Entry(
        **{name: getattr(row, name) for name in COLUMNS},
        milestones=tuple(MilestoneSaid(one.milestone_id, one.outcome, one.name, one.on, one.reason) for one in said),
    )

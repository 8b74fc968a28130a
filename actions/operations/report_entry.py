"""What is entered in a project's report: its board's status, its words, the milestones reached."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from actions.models import ProjectReport, ReachedMilestone
from actions.rules.colours import ActionRag
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from hdcperf.review.merging import Parts

__all__ = ["COLUMNS", "PARTS", "ReportEntry", "apply", "as_it_was", "entry_at", "fitting"]


@dataclass(frozen=True)
class ReportEntry:
    """What is entered for a quarter. ``reached`` are the milestones (by id) said to be reached, and when."""

    status: str = ""
    board: str = ""
    met_on: date | None = None
    board_words: str = ""
    own_view: str = ""
    own_view_why: str = ""
    progress: str = ""
    risks: str = ""
    next_steps: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    reached: tuple[tuple[int, date], ...] = ()

    @classmethod
    def of(cls, record: ProjectReport) -> ReportEntry:
        """What is entered on ``record`` now (prefetch ``reached`` for many)."""
        reached = sorted((one.milestone_id, one.on) for one in record.reached.all())
        return cls(**{name: getattr(record, name) for name in COLUMNS}, reached=tuple(reached))


COLUMNS = tuple(one.name for one in fields(ReportEntry) if one.name != "reached")
"""The fields of an entry that are columns of the report."""

PARTS: Parts = {
    "status": (
        "The status and what will be done",
        (
            *("status", "board", "met_on", "board_words", "own_view", "own_view_why"),
            *("recovery", "recovery_by", "recovery_owner"),
        ),
    ),
    "progress": ("What was done and comes next", ("progress", "next_steps")),
    "risks": ("The risks", ("risks",)),
    "milestones": ("The milestones reached", ("reached",)),
}
"""A status from one person and a recovery from another would contradict each other, so a part is chosen whole."""


def apply(record: ProjectReport, entry: ReportEntry, *, by: User) -> None:
    """Put ``entry`` on ``record`` and count the version up; milestones are saved, saving it is the caller's."""
    for name in COLUMNS:
        setattr(record, name, getattr(entry, name))
    record.version += 1
    there = {one.milestone_id: one for one in record.reached.select_for_update()}
    for milestone, on in entry.reached:
        row = there.pop(milestone, None) or ReachedMilestone(report=record, milestone_id=milestone)
        if row.pk is None or row.on != on:
            row.on = on
            save_as(row, by=by, reason="Entered with the report")
    for row in there.values():
        delete_as(row, by=by, reason="Taken out of the report")


def fitting(entry: ReportEntry) -> ReportEntry:
    """``entry`` without what its status has no place for; a draft keeps it all."""
    found = entry
    if found.status and not ActionRag(found.status).needs_recovery:
        found = replace(found, recovery="", recovery_by=None, recovery_owner="")
    return replace(found, own_view_why="") if found.own_view in ("", found.status) else found


def entry_at(record: ProjectReport, row: Any) -> ReportEntry:
    """What was entered when ``row`` of the report's history was written, its milestones with it."""
    latest: dict[int, Any] = {}
    rows: Any = ReachedMilestone.history.filter(report_id=record.pk, history_date__lte=row.history_date)
    for one in rows.order_by("history_date", "history_id"):
        latest[one.id] = one
    reached = sorted((one.milestone_id, one.on) for one in latest.values() if one.history_type != "-")
    return ReportEntry(**{name: getattr(row, name) for name in COLUMNS}, reached=tuple(reached))


def as_it_was(record: ProjectReport, version: int) -> ReportEntry | None:
    """What was entered at that version, from the history; None when there never was such a version."""
    row = record.history.filter(version=version).order_by("-history_date", "-history_id").first()
    return entry_at(record, row) if row is not None else None

"""The timings in force, kind by kind, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hdcperf.reminders.kinds import Kind
from hdcperf.reminders.rules import Timings
from hdcperf.ui import count_of

__all__ = ["TimingRow", "timing_rows"]


@dataclass(frozen=True)
class TimingRow:
    """When one kind of work is reminded of."""

    kind: str
    before: str
    overdue: str
    manager: str
    head: str


def timing_rows(kinds: Iterable[Kind], timings: Mapping[str, Timings]) -> list[TimingRow]:
    """A row for each kind, with its own timings or everybody's."""
    return [_row(kind, timings.get(kind.code, timings[""])) for kind in kinds]


def _row(kind: Kind, timings: Timings) -> TimingRow:
    days = f"{timings.first_before} and {count_of(timings.last_before, 'working day')} before"
    opened = "" if kind.told_at_once else "When it opens, then "
    return TimingRow(
        kind=kind.many[:1].upper() + kind.many[1:],
        before=f"{opened}{days}" if opened else days[:1].upper() + days[1:],
        overdue=f"After {count_of(timings.overdue_after, 'working day')}, then every {timings.again_every}",
        manager=f"After {count_of(timings.manager_after, 'overdue reminder')}",
        head=f"After {count_of(timings.head_after, 'overdue reminder')}",
    )

"""What is said when a proposal changed while somebody was writing."""

from __future__ import annotations

from actions.models import ActionYear
from hdcperf.ui import day

__all__ = ["stale_sentence"]


def stale_sentence(row: ActionYear | None) -> str:
    """Who saved what while this was being written."""
    if row is None:
        return "Somebody took the proposal out while you were writing. Save again to put yours in."
    last = row.history.first()
    who = last.history_by_name if last is not None else "Somebody"
    proposed = row.get_proposal_display().lower()
    return (
        f"{who} saved this while you were writing: {row.name}, {proposed}, due {day(row.due_on)}. "
        "Yours is not saved. Save again to put yours in place of it."
    )

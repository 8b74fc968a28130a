"""Doing what a form asks: what is refused is said beside its field, with everything typed still there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from actions.models import ActionYear
from actions.operations.the_set import ProposalRefused
from hdcperf.review import attempting
from hdcperf.ui import day

__all__ = ["attempt", "stale_sentence"]


def attempt(form: Any, act: Callable[[], object]) -> bool:
    """Whether it was done. NotPermitted and StaleRecord go through."""
    try:
        return attempting.attempt(form, act)
    except ProposalRefused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
        return False


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

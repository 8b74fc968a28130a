"""Doing what a form asks: what is refused is said beside its field, with everything typed still there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from actions.models import ActionYear
from actions.operations.the_set import ProposalRefused
from actions.plan_workflow import MoveRefused, NotPermitted
from hdcperf.ui import day

__all__ = ["attempt", "stale_sentence", "with_version"]


def attempt(form: Any, act: Callable[[], object]) -> bool:
    """Whether it was done. Raises PermissionDenied, and lets StaleRecord through."""
    try:
        act()
    except ProposalRefused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except MoveRefused as refused:
        form.add_error(None, str(refused))
    return not form.errors


def with_version(posted: QueryDict, version: int) -> QueryDict:
    """The same post, made from the record as it is now."""
    again = posted.copy()
    again["version"] = str(version)
    return again


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

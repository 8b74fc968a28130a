"""Doing what a form asks: what is refused is said in the form, with everything typed still there."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm
from django.http import QueryDict

from hdcperf.review.problems import ProposalRefused
from hdcperf.workflow import MoveRefused, SomebodyElseDidIt

__all__ = ["attempt", "with_version"]


def attempt(form: BaseForm, act: Callable[[], object], *, beside: str | None = None) -> bool:
    """Whether ``form`` is sound and ``act`` was done; its refusal is said beside the box named, or of the whole form.

    What somebody else did first is about the whole form. NotPermitted and StaleRecord go through.
    """
    if not form.is_valid():
        return False
    try:
        act()
    except MoveRefused as refused:
        form.add_error(None if isinstance(refused, SomebodyElseDidIt) else beside, str(refused))
    except ProposalRefused as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem.sentence)
    return not form.errors


def with_version(posted: QueryDict, version: int) -> QueryDict:
    """The same post, made from the record as it is now."""
    again = posted.copy()
    again["version"] = str(version)
    return again

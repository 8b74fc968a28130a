"""What the example's Corporate Plan holds, as JSON: asked of its database by a process of its own."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError

__all__ = ["print_facts"]


def print_facts() -> None:
    """Print what the tests of the example compare (see ``tests/sitewide/test_example_plan.py``)."""
    print(json.dumps(_facts()))  # noqa: T201


def _facts() -> dict[str, Any]:
    from actions.models import ActionUpdate, DateChange, Milestone, PlanYear, Revision
    from hdcperf.organisation.models import User

    updates = list(ActionUpdate.objects.select_related("action").prefetch_related("transitions", "findings"))
    colours = defaultdict(Counter)  # type: ignore[var-annotated]
    for one in updates:
        colours[one.span.slug][one.colour.value] += 1
    return {
        "states": Counter(one.state for one in updates if one.span.slug == "2026-27-Q2"),
        "colours": colours,
        "chains": {str(one): [[move.from_state, move.to_state] for move in _moves(one)] for one in updates},
        "accepted": [str(one) for one in updates if one.is_accepted],
        "told_twice": list(_told_twice(updates)),
        "answered": sorted({finding.code for one in updates for finding in one.findings.all()}),
        "revisions": Counter(Revision.objects.values_list("state", flat=True)),
        "dates_without_reason": DateChange.objects.filter(reason="").count(),
        "dates_moved": DateChange.objects.count(),
        "reached_untold": [
            str(one)
            for one in Milestone.objects.filter(reached_on__isnull=False)
            if not one.reports.filter(outcome="reached", on=one.reached_on, update__state="accepted").exists()
        ],
        "years": {one.year: [move.move for move in _moves(one)] for one in PlanYear.objects.all()},
        "people": list(User.objects.values_list("name", flat=True)),
        "unclean": list(_unclean()),
        "without_history": list(_without_history()),
    }


def _moves(record: Any) -> list[Any]:
    return sorted(record.transitions.all(), key=lambda one: (one.at, one.pk))


def _told_twice(updates: list[Any]) -> Iterator[str]:
    """Words an action says in two of its quarters."""
    for name in ("done", "impact", "recovery", "rag_reason"):
        said = Counter((one.action.reference, getattr(one, name)) for one in updates if getattr(one, name))
        yield from (f"{action}: {words}" for (action, words), times in said.items() if times > 1)


def _models() -> list[Any]:
    from django.apps import apps

    return [one for one in apps.get_app_config("actions").get_models() if not one.__name__.startswith("Historical")]


def _unclean() -> Iterator[str]:
    for model in _models():
        for row in model._base_manager.all():
            try:
                row.full_clean()
            except ValidationError as problem:
                yield f"{model.__name__} {row}: {problem}"


def _without_history() -> Iterator[str]:
    """Rows of tracked models that no operation wrote: their latest history does not say what they hold."""
    for model in _models():
        if not hasattr(model, "history"):
            continue
        told = set(model.history.values_list("id", flat=True))
        yield from (f"{model.__name__} {row}" for row in model._base_manager.all() if row.pk not in told)


def unbroken(chain: list[list[str]]) -> bool:
    """Whether each state follows from the one before."""
    return all(one[1] == following[0] for one, following in pairwise(chain))

"""The guidelines on giving updates, which the framework has stakeholders reminded of (*Corporate Plan Actions*).

Printed beside the form as a checklist, and again where an update is returned: what is missing is chosen from them.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["GUIDELINES", "missing_words"]

GUIDELINES: dict[str, str] = {
    "done": "Say what was done this quarter, and by whom: not what is planned, and not last quarter's words.",
    "rag": "Choose the RAG by what it means. When it moves, either way, say why.",
    "impact": "Say what difference it made to residents or the council, with a figure or how you know.",
    "recovery": "For amber and red, say what will be done, by when, and which post will see it done.",
    "milestones": "Say which milestones were reached. When a date moves, say why and give the next date.",
    "results": "A strategy or plan that was written is an output: say what came of it before calling it green.",
    "plain": "Write for a councillor or a resident: no initials, no names of residents or staff.",
}
"""What each asks, by the name it is chosen by when an update is returned."""


def missing_words(missing: Iterable[str], more: str) -> str:
    """What is missing in words, for the service: each guideline that is not met, and what the reviewer adds."""
    lines = [f"• {GUIDELINES[one]}" for one in GUIDELINES if one in set(missing)]
    parts = ["\n".join(["Please add what is missing:", *lines])] if lines else []
    return "\n\n".join([*parts, *([more.strip()] if more.strip() else [])])

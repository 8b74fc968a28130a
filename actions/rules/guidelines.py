"""The guidelines on giving updates, which the framework has stakeholders reminded of (*Corporate Plan Actions*).

Printed beside the form as a checklist, and again where an update is returned: what is missing is chosen from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["GUIDELINES", "REPORT_GUIDELINES", "missing_words"]

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


REPORT_GUIDELINES: dict[str, str] = {
    "status": "Report the status the board set, with the date it met and what it said: not your own view of it.",
    "progress": "Say what was done this quarter, and by whom: not what is planned, and not last quarter's words.",
    "risks": "Say what may stop it, cost more or come late, and what is done about it.",
    "recovery": "For amber and red, say what will be done, by when, and which post will see it done.",
    "milestones": "Say which milestones were reached. A date moves only by a change the board approves.",
    "plain": GUIDELINES["plain"],
}
"""The same for a project's report, whose status is its board's."""


def missing_words(missing: Iterable[str], more: str, guidelines: Mapping[str, str] = GUIDELINES) -> str:
    """What is missing in words, for the service: each guideline that is not met, and what the reviewer adds."""
    lines = [f"• {guidelines[one]}" for one in guidelines if one in set(missing)]
    parts = ["\n".join(["Please add what is missing:", *lines])] if lines else []
    return "\n\n".join([*parts, *([more.strip()] if more.strip() else [])])

"""The four criteria a KPI is judged by, and what a verdict must say (framework C.1)."""

from __future__ import annotations

from dataclasses import dataclass

from hdcperf.review.problems import Problem

__all__ = ["CRITERIA", "Criteria", "verdict_problems"]

CRITERIA = {
    "is_statutory": "Statutory reporting metric",
    "is_political": "Relevant to political motive",
    "is_local": "Concerning local stakeholders",
    "is_important": "Of high importance to the council",
}
"""In the framework's words."""


@dataclass(frozen=True)
class Criteria:
    """Which of the four a KPI meets."""

    is_statutory: bool = False
    is_political: bool = False
    is_local: bool = False
    is_important: bool = False

    @property
    def met(self) -> list[str]:
        """Those it meets, in words."""
        return [label for name, label in CRITERIA.items() if getattr(self, name)]


def verdict_problems(verdict: str, criteria: Criteria, why: str, *, is_new: bool) -> list[Problem]:
    """What is wrong with a verdict as it was typed. A KPI that goes on meets at least one criterion."""
    found = []
    if is_new and verdict != "new":
        found.append(Problem("verdict", "This KPI is new: withdraw it if it is not wanted after all."))
    if not is_new and verdict not in ("keep", "amend", "drop"):
        found.append(Problem("verdict", "Select keep, amend or drop"))
    if verdict != "drop" and not criteria.met:
        found.append(
            Problem("criteria", "Tick at least one of the four criteria. A KPI that meets none of them is dropped.")
        )
    if not why.strip():
        found.append(Problem("why", "Say why"))
    return found

"""How a project stands at the end of a quarter, from the reports a person may see. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from actions.rules.colours import ActionRag
from actions.rules.standing import At, Ending
from hdcperf.periods import Quarter

__all__ = ["PROJECT_AT", "Life", "project_stands_at"]

PROJECT_AT = {
    At.GREEN.value: At.GREEN.label,
    At.AMBER.value: At.AMBER.label,
    At.RED.value: At.RED.label,
    At.COMPLETED.value: At.COMPLETED.label,
    At.NOT_STARTED.value: At.NOT_STARTED.label,
    At.AWAITED.value: "Report awaited",
    At.NOT_ISSUED.value: At.NOT_ISSUED.label,
    At.DROPPED.value: "Stopped",
    At.NOT_DUE.value: At.NOT_DUE.label,
    At.NOT_IN_PLAN.value: "No report",
}
"""How a project can stand, in the words of projects, in the order of counts and filters."""


@dataclass(frozen=True)
class Life:
    """From when a project is reported, and when and how it ended, if it has."""

    starts_on: date
    ending: Ending | None = None

    def is_over(self, on: date) -> bool:
        return self.ending is not None and self.ending.on <= on


def project_stands_at(
    quarter: Quarter,
    known: Mapping[Quarter, ActionRag],
    *,
    life: Life,
    opened: Collection[Quarter],
    owed: Collection[Quarter],
    only_issued: bool = False,
) -> At:
    """How a project stands at the end of ``quarter``.

    ``known`` are the statuses of reports that count; ``opened`` the quarters reports have been asked for, and
    ``owed`` those in which this project had a report to make. One that was closed before the quarter is over.
    """
    if quarter in known:
        return At(known[quarter].value)
    if life.ending is not None and life.ending.on < quarter.first_day:
        return At.COMPLETED if life.ending.how == "completed" else At.DROPPED
    if only_issued:
        return At.NOT_ISSUED if life.starts_on <= quarter.last_day else At.NOT_IN_PLAN
    if quarter in owed:
        return At.AWAITED
    if quarter in opened or life.starts_on > quarter.last_day:
        return At.NOT_IN_PLAN
    return At.NOT_DUE

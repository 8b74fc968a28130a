"""The stages a set passes on its way through its bodies: which is passed, which is now, and what each decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdcperf.organisation.models import Portfolio
from hdcperf.review.decisions import DecisionRow, decision_rows
from hdcperf.ui import Tag

__all__ = ["StageRow", "StageState", "stage_rows", "stages_of"]


@dataclass(frozen=True)
class StageState:
    """One stage: whether the set has passed it, is there or is to come, and what was decided."""

    state: str
    label: str
    when: str  # "passed", "now" or "to come"
    decisions: tuple[Any, ...]
    waiting_for: tuple[Portfolio, ...] = ()


def stages_of(
    record: Any, decisions: Iterable[Any], bodies: Mapping[str, str], silent: Sequence[Portfolio] = ()
) -> list[StageState]:
    """The stages of ``record`` in order, each with what its body decided since the set last came to it.

    ``bodies`` names the body of each stage that has one; ``silent`` are those still to be heard at this stage. The
    last stage is passed once it is reached.
    """
    states = type(record).State
    order = list(states.values)
    at = order.index(record.state)
    came = {one.to_state: one.at for one in record.transitions.order_by("at", "pk")}
    held = list(decisions)
    found = []
    for number, state in enumerate(order):
        body, since = bodies.get(state), came.get(state)
        made = [one for one in held if one.body == body and (since is None or one.recorded_at >= since)]
        passed = number < at or at == len(order) - 1
        found.append(
            StageState(
                state=state,
                label=states(state).label,
                when="passed" if passed else "now" if number == at else "to come",
                decisions=tuple(made) if number <= at else (),
                waiting_for=tuple(silent) if number == at else (),
            )
        )
    return found


@dataclass(frozen=True)
class StageRow:
    """A stage as it is printed: where the set is, what was decided, and who has not spoken yet."""

    label: str
    tag: Tag
    current: bool
    decisions: tuple[DecisionRow, ...]
    waiting: str


_WHEN = {"passed": Tag("Passed", "teal"), "now": Tag("Now", "blue"), "to come": Tag("To come", "grey")}


def stage_rows(found: Iterable[StageState], names: bool) -> list[StageRow]:
    """``names`` says whether the reader is told which officer recorded a decision."""
    rows = []
    for one in found:
        waiting = ", ".join(portfolio.name for portfolio in one.waiting_for)
        rows.append(
            StageRow(
                label=one.label,
                tag=_WHEN[one.when],
                current=one.when == "now",
                decisions=tuple(decision_rows(one.decisions, names)),
                waiting=f"Still to be heard: the portfolio holders for {waiting}." if waiting else "",
            )
        )
    return rows

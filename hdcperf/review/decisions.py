"""What a body decided, as it was minuted: typed by an officer, checked, kept once, and printed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.review.models import AbstractDecision
from hdcperf.review.problems import Problem
from hdcperf.ui import Tag, day

__all__ = ["Decided", "DecisionRow", "decision_problems", "decision_rows", "keep_once"]

D = TypeVar("D", bound=AbstractDecision)


@dataclass(frozen=True)
class Decided:
    """What a body decided, as it was minuted."""

    kind: str
    met_on: date
    minute: str
    wording: str
    takes_effect_on: date | None = None


def decision_problems(body: str, decided: Decided, decides: Collection[str]) -> list[Problem]:
    """What is wrong with a decision as it was typed; the bodies of ``decides`` must say from when it holds."""
    found = []
    if decided.met_on > clock.today():
        found.append(Problem("met_on", "The meeting has not been held yet: record what it decides afterwards."))
    starts = decided.takes_effect_on
    if starts is not None and starts < decided.met_on:
        found.append(Problem("takes_effect_on", "A decision cannot take effect before the meeting that made it."))
    if starts is None and body in decides and decided.kind == AbstractDecision.Kind.AGREED:
        found.append(Problem("takes_effect_on", "Enter the date the decision takes effect, after any call-in"))
    return found


def keep_once(decisions: Any, decided: Decided, *, by: User, **about: Any) -> tuple[Any, bool]:
    """Write a decision down among ``decisions`` (a related manager), and whether it was not there already.

    The same by the same person straight afterwards (a double click) is the one that is there.
    """
    same = decisions.filter(recorded_by=by, **about, **vars(decided)).order_by("-pk").first()
    if same is not None and same == decisions.order_by("-pk").first():
        return same, False
    made = decisions.create(
        recorded_by=by, recorded_by_name=by.name, recorded_at=clock.now(), **about, **vars(decided)
    )
    return made, True


@dataclass(frozen=True)
class DecisionRow:
    """What a body decided: who, when, in which minute, in what words, and from when it holds."""

    body: str
    met_on: str
    minute: str
    kind: Tag
    wording: str
    takes_effect: str
    recorded: str


_KINDS = {"agreed": "teal", "commented": "blue", "not_agreed": "solid"}


def decision_rows(decisions: Iterable[Any], names: bool) -> list[DecisionRow]:
    """``names`` says whether the reader is told which officer recorded it."""
    return [
        DecisionRow(
            body=one.get_body_display() + (f", {one.portfolio}" if getattr(one, "portfolio", None) else ""),
            met_on=day(one.met_on),
            minute=one.minute,
            kind=Tag(one.get_kind_display(), _KINDS[one.kind]),
            wording=one.wording,
            takes_effect=day(one.takes_effect_on),
            recorded=f"Recorded by {one.recorded_by_name} on {day(one.recorded_at)}" if names else "",
        )
        for one in decisions
    ]

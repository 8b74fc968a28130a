"""Stages that a body leaves by deciding in its meeting: an officer records the decision, and nobody clicks it.

A record that passes bodies has ``decisions`` (rows made from ``AbstractDecision``), ``transitions`` and ``state``.
"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from hdcperf import clock
from hdcperf.organisation.models import Portfolio, User
from hdcperf.review.models import AbstractDecision
from hdcperf.ui import day
from hdcperf.workflow import Guard

__all__ = [
    "SendBack",
    "ToRecord",
    "decided",
    "in_effect",
    "last_decision",
    "silent_portfolios",
    "since_it_came",
]


class ToRecord(str):
    """What stops a stage, in a sentence: a decision is to be recorded first."""


class SendBack(str):
    """What stops a stage, in a sentence: its body did not agree, so the record goes back."""


def last_decision(record: Any, body: str, **about: Any) -> Any:
    """What ``body`` decided last about ``record`` (or about the part of it that ``about`` names), or None."""
    return record.decisions.filter(body=body, **about).order_by("-recorded_at", "-pk").first()


def since_it_came(record: Any, state: str) -> Any:
    """When ``record`` came to ``state`` last, or None."""
    came = record.transitions.filter(to_state=state).order_by("-at", "-pk").first()
    return None if came is None else came.at


def silent_portfolios(record: Any, concerned: QuerySet[Portfolio], state: str, **about: Any) -> list[Portfolio]:
    """Those of the portfolios ``concerned`` whose holder has said nothing since ``record`` came to ``state``."""
    sent = since_it_came(record, state)
    spoken = record.decisions.filter(body=AbstractDecision.Body.PORTFOLIO, **about)
    if sent is not None:
        spoken = spoken.filter(recorded_at__gte=sent)
    return list(concerned.exclude(pk__in=spoken.values("portfolio")).distinct())


def decided(body: str, *, must_agree: bool = False, **about: Any) -> Guard:
    """The stage's body has decided since the record last came to it, and did not refuse it.

    Where it must agree, a comment is not enough.
    """
    label = AbstractDecision.Body(body).label

    def guard(record: Any, by: User) -> str | None:
        last, came = last_decision(record, body, **about), since_it_came(record, record.state)
        if last is None or (came is not None and last.recorded_at < came):
            return ToRecord(f"Record first what was decided: {label}.")
        if last.kind == AbstractDecision.Kind.NOT_AGREED:
            return SendBack(f"{label} did not agree: send the set back to be drawn up again.")
        if must_agree and last.kind == AbstractDecision.Kind.COMMENTED:
            return ToRecord(f"{label} commented without agreeing: record its decision first.")
        return None

    return guard


def in_effect(body: str, **about: Any) -> Guard:
    """The body agreed, and its decision has taken effect (after any call-in)."""
    label = AbstractDecision.Body(body).label

    def guard(record: Any, by: User) -> str | None:
        last = last_decision(record, body, **about)
        if last is not None and last.kind != AbstractDecision.Kind.AGREED:
            return ToRecord(f"{label} has not agreed: record its decision first.")
        if last is None or last.takes_effect_on is None:
            return ToRecord(f"Record first the date the decision takes effect: {label}.")
        if clock.today() < last.takes_effect_on:
            return f"The decision of {label.lower()} takes effect on {day(last.takes_effect_on)}."
        return None

    return guard

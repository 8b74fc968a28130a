"""Actions with quarters behind them, for the tests of the pages that show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.models import ActionUpdate, ActionYear, IssuedUpdate
from hdcperf.periods import FinancialYear, Quarter
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory, MilestoneFactory

__all__ = ["Q1", "Q2", "Q3_LAST", "Q4_LAST", "TODAY", "issued", "many", "with_quarters"]

TODAY = date(2026, 11, 5)
Q1, Q2 = Quarter(FinancialYear(2026), 1), Quarter(FinancialYear(2026), 2)
Q3_LAST, Q4_LAST = Quarter(FinancialYear(2025), 3), Quarter(FinancialYear(2025), 4)


def with_quarters(row: ActionYear, **colours: str) -> dict[str, ActionUpdate]:
    """An accepted update of the action for each quarter named: ``q1="green", q2="amber"``."""
    spans = {"q1": Q1, "q2": Q2}
    return {
        name: ActionUpdateFactory(action_year=row, span=spans[name], rag=rag, accepted=True, rag_reason="It moved.")
        for name, rag in colours.items()
    }


def many(how_many: int, **facts: Any) -> list[ActionYear]:
    """That many actions with two accepted quarters, and a milestone each."""
    made = []
    for _ in range(how_many):
        row = ActionYearFactory(**facts)
        with_quarters(row, q1="green", q2="amber")
        MilestoneFactory(action=row.action)
        made.append(row)
    return made


def issued(update: ActionUpdate, day: date = date(2026, 9, 3), **facts: Any) -> IssuedUpdate:
    """The update as a pack printed it."""
    row: IssuedUpdate = IssuedUpdate.objects.create(
        **{
            "update": update,
            "audience": IssuedUpdate.Audience.PANEL,
            "pack": f"Example pack of {day}",
            "issued_on": day,
            "rag": "green",
            "done": "Words as the pack had them.",
            **facts,
        }
    )
    return row

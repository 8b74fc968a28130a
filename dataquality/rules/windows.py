"""The window in which a year's KPIs are reviewed and proposed: holders first, then services (framework C.1)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from hdcperf.ui import day

__all__ = ["Phase", "phase_of", "phase_sentence", "window_problems"]


class Phase(StrEnum):
    """How far the window has come on a day."""

    NOT_OPEN = "not_open"
    HOLDERS = "holders"
    SERVICES = "services"
    CLOSED = "closed"


def phase_of(holders_from: date, services_from: date, closes_on: date, today: date) -> Phase:
    """Where ``today`` falls. The day it closes on is still open."""
    if today < holders_from:
        return Phase.NOT_OPEN
    if today > closes_on:
        return Phase.CLOSED
    return Phase.HOLDERS if today < services_from else Phase.SERVICES


def phase_sentence(phase: Phase, holders_from: date, services_from: date, closes_on: date) -> str:
    """What may be done in the window now, and until or from when."""
    match phase:
        case Phase.NOT_OPEN:
            return f"The window opens on {day(holders_from)}: KPI holders review theirs from then."
        case Phase.HOLDERS:
            return f"KPI holders review theirs now; services propose from {day(services_from)}."
        case Phase.SERVICES:
            return f"Services propose until {day(closes_on)}."
    return f"The window closed on {day(closes_on)}: the Performance Team can give it a later last day."


def window_problems(holders_from: date, services_from: date, closes_on: date, year_starts: date) -> dict[str, str]:
    """What is wrong with the dates of a window, by field; empty when they stand."""
    found = {}
    if services_from < holders_from:
        found["services_from"] = f"Services propose after holders review: enter {day(holders_from)} or later"
    if closes_on < services_from:
        found["closes_on"] = f"It closes after services begin to propose: enter {day(services_from)} or later"
    elif closes_on >= year_starts:
        found["closes_on"] = f"The year starts on {day(year_starts)}: the window closes before then"
    return found

"""The council: its people and posts, its structure and priorities, its reporting periods."""

from hdcperf.organisation.models.frameworks import Framework, Theme
from hdcperf.organisation.models.people import Appointment, Delegation, User
from hdcperf.organisation.models.periods import ReportingPeriod
from hdcperf.organisation.models.structure import (
    Council,
    Directorate,
    Outcome,
    Portfolio,
    Priority,
    Service,
    Statement,
)

__all__ = [
    "Appointment",
    "Council",
    "Delegation",
    "Directorate",
    "Framework",
    "Outcome",
    "Portfolio",
    "Priority",
    "ReportingPeriod",
    "Service",
    "Statement",
    "Theme",
    "User",
]

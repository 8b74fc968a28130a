"""The tables of what draws on every part: people's objectives, and the meetings that packs go to."""

from reports.models.meetings import Meeting
from reports.models.objectives import Objective

__all__ = ["Meeting", "Objective"]

"""One thing somebody has to do. Other workflows make theirs of it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["Task"]

NO_DATE = date.max


@dataclass(frozen=True)
class Task:
    """What, where, by when. ``state`` is the record's, ``acting_for`` says whose work it is when not one's own.

    ``urgent`` has no date and comes first all the same: somebody is waiting for a decision.
    """

    title: str
    href: str
    due: date | None = None
    hint: str = ""
    state: str = ""
    late: bool = False
    locked: bool = False
    urgent: bool = False
    acting_for: str = ""

    @property
    def urgency(self) -> tuple[bool, bool, date, bool, str]:
        """Sorts most urgent first: what can be done before what is locked, then by date, own work before others'."""
        return (self.locked, not self.urgent, self.due or NO_DATE, bool(self.acting_for), self.title)

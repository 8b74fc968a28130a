"""When a message is tried again, and when whoever was sending it must be gone. Pure: no ORM."""

from __future__ import annotations

from datetime import datetime, timedelta

__all__ = ["FORGOTTEN_AFTER", "LEASE", "STALE_AFTER", "next_try", "tries_left"]

WAITS = (1, 5, 15, 60, 240, 240, 480, 720, 1440)
"""Minutes before the second attempt, the third, and so on: about two days in all, as mail servers themselves wait."""

LEASE = 5
"""Minutes for which whoever claims a batch may begin sending one of its messages; what is left is given back."""

STALE_AFTER = 15
"""Minutes after which a claim is taken up again. The ten beyond the lease are for the last message begun: one
exchange with a server that stalls at every step ends within four, by ``EMAIL_TIMEOUT``."""


FORGOTTEN_AFTER = timedelta(days=7)
"""How long what is no longer kept is left all the same, for a run of an earlier day that is still under way."""


def tries_left(attempts: int) -> bool:
    """Whether a message tried ``attempts`` times without success is tried again."""
    return attempts <= len(WAITS)


def next_try(attempts: int, now: datetime) -> datetime:
    """When to try again after ``attempts`` (at least 1) that did not succeed. Raises ValueError after the last."""
    if attempts < 1 or not tries_left(attempts):
        raise ValueError(f"Nothing is tried again after {attempts} attempts.")
    return now + timedelta(minutes=WAITS[attempts - 1])

"""How long work says how far it is, whoever listens."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["AT_ONCE", "Tell", "nobody"]

Tell = Callable[[int, int], None]
"""Called with the parts done and the parts there are. What it raises ends the work."""

AT_ONCE = 100
"""Rows that are written while somebody waits, about a second; more are a job."""


def nobody(done: int, of: int) -> None:
    """Nobody listens."""

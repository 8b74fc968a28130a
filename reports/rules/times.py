"""Times of the day as people write them. Pure."""

from __future__ import annotations

import re
from datetime import time

__all__ = ["parse_time", "time_words"]

_WRITTEN = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?\s*(am|pm)?", re.IGNORECASE)


def parse_time(text: str) -> time:
    """``7pm``, ``7.30 pm``, ``10:30am``, ``19:00``. Raises ValueError with a sentence.

    A bare hour such as ``7`` is refused: it may be morning or evening.
    """
    found = _WRITTEN.fullmatch(text.strip())
    sentence = "Enter a time like 7pm, 10:30am or 19:00"
    if found is None or (found[2] is None and found[3] is None):
        raise ValueError(sentence)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(sentence)
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(sentence)
    return time(hour, minute)


def time_words(at: time) -> str:
    """``7pm``, ``10:30am``."""
    minutes = f":{at.minute:02d}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"

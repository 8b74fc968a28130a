"""What a check says of something typed, whatever is signed off. Pure: no ORM (framework C.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Check", "Importance", "ask", "error"]

Importance = Literal["error", "ask"]


@dataclass(frozen=True)
class Check:
    """Something found: which field, what (a sentence naming the facts), and what to do about it.

    An *error* stops submission; an *ask* is answered with a sentence. ``code`` stays the same from day to day;
    ``label`` is the same in a few words, for a list.
    """

    code: str
    importance: Importance
    field: str
    sentence: str
    instruction: str
    label: str = ""

    @property
    def is_error(self) -> bool:
        return self.importance == "error"


def error(code: str, field: str, sentence: str, instruction: str) -> Check:
    return Check(code, "error", field, sentence, instruction)


def ask(code: str, field: str, sentence: str, instruction: str, label: str = "") -> Check:
    return Check(code, "ask", field, sentence, instruction, label)

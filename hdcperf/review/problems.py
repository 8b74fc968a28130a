"""What is wrong with what somebody typed, field by field, where only the rows can tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Problem", "ProposalRefused", "refuse"]


@dataclass(frozen=True)
class Problem:
    """A field and the sentence that says what is wrong with it."""

    field: str
    sentence: str


class ProposalRefused(Exception):
    """What was typed cannot be: each problem names its field. Nothing was written."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(" ".join(one.sentence for one in self.problems))


def refuse(problems: list[Problem]) -> None:
    """Raise ProposalRefused when there are any."""
    if problems:
        raise ProposalRefused(problems)

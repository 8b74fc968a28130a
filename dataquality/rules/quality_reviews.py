"""What a data quality review looks at, part by part (framework B.1; the Government Data Quality Framework). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["AGREED", "DIMENSIONS", "SECTIONS", "Kind", "Section", "left_to_do", "section_called"]


class Kind(StrEnum):
    """What is written in a section."""

    COMPARISON = "comparison"
    OBSERVATION = "observation"
    CONCLUSION = "conclusion"


@dataclass(frozen=True)
class Section:
    """One part of a review: its place in the address, its words, what to look for, and what the template says of it.

    ``questions`` are the keys of the template's questions whose answers were agreed.
    """

    key: str
    kind: Kind
    words: str
    looks_for: str
    questions: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """What the history says where it is written."""
        return f"Reviewed: {self.words}"


def _agreed(key: str, words: str, looks_for: str, *questions: str) -> Section:
    return Section(key, Kind.COMPARISON, words, looks_for, questions)


def _dimension(key: str, looks_for: str) -> Section:
    return Section(key, Kind.OBSERVATION, key.capitalize(), looks_for)


AGREED: tuple[Section, ...] = (
    _agreed(
        "people",
        "Who is responsible",
        "Do those named do it? Can each of them, and whoever stands in, get into the systems?",
        *("collecting", "forecasting", "commentary", "absence"),
    ),
    _agreed(
        "sources",
        "Where the data comes from",
        "Is the figure taken from the systems named? Are external sources up to date and reputable?",
        "systems",
    ),
    _agreed(
        "method",
        "How it is collected and calculated",
        "Follow the steps for one month yourself. Do you get the figure that was reported?",
        "method",
    ),
    _agreed(
        "checks",
        "When it is reported, and what is checked before",
        "Is it reported as often as agreed? Who checks it before it is sent, and what is kept of that?",
        "proposed-kpi",
    ),
)
"""What the template agreed, and is held against what is done."""

DIMENSIONS: tuple[Section, ...] = (
    _dimension("accuracy", "Does the data say what really happened?"),
    _dimension("completeness", "Is every record there that should be, with what is needed of it?"),
    _dimension("uniqueness", "Is each thing counted once, and only once?"),
    _dimension("consistency", "Does it agree with other records of the same thing, and from month to month?"),
    _dimension("timeliness", "Is it recorded and reported soon enough to be of use?"),
    _dimension("validity", "Is each value of the kind, form and range that it should be?"),
)
"""The six dimensions of the Government Data Quality Framework, in its order of reading."""

SECTIONS: tuple[Section, ...] = (
    *AGREED,
    *DIMENSIONS,
    Section(
        "conclusion",
        Kind.CONCLUSION,
        "What was found, and a rating",
        "Good: the figure can be relied on. Adequate: it can, but something should be better. Weak: it cannot.",
    ),
)


def section_called(key: str) -> Section | None:
    """The section of that place in the address, if there is one."""
    return next((one for one in SECTIONS if one.key == key), None)


def left_to_do(written: Collection[str]) -> list[Section]:
    """The sections still to be written, in their order; ``written`` are the keys of those that are."""
    return [one for one in SECTIONS if one.key not in written]

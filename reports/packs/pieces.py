"""The small pieces a pack's items are made of. Words are kept beside numbers, as they were printed that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

__all__ = [
    "NOT_MOVED",
    "NO_FIGURE",
    "NO_LEVELS",
    "Change",
    "Colour",
    "Comparison",
    "Count",
    "Figure",
    "Levels",
    "Milestone",
    "MovedDate",
    "Movement",
    "Passage",
    "Promise",
    "Revised",
    "Status",
]


@dataclass(frozen=True)
class Figure:
    """A number and how it is printed, unit included; no number is words alone (*No data*, *Fewer than 5*)."""

    value: Decimal | None = None
    words: str = ""


@dataclass(frozen=True)
class Colour:
    """A RAG, for drawing and as a word: green, amber, red, no_data, not_judged, completed, not_started, awaited."""

    key: str
    word: str


@dataclass(frozen=True)
class Levels:
    """What a figure is judged by; ``words`` prints target and intervention level (*85% (intervention level 80%)*)."""

    target: Decimal | None = None
    intervention: Decimal | None = None
    target_upper: Decimal | None = None
    intervention_upper: Decimal | None = None
    target_words: str = ""
    intervention_words: str = ""


@dataclass(frozen=True)
class Status:
    """How something stands now and is forecast to end, and how it stood last quarter; None where it has none."""

    now: Colour
    forecast: Colour | None = None
    before: Colour | None = None


@dataclass(frozen=True)
class Movement:
    """How something moved: ``key`` is better, worse, same or none; ``words`` the whole of it, printed."""

    key: str = "none"
    words: str = "Not compared"


@dataclass(frozen=True)
class Passage:
    """Words under a small heading; an empty heading is words alone. Blank lines part paragraphs."""

    heading: str
    words: str


@dataclass(frozen=True)
class Promise:
    """What will be done, by when, and by which post: with every amber and red."""

    what: str
    by: date | None = None
    owner: str = ""


@dataclass(frozen=True)
class MovedDate:
    """A date that slipped: the old one is printed struck through beside the new one."""

    of: str
    old: date
    new: date
    reason: str


@dataclass(frozen=True)
class Milestone:
    name: str
    due: date
    reached: date | None = None


@dataclass(frozen=True)
class Comparison:
    """Another council's figure, or our unit cost, with where it comes from and how comparable it is."""

    name: str
    group: str
    period: str
    figure: Figure
    source: str
    how_comparable: str


@dataclass(frozen=True)
class Revised:
    """A figure or a colour changed after members saw it: old and new, and why."""

    code: str
    title: str
    of: str
    old: str
    new: str
    old_colour: Colour | None
    new_colour: Colour | None
    kind: str
    reason: str
    on: date | None = None


@dataclass(frozen=True)
class Count:
    """How many stand at a colour."""

    colour: Colour
    number: int


@dataclass(frozen=True)
class Change:
    """One thing that differs between two versions of a pack, or between scrutiny's pack and cabinet's."""

    where: str
    what: str
    old: str
    new: str


NO_FIGURE = Figure()
NO_LEVELS = Levels()
NOT_MOVED = Movement()

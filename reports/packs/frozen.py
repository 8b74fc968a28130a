"""A whole pack as it was frozen: everything its page, PDF, XLSX and CSV print, and nothing else is read for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from reports.packs.codec import from_json, to_json
from reports.packs.items import (
    FrozenAction,
    FrozenIntervention,
    FrozenKpi,
    FrozenMeasure,
    FrozenProject,
    FrozenQuestion,
)
from reports.packs.pieces import Change, Colour, Count, Passage, Revised, Status

__all__ = [
    "CoverSection",
    "FrontPage",
    "FrozenAnnex",
    "FrozenCheck",
    "FrozenComment",
    "FrozenPack",
    "FrozenSupplement",
    "KeyEntry",
    "Mention",
    "OutcomePart",
    "PriorityPart",
    "Section",
    "Tally",
    "digest",
    "read_annex",
    "read_pack",
    "read_supplement",
    "written",
]


@dataclass(frozen=True)
class Section:
    """A section of the pack, in its place: ``key`` says which part of the data it prints (see ``sections.py``)."""

    key: str
    heading: str


@dataclass(frozen=True)
class Tally:
    """The counts of one kind of item: now, forecast (KPIs alone have one) and last quarter, each colour in order."""

    kind: str
    now: tuple[Count, ...]
    forecast: tuple[Count, ...] = ()
    before: tuple[Count, ...] = ()
    better: int = 0
    worse: int = 0
    same: int = 0
    sentence: str = ""


@dataclass(frozen=True)
class Mention:
    """An item the front page names: what got better or worse, and from which colour to which."""

    kind: str
    code: str
    title: str
    status: Status
    words: str = ""


@dataclass(frozen=True)
class FrontPage:
    """The quarter on one page. ``changes`` are figures members have seen that are different now."""

    tallies: tuple[Tally, ...]
    better: tuple[Mention, ...] = ()
    worse: tuple[Mention, ...] = ()
    changes: tuple[Revised, ...] = ()
    asked_to_note: tuple[str, ...] = ()
    completeness: str = ""
    movement: str = ""


@dataclass(frozen=True)
class CoverSection:
    """A heading of the covering report and its text: blank lines part paragraphs, a line with "- " is a point."""

    key: str
    heading: str
    words: str


@dataclass(frozen=True)
class FrozenComment:
    """What a portfolio holder or a statutory officer said of the pack, by post."""

    post: str
    words: str
    on: date


@dataclass(frozen=True)
class OutcomePart:
    """An outcome with its KPIs and actions together, so that nobody compares two documents."""

    number: int
    name: str
    kpis: tuple[FrozenKpi, ...] = ()
    actions: tuple[FrozenAction, ...] = ()
    projects: tuple[FrozenProject, ...] = ()


@dataclass(frozen=True)
class PriorityPart:
    """A priority of the Corporate Plan; number 0 holds what serves no outcome."""

    number: int
    name: str
    outcomes: tuple[OutcomePart, ...]


@dataclass(frozen=True)
class KeyEntry:
    """What a colour or a term means; ``of`` is the heading it stands under. ``colour`` is None for a term."""

    of: str
    word: str
    meaning: str
    colour: Colour | None = None


@dataclass(frozen=True)
class FrozenCheck:
    """A check made before issue: met, or waived with the reason that is printed."""

    code: str
    words: str
    is_met: bool
    waived: str = ""
    waived_by: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrozenPack:
    """A pack as it was frozen. Exempt matter is no part of it: that is a ``FrozenAnnex``, kept and served apart.

    ``sections`` are in the order chosen; a renderer prints those it finds and no others. ``exempt_notice`` says by
    which paragraph an annex is kept back, and nothing of what it holds.
    """

    slug: str
    audience: str
    audience_label: str
    title: str
    period: str
    version: int
    frozen_on: date
    council: str
    team: str
    body: str
    front: FrontPage
    sections: tuple[Section, ...]
    meeting_on: date | None = None
    meeting_place: str = ""
    author: str = ""
    contact: str = ""
    language: str = "en-GB"
    orientation: str = "portrait"
    late_reason: str = ""
    notice: str = ""
    cover: tuple[CoverSection, ...] = ()
    comments: tuple[FrozenComment, ...] = ()
    priorities: tuple[PriorityPart, ...] = ()
    interventions: tuple[FrozenIntervention, ...] = ()
    measures: tuple[FrozenMeasure, ...] = ()
    questions: tuple[FrozenQuestion, ...] = ()
    revised: tuple[Revised, ...] = ()
    breaks: tuple[Passage, ...] = ()
    key: tuple[KeyEntry, ...] = ()
    checks: tuple[FrozenCheck, ...] = ()
    corrections: tuple[Change, ...] = ()
    correction_reason: str = ""
    changed_since: tuple[Change, ...] = ()
    changed_since_what: str = ""
    exempt_notice: str = ""

    @property
    def kpis(self) -> tuple[FrozenKpi, ...]:
        """Every KPI in the order the pack prints them."""
        return tuple(kpi for part in self.outcomes for kpi in part.kpis)

    @property
    def actions(self) -> tuple[FrozenAction, ...]:
        return tuple(action for part in self.outcomes for action in part.actions)

    @property
    def projects(self) -> tuple[FrozenProject, ...]:
        return tuple(project for part in self.outcomes for project in part.projects)

    @property
    def outcomes(self) -> tuple[OutcomePart, ...]:
        return tuple(part for priority in self.priorities for part in priority.outcomes)


@dataclass(frozen=True)
class FrozenSupplement:
    """Scrutiny's comments and their answers, for cabinet: issued after its pack, which never waits for it.

    ``number`` counts the supplements of a pack, over its versions: a later one holds what was answered since.
    ``body`` is scrutiny's name, ``met_on`` the day it met. ``changed_since`` stands where cabinet's pack could not
    say it, because scrutiny's went out later.
    """

    slug: str
    title: str
    body: str
    met_on: date
    issued_on: date
    comments: tuple[FrozenQuestion, ...]
    changed_since: tuple[Change, ...] = ()
    changed_since_what: str = ""
    number: int = 1
    council: str = ""
    pack_title: str = ""
    notice: str = ""
    language: str = "en-GB"


@dataclass(frozen=True)
class FrozenAnnex:
    """An exempt annex, for entitled members only: its paragraph of Schedule 12A and why it is kept back."""

    slug: str
    title: str
    paragraph: str
    public_interest: str
    words: str
    kpis: tuple[FrozenKpi, ...] = ()
    council: str = ""
    pack_title: str = ""
    body: str = ""
    frozen_on: date | None = None
    version: int = 1
    notice: str = ""
    language: str = "en-GB"


def written(frozen: FrozenPack | FrozenSupplement | FrozenAnnex) -> str:
    """The text that is stored: the same for the same pack each time."""
    return to_json(frozen)


def digest(text: str) -> str:
    """The SHA-256 of a stored text, in hexadecimal."""
    return sha256(text.encode("utf-8")).hexdigest()


def read_pack(text: str) -> FrozenPack:
    """The pack whose text this is. Raises NotThisShape."""
    return from_json(FrozenPack, text)


def read_supplement(text: str) -> FrozenSupplement:
    return from_json(FrozenSupplement, text)


def read_annex(text: str) -> FrozenAnnex:
    return from_json(FrozenAnnex, text)

"""The sections a pack may have, and which each audience's template starts with. Pure."""

from __future__ import annotations

from hdcperf.rag import LabelledEnum

__all__ = ["ALWAYS", "COVER_HEADINGS", "DEFAULT_SECTIONS", "Audience", "SectionKey"]


class Audience(LabelledEnum):
    """Who a pack is for (framework, *Quarterly Reporting*, C.2.3)."""

    BOARD = "board", "Performance board"
    LEADERSHIP = "leadership", "Corporate leadership team"
    SCRUTINY = "scrutiny", "Overview and Scrutiny"
    CABINET = "cabinet", "Cabinet"
    YEARLY = "yearly", "Yearly report"

    @property
    def is_public(self) -> bool:
        """Whether its packs are published to everyone in the end; the others stay within the council."""
        return self in (Audience.SCRUTINY, Audience.CABINET, Audience.YEARLY)


class SectionKey(LabelledEnum):
    """The parts of a pack that can be chosen and put in order."""

    FRONT = "front", "The quarter on one page"
    COVER = "cover", "Covering report"
    COMMENTS = "comments", "Comments of portfolio holders and statutory officers"
    ITEMS = "items", "Performance by priority"
    PROJECTS = "projects", "Projects"
    INTERVENTIONS = "interventions", "Interventions"
    QUESTIONS = "questions", "Answers to questions"
    MEASURES = "measures", "Outcome measures"
    REVISED = "revised", "Revised figures and breaks in series"
    KEY = "key", "What the colours and words mean"
    CHECKS = "checks", "Checks made before issue"


ALWAYS = frozenset({SectionKey.FRONT, SectionKey.REVISED, SectionKey.KEY, SectionKey.CHECKS})
"""No template leaves these out: what changed, what the colours mean, and what was waived."""

_WHOLE = tuple(key for key in SectionKey if key is not SectionKey.MEASURES)

DEFAULT_SECTIONS: dict[Audience, tuple[SectionKey, ...]] = {
    Audience.BOARD: tuple(
        key for key in _WHOLE if key not in (SectionKey.COVER, SectionKey.COMMENTS, SectionKey.QUESTIONS)
    ),
    Audience.LEADERSHIP: _WHOLE,
    Audience.SCRUTINY: _WHOLE,
    Audience.CABINET: _WHOLE,
    Audience.YEARLY: tuple(SectionKey),
}

COVER_HEADINGS: dict[str, str] = {
    "purpose": "Purpose of the report",
    "recommendations": "Recommendations",
    "summary": "Summary",
    "legal": "Legal implications",
    "financial": "Financial implications",
    "risk": "Risk implications",
    "equality": "Equality and environmental implications",
    "consultation": "Consultation",
    "background": "Background papers",
}
"""The covering report's usual headings, in their order."""

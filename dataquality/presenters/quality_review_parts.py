"""The parts of a data quality review: to write, with how each stands; to read, agreed beside done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from dataquality.models import Comparison, QualityReview, Template
from dataquality.presenters.quality_reviews import rating_tag
from dataquality.presenters.templates import answer_lines
from dataquality.queries.review_sections import left_of, row_of, written
from dataquality.rules.quality_reviews import AGREED, DIMENSIONS, SECTIONS, Kind, Section
from dataquality.rules.templates import question_called
from hdcperf.ui import Tag, TaskRow, lower_first

__all__ = [
    "Agreed",
    "ComparedRow",
    "ObservedRow",
    "ReviewPart",
    "agreed_for",
    "compared",
    "observed",
    "review_parts",
    "what_is_left",
]

VERDICTS = {"as_agreed": "teal", "partly": "blue", "otherwise": "purple", "nothing": "grey"}
SHORT = 90
"""Characters of what is written that stand in the list of parts."""


# To write


@dataclass(frozen=True)
class ReviewPart:
    """A heading with its tasks."""

    heading: str
    slug: str
    tasks: Sequence[TaskRow]


HEADINGS = (
    ("What was agreed, and what is done", "agreed", Kind.COMPARISON),
    ("The six dimensions of data quality", "dimensions", Kind.OBSERVATION),
    ("Conclusion", "conclusion", Kind.CONCLUSION),
)


def review_parts(review: QualityReview) -> list[ReviewPart]:
    """Every part to write, with how it stands."""
    return [
        ReviewPart(heading, slug, tuple(_task(review, one) for one in SECTIONS if one.kind is kind))
        for heading, slug, kind in HEADINGS
    ]


def _task(review: QualityReview, section: Section) -> TaskRow:
    held = written(review, section)
    words = " ".join(str(held.get("words", "")).split())
    short = words if len(words) <= SHORT else f"{words[:SHORT].rsplit(' ', 1)[0]} …"
    return TaskRow(
        title=section.words,
        href=reverse("quality-review-section", args=[review.pk, section.key]),
        status=_choice_tag(held) or Tag("Not written yet", "grey"),
        hint=short or section.looks_for,
    )


def _choice_tag(held: dict[str, Any]) -> Tag | None:
    if verdict := held.get("verdict"):
        return _verdict_tag(verdict)
    return rating_tag(str(held.get("rating", "")))


def _verdict_tag(verdict: str) -> Tag:
    return Tag(Comparison.Verdict(verdict).label, VERDICTS[verdict])


# To read


@dataclass(frozen=True)
class Agreed:
    """One question of the template, and what it answers line by line."""

    words: str
    lines: tuple[str, ...]


def agreed_for(section: Section, template: Template | None) -> list[Agreed]:
    """What the template says of a section; nothing where none was signed off."""
    if template is None:
        return []
    found = []
    for key in section.questions:
        question = question_called(key)
        if question is not None:
            words = "How often it is reported" if key == "proposed-kpi" else question.words
            found.append(Agreed(words, tuple(answer_lines(template, question))))
    if section.key == "checks" and template.declaration:
        found.append(Agreed(f"{template.signed_by_name} declared", (f"“{template.declaration}”",)))
    return found


@dataclass(frozen=True)
class ComparedRow:
    """What was agreed beside what is done."""

    words: str
    agreed: list[Agreed]
    verdict: Tag | None
    done: str


def compared(review: QualityReview) -> list[ComparedRow]:
    found = []
    for section in AGREED:
        held = written(review, section)
        found.append(
            ComparedRow(
                section.words, agreed_for(section, review.template), _choice_tag(held), str(held.get("words", ""))
            )
        )
    return found


@dataclass(frozen=True)
class ObservedRow:
    """One dimension with its rating, and what was seen."""

    words: str
    looks_for: str
    rating: Tag | None
    seen: str


def observed(review: QualityReview) -> list[ObservedRow]:
    found = []
    for section in DIMENSIONS:
        row = row_of(review, section)
        rating, words = (getattr(row, "rating", ""), row.words) if row is not None else ("", "")
        found.append(ObservedRow(section.words, section.looks_for, rating_tag(rating), words))
    return found


def what_is_left(review: QualityReview) -> str:
    """What stands in the way of sharing it, in a sentence; nothing once every part is written."""
    left = left_of(review)
    if not left:
        return ""
    return f"Still to write before it can be shared: {', '.join(lower_first(one.words) for one in left)}."

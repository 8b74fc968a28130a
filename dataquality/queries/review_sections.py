"""What is written of a data quality review, section by section, and what is left."""

from __future__ import annotations

from typing import Any

from dataquality.models import Comparison, Observation, QualityReview
from dataquality.rules.quality_reviews import Kind, Section, left_to_do

__all__ = ["left_of", "row_of", "section_changed_since", "written", "written_in"]


def written_in(review: QualityReview) -> set[str]:
    """The keys of the sections that are written; its comparisons and observations may be prefetched."""
    found = {row.about for row in review.comparisons.all()} | {row.dimension for row in review.observations.all()}
    return found | ({"conclusion"} if review.rating and review.found else set())


def left_of(review: QualityReview) -> list[Section]:
    """The sections still to be written, in their order."""
    return left_to_do(written_in(review))


def row_of(review: QualityReview, section: Section) -> Comparison | Observation | None:
    """The row that holds a comparison or an observation, if it is written; the conclusion stands on the review."""
    match section.kind:
        case Kind.COMPARISON:
            return next((row for row in review.comparisons.all() if row.about == section.key), None)
        case Kind.OBSERVATION:
            return next((row for row in review.observations.all() if row.dimension == section.key), None)
    return None


def written(review: QualityReview, section: Section) -> dict[str, Any]:
    """What the section holds; nothing before it is written."""
    if section.kind is Kind.CONCLUSION:
        return {"rating": review.rating, "words": review.found} if review.rating else {}
    row = row_of(review, section)
    if row is None:
        return {}
    if isinstance(row, Comparison):
        return {"verdict": row.verdict, "words": row.words}
    return {"rating": row.rating, "words": row.words}


def section_changed_since(review: QualityReview, section: Section, version: int) -> Any:
    """The history row of the last time the section was written after ``version``; None if it was not."""
    rows = review.history.filter(history_change_reason=section.reason, version__gt=version)
    return rows.order_by("-version").first()

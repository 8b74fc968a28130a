"""Fetching a data quality review in scope: what a person may not know of does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from dataquality.models import QualityReview
from dataquality.queries.quality_reviews import find_review as seen_review
from dataquality.queries.quality_reviews import reads_findings
from dataquality.queries.templates import seen_kpi_years
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.ui import Link, day

__all__ = ["HeldReview", "find_review", "who_changed"]


@dataclass(frozen=True)
class HeldReview:
    """A review, who asks for it, and whether they may read what was found, and the KPI's template."""

    review: QualityReview
    user: User
    who: Standing
    reads: bool
    reads_template: bool

    @property
    def address(self) -> str:
        return reverse("quality-review", args=[self.review.pk])

    def crumbs(self, *after: str) -> list[Link]:
        """The way here; ``after`` are the pages below the review's own."""
        found = [Link("Quality reviews", reverse("quality-reviews"))]
        code = self.review.kpi_year.code
        return [*found, Link(code, self.address if after else ""), *(Link(one, "") for one in after)]


def find_review(request: HttpRequest, pk: int) -> HeldReview:
    """The review in scope. Raises Http404 for somebody who may not know of it."""
    user = signed_in(request)
    who = standing(user)
    review = seen_review(who, pk)
    if review is None:
        raise Http404("There is no such data quality review that you can see.")
    reads_template = seen_kpi_years(who).filter(pk=review.kpi_year_id).exists()
    return HeldReview(review, user, who, reads_findings(review, who), reads_template)


def who_changed(fresh: Any, row: Any = None) -> str:
    """Who changed it last, in a sentence; ``row`` is of its history, where that is not the last."""
    last = row or fresh.history.first()
    who = last.history_by_name or "Somebody"
    return f"{who} changed this on {day(last.history_date)} after you opened the page."

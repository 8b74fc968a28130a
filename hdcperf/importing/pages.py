"""A preview as a page shows it: how many rows of each kind, why rows are refused, and one page of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest

from hdcperf.importing.plan import Outcome, Status
from hdcperf.ui import Count, Page, Tag, count_of, paginate, with_query

__all__ = ["Preview", "preview_of"]

TAGS = {
    Status.NEW: Tag("New", "blue"),
    Status.CHANGED: Tag("Changed", "purple"),
    Status.UNCHANGED: Tag("Unchanged", "grey"),
    Status.REFUSED: Tag("Refused", "red"),
}
REASONS_SHOWN = 10


@dataclass(frozen=True)
class PreviewRow:
    """A row of the preview with its tag."""

    outcome: Outcome
    tag: Tag


@dataclass(frozen=True)
class Reason:
    """Why rows are refused, how many of them, and the first."""

    column: str
    sentence: str
    rows: str


@dataclass(frozen=True)
class Preview:
    """What an import would do, ready for ``components/import_preview.html``."""

    counts: tuple[Count, ...]
    page: Page
    refused_rows: str
    reasons: tuple[Reason, ...]
    nothing: bool


def preview_of(request: HttpRequest, outcomes: Sequence[Outcome]) -> Preview:
    """The rows the address asks for (``?status=``), fifty at a time."""
    shown = next((one for one in Status if one.value == request.GET.get("status")), None)
    found = [one for one in outcomes if shown is None or one.status is shown]
    page = paginate(request, found, 50)
    counted = Counter(one.status for one in outcomes)
    refused = counted[Status.REFUSED]
    return Preview(
        counts=(
            Count(len(outcomes), "All rows", with_query(request, status=None), current=shown is None),
            *(
                Count(counted[one], TAGS[one], with_query(request, status=one.value), current=shown is one)
                for one in Status
            ),
        ),
        page=replace(page, rows=[PreviewRow(one, TAGS[one.status]) for one in page.rows]),
        refused_rows=count_of(refused, "row") if refused else "",
        reasons=_reasons(outcomes),
        nothing=not refused and counted[Status.UNCHANGED] == len(outcomes),
    )


def _reasons(outcomes: Sequence[Outcome]) -> tuple[Reason, ...]:
    """The commonest reasons first, each once."""
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    first = {(one.column, one.sentence): one.row for one in reversed(problems)}
    counted = Counter((one.column, one.sentence) for one in problems)
    return tuple(
        Reason(
            column, sentence, f"row {first[column, sentence]:,}" + (f" and {count - 1:,} more" if count > 1 else "")
        )
        for (column, sentence), count in counted.most_common(REASONS_SHOWN)
    )

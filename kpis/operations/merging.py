"""Two people changed one return: the parts that are chosen whole, and what was entered at a version."""

from __future__ import annotations

from hdcperf.review.merging import Parts
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry

__all__ = ["PARTS", "as_it_was"]

PARTS: Parts = {
    "figure": (
        "The figure",
        ("value", "numerator", "denominator", "no_data", "no_data_reason", "no_data_until"),
    ),
    "what_happened": ("What happened", ("what_happened",)),
    "why": ("Why", ("why",)),
    "being_done": ("What is being done", ("being_done", "done_by", "done_owner")),
    "internal_note": ("Internal note", ("internal_note",)),
    "forecast": ("The forecast", ("forecast", "forecast_method", "forecast_confidence", "forecast_note")),
}
"""A figure from one person and *no data* from another would contradict each other, so a part is chosen whole."""


def as_it_was(record: MonthlyReturn, version: int) -> Entry | None:
    """What was entered at that version, from the history; None when there never was such a version."""
    row = record.history.filter(version=version).order_by("-history_date", "-history_id").first()
    return Entry.of(row) if row is not None else None

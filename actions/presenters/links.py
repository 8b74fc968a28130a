"""Where an action's other pages are."""

from __future__ import annotations

from django.urls import reverse

from hdcperf.periods import Quarter

__all__ = ["review_address", "update_address"]


def update_address(quarter: Quarter, code: str) -> str:
    return reverse("action-update", args=[quarter, code])


def review_address(quarter: Quarter, code: str) -> str:
    return reverse("action-review", args=[quarter, code])

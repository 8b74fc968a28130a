"""Where an action's other pages are."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from hdcperf.periods import Quarter

__all__ = ["review_address", "update_address"]


def update_address(quarter: Quarter, code: str) -> str:
    return _address("action-update", quarter, code)


def review_address(quarter: Quarter, code: str) -> str:
    return _address("action-review", quarter, code)


def _address(name: str, quarter: Quarter, code: str) -> str:
    try:
        return reverse(name, args=[quarter, code])
    except NoReverseMatch:
        return ""

"""The meetings to come, and those that were."""

from __future__ import annotations

from datetime import date, timedelta

from reports.models import Meeting

__all__ = ["EARLIER", "asked_for", "meetings_past", "meetings_to_come"]

EARLIER = 400
"""Days back for which past meetings are listed."""
ASKED_BACK = 120
"""Days for which something can still be asked about a meeting that was held."""


def meetings_to_come(today: date) -> list[Meeting]:
    """From today on, cancelled ones too, soonest first."""
    return list(Meeting.objects.filter(held_on__gte=today))


def meetings_past(today: date) -> list[Meeting]:
    """Those of about the last year, newest first."""
    rows = Meeting.objects.filter(held_on__lt=today, held_on__gte=today - timedelta(days=EARLIER))
    return list(rows.order_by("-held_on", "-starts_at", "-pk"))


def asked_for(today: date, bodies: frozenset[str] | None = None) -> list[Meeting]:
    """The meetings something can be asked for: those to come, soonest first, then those just held, newest first.

    ``bodies`` narrows them to whose members the person is; None is all of them.
    """
    rows = Meeting.objects.going_ahead().filter(held_on__gte=today - timedelta(days=ASKED_BACK))
    if bodies is not None:
        rows = rows.filter(body__in=bodies)
    found = list(rows)
    to_come = [one for one in found if one.held_on >= today]
    return [*to_come, *reversed([one for one in found if one.held_on < today])]

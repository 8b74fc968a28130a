"""Figures as a pack issues them: pushed down by whoever issues packs, once, and never changed (framework C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kpis.models import IssuedFigure

__all__ = ["issue_figures"]


def issue_figures(rows: Iterable[Mapping[str, Any]], *, audience: IssuedFigure.Audience, pack: str, on: date) -> int:
    """Keep each of ``rows`` (columns of ``IssuedFigure``) for ``audience``; how many were new to it. Two queries.

    A figure the audience has already, to the last column, is not issued again.
    """
    wanted = {row["monthly_return_id"]: dict(row) for row in rows}
    held = IssuedFigure.objects.filter(monthly_return__in=wanted, audience=audience).order_by("issued_on", "pk")
    newest = {one.monthly_return_id: one for one in held}
    new = [
        IssuedFigure(audience=audience, pack=pack, issued_on=on, **columns)
        for record, columns in wanted.items()
        if record not in newest or any(getattr(newest[record], name) != value for name, value in columns.items())
    ]
    IssuedFigure.objects.bulk_create(new)
    return len(new)

"""Updates and projects' reports as a pack issues them: kept once, and never changed (*Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from actions.models import IssuedReport, IssuedUpdate

__all__ = ["issue_reports", "issue_updates"]


def issue_updates(rows: Iterable[Mapping[str, Any]], *, audience: IssuedUpdate.Audience, pack: str, on: date) -> int:
    """Keep each of ``rows`` (columns of ``IssuedUpdate``) for ``audience``; how many were new to it. Two queries."""
    return _issue(IssuedUpdate, "update_id", rows, audience=audience, pack=pack, on=on)


def issue_reports(rows: Iterable[Mapping[str, Any]], *, audience: IssuedUpdate.Audience, pack: str, on: date) -> int:
    """The same of projects' reports."""
    return _issue(IssuedReport, "report_id", rows, audience=audience, pack=pack, on=on)


def _issue(
    table: type[IssuedUpdate] | type[IssuedReport],
    key: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    audience: str,
    pack: str,
    on: date,
) -> int:
    wanted = {row[key]: dict(row) for row in rows}
    held = table._default_manager.filter(**{f"{key}__in": list(wanted)}, audience=audience)
    newest = {getattr(one, key): one for one in held.order_by("issued_on", "pk")}
    new = [
        table(audience=audience, pack=pack, issued_on=on, **columns)
        for record, columns in wanted.items()
        if record not in newest or any(getattr(newest[record], name) != value for name, value in columns.items())
    ]
    table._default_manager.bulk_create(new)  # type: ignore[arg-type]
    return len(new)

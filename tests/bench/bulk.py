"""Writing many rows past the history guard: for measuring only. The product itself never writes like this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from django.db import connection, models

__all__ = ["analyse", "insert", "write_history"]

M = TypeVar("M", bound=models.Model)
BATCH = 2000


def insert(rows: Sequence[M]) -> list[M]:
    """Write rows of one model as they are, leaving no history; each gets its id."""
    if not rows:
        return []
    return models.QuerySet(type(rows[0])).bulk_create(rows, batch_size=BATCH)


def write_history(model: type[models.Model], by: models.Model, when: str | datetime) -> None:
    """Give each row of ``model`` that has none one history row, copied inside the database.

    ``when`` is the column it is dated by, or a moment for all of them.
    """
    kept = model.history.model  # type: ignore[attr-defined]
    quote = connection.ops.quote_name
    theirs = {field.column for field in kept._meta.concrete_fields}
    own = [quote(field.column) for field in model._meta.concrete_fields if field.column in theirs]
    key, table, history = quote(model._meta.pk.column), quote(model._meta.db_table), quote(kept._meta.db_table)
    added = ("history_date", "history_type", "history_change_reason", "history_user_id", "history_by_name")
    dated, moment = (quote(when), []) if isinstance(when, str) else ("%s", [when])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {history} ({', '.join([*own, *map(quote, added)])}) "
            f"SELECT {', '.join(own)}, {dated}, '+', '', %s, %s FROM {table} "
            f"WHERE {key} NOT IN (SELECT {key} FROM {history})",
            [*moment, by.pk, str(by)],
        )


def analyse() -> None:
    """Tell PostgreSQL's planner what is there now, as its own background job would within a minute."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

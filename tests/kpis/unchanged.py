"""Bad input writes nothing: not a row more anywhere, and the records as they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import models

__all__ = ["LONG", "NUL", "unchanged"]

LONG = "w" * 100_000
NUL = "before\x00after"


@contextmanager
def unchanged(*records: models.Model) -> Iterator[None]:
    """Whatever happens inside leaves ``records`` as they are, and as many rows of everything as there were."""
    before = _snapshot(records)
    yield
    assert _snapshot(records) == before


def _snapshot(records: tuple[models.Model, ...]) -> dict[str, Any]:
    rows = {model.__name__: model._base_manager.count() for model in _ours()}
    kept = {f"{type(one).__name__} {one.pk}": _values(one) for one in records}
    return {**rows, **kept}


def _ours() -> list[type[models.Model]]:
    return [model for label in ("kpis", "organisation") for model in apps.get_app_config(label).get_models()]


def _values(record: models.Model) -> dict[str, Any]:
    row = type(record)._base_manager.filter(pk=record.pk).values().first()
    assert row is not None
    return row

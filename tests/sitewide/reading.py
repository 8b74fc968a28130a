"""Reading every page as everybody, for the tables of who sees what, and altering what somebody may not see."""

from __future__ import annotations

import difflib
import html
import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.db.models import F

from tests.sitewide.access.scene import Scene, living_scene

__all__ = ["Reader", "alter", "difference", "ids_of", "reader", "rows_of", "with_history"]

_SIGNED = re.compile(r'name="(?:csrfmiddlewaretoken|typed_by)" value="[^"]*"')


class Reader:
    """Opens pages as anybody; what was read once is remembered, for the tables that ask about it again."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._read: dict[tuple[str, str], str] = {}

    def read(self, person: str, address: str) -> str:
        if (person, address) not in self._read:
            self._read[person, address] = self.open(person, address)
        return self._read[person, address]

    def open(self, person: str, address: str) -> str:
        """Everything that is sent: a page, a refusal, a spreadsheet, each file of a bundle."""
        answer = self.scene.client(person).get(self.scene.address(address))
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        if content[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(content)) as bundle:
                content = b"\n".join(bundle.read(name) for name in sorted(bundle.namelist()))
        return html.unescape(_SIGNED.sub("", content.decode()))


@pytest.fixture(scope="module")
def reader(django_db_setup: None, django_db_blocker: Any) -> Iterator[Reader]:
    logging.disable(logging.WARNING)
    with django_db_blocker.unblock(), living_scene() as scene:
        yield Reader(scene)
    logging.disable(logging.NOTSET)


def rows_of(model: type[models.Model], **which: Any) -> models.QuerySet[Any]:
    """Rows to write past the guards that keep history and what was issued as they were."""
    return models.QuerySet(model).filter(**which)


def with_history(model: Any, *ids: int) -> list[models.QuerySet[Any]]:
    return [rows_of(model, pk__in=ids), rows_of(model.history.model, id__in=ids)]


def ids_of(rows: models.QuerySet[Any]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def alter(rows: models.QuerySet[Any], rag: str = "green") -> None:
    """Other figures, other words and, where it was judged, another RAG."""
    for one in rows.model._meta.concrete_fields:
        if isinstance(one, models.DecimalField):
            rows.update(**{one.name: F(one.name) * 2 + 7})
        elif one.name.endswith("rag"):
            rows.exclude(**{one.name: ""}).update(**{one.name: rag})
        elif isinstance(one, models.TextField) and not one.name.startswith("history"):
            rows.exclude(**{one.name: ""}).update(**{one.name: "Altered."})


def difference(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line[:300] for line in lines if line[:1] in "+-"][:8]

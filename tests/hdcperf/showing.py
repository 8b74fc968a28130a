"""A form as its page shows it, and what a field says of what was typed."""

from __future__ import annotations

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django import forms
from django.template import engines

from hdcperf.forms import (
    GdsForm,
    Look,
)


class Elements(HTMLParser):
    """Every element of a piece of HTML with its attributes and the words directly in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def by_id(self, wanted: str) -> tuple[str, dict[str, str]]:
        (only,) = [each for each in self.found if each[1].get("id") == wanted]
        return only

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if "id" in attrs]

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag]


def shown(form: Any) -> str:
    return engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}").render({"form": form})


def summary(form: Any) -> str:
    template = "{% load crispy_forms_tags %}{{ form|as_crispy_errors }}"
    return engines["django"].from_string(template).render({"form": form})


def one(field: forms.Field, data: Mapping[str, object] | None = None, look: Look | None = None) -> GdsForm:
    """A form of one field, ``it``."""
    made = type("OneForm", (GdsForm,), {"it": field, "looks": {"it": look} if look else {}})
    return made(data)


def said(field: forms.Field, **data: object) -> list[str]:
    return list(one(field, data).errors.get("it", []))

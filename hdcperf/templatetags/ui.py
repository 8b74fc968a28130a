"""Template filters and tags of the page's look: ``{% load ui %}``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from django import template
from django.forms import BaseForm
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.http.request import RawPostDataException
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify

from hdcperf import ui

register = template.Library()

AnyForm: TypeAlias = "BaseForm | BaseFormSet[Any]"


@register.filter
def day(value: date | None) -> str:
    return ui.day(value)


@register.filter
def short_day(value: date | None) -> str:
    return ui.short_day(value)


@register.filter
def month(value: date | None) -> str:
    return ui.month(value)


@register.filter
def moment(value: datetime | None) -> str:
    return ui.moment(value)


@register.filter
def figure(value: Decimal | int | None, decimals: int | None = None) -> str:
    return ui.figure(value, decimals)


@register.filter
def rag_tag(value: object) -> ui.Tag:
    return ui.rag_tag(value)


@register.filter
def state_tag(value: object) -> ui.Tag:
    return ui.state_tag(value)


@register.filter
def mark_tag(value: object) -> ui.Tag:
    return ui.mark_tag(value)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """This page's query string with some keys changed (``ui.with_query``)."""
    return ui.with_query(context["request"], **changes)


@register.simple_block_tag
def data_table(
    content: str, caption: str, id: str = "", hide_caption: bool = False, classes: str = "", stack: bool = False
) -> SafeString:
    """A table that scrolls sideways in a named, focusable region where the screen is too narrow for it.

    With ``stack`` each row becomes a card there instead, which suits rows that are read one by one.
    """
    table_id = id or f"table-{slugify(caption)}"
    values = {
        "content": ui.stacked(content) if stack else content,
        "stack": stack,
        "caption": caption,
        "id": table_id,
        "hide_caption": hide_caption,
        "classes": classes,
    }
    return render_to_string("components/data_table.html", values)


def _bound_forms(context: Context) -> Iterator[AnyForm]:
    """Every submitted form of a page, once, in the order the view gave them."""
    seen: set[int] = set()
    for value in context.flatten().values():
        for form in value if isinstance(value, list | tuple) else (value,):
            if isinstance(form, BaseForm | BaseFormSet) and form.is_bound and id(form) not in seen:
                seen.add(id(form))
                yield form


def _has_errors(form: AnyForm) -> bool:
    if isinstance(form, BaseFormSet):
        return bool(form.total_error_count())
    return bool(form.errors)


@register.simple_tag(takes_context=True)
def forms_with_errors(context: Context) -> list[AnyForm]:
    """The forms of this page that were refused: named by the error summary and the page's title."""
    return [form for form in _bound_forms(context) if _has_errors(form)]


_NOT_SHOWN = ("csrfmiddlewaretoken", "next", "carried")


@register.filter
def typed_text(request: HttpRequest) -> list[tuple[str, str]]:
    """(field, words) of a refused post, so that nothing typed is lost; never a password or a token."""
    try:
        posted = list(request.POST.lists())
    except (OSError, RawPostDataException):  # pragma: no cover - the sender hung up
        return []
    return [
        (name.replace("_", " ").replace("-", " "), value)
        for name, values in posted
        for value in values
        if value.strip() and name not in _NOT_SHOWN and "password" not in name
    ]

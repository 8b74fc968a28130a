"""Lists that filter, sort and page, with everything chosen kept in the address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from hdcperf.ui.pieces import Column

__all__ = ["Page", "PageItem", "chosen_sort", "columns", "paginate", "with_query"]


@dataclass(frozen=True)
class PageItem:
    """A numbered link; one without a number is a gap."""

    number: int | None
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Page:
    """One page of rows, which of how many, and the addresses of the others (empty where there is none)."""

    rows: Sequence[Any]
    number: int
    of: int
    first: int
    last: int
    total: int
    previous: str
    next: str
    items: Sequence[PageItem]


def with_query(request: HttpRequest, **changes: object) -> str:
    """This page's query string with some keys changed: None removes one, a list sets several values.

    ``page`` is dropped unless given, because another order or filter starts again at the first page. The answer
    begins with ``?``, so it never depends on the path.
    """
    query = request.GET.copy()
    query.pop("page", None)
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        elif isinstance(value, list | tuple):
            query.setlist(key, [str(each) for each in value])
        else:
            query[key] = str(value)
    return "?" + query.urlencode()


def paginate(
    request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], per_page: int = 50, name: str = "page"
) -> Page:
    """The page asked for in the address; a page that does not exist is answered with the nearest one that does."""
    pages: Paginator[Any] = Paginator(rows, per_page)
    page = pages.get_page(request.GET.get(name))
    number = page.number

    def address(other: int) -> str:
        return with_query(request, **{name: other})

    items = [
        PageItem(each, address(each), each == number) if isinstance(each, int) else PageItem(None)
        for each in pages.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]
    return Page(
        rows=list(page.object_list),
        number=number,
        of=pages.num_pages,
        first=page.start_index(),
        last=page.end_index(),
        total=pages.count,
        previous=address(number - 1) if page.has_previous() else "",
        next=address(number + 1) if page.has_next() else "",
        items=items,
    )


def chosen_sort(request: HttpRequest, allowed: Iterable[str], default: str) -> str:
    """The order asked for in ``?sort=``, ``name`` or ``-name``, or the default when it is not one of ``allowed``."""
    asked = request.GET.get("sort", "")
    return asked if asked.removeprefix("-") in set(allowed) else default


def columns(request: HttpRequest, headings: Iterable[tuple[str, ...]], sort: str) -> tuple[Column, ...]:
    """Table headings from (text, sort key, "numeric"), the last two optional; no key, no sorting.

    ``sort`` is the order in force: choosing the same heading again turns it round.
    """

    def column(text: str, key: str = "", kind: str = "") -> Column:
        numeric = kind == "numeric"
        if not key:
            return Column(text, numeric)
        order: Literal["none", "ascending", "descending"] = "none"
        if sort.removeprefix("-") == key:
            order = "descending" if sort.startswith("-") else "ascending"
        turned = f"-{key}" if order == "ascending" else key
        return Column(text, numeric, with_query(request, sort=turned), order)

    return tuple(column(*heading) for heading in headings)

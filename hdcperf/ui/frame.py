"""What every page shows round its content: the product's and the council's name, the demo banner, the footer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from hdcperf import clock
from hdcperf.ui.pieces import Link
from hdcperf.ui.words import day

__all__ = ["Section", "frame", "mark_current", "navigation"]

_FOOTER = (("Accessibility statement", "accessibility"), ("Privacy notice", "privacy"))


def frame(request: HttpRequest) -> dict[str, object]:
    """The context processor of the page frame; who may see which navigation is decided elsewhere."""
    return {
        "product_name": settings.PRODUCT_NAME,
        "council_name": settings.COUNCIL_NAME,
        "demo_banner": _demo_banner(),
        "footer_links": _footer_links(),
    }


def _demo_banner() -> str:
    if not settings.DEMO_MODE:
        return ""
    return f"Example council: the people and figures are invented. Today is taken to be {day(clock.today())}."


def _footer_links() -> tuple[Link, ...]:
    """Only the pages this installation serves: a footer that fails would take every page with it."""
    links = []
    for text, slug in _FOOTER:
        try:
            links.append(Link(text, reverse("page", args=[slug])))
        except NoReverseMatch:
            continue
    return tuple(links)


def mark_current(links: Iterable[Link], path: str) -> tuple[Link, ...]:
    """The links with the part that holds ``path`` marked: the one with the longest address that begins it."""
    found = tuple(links)
    longest = max((_within(link) for link in found if _holds(link, path)), key=len, default="")
    return tuple(replace(link, current=bool(longest) and _within(link) == longest) for link in found)


def _within(link: Link) -> str:
    return link.within or link.href


def _holds(link: Link, path: str) -> bool:
    return path == link.href or (link.href != "/" and path.startswith(_within(link)))


@dataclass(frozen=True)
class Section:
    """A part of the product in the navigation bar: its name leads to its first page; inside it, all are offered."""

    name: str
    links: tuple[Link, ...]


def navigation(sections: Iterable[Section], path: str) -> dict[str, object]:
    """What the header prints at ``path``: the sections that hold a page, and the pages of the one it is in."""
    held = [section for section in sections if section.links]
    marked = iter(mark_current([link for section in held for link in section.links], path))
    found = [replace(section, links=tuple(next(marked) for _ in section.links)) for section in held]
    here = next((section for section in found if any(link.current for link in section.links)), None)
    return {
        "navigation": tuple(Link(section.name, section.links[0].href, current=section is here) for section in found),
        "section": here if here is not None and len(here.links) > 1 else None,
    }

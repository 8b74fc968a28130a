"""Frozen values a view hands to a template. Those that stand in a line of text print themselves, escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from hdcperf.ui.words import day

__all__ = [
    "TAG_COLOURS",
    "Column",
    "Count",
    "Dated",
    "Link",
    "Lock",
    "Movement",
    "Pair",
    "Progress",
    "Step",
    "SummaryRow",
    "Tag",
    "TaskRow",
]

TAG_COLOURS = frozenset(
    {
        *("grey", "blue", "green", "teal", "purple", "magenta", "red", "orange", "yellow"),
        *("outline", "solid"),
        *("rag-green", "rag-amber", "rag-red", "rag-no-data", "rag-not-judged", "rag-not-due", "rag-completed"),
    }
)


class PrintsItself:
    """``{{ piece }}`` prints finished HTML, as Django's own forms do."""

    def render(self) -> SafeString:
        raise NotImplementedError

    def __html__(self) -> SafeString:
        return self.render()

    def __str__(self) -> str:
        return self.render()


@dataclass(frozen=True)
class Tag(PrintsItself):
    """A word in a coloured box. ``mark`` names the shape beside the word, so that colour never stands alone."""

    text: str
    colour: str = "grey"
    mark: str = ""

    def __post_init__(self) -> None:
        if self.colour not in TAG_COLOURS:
            raise ValueError(f"Unknown tag colour {self.colour!r}; known: {', '.join(sorted(TAG_COLOURS))}")

    def render(self) -> SafeString:
        shape = format_html('<span class="app-shape app-shape--{}"></span>', self.mark) if self.mark else ""
        return format_html('<strong class="app-tag app-tag--{}">{}{}</strong>', self.colour, shape, self.text)


@dataclass(frozen=True)
class Pair(PrintsItself):
    """How it stands now and how the year is expected to end, side by side, so neither is read as the other."""

    now: Tag
    forecast: Tag
    forecast_words: str = "Year-end forecast"

    def render(self) -> SafeString:
        parts = (("Now", self.now), (self.forecast_words, self.forecast))
        items = format_html_join("", '<div class="app-pair__part"><dt>{}</dt><dd>{}</dd></div>', parts)
        return format_html('<dl class="app-pair">{}</dl>', items)


@dataclass(frozen=True)
class Movement(PrintsItself):
    """Which way a figure moved, in words: ``word`` is better, worse, same or none (``rag.Movement``).

    ``arrow`` is the way the number went, which may be the other way.
    """

    word: str
    detail: str = ""
    arrow: Literal["up", "down", ""] = ""

    _WORDS = {"better": "Better", "worse": "Worse", "same": "No change", "none": "Not compared"}

    def render(self) -> SafeString:
        shape = self.arrow or ("level" if self.word == "same" else "")
        arrow = format_html('<span class="app-shape app-shape--{}"></span>', shape) if shape else ""
        detail = format_html(' <span class="app-movement__detail">{}</span>', self.detail) if self.detail else ""
        return format_html(
            '<span class="app-movement app-movement--{}">{}{}{}</span>',
            self.word,
            arrow,
            self._WORDS[self.word],
            detail,
        )


@dataclass(frozen=True)
class Link(PrintsItself):
    """A link. ``hint`` is read out after the text but not shown; an empty ``href`` prints the text alone.

    ``within`` is where the addresses of its part begin, for a link of the navigation that leads to one of them.
    """

    text: str
    href: str
    hint: str = ""
    current: bool = False
    count: int | None = None
    within: str = ""

    def render(self) -> SafeString:
        hint = format_html('<span class="govuk-visually-hidden"> {}</span>', self.hint) if self.hint else ""
        if not self.href:
            return format_html("{}{}", self.text, hint)
        return format_html('<a class="govuk-link" href="{}">{}{}</a>', self.href, self.text, hint)


@dataclass(frozen=True)
class Dated(PrintsItself):
    """A date with those it had before, struck through beside it, oldest first. No date prints ``none``."""

    on: date | None
    before: Sequence[date] = ()
    none: str = "No date"

    def render(self) -> SafeString:
        old = format_html_join(
            "",
            '<s class="app-was"><span class="govuk-visually-hidden">was </span>{}</s> ',
            ((day(one),) for one in self.before),
        )
        return format_html('<span class="app-dated">{}{}</span>', old, day(self.on) or self.none)


@dataclass(frozen=True)
class SummaryRow:
    """One line of a summary list. ``value`` may be words or a piece that prints itself."""

    key: str
    value: object
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class TaskRow:
    """One thing to do: where, by when (in words), and how it stands."""

    title: str
    href: str
    status: Tag | None = None
    hint: str = ""
    due: str = ""
    marks: Sequence[Tag] = ()


@dataclass(frozen=True)
class Step:
    """Something the person can do next: a link, or a button that posts ``fields`` and ``name=value``."""

    text: str
    href: str = ""
    hint: str = ""
    method: Literal["get", "post"] = "get"
    name: str = ""
    value: str = ""
    kind: Literal["primary", "secondary", "warning", "link"] = "link"
    fields: Sequence[tuple[str, str]] = ()

    @property
    def button_class(self) -> str:
        extra = "" if self.kind in {"primary", "link"} else f" govuk-button--{self.kind}"
        return f"govuk-button{extra}"

    @property
    def is_post(self) -> bool:
        return self.method == "post"

    @property
    def is_button(self) -> bool:
        return self.kind != "link"


@dataclass(frozen=True)
class Lock:
    """Why a page is read-only, who can lift that, until when an exception runs, and where to ask."""

    reason: str
    who: str = ""
    until: str = ""
    contact: Link | None = None


@dataclass(frozen=True)
class Progress:
    """How many of how many, for example 27 of 30 returns in."""

    done: int
    total: int
    noun: str = ""

    @property
    def words(self) -> str:
        return f"{self.done:,} of {self.total:,} {self.noun}".strip()

    @property
    def maximum(self) -> int:
        """An HTML progress bar may not have a maximum of nought."""
        return max(self.total, 1)


@dataclass(frozen=True)
class Count:
    """A tile: a number and what it counts, with a link to the rows behind it."""

    number: int
    label: str | Tag
    href: str = ""
    current: bool = False


@dataclass(frozen=True)
class Column:
    """A table heading, with the link that sorts by it."""

    text: str
    numeric: bool = False
    href: str = ""
    sort: Literal["none", "ascending", "descending"] = "none"
    hidden: bool = False

    @property
    def aria_sort(self) -> SafeString:
        return format_html(' aria-sort="{}"', self.sort) if self.sort != "none" else mark_safe("")

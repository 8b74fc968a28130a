"""Filters of a pack's templates: ``{% load packs %}``."""

from __future__ import annotations

from dataclasses import replace

from django import template
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hdcperf import ui
from hdcperf.templatetags.ui import data_table
from hdcperf.ui.words import by_whom
from reports.packs.pieces import Colour, Promise
from reports.printing.words import Block
from reports.printing.words import blocks as blocks_of

register = template.Library()


@register.filter
def blocks(words: str) -> tuple[Block, ...]:
    """Typed words as paragraphs, points and tables."""
    return blocks_of(words)


@register.filter
def colour(value: Colour | None) -> ui.Tag | str:
    """A frozen RAG as its tag: its shape and colour, and its word as it was frozen."""
    return replace(ui.rag_tag(value.key), text=value.word) if value else ""


@register.simple_block_tag(takes_context=True)
def pack_table(
    context: Context,
    content: str,
    caption: str,
    id: str = "",
    classes: str = "",
    hide_caption: bool = False,
    stack: bool = False,
) -> SafeString:
    """A table: in its scrolling region on a page; on paper bare, since every box there takes time to lay out."""
    if not context["view"].printed:
        return data_table(content, caption, id, hide_caption, f"app-table--compact {classes}", stack)
    words = "" if hide_caption else format_html("<caption>{}</caption>", caption)
    return format_html('<table class="{}">{}{}</table>', classes, words, content)


@register.filter
def by(value: Promise) -> str:
    """``By 30 November 2026, Depot manager``."""
    return by_whom(value.by, value.owner)

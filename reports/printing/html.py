"""The whole document a PDF is made of, with its style sheet in it: nothing outside is named but our own fonts."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from hdcperf.charts.palette import RAG
from reports.packs.frozen import FrozenPack
from reports.printing.fonts import EMOJI, FACES, FAMILIES, Face, font_file, needs_emoji, printable
from reports.printing.present import present_pack

__all__ = ["print_html"]

SHAPES = {
    "circle": "●",
    "triangle": "▲",
    "diamond": "◆",
    "ring": "○",
    "bar": "▬",
    "dots": "…",
    "tick": "✓",
    "up": "▲",
    "lock": "■",
    "exclamation": "!",
}
"""The shapes of hdcperf.ui.tags as characters of our font: quicker to lay out than drawings, and copied as text."""

_STYLE = "/* style */"
"""Where the sheet goes: it comes last, since the words say which fonts it needs."""


def print_html(pack: FrozenPack, draft: str = "") -> str:
    """The document, every character of which our fonts have. ``draft`` is the word across each page of a draft."""
    view = present_pack(pack, printed=True, draft=draft)
    body: str = render_to_string("reports/pack/print.html", {"view": view})
    for name, shape in SHAPES.items():
        body = body.replace(f'<span class="app-shape app-shape--{name}"></span>', f"{shape}\N{NO-BREAK SPACE}")
    faces = [*FACES, *([EMOJI] if needs_emoji(body) else [])]
    return printable(body).replace(_STYLE, _style(pack, draft, faces), 1)


def _style(pack: FrozenPack, draft: str, faces: list[Face]) -> str:
    context = {
        "faces": [face for face in faces if font_file(face.file)],
        "families": mark_safe(FAMILIES),
        "landscape": pack.orientation == "landscape",
        "draft": _quoted(draft),
        "council": _quoted(pack.council),
        "title": _quoted(pack.title),
        "body": _quoted(pack.body),
        "version": pack.version,
        "rag": RAG.items(),
    }
    return render_to_string("reports/pack/print.css", context)


def _quoted(words: str) -> SafeString:
    """Words inside a string of CSS within HTML: nothing in them can end the string or the sheet."""
    safe = {ord(one): f"\\{ord(one):x} " for one in "\"'\\<>&\n\r\f{}"}
    return mark_safe(words.translate(safe))

"""The whole document a PDF is made of, with its style sheet in it: nothing outside is named but our own fonts."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from hdcperf.charts.palette import RAG
from reports.packs.frozen import FrozenAnnex, FrozenPack, FrozenSupplement
from reports.printing.fonts import EMOJI, FACES, FAMILIES, Face, font_file, needs_emoji, printable
from reports.printing.present import Paper, paper_of_annex, paper_of_pack, paper_of_supplement, present_pack

__all__ = ["annex_html", "print_html", "supplement_html"]

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
    return _document("print", paper_of_pack(pack, draft), {"view": view})


def supplement_html(supplement: FrozenSupplement) -> str:
    """The document of a supplement."""
    paper = paper_of_supplement(supplement)
    return _document("supplement_print", paper, {"view": paper, "supplement": supplement})


def annex_html(annex: FrozenAnnex) -> str:
    """The document of an exempt annex, with *Not for publication* on each page."""
    paper = paper_of_annex(annex)
    return _document("annex_print", paper, {"view": paper, "annex": annex})


def _document(template: str, paper: Paper, context: dict[str, object]) -> str:
    body: str = render_to_string(f"reports/pack/{template}.html", {**context, "paper": paper})
    for name, shape in SHAPES.items():
        body = body.replace(f'<span class="app-shape app-shape--{name}"></span>', f"{shape}\N{NO-BREAK SPACE}")
    faces = [*FACES, *([EMOJI] if needs_emoji(body) else [])]
    return printable(body).replace(_STYLE, _style(paper, faces), 1)


def _style(paper: Paper, faces: list[Face]) -> str:
    context = {
        "faces": [face for face in faces if font_file(face.file)],
        "families": mark_safe(FAMILIES),
        "landscape": paper.landscape,
        "draft": _quoted(paper.draft),
        "mark": _quoted(paper.mark),
        "council": _quoted(paper.council),
        "title": _quoted(paper.title),
        "foot": _quoted(paper.foot),
        "rag": RAG.items(),
    }
    return render_to_string("reports/pack/print.css", context)


def _quoted(words: str) -> SafeString:
    """Words inside a string of CSS within HTML: nothing in them can end the string or the sheet."""
    safe = {ord(one): f"\\{ord(one):x} " for one in "\"'\\<>&\n\r\f{}"}
    return mark_safe(words.translate(safe))

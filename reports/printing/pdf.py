"""A pack as tagged PDF/UA-1: the same frozen data gives the same bytes."""

from __future__ import annotations

from reports.packs.frozen import FrozenAnnex, FrozenPack, FrozenSupplement
from reports.printing.html import annex_html, print_html, supplement_html

__all__ = ["CannotPrint", "render_annex", "render_pdf", "render_supplement", "write_pdf"]


class CannotPrint(RuntimeError):
    """This machine lacks what makes PDFs; the words say what to install."""


def render_pdf(pack: FrozenPack, draft: str = "") -> bytes:
    """The PDF of a pack. ``draft`` is the word printed across each page of a draft. Raises CannotPrint."""
    return write_pdf(print_html(pack, draft), draft)


def render_supplement(supplement: FrozenSupplement) -> bytes:
    """The PDF of cabinet's supplement. Raises CannotPrint."""
    return write_pdf(supplement_html(supplement))


def render_annex(annex: FrozenAnnex) -> bytes:
    """The PDF of an exempt annex, for members entitled to it. Raises CannotPrint."""
    return write_pdf(annex_html(annex))


def write_pdf(html: str, draft: str = "") -> bytes:
    """A finished document as PDF. It fetches nothing but our own fonts. Raises CannotPrint."""
    try:
        from reports.printing.weasy import pdf_of
    except OSError as error:  # WeasyPrint loads Pango when it is imported
        raise CannotPrint(
            "PDFs need the library Pango: on Debian install libpango-1.0-0 and libpangoft2-1.0-0."
        ) from error
    return pdf_of(html, draft)

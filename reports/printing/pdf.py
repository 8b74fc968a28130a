"""A pack as tagged PDF/UA-1: the same frozen data gives the same bytes."""

from __future__ import annotations

from reports.packs.frozen import FrozenPack
from reports.printing.html import print_html

__all__ = ["CannotPrint", "render_pdf", "write_pdf"]


class CannotPrint(RuntimeError):
    """This machine lacks what makes PDFs; the words say what to install."""


def render_pdf(pack: FrozenPack, draft: str = "") -> bytes:
    """The PDF of a pack. ``draft`` is the word printed across each page of a draft. Raises CannotPrint."""
    return write_pdf(print_html(pack, draft), draft)


def write_pdf(html: str, draft: str = "") -> bytes:
    """A finished document as PDF. It fetches nothing but our own fonts. Raises CannotPrint."""
    try:
        from reports.printing.weasy import pdf_of
    except OSError as error:  # WeasyPrint loads Pango when it is imported
        raise CannotPrint(
            "PDFs need the library Pango: on Debian install libpango-1.0-0 and libpangoft2-1.0-0."
        ) from error
    return pdf_of(html, draft)

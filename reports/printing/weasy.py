"""WeasyPrint, kept to our own fonts. Imported late: it loads Pango, which who only shows pages may lack."""

from __future__ import annotations

from html import escape

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.printing.fonts import EMOJI, FACES, FAMILIES, font_file

__all__ = ["pdf_of"]

_SCHEME = "pack:"
_WATERMARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 300" width="300" height="300">'
    '<text x="150" y="165" font-family="{family}" font-weight="bold" font-size="{size}" fill="#eef0f0" '
    'text-anchor="middle" transform="rotate(-45 150 150)">{words}</text></svg>'
)


class _OurFonts(URLFetcher):  # type: ignore[misc]
    """Answers for our fonts and the watermark, and refuses every other address: local files and remote ones alike."""

    def __init__(self, draft: str) -> None:
        super().__init__()
        self._draft = draft

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        name = url.removeprefix(_SCHEME) if url.startswith(_SCHEME) else ""
        if name == "watermark.svg" and self._draft:
            return URLFetcherResponse(url, _watermark(self._draft), {"Content-Type": "image/svg+xml"})
        path = font_file(name) if name in {face.file for face in (*FACES, EMOJI)} else None
        if path is None:
            raise ValueError("A pack takes nothing from outside itself.")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


def pdf_of(html: str, draft: str) -> bytes:
    """The document as PDF/UA-1."""
    made: bytes = HTML(string=html, base_url=None, url_fetcher=_OurFonts(draft)).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _watermark(words: str) -> str:
    size = min(80, 480 // max(len(words), 1))
    return _WATERMARK.format(family=FAMILIES, size=size, words=escape(words))

"""The fonts packs are printed in, from npm packages of open licence, so that every machine prints the same bytes.

DejaVu Sans Condensed has Latin, Greek, Cyrillic, Hebrew, Arabic and the shapes of RAG; Noto Emoji, read only where a
pack has an emoji, has the rest. A character neither has would be a missing glyph, which PDF/UA forbids.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

__all__ = ["EMOJI", "FACES", "FAMILIES", "Face", "font_file", "missing_fonts", "needs_emoji", "printable"]

FOLDER = "build/fonts"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_LEFT_OUT = {
    0x20E3: None,  # the digit of a keycap is printed without it: that glyph has no text a reader could copy
    0x2028: " ",  # a line separator is no glyph, whatever the font says
    0x2029: " ",
    **dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160))),
}


@dataclass(frozen=True)
class Face:
    """One file, and the family and weight pages know it by."""

    family: str
    weight: int
    file: str


FACES = (
    Face("Pack", 400, "DejaVuSansCondensed.ttf"),
    Face("Pack", 700, "DejaVuSansCondensed-Bold.ttf"),
)
EMOJI = Face("Pack emoji", 400, "noto-emoji-emoji-400-normal.woff2")
FAMILIES = "Pack, Pack emoji, DejaVu Sans Condensed, DejaVu Sans, sans-serif"
"""What a page asks for: ours first. The machine's own are met only where ours were not built."""


def font_file(name: str) -> Path | None:
    """Where the build put a font, or None where it did not."""
    found = finders.find(f"{FOLDER}/{name}")
    if isinstance(found, str):
        return Path(found)
    collected = Path(staticfiles_storage.path(f"{FOLDER}/{name}"))
    return collected if collected.is_file() else None


def missing_fonts() -> list[str]:
    """Names of the files the build has not made."""
    return [face.file for face in (*FACES, EMOJI) if font_file(face.file) is None]


def needs_emoji(text: str) -> bool:
    """Whether the text has a character only the emoji font has."""
    others = _characters(text) - _coverage(FACES[0].file)
    return bool(others and others & _coverage(EMOJI.file))


def printable(text: str) -> str:
    """The text with what no font has replaced by �, and invisible marks no font has left out."""
    known = _coverage(FACES[0].file)
    if not known:
        return text
    text = text.translate(_LEFT_OUT)
    unknown = _characters(text) - known
    if not unknown:
        return text
    unknown -= _coverage(EMOJI.file)
    return text.translate({code: _instead(chr(code)) for code in unknown})


def _instead(character: str) -> str:
    return "" if unicodedata.category(character) in ("Mn", "Me", "Cf") else UNKNOWN


def _characters(text: str) -> set[int]:
    return set(map(ord, set(text))) - {9, 10, 13}


@cache
def _coverage(name: str) -> frozenset[int]:
    """The characters a font has; none where it is not built."""
    path = font_file(name)
    if path is None:
        return frozenset()
    # With WeasyPrint, and as late: pages need neither.
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    with TTFont(path, lazy=True) as font:
        found: Iterable[int] = font.getBestCmap()
        return frozenset(found)

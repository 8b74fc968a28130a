"""The colours of charts, and of RAG wherever it is printed: pages take the same numbers from ``_palette.scss``.

The tests hold the two to each other, words on a fill to 4.5:1, and what is drawn on white to 3:1.
"""

from dataclasses import dataclass

__all__ = [
    "BAND",
    "GREY",
    "GRID",
    "INK",
    "LAST_YEAR",
    "LAST_YEAR_TEXT",
    "LIMIT",
    "PALE",
    "RAG",
    "TARGET",
    "THIS_YEAR",
    "WHITE",
    "RagColour",
    "rag_colour",
    "rag_key",
]

WHITE, INK, GREY, GRID, PALE = "#ffffff", "#0b0c0c", "#505a5f", "#dbdfe1", "#f3f2f1"
THIS_YEAR, LAST_YEAR, TARGET = "#1d70b8", "#6f8397", INK
LAST_YEAR_TEXT = GREY
"""Words need 4.5:1 where lines need 3:1, so last year's name is darker than its line."""
BAND, LIMIT = "#fbeed5", "#4c2c92"


@dataclass(frozen=True)
class RagColour:
    """``fill`` of a shape or a tag, ``ink`` for words on it, ``line`` round it: amber alone is too pale on white."""

    fill: str
    ink: str
    line: str


RAG = {
    "green": RagColour("#00703c", WHITE, "#00703c"),
    "amber": RagColour("#ffb627", INK, "#8a5700"),
    "red": RagColour("#b3261e", WHITE, "#b3261e"),
}
_OTHER = RagColour(WHITE, INK, GREY)


def rag_key(word: str) -> str:
    """The colour key of a printed RAG word; "" for everything that is not judged."""
    key = word.strip().lower()
    return key if key in RAG else ""


def rag_colour(word: str) -> RagColour:
    """The colours of a printed RAG word; white with a grey line for everything that is not judged."""
    return RAG.get(rag_key(word), _OTHER)

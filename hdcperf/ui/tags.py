"""The closed sets of words that carry a colour: RAG, the states of a record, and the marks beside a figure.

Only RAG is ever green, amber or red: a state or a mark in those colours would be read as a judgement.
"""

from __future__ import annotations

from hdcperf.ui.pieces import Tag

__all__ = ["mark_tag", "rag_tag", "state_tag"]

_RAG = {
    "green": Tag("Green", "rag-green", "circle"),
    "amber": Tag("Amber", "rag-amber", "triangle"),
    "red": Tag("Red", "rag-red", "diamond"),
    "no data": Tag("No data", "rag-no-data", "ring"),
    "not judged": Tag("Not judged", "rag-not-judged", "bar"),
    "not due": Tag("Not due", "rag-not-due", "dots"),
    # An action's own, beside the three colours.
    "completed": Tag("Completed", "rag-completed", "tick"),
    "not started": Tag("Not started", "rag-not-due", "dots"),
    "awaited": Tag("Update awaited", "rag-no-data", "ring"),
    "dropped": Tag("Dropped", "rag-not-judged", "bar"),
}

_STATES = {
    "not started": Tag("Not started", "grey"),
    "draft": Tag("Draft", "blue"),
    "submitted": Tag("Submitted", "purple"),
    "challenged": Tag("Challenged", "magenta"),
    "accepted": Tag("Accepted", "teal"),
}

_MARKS = {
    "disputed": Tag("Disputed", "solid", "exclamation"),
    "escalated": Tag("Escalated", "solid", "up"),
    "overdue": Tag("Overdue", "solid", "exclamation"),
    "late": Tag("Late", "solid"),
    "came in late": Tag("Came in late", "outline"),
    "missing": Tag("Missing", "outline", "ring"),
    "revised": Tag("Revised", "outline"),
    "provisional": Tag("Provisional", "outline"),
    "imported": Tag("Imported", "outline"),
    "locked": Tag("Locked", "outline", "lock"),
    "no data": Tag("No data", "outline", "ring"),
    "covering": Tag("Covering", "outline"),
    "waiver": Tag("Waiver", "outline", "exclamation"),
    "awaiting approval": Tag("Awaiting approval", "outline"),
}


def _key(word: object) -> str:
    """The plain words of an enum member, a stored value or a printed word."""
    value = getattr(word, "value", word)
    if not isinstance(value, str):
        value = getattr(word, "name", None) or str(value)
    return value.strip().replace("_", " ").replace("-", " ").lower()


def _find(known: dict[str, Tag], word: object, colour: str) -> Tag:
    key = _key(word)
    return known.get(key) or Tag(key[:1].upper() + key[1:], colour)


def rag_tag(rag: object) -> Tag:
    """The tag of a RAG judgement: word, colour and shape. None and the empty string are *No data*."""
    return _RAG["no data"] if rag is None or rag == "" else _find(_RAG, rag, "rag-not-judged")


def state_tag(state: object) -> Tag:
    """The tag of a record's state; a word not known here prints grey."""
    return _find(_STATES, state, "grey")


def mark_tag(mark: object) -> Tag:
    """The tag of a fact beside a state: disputed, revised, provisional, imported, locked, late and the like."""
    return _find(_MARKS, mark, "outline")

"""What the words of a commentary do not say: simple tests, so that they are easily understood (framework C.2.2)."""

from __future__ import annotations

import re

from hdcperf.periods import MONTH_NAMES

__all__ = ["claims_to_be_on_track", "says_no_cause", "says_too_little"]

FEWEST_WORDS = 3
"""Fewer telling words than this explain nothing."""

# Words that are in nearly every sentence about a figure and so add nothing to it.
_FIGURE_WORDS = frozenset(
    (
        *("a", "above", "actual", "against", "and", "at", "below", "by", "current", "down", "figure", "for", "from"),
        *("had", "has", "have", "high", "higher", "in", "is", "it", "kpi", "last", "less", "low", "lower", "month"),
        *("more", "of", "on", "our", "over", "per", "percent", "performance", "pi", "previous", "result", "same"),
        *("target", "than", "that", "the", "there", "this", "to", "total", "under", "up", "value", "was", "we"),
        *("were", "with", "year"),
    )
)
_MONTHS = frozenset(name.casefold() for name in MONTH_NAMES)
_EMPTY_CAUSES = re.compile(
    r"(?:n/?a|none|nil|no (?:change|comment|issues?|update)|as (?:above|before|per last month)|see above|tbc|ok|"
    r"same as (?:last month|before|above)|unknown|not known|don'?t know)[.!]*",
    re.IGNORECASE,
)
_ON_TRACK = re.compile(
    r"\b(?:on|above|ahead of) (?:track|target|course|plan)\b|\b(?:meeting|met|exceeding|exceeded) (?:the |its |our )?"
    r"target\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|back|get|return|returning|bring|be|isn'?t|wasn'?t|aren'?t)\b[^.;,]{0,25}$",
    re.IGNORECASE,
)


def says_too_little(words: str) -> bool:
    """Only the figure, or hardly a word beside it."""
    return len(_telling_words(words)) < FEWEST_WORDS


def says_no_cause(why: str, what_happened: str = "") -> bool:
    """The reason is a few empty words, or only repeats the figure or what happened."""
    plain = " ".join(why.split())
    if _EMPTY_CAUSES.fullmatch(plain):
        return True
    if plain.casefold() == " ".join(what_happened.split()).casefold():
        return True
    return says_too_little(why)


def claims_to_be_on_track(words: str) -> str:
    """The words that say it is on track or on target, as they were written; empty when it does not say so."""
    for found in _ON_TRACK.finditer(words):
        if not _NEGATED.search(words[: found.start()]):
            return found[0]
    return ""


def _telling_words(words: str) -> list[str]:
    """The words that say something: not figures, months or what every figure is said with."""
    found = re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", words.casefold())
    return [word for word in found if word not in _FIGURE_WORDS and word not in _MONTHS and len(word) > 1]

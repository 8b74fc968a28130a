"""What the words of an update say: simple tests, so that they are easily understood.

They find what to ask about, never what to refuse: each is answered with a sentence (framework, *Corporate Plan
Actions*: the comments conform with the RAG).
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

__all__ = [
    "FEWEST_WORDS",
    "gives_a_result",
    "plain_words",
    "repeats",
    "says_again",
    "speaks_of_a_document",
    "speaks_of_delay",
]

NEAR = 0.9
"""Two texts whose words are this much alike, in the same order, are one text with a word changed."""
FEWEST_WORDS = 6
"""Fewer words than this say little; and texts shorter than this are alike only when they are the same."""
MOST_OF_IT = 0.8
"""An impact this much of whose telling words stand in the update says nothing of its own."""

_DELAY = re.compile(
    r"\b(?:delay(?:s|ed|ing)?|slip(?:s|ped|ping|page)?|behind (?:schedule|plan|programme|time)|postpone[ds]?|"
    r"postponement|deferred|overdue|late(?:r)? than (?:was )?(?:planned|expected|hoped|scheduled|intended)|"
    r"(?:is|are|was|were|running) (?:\w+ )?(?:weeks?|months?) late|running late|stalled|on hold|paused|"
    r"(?:pushed|put|moved) back|"
    r"(?:will miss|missed) (?:the |its |our |their )?(?:deadline|date|milestone|target)s?)\b",
    re.IGNORECASE,
)
_NO_DELAY = re.compile(
    r"\b(?:no|not|never|without|nor|any|avoid\w*|prevent\w*|reduc\w+|cut(?:s|ting)?|fewer|shorten\w*|tackl\w+|"
    r"isn'?t|wasn'?t|aren'?t|weren'?t)\b[^.;:\n]{0,40}$",
    re.IGNORECASE,
)
_PAPER = r"(?:strateg(?:y|ies)|(?:master|action |delivery )?plans?|polic(?:y|ies)|framework|business case|charter)"
_WRITTEN = (
    r"(?:written|drafted|published|approved|adopted|agreed|produced|signed off|finalised|launched|developed|prepared|"
    r"completed|in place|in draft)"
)
_DOCUMENT = re.compile(
    rf"\b{_PAPER}\b[^.;\n]{{0,60}}?\b{_WRITTEN}\b|\b{_WRITTEN}\b[^.;\n]{{0,30}}?\b{_PAPER}\b", re.IGNORECASE
)
_DATES = re.compile(
    r"\b(?:(?:19|20)\d\d(?:[/-]\d\d)?|Q[1-4]|\d{1,2}(?:st|nd|rd|th)? (?:January|February|March|April|May|June|July|"
    r"August|September|October|November|December))\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|half|halved|"
    r"doubled|trebled|per cent)\b",
    re.IGNORECASE,
)
# Words that carry no meaning of their own: an impact is not compared by them.
_SMALL = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "has", "have", "in", "into", "is"),
        *("it", "its", "of", "on", "or", "our", "so", "that", "the", "their", "there", "they", "this", "to", "was"),
        *("we", "were", "which", "will", "with"),
    )
)


def plain_words(text: str) -> list[str]:
    """The words and numbers of a text, without case, punctuation or line breaks."""
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.casefold())


def repeats(text: str, before: str) -> bool:
    """Whether ``text`` is ``before`` again, to the word or nearly: what was written is not this quarter's."""
    new, old = plain_words(text), plain_words(before)
    if not new or not old:
        return False
    if new == old:
        return True
    if min(len(new), len(old)) < FEWEST_WORDS or _alike_at_most(new, old) < NEAR:
        return False
    return SequenceMatcher(None, new, old, autojunk=False).ratio() >= NEAR


def _alike_at_most(new: list[str], old: list[str]) -> float:
    """The most two texts can be alike, whatever the order of their words: quick to know."""
    shared = sum((Counter(new) & Counter(old)).values())
    return 2 * shared / (len(new) + len(old))


def says_again(impact: str, done: str) -> bool:
    """Whether the impact only says again what was done."""
    if repeats(impact, done):
        return True
    telling = set(plain_words(impact)) - _SMALL
    if not telling:
        return False
    return len(telling & set(plain_words(done))) >= MOST_OF_IT * len(telling)


def speaks_of_delay(text: str) -> str:
    """The words that speak of delay, as they were written; empty where there are none, or they deny it."""
    for found in _DELAY.finditer(text):
        if not _NO_DELAY.search(text[: found.start()]):
            return found[0]
    return ""


def speaks_of_a_document(text: str) -> str:
    """The words that say a strategy, plan or policy was written or agreed; empty where there are none."""
    found = _DOCUMENT.search(text)
    return found[0] if found else ""


def gives_a_result(text: str) -> bool:
    """Whether it says how much: a number that is not a date."""
    return bool(_NUMBER.search(_DATES.sub(" ", text)))

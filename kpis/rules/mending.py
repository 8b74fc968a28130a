"""What counts as a typing mistake: a reviewer may mend one, and must ask about anything more (framework C.2.2)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

__all__ = ["not_a_typing_mistake"]

_WORD = re.compile(r"\w+", re.UNICODE)
_FEWEST = 6
"""Words that may change however short the text is; a longer text has one in five."""
_FEWEST_UNLIKE = 2
"""Of them, words that may be unlike what they replace, or come or go (of for for); a longer text has one in ten."""
_ALIKE = 0.6


def not_a_typing_mistake(before: str, after: str) -> str:
    """Return the sentence that refuses the correction, or nothing when it only mends typing."""
    if not before.strip():
        return "There are no words here to correct: raise a challenge about the commentary instead."
    if not after.strip():
        return "A correction cannot remove the words: raise a challenge about the commentary instead."
    if before == after:
        return "These are the words as they stand: there is nothing to correct."
    if _figures(before) != _figures(after):
        return "A figure in the words is more than a typing mistake: raise a challenge about the commentary instead."
    if _says_something_else(_WORD.findall(before.casefold()), _WORD.findall(after.casefold())):
        return "This changes more than typing mistakes: raise a challenge about the commentary instead."
    return ""


def _says_something_else(old: list[str], new: list[str]) -> bool:
    """Too many words change, or too many of those are unlike the words they replace."""
    changed = unlike = 0
    for tag, i, until, j, to in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        words = max(until - i, to - j)
        changed += words
        unlike += 0 if _alike(" ".join(old[i:until]), " ".join(new[j:to])) else words
    if changed > max(_FEWEST, len(old) // 5):
        return True
    return unlike > max(_FEWEST_UNLIKE, len(old) // 10) or 2 * unlike > len(old)


def _alike(before: str, after: str) -> bool:
    return SequenceMatcher(a=before, b=after, autojunk=False).ratio() >= _ALIKE


def _figures(words: str) -> list[str]:
    return re.findall(r"\d+", words)

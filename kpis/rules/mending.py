"""What counts as a typing mistake: a reviewer may mend one, and must ask about anything more (framework C.2.2)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

__all__ = ["not_a_typing_mistake"]

_WORD = re.compile(r"\w+", re.UNICODE)
_FEWEST = 6
"""Words that may change however short the text is; a longer text has one in five."""


def not_a_typing_mistake(before: str, after: str) -> str:
    """Return the sentence that refuses the correction, or nothing when it only mends typing."""
    if not after.strip():
        return "A correction cannot remove the words: raise a challenge about the commentary instead."
    if before == after:
        return "These are the words as they stand: there is nothing to correct."
    if _figures(before) != _figures(after):
        return "A figure in the words is more than a typing mistake: raise a challenge about the commentary instead."
    old, new = _WORD.findall(before), _WORD.findall(after)
    same = sum(block.size for block in SequenceMatcher(a=old, b=new, autojunk=False).get_matching_blocks())
    changed = max(len(old), len(new)) - same
    if changed > max(_FEWEST, len(old) // 5):
        return "This changes more than typing mistakes: raise a challenge about the commentary instead."
    return ""


def _figures(words: str) -> list[str]:
    return re.findall(r"\d+", words)

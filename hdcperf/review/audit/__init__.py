"""The audit list: who changed what, when and why, over every table that keeps a history and every move made.

Each app says in a ``Part`` what of its tables may be seen and what they belong to; listing and words are the same.
"""

from hdcperf.review.audit.listing import Asked, RowKey, audit_rows, tracked_models
from hdcperf.review.audit.parts import Moves, Part, Source, Subject, as_label, nothing, sources_of
from hdcperf.review.audit.words import Change, Entry, described, move_in_words

__all__ = [
    "Asked",
    "Change",
    "Entry",
    "Moves",
    "Part",
    "RowKey",
    "Source",
    "Subject",
    "as_label",
    "audit_rows",
    "described",
    "move_in_words",
    "nothing",
    "sources_of",
    "tracked_models",
]

"""What a view hands to a template: small frozen values that know their words, colours and links.

``pieces`` holds the values, ``tags`` the closed sets of words (RAG, states, marks), ``words`` dates and figures,
``listing`` pages, sorting and filters kept in the address, ``frame`` what every page shows round its content.
"""

from hdcperf.ui.frame import Section, frame, mark_current, navigation
from hdcperf.ui.listing import Page, PageItem, chosen_sort, columns, paginate, with_query
from hdcperf.ui.pieces import (
    Column,
    Count,
    Dated,
    Link,
    Lock,
    Movement,
    Pair,
    Progress,
    Step,
    SummaryRow,
    Tag,
    TaskRow,
)
from hdcperf.ui.tables import stacked
from hdcperf.ui.tags import mark_tag, rag_tag, state_tag
from hdcperf.ui.words import by_whom, count_of, day, figure, lower_first, moment, month, promise, short_day

__all__ = [
    "Column",
    "Count",
    "Dated",
    "Link",
    "Lock",
    "Movement",
    "Page",
    "PageItem",
    "Pair",
    "Progress",
    "Section",
    "Step",
    "SummaryRow",
    "Tag",
    "TaskRow",
    "by_whom",
    "chosen_sort",
    "columns",
    "count_of",
    "day",
    "figure",
    "frame",
    "lower_first",
    "mark_current",
    "mark_tag",
    "moment",
    "month",
    "navigation",
    "paginate",
    "promise",
    "rag_tag",
    "short_day",
    "stacked",
    "state_tag",
    "with_query",
]

"""Tables that stand as cards where the screen is narrow: each cell then names its own column."""

from __future__ import annotations

import re

from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

__all__ = ["stacked"]

_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.S)
_ROW = re.compile(r"<tr\b[^>]*>.*?</tr>", re.S)
_CELL = re.compile(r"<(td|th)\b([^>]*)>(.*?)</\1>", re.S)
_COLSPAN = re.compile(r'colspan="(\d+)"')
_SILENT = 'class="govuk-visually-hidden"'
_ROLES = (
    (re.compile(r"<(thead|tbody|tfoot)\b"), r'<\1 role="rowgroup"'),
    (re.compile(r"<tr\b"), '<tr role="row"'),
    (re.compile(r'<th\b(?=[^>]*scope="row")'), '<th role="rowheader"'),
    (re.compile(r'<th\b(?![^>]*scope="row")(?! role)'), '<th role="columnheader"'),
    (re.compile(r"<td\b"), '<td role="cell"'),
)


def stacked(content: str) -> SafeString:
    """The head and body of one of our tables, each cell with its heading in ``data-label`` and its words in a box.

    The style sheet prints the labels where it lays the rows out as cards. Laid out so, a browser no longer takes the
    markup for a table, so every part says its role. ``content`` is finished HTML of a template of ours: one heading
    row, no table inside a table. A heading that is only read out labels nothing.
    """
    head, _, body = content.partition("<tbody>")
    labels = ["" if _SILENT in each else strip_tags(each).strip() for each in _HEADING.findall(head)]
    body = _ROW.sub(lambda row: _labelled(row.group(), labels), body)
    whole = f"{head}<tbody>{body}"
    for pattern, with_role in _ROLES:
        whole = pattern.sub(with_role, whole)
    return mark_safe(whole)  # only attributes and boxes of ours were added


def _labelled(row: str, labels: list[str]) -> str:
    at = 0

    def cell(found: re.Match[str]) -> str:
        nonlocal at
        name, attributes, words = found.groups()
        span = _COLSPAN.search(attributes)
        label = labels[at] if at < len(labels) and span is None and name == "td" else ""
        at += int(span.group(1)) if span else 1
        named = f' data-label="{conditional_escape(mark_safe(label))}"' if label else ""
        return f'<{name}{attributes}{named}><div class="app-table__cell">{words.strip()}</div></{name}>'

    return _CELL.sub(cell, row)

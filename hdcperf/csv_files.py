"""CSV that a spreadsheet opens safely: UTF-8 with its mark, and no cell that would be run as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BOM", "csv_lines", "neutralised"]

BOM = "\ufeff"
"""Tells Excel that the file is UTF-8."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """What the csv module writes to: each line is handed straight on."""

    def write(self, line: str) -> str:
        return line


def neutralised(cell: object) -> object:
    """The cell, with an apostrophe before words a spreadsheet would run as a formula. Numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    dangerous = cell.startswith(_STARTS_A_FORMULA) or cell.lstrip().startswith(_STARTS_A_FORMULA)
    return f"'{cell}" if dangerous else cell


def csv_lines(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a CSV file, one at a time, for a response that streams."""
    writer = csv.writer(_Echo())
    yield BOM + writer.writerow(heading)
    for row in rows:
        yield writer.writerow([neutralised(cell) for cell in row])

"""An Excel workbook read as text, without letting a hostile one fill the memory.

A percentage that Excel keeps as 0.854 comes out as ``85.4%``; a date as ``2025-04-01``; a number at no more than the
15 digits a spreadsheet keeps and 6 decimals.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import IO, Any

import openpyxl

from hdcperf.importing.reading import FORMULA, MAX_COLUMNS, MAX_ROWS, FileRefused, Table, tabulate

__all__ = ["read_workbook"]

MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes a workbook may unpack to: a small file can be made to unpack to terabytes."""
MAX_PARTS = 1_000
PIECE = 1024 * 1024
_FORMULA_TAG = re.compile(rb"<(?:[A-Za-z]+:)?f[ />]")
_WIDE = Context(prec=60)


def read_workbook(content: bytes, sheet: str = "") -> Table:
    """Read one sheet of an XLSX file: the one named, else the first that is shown. Raises FileRefused."""
    _look_inside(content)
    try:
        with _opened(content) as book:
            chosen, others = _chosen(book, sheet)
            unsaved = _formulas(content, chosen)
            return tabulate(_records(chosen, unsaved), chosen.title, others)
    except FileRefused:
        raise
    except Exception as problem:  # openpyxl raises whatever a broken part made it trip over
        raise FileRefused(
            "The workbook could not be read: it may be damaged. Open it in Excel, save it again and send that."
        ) from problem


def _look_inside(content: bytes) -> None:
    """Refuse what is not a workbook, has macros, or would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            entries = parts.infolist()
            names = {entry.filename for entry in entries}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise FileRefused("The workbook is damaged. Open it in Excel, save it again and send that.") from problem
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
        raise FileRefused("The file is not an Excel workbook. Save the sheet as CSV or as an Excel workbook (.xlsx).")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise FileRefused("The workbook has macros. Save it as an Excel workbook (.xlsx), which has none.")
    # zipfile never unpacks more of an entry than it says here.
    if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused("The workbook is too large once unpacked. Copy the one sheet into a new workbook.")


def _opened(content: bytes, *, data_only: bool = True) -> AbstractContextManager[Any]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    return closing(book)


def _formulas(content: bytes, chosen: Any) -> frozenset[tuple[int, int]]:
    """Where the sheet has formulas, by row and column. Read only when it has any: it costs a second reading."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts, parts.open(chosen._worksheet_path) as part:
        if not _has_formulas(part):
            return frozenset()
    with _opened(content, data_only=False) as book:
        sheet = book[chosen.title]
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS + 2)
        return frozenset(
            (number, at) for number, row in enumerate(rows) for at, cell in enumerate(row) if cell.data_type == "f"
        )


def _has_formulas(part: IO[bytes]) -> bool:
    """Whether a sheet's XML has an <f> element, looked for piece by piece."""
    tail = b""
    while piece := part.read(PIECE):
        if _FORMULA_TAG.search(tail + piece):
            return True
        tail = piece[-20:]
    return False


def _chosen(book: Any, wanted: str) -> tuple[Any, tuple[str, ...]]:
    """The sheet to read, and the names of the others. Raises FileRefused."""
    shown = [one for one in book.worksheets if one.sheet_state == "visible"]
    names = [one.title for one in shown]
    if wanted and wanted not in names:
        raise FileRefused(f"The workbook has no sheet called “{wanted[:60]}”. It has: {', '.join(names)[:200]}.")
    if not shown:
        raise FileRefused("The workbook has no sheet to read.")
    chosen = next(one for one in shown if not wanted or one.title == wanted)
    chosen.reset_dimensions()  # what a sheet says of its own size need not be true
    return chosen, tuple(name for name in names if name != chosen.title)


def _records(sheet: Any, formulas: frozenset[tuple[int, int]]) -> Iterator[list[str]]:
    """The rows as text. A formula gives its result, which the program that wrote the file may have left out."""
    # One more of each than is allowed, so that too many is noticed and not cut off.
    for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS + 2)):
        yield [
            FORMULA if (number, at) in formulas and _has_no_result(cell) else _as_text(cell)
            for at, cell in enumerate(row)
        ]


def _has_no_result(cell: Any) -> bool:
    """A formula that comes to no words at all is text that is empty; one that was never worked out is no number."""
    return cell.value is None and cell.data_type == "n"


def _as_text(cell: Any) -> str:
    """The cell as a person would type it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\x00", "")


def _number(value: int | float, number_format: str) -> str:
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    is_percentage = "%" in number_format
    if is_percentage:
        exact = exact.scaleb(2)
    if not exact.is_finite():
        return str(value)
    kept = exact.quantize(Decimal("0.000001"), ROUND_HALF_UP, _WIDE).normalize() + Decimal(0)
    return f"{kept:f}%" if is_percentage else f"{kept:f}"

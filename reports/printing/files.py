"""A frozen pack as a workbook, as CSV and as JSON: the same bytes each time, and no cell ever a formula."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from hdcperf.csv_files import csv_lines
from reports.packs.frozen import FrozenPack, written
from reports.printing.tables import ITEM_HEADS, Cell, Sheet, items, sheets

__all__ = ["render_csv", "render_json", "render_xlsx"]

_WIDEST = 60
_CELL_LIMIT = 32_767
"""What one cell of a workbook can hold; longer words end with a sentence that says so."""
_CUT = " … (cut here: the whole text is in the PDF and on the page)"


def render_csv(pack: FrozenPack) -> bytes:
    """A row for each KPI, action and project, in UTF-8 with its mark; dates are ISO, figures as they are held."""
    rows = ([_plain(cell) for cell in row] for row in items(pack))
    return "".join(csv_lines(ITEM_HEADS, rows)).encode("utf-8")


def render_json(pack: FrozenPack) -> bytes:
    """Everything that was frozen."""
    return written(pack).encode("utf-8")


def render_xlsx(pack: FrozenPack) -> bytes:
    """A tab for each table. Words are written as words, so that no spreadsheet runs them."""
    made = BytesIO()
    with Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties(
            {"title": pack.title, "author": pack.council, "created": datetime.combine(pack.frozen_on, time())}
        )
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
            "words": book.add_format({"text_wrap": True, "valign": "top"}),
            "date": book.add_format({"num_format": "d mmmm yyyy", "valign": "top", "align": "left"}),
            "number": book.add_format({"valign": "top"}),
        }
        for sheet in sheets(pack):
            _write(book, sheet, looks)
    return made.getvalue()


def _write(book: Any, sheet: Sheet, looks: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.autofilter(0, 0, len(sheet.rows), len(sheet.heads) - 1)
    for column, head in enumerate(sheet.heads):
        page.write_string(0, column, head, looks["head"])
        longest = max((len(str(row[column] or "")) for row in sheet.rows), default=0)
        page.set_column(column, column, min(max(len(head), longest) + 3, _WIDEST))
    for at, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            _cell(page, at, column, cell, looks)


def _cell(page: Any, row: int, column: int, cell: Cell, looks: dict[str, Any]) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, column, datetime.combine(cell, time()), looks["date"])
    elif isinstance(cell, Decimal | int):
        page.write_number(row, column, cell, looks["number"])
    elif cell:
        words = cell if len(cell) <= _CELL_LIMIT else cell[: _CELL_LIMIT - len(_CUT)] + _CUT
        page.write_string(row, column, words, looks["words"])


def _plain(cell: Cell) -> object:
    """A figure stays one, since a minus before it is no formula."""
    return cell.isoformat() if isinstance(cell, date) else "" if cell is None else cell

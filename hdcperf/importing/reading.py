"""A file somebody sent, as headings and rows of text; whatever is wrong with it is a sentence.

CSV is read as UTF-8 (with or without a byte order mark), UTF-16 with one, else as Windows wrote it (cp1252). XLSX is
read by ``hdcperf.importing.workbook``. Every cell becomes text as a person would type it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import TypeAlias

__all__ = [
    "FORMULA",
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "FileRefused",
    "Row",
    "Table",
    "read_table",
    "tabulate",
]

Numbered: TypeAlias = tuple[int, Sequence[str]]

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MOST_TITLES = 5
MAX_CELL = 5_000
"""Characters in one cell: longer than any commentary that can be kept."""


_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""What no program writes into a spreadsheet's text: a picture or a PDF called .csv is full of it."""
FORMULA = "\x01formula"
"""What stands for a formula whose result the workbook does not hold."""


class FileRefused(ValueError):
    """The file cannot be read; the message is a sentence that says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet shows it (the headings are row 1), its cells by heading, and what is wrong
    with the row as a whole."""

    number: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet: its headings in order and its rows; ``sheet`` and ``other_sheets`` are names, for XLSX only."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


def read_table(content: bytes, file_name: str, sheet: str = "") -> Table:
    """Read the bytes of a CSV or XLSX file. Raises FileRefused with a sentence."""
    from hdcperf.importing.workbook import read_workbook  # the two modules name each other

    if not content:
        raise FileRefused("The file is empty.")
    if len(content) > MAX_BYTES:
        raise FileRefused(
            f"The file is larger than {MAX_BYTES // 1024 // 1024} MB. Split it, for example one file for each year."
        )
    kind = PurePath(file_name).suffix.lower()
    if kind in (".xlsm", ".xltm", ".xlsb", ".xlam"):
        raise FileRefused("The workbook can hold macros. Save it as an Excel workbook (.xlsx) and send that.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(
            "The file is an old Excel file (.xls) or has a password. Save it as an Excel workbook (.xlsx)."
        )
    if content.startswith(b"PK"):
        return read_workbook(content, sheet)
    if kind == ".xlsx":
        raise FileRefused(
            "The file is called .xlsx but is not an Excel workbook. Save it again from the spreadsheet."
        )
    if kind not in (".csv", ".txt", ".tsv"):
        raise FileRefused("Only CSV and Excel (.xlsx) files can be read. Save the sheet as one of these.")
    if sheet:
        raise FileRefused("A CSV file has no sheets: leave out the name of the sheet.")
    return tabulate(_csv_records(_decoded(content)))


def _decoded(content: bytes) -> str:
    """The text of a CSV file, whatever program wrote it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _NOT_TEXT.search(text):
            break
        return text
    raise FileRefused("The file is not plain text. Save the sheet as CSV UTF-8 or as an Excel workbook (.xlsx).")


def _csv_records(text: str) -> Iterator[list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from records
    except csv.Error as problem:
        raise FileRefused(
            f"The file breaks off or has a stray quotation mark at line {records.line_num:,}. Save it as CSV again."
        ) from problem


def tabulate(records: Iterable[Sequence[str]], sheet: str = "", other_sheets: tuple[str, ...] = ()) -> Table:
    """Headings and rows from the records of a sheet, blank rows left out. Raises FileRefused."""
    headings, under = _find_headings(enumerate(records, start=1))
    _check_headings(headings)
    rows = tuple(_rows(under, headings))
    if not rows:
        raise FileRefused("The file has headings but no rows under them.")
    return Table(tuple(heading for heading in headings if heading), rows, sheet, other_sheets)


def _find_headings(numbered: Iterator[Numbered]) -> tuple[list[str], Iterator[Numbered]]:
    """The headings and the rows under them: titles over them, one merged cell each, are passed over."""
    passed: list[Numbered] = []
    for number, record in numbered:
        if number > MAX_ROWS and not passed:
            break
        if not any(cell.strip() for cell in record):
            continue
        passed.append((number, record))
        if _filled(record) > 1 or len(passed) > MOST_TITLES:
            break
    if not passed:
        raise FileRefused("The file has no headings: its first row should name the columns.")
    # A file of one column has no title: its first row is its heading.
    at = len(passed) - 1 if _filled(passed[-1][1]) > 1 else 0
    headings = [_heading(cell) for cell in _without_blank_end(passed[at][1])]
    under = passed[at + 1 :] or list(islice(numbered, 1))
    if under and _without_heading(under[0][1], headings) > 1:
        raise FileRefused(
            "The headings stand in more than one row, some over several columns. Give each column one heading, all "
            "of them in one row."
        )
    return headings, chain(under, numbered)


def _without_heading(record: Sequence[str], headings: Sequence[str]) -> int:
    return sum(1 for at, cell in enumerate(record) if cell.strip() and not "".join(headings[at : at + 1]))


def _filled(record: Sequence[str]) -> int:
    return sum(1 for cell in record if cell.strip())


def _without_blank_end(record: Sequence[str]) -> list[str]:
    cells = [cell.strip() for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _heading(cell: str) -> str:
    return " ".join(cell.split())


def _check_headings(headings: Sequence[str]) -> None:
    if len(headings) > MAX_COLUMNS:
        raise FileRefused(f"The file has more than {MAX_COLUMNS} columns.")
    for heading in headings:
        if len(heading) > 200:
            raise FileRefused(
                f"A heading is longer than 200 characters: “{heading[:40]}…”. Is the first row missing?"
            )
    twice = [
        name for name, count in Counter(heading.casefold() for heading in headings if heading).items() if count > 1
    ]
    if twice:
        named = next(heading for heading in headings if heading.casefold() == twice[0])
        raise FileRefused(f"Two columns are headed “{named}”. Give each its own heading.")


def _rows(numbered: Iterable[Numbered], headings: Sequence[str]) -> Iterator[Row]:
    for number, record in numbered:
        cells = _without_blank_end(record)
        if number > MAX_ROWS + 1:
            raise FileRefused(f"The file has more than {MAX_ROWS:,} rows. Split it, for example by year.")
        if cells:
            yield _row(number, cells, headings, len(record))


def _row(number: int, cells: list[str], headings: Sequence[str], width: int) -> Row:
    problem = ""
    if len(cells) > len(headings):
        problem = f"The row has {len(cells)} cells, but there are {len(headings)} headings. Is a comma out of place?"
    elif width < len(headings):
        problem = f"The row has only {width} of {len(headings)} cells. Did the file break off?"
    found = {}
    for heading, cell in zip(headings, cells + [""] * (len(headings) - len(cells)), strict=False):
        if not heading:
            if cell:
                problem = problem or f"“{cell[:30]}” stands in a column without a heading."
            continue
        if cell == FORMULA:
            problem = problem or (
                f"The cell under “{heading}” is a formula, and the file does not hold what it comes to. Open it in "
                "Excel, save it and send that."
            )
            cell = ""
        if len(cell) > MAX_CELL:
            problem = problem or f"The cell under “{heading}” is longer than {MAX_CELL:,} characters."
            cell = cell[:MAX_CELL]
        found[heading] = cell
    return Row(number, found, problem)

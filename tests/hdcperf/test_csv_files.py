"""No cell of a CSV file is run as a formula, and nothing else about it changes."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.csv_files import BOM, csv_lines, neutralised

STARTS = "=+-@\t\r\n＝＋－＠"
cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)


def read_back(lines: list[str]) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(lines).removeprefix(BOM), newline="")))


@given(cells)
def test_no_words_begin_a_formula(cell: str) -> None:
    written = str(neutralised(cell))
    assert not written.startswith(tuple(STARTS))
    assert not written.lstrip().startswith(tuple(STARTS))


@given(st.sampled_from("=+-@＝＋－＠"), cells, st.sampled_from(["", " ", "\t", "\xa0"]))
def test_a_formula_keeps_its_words_behind_an_apostrophe(start: str, rest: str, space: str) -> None:
    assert neutralised(space + start + rest) == f"'{space}{start}{rest}"


@given(cells)
def test_words_are_kept_whole(cell: str) -> None:
    assert neutralised(cell) in (cell, f"'{cell}")


@pytest.mark.parametrize("cell", [Decimal("-3.2"), -3, 0, None])
def test_a_number_stays_a_number(cell: object) -> None:
    assert neutralised(cell) is cell


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5))
def test_a_file_reads_back_as_its_cells(rows: list[list[str]]) -> None:
    lines = list(csv_lines(("One", "Two", "Three"), rows))
    assert lines[0] == f"{BOM}One,Two,Three\r\n"
    assert read_back(lines)[1:] == [[str(neutralised(cell)) for cell in row] for row in rows]

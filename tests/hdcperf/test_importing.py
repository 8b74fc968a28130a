"""Spreadsheets are read safely, refused with sentences, and applied all or nothing."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest

from hdcperf.importing import (
    Change,
    Column,
    FileRefused,
    NotApplied,
    Outcome,
    Plan,
    Problem,
    Row,
    Status,
    apply_plan,
    guess,
    mapping_refusals,
    read_row,
    read_table,
)
from hdcperf.importing import reading as limits


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, number_format in (formats or {}).items():
        sheet[cell].number_format = number_format
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def with_part(content: bytes, name: str, data: bytes = b"x") -> bytes:
    kept = io.BytesIO(content)
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_is_read_whatever_program_wrote_it(encoding: str) -> None:
    table = read_table("Code,Cost\nPI 1,£1.50\n".encode(encoding), "a.csv")
    assert table.rows == (Row(2, {"Code": "PI 1", "Cost": "£1.50"}),)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_recognised(delimiter: str) -> None:
    assert read_table(f"Code{delimiter}Value\n1{delimiter}2\n".encode(), "a.csv").headings == ("Code", "Value")


def test_rows_keep_the_number_a_spreadsheet_shows() -> None:
    table = read_table(b'Code,Words\n1,"two\nlines"\n\n2,x\n', "a.csv")
    assert [row.number for row in table.rows] == [2, 4]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "empty"),
        (b"\n\n", "a.csv", "no headings"),
        (b"Code,Name\n", "a.csv", "no rows"),
        (b"Code,code\n1,2\n", "a.csv", "Two columns are headed"),
        (b"Code\n1\x00\n", "a.csv", "not plain text"),
        (b"Code\n\x81\x8d\n", "a.csv", "not plain text"),
        (b'Code,Name\n1,"never closed\n', "a.csv", "breaks off"),
        (b"Code\n1\n", "a.pdf", "Only CSV and Excel"),
        (b"Code\n1\n", "a.xlsx", "not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "a.xls", "old Excel file"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged"),
        (workbook(["Code"], ["1"]), "a.xlsm", "macros"),
        (with_part(workbook(["Code"], ["1"]), "xl/vbaProject.bin"), "a.xlsx", "macros"),
        (b"x" * (limits.MAX_BYTES + 1), "a.csv", "larger than"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, name: str, said: str) -> None:
    with pytest.raises(FileRefused, match=said):
        read_table(content, name)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"%PDF-1.7\n\x01\x02stream\n",
        bytes(range(256)),
        b"\xff\xd8\xff\xe0\x00\x10JFIF",
    ],
)
def test_a_picture_or_a_program_called_csv_is_refused(content: bytes) -> None:
    with pytest.raises(FileRefused, match="not plain text"):
        read_table(content, "register.csv")


@pytest.mark.parametrize("title", [["Register of KPIs"], ["Register of KPIs", "", ""], ["", "Register of KPIs"]])
def test_a_merged_title_over_the_headings_is_passed_over(title: list[str]) -> None:
    words = "\n".join(",".join(row) for row in (title, ["Example figures"], [], ["Code", "Value"], ["1", "2"]))
    for content, name in ((words.encode(), "a.csv"), (merged(title), "a.xlsx")):
        table = read_table(content, name)
        assert table.headings == ("Code", "Value")
        assert table.rows == (Row(5, {"Code": "1", "Value": "2"}),)


def merged(title: list[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (title, ["Example figures"], [], ["Code", "Value"], [1, 2]):
        sheet.append(row)
    sheet.merge_cells("A1:B1" if title[0] else "B1:C1")
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def test_one_column_has_a_heading_and_no_title() -> None:
    assert read_table(b"Code\n1\n2\n", "a.csv").headings == ("Code",)


def test_headings_in_two_rows_under_merged_groups_are_refused() -> None:
    content = workbook(
        ["", "April", None, "May", None], ["Code", "Value", "Target", "Value", "Target"], ["1", 2, 3, 4, 5]
    )
    with pytest.raises(FileRefused, match="The headings stand in more than one row"):
        read_table(content, "a.xlsx")


def test_a_formula_gives_its_result_and_one_without_a_result_is_refused_by_its_cell() -> None:
    unsaved = workbook(["Code", "Value", "Note"], ["PI 1", "=6*7", None], ["PI 2", 5, "=A1"])
    first, second = read_table(unsaved, "a.xlsx").rows
    assert "The cell under “Value” is a formula, and the file does not hold what it comes to" in first.problem
    assert "The cell under “Note” is a formula" in second.problem
    saved = rewritten(unsaved, b"<f>6*7</f><v />", b"<f>6*7</f><v>42</v>")
    assert read_table(saved, "a.xlsx").rows[0].cells["Value"] == "42"
    blank = rewritten(saved, b'r="C3"><f>A1</f><v />', b'r="C3" t="str"><f>A1</f><v></v>')
    second = read_table(blank, "a.xlsx").rows[1]
    assert (second.cells["Note"], second.problem) == ("", "")


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with a piece of its first sheet replaced, as Excel would have written it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as written:
        for name in parts.namelist():
            part = parts.read(name)
            assert old in part or name != "xl/worksheets/sheet1.xml"
            written.writestr(name, part.replace(old, new))
    return kept.getvalue()


def test_a_workbook_that_unpacks_to_far_more_than_it_is_is_refused_before_it_is_read() -> None:
    bomb = with_part(workbook(["Code"], ["1"]), "xl/media/a", b"\0" * (101 * 1024 * 1024))
    assert len(bomb) < limits.MAX_BYTES
    with pytest.raises(FileRefused, match="too large once unpacked"):
        read_table(bomb, "a.xlsx")


def test_too_many_rows_and_columns_are_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 2)
    assert len(read_table(b"Code\n1\n2\n", "a.csv").rows) == 2
    with pytest.raises(FileRefused, match="more than 2 rows"):
        read_table(b"Code\n1\n2\n3\n", "a.csv")
    with pytest.raises(FileRefused, match="more than 100 columns"):
        read_table(workbook([f"c{n}" for n in range(101)], ["1"]), "a.xlsx")


def test_a_ragged_row_is_refused_by_itself() -> None:
    good, short, long = read_table(b"A,B\n1,2\n3\n4,5,6\n", "a.csv").rows
    assert not good.problem
    assert "only 1 of 2 cells" in short.problem
    assert "3 cells" in long.problem


def test_a_workbook_gives_what_a_person_sees() -> None:
    content = workbook(
        ["Month", "Rate", "Count", "Sum", "Note"],
        [date(2025, 4, 1), 0.854, 1204, 0.1 + 0.2, None],
        formats={"B2": "0.0%"},
    )
    table = read_table(content, "a.xlsx")
    assert table.rows[0].cells == {"Month": "2025-04-01", "Rate": "85.4%", "Count": "1204", "Sum": "0.3", "Note": ""}


def test_another_sheet_is_read_when_named() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Notes"])
    book.create_sheet("Figures").append(["Code"])
    book["Figures"].append(["PI 1"])
    kept = io.BytesIO()
    book.save(kept)
    assert read_table(kept.getvalue(), "a.xlsx", "Figures").rows[0].cells == {"Code": "PI 1"}
    with pytest.raises(FileRefused, match="no sheet called"):
        read_table(kept.getvalue(), "a.xlsx", "Missing")


CODE = Column("code", "Code", str, ("ref",))
COUNT = Column("count", "Count", int)


def test_headings_suggest_the_mapping_whatever_their_case_and_spaces() -> None:
    assert guess([CODE, COUNT], ["REF ", "count", "Other"]) == {"code": "REF ", "count": "count"}


def test_a_mapping_names_columns_there_are_and_each_once() -> None:
    assert "no column headed" in mapping_refusals([CODE], {"code": "Missing"}, ["A"])["code"]
    assert "already used" in mapping_refusals([CODE, COUNT], {"code": "A", "count": "A"}, ["A"])["count"]


def test_a_cell_is_refused_by_row_and_column() -> None:
    found = read_row([CODE, COUNT], {"code": "Ref", "count": "How many"}, Row(7, {"Ref": "x", "How many": "many"}))
    assert [(one.row, one.column) for one in found.problems] == [(7, "How many")]
    assert found["code"] == "x"
    assert found["count"] is None


def outcome(status: Status) -> Outcome:
    return Outcome(2, "A row", status, (Change("Figure", "1", "2"),))


@pytest.mark.django_db
def test_a_refused_row_stops_the_whole_import() -> None:
    plan = Plan([outcome(Status.NEW), Outcome(3, "Bad", Status.REFUSED, problems=(Problem(3, "A", "No."),))], None)
    written: list[object] = []
    with pytest.raises(NotApplied, match="1 row is refused"):
        apply_plan(lambda: plan, written.append)
    assert written == []


@pytest.mark.django_db
def test_a_plan_that_is_not_the_one_seen_is_not_written() -> None:
    written: list[object] = []
    seen = Plan([outcome(Status.NEW)], None).fingerprint
    with pytest.raises(NotApplied, match="Something changed"):
        apply_plan(lambda: Plan([outcome(Status.CHANGED)], None), written.append, seen=seen)
    assert written == []
    apply_plan(lambda: Plan([outcome(Status.NEW)], None), written.append, seen=seen)
    assert len(written) == 1


def test_an_outcome_survives_being_kept() -> None:
    whole = Outcome(2, "A", Status.REFUSED, (Change("x", "1", "2"),), (Problem(2, "A", "No."),), "note")
    assert Outcome.from_json(whole.as_json()) == whole

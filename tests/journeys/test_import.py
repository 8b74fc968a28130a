"""A register and its history, from the file a council has to the figures on its pages (framework C.1).

Once as each program writes it, then all that can be wrong with a file, answered beside the box that took it.
"""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hdcperf.jobs import running
from hdcperf.jobs.models import Job
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import ImportDraft, ImportMapping, ImportRun, Kpi, KpiYear, MonthlyReturn, TargetSet
from tests.factories.organisation import ServiceFactory, UserFactory, holder

pytestmark = pytest.mark.django_db

Rows = Sequence[Sequence[object]]
HEADINGS = ("Ref", "What is counted", "Department", "Measured in", "Good is", "When", "Count", "Aim", "Who", "Said")
"""None of the product's own words but three, so that the mapping has to be filled in."""
FILLED = {
    "What is counted": "name",
    "Measured in": "unit",
    "When": "month",
    "Count": "actual",
    "Aim": "target",
    "Who": "collects",
    "Said": "commentary",
}
APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
BINS = ("PI 1", "Example bins missed", "Example Refuse", "Number", "Lower")


@pytest.fixture(autouse=True)
def _ready(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))
    ServiceFactory(name="Example Refuse")
    UserFactory(name="Ada Example")


@pytest.fixture
def team(client: Client) -> User:
    user = holder(Role.PERFORMANCE_TEAM)
    client.force_login(user)
    return user


def register(*figures: tuple[object, int, str]) -> list[tuple[object, ...]]:
    return [HEADINGS, *((*BINS, when, count, 15, "Ada Example", said) for when, count, said in figures)]


def csv_file(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    lines = (delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows)
    return "\r\n".join(lines).encode(encoding)


def workbook(rows: Rows, title: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    for row in rows:
        sheet.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def serial(day: date) -> int:
    """The day as Excel keeps it, where a cell has lost its format."""
    return (day - date(1899, 12, 30)).days


def upload(client: Client, content: bytes, name: str, mapping: ImportMapping | None = None) -> Any:
    sent = {"file": SimpleUploadedFile(name, content)}
    return client.post(reverse("import"), sent | ({"mapping": mapping.pk} if mapping else {}), follow=True)


def map_columns(client: Client, page: Any, name: str) -> Any:
    """Fill in the columns that the page did not know, keep the mapping under ``name``, and go to the preview."""
    form = page.context["form"]
    filled = {field: "" if value is None else value for field, value in form.initial.items()}
    for number, heading in enumerate(form.table.headings):
        filled[f"column_{number}"] = FILLED.get(heading, filled[f"column_{number}"])
    posted = {field: value for field, value in filled.items() if value is not False}
    return client.post(page.redirect_chain[-1][0], posted | {"name": name}, follow=True)


def counts(page: Any) -> dict[str, int]:
    return {getattr(one.label, "text", one.label): one.number for one in page.context["counts"]}


def apply(client: Client, page: Any) -> Any:
    (step,) = [one for one in page.context["steps"] if one.href.endswith("/apply/")]
    return client.post(step.href, dict(step.fields), follow=True)


def imported(client: Client, content: bytes, name: str = "register.csv") -> Any:
    """From the file to the figures, with the mapping kept under *Register*."""
    return apply(client, map_columns(client, upload(client, content, name), "Register"))


def test_a_register_is_sent_mapped_previewed_applied_and_sent_again(client: Client, team: User) -> None:
    first = csv_file(register(("Apr-26", 12, "Quiet month"), ("May-26", 14, "")))
    preview = map_columns(client, upload(client, first, "register.csv"), "Register")
    assert counts(preview) == {"All rows": 2, "New": 2, "Changed": 0, "Unchanged": 0, "Refused": 0}
    assert not Kpi.objects.exists()
    done = apply(client, preview)
    assert "register.csv is imported: 2 new and 0 changed rows." in done.content.decode()
    april, may = MonthlyReturn.objects.order_by("month")
    assert (april.value, april.ytd_figure, april.target, april.rag) == (12, 12, 15, "green")
    assert (may.value, may.ytd_figure, may.state, may.imported) == (14, 26, "accepted", True)
    assert april.what_happened == "Quiet month"
    assert KpiYear.objects.get().people.get().user.name == "Ada Example"

    mapping = ImportMapping.objects.get(name="Register")
    again = upload(client, first, "register.csv", mapping)
    assert counts(again)["Unchanged"] == 2
    assert "there is nothing to import" in again.content.decode()

    later = csv_file(register(("Apr-26", 13, "Quiet month"), ("May-26", 14, ""), ("Jun-26", 9, "")))
    preview = upload(client, later, "register-june.csv", mapping)
    assert counts(preview) == {"All rows": 3, "New": 1, "Changed": 2, "Unchanged": 0, "Refused": 0}
    changed = [row.outcome for row in preview.context["page"].rows if row.outcome.status == "changed"]
    said = [[(one.what, one.before, one.after) for one in each.changes] for each in changed]
    assert ("Figure", "12", "13") in said[0]
    assert said[1] == [("Year to date", "26", "27")]
    apply(client, preview)
    may.refresh_from_db()
    assert may.ytd_figure == 27

    typed = csv_file([HEADINGS, (*BINS, "Jul-26", "ten", 15, "Nobody", "")])
    refused = upload(client, typed, "july.csv", mapping)
    (row,) = refused.context["page"].rows
    assert {(one.row, one.column) for one in row.outcome.problems} == {(2, "Count"), (2, "Who")}
    assert not [one for one in refused.context["steps"] if one.href.endswith("/apply/")]
    assert ImportRun.objects.count() == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (lambda rows: csv_file(rows, ";"), "semicolons.csv"),
        (lambda rows: csv_file(rows, "\t"), "tabs.txt"),
        (lambda rows: csv_file(rows, encoding="utf-8-sig"), "bom.csv"),
        (lambda rows: csv_file(rows, encoding="cp1252"), "windows.csv"),
        (lambda rows: csv_file(rows, encoding="utf-16"), "utf-16.csv"),
        (lambda rows: csv_file([["Register of KPIs"], [], *rows]), "title.csv"),
        (workbook, "register.xlsx"),
        (lambda rows: workbook(rows, "Register of KPIs, all that is counted"), "title.xlsx"),
    ],
)
@pytest.mark.parametrize("when", ["Apr-26", "01/04/2026", APRIL, serial(APRIL)])
def test_every_way_a_program_writes_it_is_read_the_same(
    client: Client, team: User, content: Callable[[Rows], bytes], name: str, when: object
) -> None:
    imported(client, content(register((when, 12, "Cost £5 – café"))), name)
    record = MonthlyReturn.objects.get()
    assert (record.month, record.value, record.what_happened) == (APRIL, 12, "Cost £5 – café")
    assert record.kpi_year.people.get().user.name == "Ada Example"


def bomb() -> bytes:
    kept = io.BytesIO(workbook(register((APRIL, 1, ""))))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/zeros.bin", b"\0" * (101 * 1024 * 1024))
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (lambda: b"", "empty.csv", "The file is empty."),
        (lambda: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50, "picture.csv", "is not plain text"),
        (lambda: b"%PDF-1.7\n\x01\x02" * 50, "paper.csv", "is not plain text"),
        (lambda: b"Ref,Count\n", "headings.csv", "has headings but no rows"),
        (lambda: b'Ref,Count\n1,"2\n', "broken.csv", "breaks off or has a stray quotation mark"),
        (bomb, "bomb.xlsx", "too large once unpacked"),
        (lambda: b"Ref,Count\n" + b"1,2\n" * 1_400_000, "large.csv", "larger than 5 MB"),
        (lambda: csv_file([("Ref", "Count"), *[("1", "2")] * 5_001]), "long.csv", "more than 5,000 rows"),
        (lambda: workbook(register((APRIL, 1, ""))), "macros.xlsm", "can hold macros"),
        (lambda: b"Ref,Count\n1,2\n", "register.docx", "Only CSV and Excel"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_beside_the_box_and_nothing_is_kept(
    client: Client, team: User, content: Callable[[], bytes], name: str, said: str
) -> None:
    answer = upload(client, content(), name)
    assert said in answer.context["form"].errors["file"][0]
    assert not ImportDraft.objects.exists()


def test_a_formula_without_its_result_is_refused_by_its_cell(client: Client, team: User) -> None:
    rows = register((APRIL, 1, ""))
    rows[1] = (*rows[1][:6], "=6*7", *rows[1][7:])
    page = map_columns(client, upload(client, workbook(rows), "register.xlsx"), "Register")
    assert counts(page)["Refused"] == 1
    assert "The cell under “Count” is a formula" in page.content.decode()


def test_words_that_would_be_a_formula_are_kept_as_words_and_neutralised_on_the_way_out(
    client: Client, team: User
) -> None:
    imported(client, csv_file(register(("Apr-26", 12, "=HYPERLINK(0)"))))
    assert MonthlyReturn.objects.get().what_happened == "=HYPERLINK(0)"
    auditor = Client()
    auditor.force_login(holder(Role.INTERNAL_AUDIT))
    exported = auditor.get(reverse("audit-export")).getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(exported)) for cell in row]
    assert [cell for cell in cells if "=HYPERLINK(0)" in cell]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_five_thousand_rows_are_previewed_and_applied(client: Client, team: User) -> None:
    """Two hundred KPIs over two years and a month: as many rows as a page takes, in seconds and not minutes."""
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)] + ["2026-01"]
    rows: list[tuple[object, ...]] = [HEADINGS]
    for number in range(200):
        facts = (f"PI {number + 1}", f"Example measure {number + 1}", *BINS[2:])
        rows += [(*facts, month, number + at, 300, "Ada Example", "") for at, month in enumerate(months)]
    assert len(rows) == 5_001
    began = time.process_time()
    page = map_columns(client, upload(client, csv_file(rows), "register.csv"), "Register")
    assert counts(page)["New"] == 5_000
    assert time.process_time() - began < 20
    apply(client, page)
    assert running.run(Job.objects.latest("pk").pk)
    assert (Kpi.objects.count(), MonthlyReturn.objects.count()) == (200, 5_000)
    assert TargetSet.objects.count() == 600
    last = MonthlyReturn.objects.get(kpi_year__code="PI 200", month=date(2026, 1, 1))
    assert last.value == Decimal(199 + 24)

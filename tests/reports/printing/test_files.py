"""The workbook, the CSV and the JSON of a pack: its own data, the same bytes, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from openpyxl import load_workbook

from reports.packs.frozen import read_pack
from reports.printing.files import render_csv, render_json, render_xlsx
from reports.printing.tables import ITEM_HEADS
from tests.factories.packs import sample_action, sample_pack
from tests.reports.printing.awkward import awkward_pack

FORMULA = '=HYPERLINK("http://192.0.2.1","a")'


def test_the_workbook_holds_every_item_as_words_and_numbers() -> None:
    pack = sample_pack()
    made = render_xlsx(pack)
    book = load_workbook(io.BytesIO(made))
    rows = list(book["Items"].values)
    assert rows[0] == ITEM_HEADS
    found = {row[1]: dict(zip(ITEM_HEADS, row, strict=True)) for row in rows[1:]}
    assert set(found) == {one.code for one in (*pack.kpis, *pack.actions, *pack.projects)}
    kpi = found["KPI 18"]
    assert (kpi["RAG now"], kpi["RAG forecast"], kpi["Year to date"], kpi["Target"]) == ("Red", "Amber", 49.75, 44)
    assert kpi["By"].date().isoformat() == "2026-11-30"
    assert "The depot flooded on 9 July." in kpi["Commentary"]
    assert found["KPI 21"]["Month or quarter"] is None
    assert len(list(book["KPI months"].values)) == 1 + sum(len(one.chart.points) for one in pack.kpis if one.chart)
    assert made == render_xlsx(read_pack(render_json(pack).decode()))


def test_no_cell_is_a_formula() -> None:
    pack = sample_pack(priorities=awkward_pack().priorities, notice=FORMULA)
    for sheet in load_workbook(io.BytesIO(render_xlsx(pack))):
        assert [cell.value for row in sheet for cell in row if cell.data_type == "f" or cell.hyperlink] == []
    action = sample_action("=1+1", done=FORMULA, service="@x")
    outcome = pack.priorities[0].outcomes[0]
    hostile = sample_pack(priorities=(replace(pack.priorities[0], outcomes=(replace(outcome, actions=(action,)),)),))
    rows = list(csv.reader(io.StringIO(render_csv(hostile).decode("utf-8-sig"), newline="")))
    row = dict(zip(ITEM_HEADS, rows[-1], strict=True))
    assert (row["Code"], row["Service"]) == ("'=1+1", "'@x")
    figures = {one[ITEM_HEADS.index("Month or quarter")] for one in rows[1:]}
    assert "-1234567890123" in figures  # a minus before a figure is no formula

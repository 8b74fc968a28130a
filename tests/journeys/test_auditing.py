"""Internal audit and the governance committee (framework Appendix A): who, when, from what, to what, why; as CSV."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from hdcperf.roles import Role
from kpis.operations.checking import accept, raise_challenge
from tests.factories.organisation import CouncilFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.entering import TODAY, Collected, collected

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    CouncilFactory()


@pytest.fixture
def lived() -> tuple[Collected, Collected]:
    """One return accepted, one challenged with a question that only auditors may read."""
    accepted, asked = collected(), collected()
    accepted.post("submit", what_happened='=HYPERLINK("http://elsewhere") was typed by a depot\'s spreadsheet.')
    accept(accepted.now(), by=accepted.reviewer)
    asked.post("submit")
    raise_challenge(asked.now(), about="value", reason="other", question="Who counted?", by=asked.reviewer)
    return accepted, asked


def rows_of(page: Walker) -> list[dict[str, str]]:
    """The list downloaded by the link of the page."""
    page.follow("Download this list (CSV)")
    return list(csv.DictReader(io.StringIO(page.body.decode("utf-8-sig"))))


def test_an_auditor_follows_one_return_and_downloads_the_same_list(lived: tuple[Collected, Collected]) -> None:
    accepted, asked = lived
    page = Walker(holder(Role.INTERNAL_AUDIT)).follow("Audit", anywhere=True)
    page.type("KPI, action or project, by code or name", accepted.kpi_year.code).type(
        "Kind of record", "Move of a monthly return"
    )
    page.press("Apply filters")
    assert accepted.reviewer.name in page.text
    assert asked.kpi_year.name not in page.text
    rows = rows_of(page)
    mine = [row for row in rows if row["Record"] == f"{accepted.kpi_year.code} October 2026"]
    assert [row["Done"] for row in mine] == ["Accept", "Submit", "Save as draft"]
    assert {row["Code"] for row in rows} == {accepted.kpi_year.code}
    assert (mine[0]["Who"], mine[0]["From"], mine[0]["To"]) == (accepted.reviewer.name, "Submitted", "Accepted")


def test_what_looks_like_a_formula_comes_out_as_words(lived: tuple[Collected, Collected]) -> None:
    accepted, _ = lived
    page = Walker(holder(Role.INTERNAL_AUDIT), path="/audit/")
    page.type("KPI, action or project, by code or name", accepted.kpi_year.code).press("Apply filters")
    cells = [cell for row in rows_of(page) for cell in row.values() if "HYPERLINK" in cell]
    assert cells
    assert not any(cell.startswith("=") for cell in cells)


def test_the_committee_reads_what_is_accepted_and_the_auditor_what_was_asked_as_well(
    lived: tuple[Collected, Collected],
) -> None:
    accepted, asked = lived
    committee = Walker(holder(Role.GOVERNANCE)).follow("Audit", anywhere=True)
    assert "This list leaves out figures that are not accepted" in committee.text
    assert accepted.kpi_year.name in committee.text
    assert "Who counted?" not in committee.text
    assert not any(
        asked.kpi_year.code == row["Code"] and row["Kind of record"] == "Challenge" for row in rows_of(committee)
    )
    assert "Who counted?" in Walker(holder(Role.INTERNAL_AUDIT), path="/audit/").text


def test_an_auditor_takes_away_everything_held_on_one_kpi(lived: tuple[Collected, Collected]) -> None:
    _, asked = lived
    page = Walker(holder(Role.INTERNAL_AUDIT), path=f"/kpis/{asked.kpi_year.code}/")
    page.follow("Export everything held on this KPI")
    page.follow("Download everything (zip)")
    with zipfile.ZipFile(io.BytesIO(page.body)) as bundle:
        document = next(bundle.read(name).decode() for name in bundle.namelist() if name.endswith(".html"))
    for words in (asked.kpi_year.name, "Who counted?", asked.user.name):
        assert words in document

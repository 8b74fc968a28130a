"""A real excerpt of published figures (see README.md beside it): imported whole, again, and with one bad cell."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hdcperf.importing import NotApplied, Status, read_table
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.roles import Role
from kpis.importing import Mapping, Options, import_content, keep_mapping, preview, suggested
from kpis.models import ImportRun, Kpi, KpiYear, MonthlyReturn, MonthlyTarget, TargetSet
from tests.factories.organisation import holder

FILE = Path(__file__).with_name("published_excerpt.csv")
NAME = FILE.name
OPTIONS = Options(
    year_starts_in=1, nought_is_no_target=True, same_code_same_kpi=True, create_services_in="Example agencies"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def content() -> bytes:
    return FILE.read_bytes()


def mapping(options: Options = OPTIONS) -> Mapping:
    return suggested(read_table(content(), NAME).headings, options)


def run(team: User, sent: bytes | None = None) -> ImportRun:
    return import_content(sent or content(), NAME, keep_mapping("Published", mapping(), by=team), by=team)


def everything() -> dict[str, Any]:
    """Every row there is and every row of history, so that *nothing changed* means nothing."""
    models = (Kpi, KpiYear, TargetSet, MonthlyTarget, MonthlyReturn)
    return {one.__name__: (list(one.objects.order_by("pk").values()), one.history.count()) for one in models}


def test_the_whole_excerpt_is_imported_with_its_history(team: User) -> None:
    made = run(team)
    assert (made.new_rows, made.changed_rows, made.unchanged_rows) == (81, 0, 0)
    assert Kpi.objects.count() == 3
    assert KpiYear.objects.count() == 9
    records = MonthlyReturn.objects.all()
    assert records.count() == 81
    assert all(one.imported and one.state == "accepted" and one.rag for one in records)
    kept = MonthlyReturn.history.first()
    assert kept.history_user == team
    assert kept.history_change_reason == f"Imported from {NAME}"


def test_the_year_starts_in_january_and_the_rule_is_told_from_the_published_figures(team: User) -> None:
    run(team)
    traffic = KpiYear.objects.get(code="80231", year=2016)
    assert traffic.financial_year == FinancialYear(2016, first_month=1)
    assert (traffic.ytd_rule, traffic.headline) == ("adds_up", "ytd")
    assert KpiYear.objects.get(code="20421", year=2016).ytd_rule == "mean"
    december = MonthlyReturn.objects.get(kpi_year=traffic, month=date(2016, 12, 1))
    months = MonthlyReturn.objects.filter(kpi_year=traffic).values_list("value", flat=True)
    assert december.ytd_figure == sum(one for one in months if one is not None)
    assert december.outturn == ""


def test_a_published_year_to_date_is_kept_where_the_rule_gives_another(team: User) -> None:
    run(team)
    rows = read_table(content(), NAME).rows
    wanted = {(row.cells["code"], row.cells["year"], row.cells["month"]): row.cells["ytd_actual"] for row in rows}
    for record in MonthlyReturn.objects.select_related("kpi_year"):
        key = (record.kpi_year.code, str(record.month.year), str(record.month.month))
        assert record.ytd_figure == Decimal(wanted[key])


def test_a_target_of_nought_is_no_target_and_is_not_judged(team: User) -> None:
    run(team)
    traffic = MonthlyReturn.objects.filter(kpi_year__code="80231")
    assert {one.rag for one in traffic} == {"not_judged"}
    assert not TargetSet.objects.filter(kpi_year__code="80231").exists()


def test_a_month_is_judged_by_the_target_in_the_file(team: User) -> None:
    run(team)
    judged = MonthlyReturn.objects.filter(kpi_year__code="74039", target__isnull=False)
    assert judged.count() > 12
    for record in judged:
        assert record.value is not None
        assert record.target is not None
        assert record.rag == ("green" if record.value <= record.target else "red")


def test_the_same_file_again_changes_nothing(team: User) -> None:
    run(team)
    before = everything()
    again = run(team)
    assert (again.new_rows, again.changed_rows, again.unchanged_rows) == (0, 0, 81)
    assert everything() == before


def test_one_bad_cell_and_nothing_is_written(team: User) -> None:
    lines = content().decode().splitlines()
    cells = lines[40].split(",")
    cells[10] = "1.2.3"
    bad = "\n".join([*lines[:40], ",".join(cells), *lines[41:]]).encode()
    (refused,) = preview(bad, NAME, mapping()).refused
    assert refused.row == 41
    assert [problem.column for problem in refused.problems] == ["actual"]
    kept = keep_mapping("Published", mapping(), by=team)
    with pytest.raises(NotApplied, match="1 row is refused"):
        import_content(bad, NAME, kept, by=team)
    assert not Kpi.objects.exists()
    assert not KpiYear.history.exists()
    assert not ImportRun.objects.exists()


def test_a_corrected_figure_is_shown_from_what_to_what_and_leaves_history(team: User) -> None:
    run(team)
    lines = content().decode().splitlines()
    number = next(n for n, line in enumerate(lines) if ",74039," in line and ",2016,3," in line)
    cells = lines[number].split(",")
    before, cells[10] = cells[10], "9.99"
    newer = "\n".join([*lines[:number], ",".join(cells), *lines[number + 1 :]]).encode()
    plan = preview(newer, NAME, mapping())
    (changed,) = [one for one in plan.outcomes if one.status is Status.CHANGED]
    assert changed.row == number + 1
    figure = next(one for one in changed.changes if one.what == "Figure")
    assert (Decimal(figure.before), figure.after) == (Decimal(before), "9.99")
    run(team, newer)
    record = MonthlyReturn.objects.get(kpi_year__code="74039", month=date(2016, 3, 1))
    assert (record.value, record.rag, record.version) == (Decimal("9.99"), "red", 2)
    assert record.history.count() == 2


def test_services_are_not_made_unless_asked(team: User) -> None:
    plan = preview(content(), NAME, mapping(Options(year_starts_in=1)))
    assert len(plan.refused) == 81
    assert all("There is no service" in one.problems[0].sentence for one in plan.refused)


def test_the_preview_asks_as_many_queries_for_many_rows_as_for_few(team: User) -> None:
    run(team)
    lines = content().decode().splitlines()
    # Rows of a KPI with a target, as the whole has: where none has one, its months are not asked for.
    few = "\n".join([lines[0], *lines[-2:]]).encode()
    with CaptureQueriesContext(connection) as for_few:
        preview(few, NAME, mapping())
    with CaptureQueriesContext(connection) as for_many:
        preview(content(), NAME, mapping())
    assert len(for_many) == len(for_few)

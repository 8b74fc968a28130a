"""What single rows mean: months as people write them, wide files, officers' own months, targets and types."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest

from hdcperf.importing import NotApplied, Plan
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.importing import Mapping, Options, cells, import_rows, preview, suggested
from kpis.importing.planning import Writing
from kpis.models import KpiYear, MonthlyReturn, TargetSet
from tests.factories.kpis import KpiYearFactory, MonthlyReturnFactory, RevisionFactory, TargetSetFactory
from tests.factories.organisation import ServiceFactory, holder

LONG = ("Code", "Name", "Service", "Unit", "Direction", "Month", "Value", "Target")
ROW = ("PI 1", "Example bins missed", "Example Refuse", "Number", "Lower")


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 5))


@pytest.fixture
def team(db: None) -> User:
    ServiceFactory(name="Example Refuse")
    return holder(Role.PERFORMANCE_TEAM)


def planned(headings: Sequence[str], *rows: Sequence[str], options: Options | None = None) -> Plan[Writing]:
    content = "\n".join(";".join(row) for row in (headings, *rows)).encode()
    return preview(content, "a.csv", Mapping(suggested(headings).columns, options or Options()))


def refusals(plan: Plan[Writing]) -> list[str]:
    return [problem.sentence for outcome in plan.refused for problem in outcome.problems]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "Apr-25",
            "Apr 25",
            "apr 2025",
            "April 2025",
            "2025-04",
            "2025/04",
            "2025-04-01",
            "01/04/2025",
            "30/4/2025",
        ),
        *("04/2025", "1 April 2025", "2025-04-01 00:00:00"),
    ],
)
def test_months_are_read_as_people_write_them(written: str) -> None:
    assert cells.month(written) == Month(2025, 4)


@pytest.mark.parametrize("written", ["13/2025", "31/04/2025", "Smarch 2025", "2025-13", "0", "quarter 1"])
def test_what_is_not_a_month_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"is not a (month|date)"):
        cells.month(written)


@pytest.mark.parametrize("written", ["n/a", "-", "N/A", "..", "no data"])
def test_what_people_write_for_no_figure_is_no_figure(written: str) -> None:
    assert cells.figure(written) is None


@pytest.mark.parametrize("written", ["1,204", "£1,204", "1204%", "1 204", "1204.0"])
def test_figures_are_read_as_people_write_them(written: str) -> None:
    assert cells.figure(written) == Decimal(1204)


@pytest.mark.parametrize(("written", "stored"), [("U", "higher"), ("d", "lower"), ("Higher is better", "higher")])
def test_directions_are_read_as_people_write_them(written: str, stored: str) -> None:
    assert cells.choice("direction")(written) == stored


def test_a_months_row_makes_an_accepted_imported_return(team: User) -> None:
    import_rows(LONG, [(*ROW, "Apr-25", "1,204", "1,150"), (*ROW, "May-25", "n/a", "1,150")], by=team, name="Old")
    record = MonthlyReturn.objects.get()
    assert (record.state, record.imported, record.period) == ("accepted", True, None)
    assert (record.value, record.target, record.rag) == (1204, 1150, "red")


def test_a_column_for_each_month_is_read_too(team: User) -> None:
    headings = ("Code", "Name", "Service", "Unit", "Direction", "Apr-25", "May-25", "Jun-25")
    import_rows(headings, [(*ROW, "10", "20", "-")], by=team, name="Wide")
    found = {one.measured: one.ytd_figure for one in MonthlyReturn.objects.all()}
    assert found == {Month(2025, 4): 10, Month(2025, 5): 30}
    plan = planned(headings, (*ROW, "10", "many", "-"))
    assert [problem.column for problem in plan.refused[0].problems] == ["May-25"]


def test_a_later_year_starts_from_the_facts_of_the_year_before(team: User) -> None:
    import_rows(LONG, [(*ROW, "Mar-25", "1", "")], by=team, name="First")
    import_rows(("Code", "Name", "Month", "Value"), [(ROW[0], ROW[1], "Apr-25", "2")], by=team, name="Second")
    earlier, later = KpiYear.objects.order_by("year")
    assert earlier.kpi == later.kpi
    assert (later.unit, later.direction, later.service) == (earlier.unit, earlier.direction, earlier.service)


def test_a_month_that_was_not_imported_is_not_a_files_to_change(team: User) -> None:
    kpi_year = KpiYearFactory(code="PI 1", name=ROW[1])
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 9, 1), accepted=True, value=5)
    MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, 10, 1), draft=True, value=5)
    plan = planned(
        ("Code", "Month", "Value"), ("PI 1", "Sep-26", "6"), ("PI 1", "Oct-26", "5"), ("PI 1", "Nov-26", "x")
    )
    said = refusals(plan)
    assert "September 2026 was accepted here, not imported: its figure is changed by a revision." in said
    assert any("October 2026 is being collected" in sentence for sentence in said)
    assert not refusals(planned(("Code", "Month", "Value"), ("PI 1", "Sep-26", "5")))


def test_a_revised_import_is_kept_and_a_newer_figure_refused(team: User) -> None:
    import_rows(LONG, [(*ROW, "Apr-25", "10", "")], by=team, name="Old")
    RevisionFactory(monthly_return=MonthlyReturn.objects.get())
    assert not refusals(planned(LONG, (*ROW, "Apr-25", "10", "")))
    assert "revised" in refusals(planned(LONG, (*ROW, "Apr-25", "11", "")))[0]


def test_an_approved_target_is_not_changed_by_a_file(team: User) -> None:
    kpi_year = KpiYearFactory(code="PI 1", latest=True)
    TargetSetFactory(kpi_year=kpi_year, target=12)
    plan = planned(("Code", "Month", "Value", "Target"), ("PI 1", "Sep-26", "6", "13"))
    assert "The approved target for September 2026 is 12" in refusals(plan)[0]


def test_a_level_on_the_wrong_side_is_refused_by_its_column(team: User) -> None:
    plan = planned((*LONG, "Intervention"), (*ROW, "Apr-25", "1", "10", "9"))
    assert plan.refused[0].problems[0].column == "Intervention"


def test_a_register_alone_makes_the_year_and_its_monthly_targets(team: User) -> None:
    headings = (
        "Code",
        "Name",
        "Service",
        "Unit",
        "Direction",
        "Financial year",
        "Annual target",
        "Year to date rule",
    )
    import_rows(headings, [(*ROW, "2026/27", "120", "sum")], by=team, name="Register")
    (target_set,) = TargetSet.objects.all()
    assert (target_set.target, target_set.state, target_set.months.count()) == (120, "approved", 12)
    assert {one.target for one in target_set.months.all()} == {10}
    assert not MonthlyReturn.objects.exists()


def test_a_change_of_type_once_there_are_figures_starts_a_new_kpi(team: User) -> None:
    import_rows(LONG, [(*ROW, "Apr-25", "10", "")], by=team, name="Old")
    changed = ("PI 1", "Example bins missed", "Example Refuse", "Days", "Lower", "May-25", "3", "")
    assert "starts a new KPI" in refusals(planned(LONG, changed))[0]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("", *ROW[1:], "Apr-25", "1", "")], "no code"),
        ([(*ROW, "", "1", "")], "no month"),
        ([(*ROW, "Dec-26", "1", "")], "has not begun"),
        ([(*ROW, "Apr-25", "1", ""), (*ROW, "April 2025", "2", "")], "already gives April 2025"),
        ([(*ROW, "Apr-25", "1", ""), ("PI 1", "Another", *ROW[2:], "May-25", "2", "")], "one name in a year"),
        ([(*ROW[:2], "No such service", *ROW[3:], "Apr-25", "1", "")], "There is no service"),
        ([(*ROW[:3], "furlongs", ROW[4], "Apr-25", "1", "")], "is not one of"),
        ([("<script>", *ROW[1:], "Apr-25", "1", "")], "is not a code"),
        ([(*ROW, "Apr-25", "12345678901234567890", "")], "too many digits"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(team: User, rows: list[tuple[str, ...]], said: str) -> None:
    assert any(said in sentence for sentence in refusals(planned(LONG, *rows)))


def test_an_earlier_month_that_arrives_later_moves_the_year_to_date_and_says_so(team: User) -> None:
    import_rows(LONG, [(*ROW, "May-25", "20", "")], by=team, name="First")
    import_rows(LONG, [(*ROW, "Apr-25", "10", "")], by=team, name="Second")
    may = MonthlyReturn.objects.get(month=date(2025, 5, 1))
    assert may.ytd_figure == 30
    assert may.derived_changes.get().old_ytd == 20


def test_a_program_that_gives_a_bad_row_writes_nothing(team: User) -> None:
    with pytest.raises(NotApplied):
        import_rows(LONG, [(*ROW, "Apr-25", "10", ""), (*ROW, "May-25", "ten", "")], by=team, name="Bad")
    assert not KpiYear.objects.exists()

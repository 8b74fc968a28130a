"""A month that is accepted late or revised moves later months' years to date: each move is listed, by every rule.

A frozen figure changes only so. The levels it is judged by are those it was accepted with; where the number of months
that count changes, they take in that month's own level and no target set since (README, decision notes).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import DerivedChange, KpiYear, MonthlyReturn, Revision
from kpis.operations.checking import accept
from kpis.operations.entering import Entry, confirm_outturn
from kpis.operations.revising import accept_revision, propose
from kpis.operations.targets import set_targets
from kpis.queries.everything_held import everything_held
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE, JULY = (Month(2026, month) for month in (4, 5, 6, 7))
TEN = {APRIL: 10, MAY: 10, JUNE: 10, JULY: 10}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@dataclass
class Year:
    """One KPI's year being lived through. Figures are whole numbers, or pairs where two parts are entered."""

    kpi_year: KpiYear
    team: User = field(default_factory=lambda: holder(Role.PERFORMANCE_TEAM))
    owner: User | None = None

    def __post_init__(self) -> None:
        self.owner = KpiPersonFactory(kpi_year=self.kpi_year).user

    def submit(self, month: Month, figure: object) -> MonthlyReturn:
        state: dict[str, Any] = {"submitted": True}
        made: MonthlyReturn = MonthlyReturnFactory(
            kpi_year=self.kpi_year, month=month.first_day, **state, **parts(figure)
        )
        return made

    def accept(self, month: Month, figure: object) -> MonthlyReturn:
        return accept(self.submit(month, figure), by=self.team)

    def accept_waiting(self, month: Month) -> MonthlyReturn:
        return accept(self.at(month), by=self.team)

    def revise(self, month: Month, figure: object) -> Revision:
        assert self.owner is not None
        given = {name: None if each is None else Decimal(each) for name, each in parts(figure).items()}
        made = propose(
            self.at(month), figures=Entry(**given), kind="correction", reason="It was miscounted.", by=self.owner
        )
        return accept_revision(made, by=self.team)

    def at(self, month: Month) -> MonthlyReturn:
        return MonthlyReturn.objects.get(kpi_year=self.kpi_year, month=month.first_day)

    def stands(self, month: Month) -> tuple[Decimal | None, Decimal | None, str]:
        """Its year to date, the target it is held to, and its RAG."""
        found = self.at(month)
        return (found.ytd_figure, found.target, found.rag)

    def listed(self) -> list[tuple[str, str, Decimal | None, Decimal | None, str, str]]:
        rows = DerivedChange.objects.order_by("pk")
        return [
            (
                str(row.cause.measured),
                str(row.monthly_return.measured),
                row.old_ytd,
                row.new_ytd,
                row.old_rag,
                row.new_rag,
            )
            for row in rows
        ]


def parts(figure: object) -> dict[str, Any]:
    if figure == "no data":
        return {"no_data": True}
    if isinstance(figure, tuple):
        return {"numerator": figure[0], "denominator": figure[1]}
    return {"value": figure}


def year(rule: str, *, target: int = 120, intervention: int = 108, **facts: Any) -> Year:
    """A year whose months each have a target of ten and a level of nine (cumulative for a running total)."""
    if rule in ("latest", "mean", "weighted"):
        target, intervention = (90, 80) if rule == "weighted" else (10, 9)
    given: dict[str, Any] = {"percentage": True} if rule == "weighted" else {"ytd_rule": rule}
    kpi_year = KpiYearFactory(**{**given, "headline": "ytd", **facts})
    TargetSetFactory(kpi_year=kpi_year, target=target, intervention=intervention)
    return Year(kpi_year)


THIRD = Decimal("63.333333")


class TestALateMonth:
    """April and June were accepted; May comes late, well below its target."""

    @pytest.mark.parametrize(
        ("rule", "figures", "before", "after", "moves"),
        [
            ("adds_up", (10, 4, 10), (20, 20, "green"), (24, 30, "red"), True),
            ("mean", (10, 4, 10), (10, 10, "green"), (8, 10, "red"), True),
            ("weighted", ((9, 10), (1, 10), (9, 10)), (90, 90, "green"), (THIRD, 90, "red"), True),
            # A running total and the latest figure stand for themselves.
            ("running_total", (10, 14, 30), (30, 30, "green"), (30, 30, "green"), False),
            ("latest", (10, 4, 10), (10, 10, "green"), (10, 10, "green"), False),
        ],
    )
    def test_it_moves_the_months_after_it_by_its_rule(
        self, rule: str, figures: tuple[Any, ...], before: tuple[Any, ...], after: tuple[Any, ...], moves: bool
    ) -> None:
        one = year(rule)
        one.accept(APRIL, figures[0])
        one.submit(MAY, figures[1])
        one.accept(JUNE, figures[2])
        assert one.stands(JUNE) == before
        april, version = one.stands(APRIL), one.at(JUNE).version
        one.accept_waiting(MAY)
        assert one.stands(JUNE) == after
        assert one.stands(APRIL) == april
        expected = [("May 2026", "June 2026", before[0], after[0], before[2], after[2])]
        assert one.listed() == (expected if moves else [])
        assert (one.at(JUNE).version > version) is (moves or rule == "running_total")

    def test_what_a_running_total_added_is_known_once_the_month_before_is(self) -> None:
        one = year("running_total")
        one.accept(APRIL, 10)
        one.submit(MAY, 14)
        one.accept(JUNE, 30)
        assert one.at(JUNE).month_figure is None
        one.accept_waiting(MAY)
        assert one.at(JUNE).month_figure == 16
        one.revise(MAY, 15)
        assert one.at(JUNE).month_figure == 15

    def test_every_later_month_moves_and_none_before(self) -> None:
        one = year("adds_up")
        one.submit(APRIL, 4)
        for month in (MAY, JUNE, JULY):
            one.accept(month, 10)
        one.accept_waiting(APRIL)
        assert [row[1] for row in one.listed()] == ["May 2026", "June 2026", "July 2026"]
        assert one.stands(MAY) == (14, 20, "red")
        assert one.stands(JULY) == (34, 40, "red")

    def test_only_accepted_months_move(self) -> None:
        one = year("adds_up")
        one.submit(APRIL, 4)
        one.submit(MAY, 10)
        waiting = one.at(MAY)
        one.accept_waiting(APRIL)
        assert one.listed() == []
        assert one.at(MAY).version == waiting.version

    def test_a_month_that_adds_nought_moves_the_target_to_date(self) -> None:
        one = year("adds_up")
        one.accept(APRIL, 10)
        one.submit(MAY, 0)
        one.accept(JUNE, 10)
        one.accept_waiting(MAY)
        assert one.stands(JUNE) == (20, 30, "red")
        assert one.listed() == [("May 2026", "June 2026", 20, 20, "green", "red")]

    def test_the_months_colour_does_not_move_where_the_month_is_the_headline(self) -> None:
        one = year("mean", headline="month")
        one.accept(APRIL, 10)
        one.submit(MAY, 4)
        one.accept(JUNE, 10)
        one.accept_waiting(MAY)
        assert one.at(JUNE).rag == "green"
        assert one.listed() == [("May 2026", "June 2026", 10, 8, "green", "green")]

    def test_history_says_who_and_why(self) -> None:
        one = year("adds_up")
        one.submit(APRIL, 4)
        one.accept(MAY, 10)
        one.accept_waiting(APRIL)
        row = one.at(MAY).history.first()
        assert (row.history_user, row.history_change_reason) == (
            one.team,
            "Year to date moved because April 2026 changed",
        )


class TestAMonthWithoutData:
    def test_a_years_first_month_without_data_is_no_data_and_not_unjudged(self) -> None:
        one = year("adds_up")
        one.accept(APRIL, "no data")
        assert one.stands(APRIL) == (None, 10, "no_data")

    def test_accepted_late_it_moves_nothing(self) -> None:
        one = year("adds_up")
        one.accept(APRIL, 10)
        one.submit(MAY, "no data")
        one.accept(JUNE, 10)
        june = one.at(JUNE)
        one.accept_waiting(MAY)
        assert one.listed() == []
        assert (one.at(JUNE).version, one.stands(JUNE)) == (june.version, (20, 20, "green"))

    @pytest.mark.parametrize(
        ("rule", "before", "after"),
        [("adds_up", (20, 20, "green"), (24, 30, "red")), ("mean", (10, 10, "green"), (8, 10, "red"))],
    )
    def test_its_figure_comes_as_a_revision_and_the_moves_are_listed_with_it(
        self, rule: str, before: tuple[Any, ...], after: tuple[Any, ...]
    ) -> None:
        one = year(rule)
        for month, figure in ((APRIL, 10), (MAY, "no data"), (JUNE, 10)):
            one.accept(month, figure)
        assert one.stands(JUNE) == before
        revision = one.revise(MAY, 4)
        assert one.stands(JUNE) == after
        assert one.at(MAY).no_data is False
        assert [row.revision for row in DerivedChange.objects.all()] == [revision]

    def test_a_first_month_that_was_missing_brings_its_target(self) -> None:
        one = year("adds_up")
        one.accept(APRIL, "no data")
        one.accept(MAY, "no data")
        one.revise(APRIL, 10)
        assert one.stands(APRIL) == (10, 10, "green")
        assert one.stands(MAY) == (10, 10, "no_data")


class TestNothingToMeasure:
    def test_a_nought_denominator_is_neither_nought_nor_missing(self) -> None:
        one = year("weighted")
        one.accept(APRIL, (9, 10))
        may = one.accept(MAY, (0, 0))
        assert (may.month_figure, may.rag, may.nothing_to_measure) == (None, "no_data", True)
        assert one.stands(MAY) == (90, 90, "no_data")

    def test_the_target_to_date_leaves_it_out(self) -> None:
        """A rate that adds up (days lost for each post): nobody is held to a month with no posts."""
        one = year("adds_up", entry="parts")
        one.accept(APRIL, (20, 2))
        one.accept(MAY, (0, 0))
        one.accept(JUNE, (20, 2))
        assert one.stands(JUNE) == (20, 20, "green")

    def test_revised_into_a_figure_it_counts_and_back_again_it_does_not(self) -> None:
        one = year("adds_up", entry="parts")
        for month, figure in ((APRIL, (20, 2)), (MAY, (0, 0)), (JUNE, (20, 2))):
            one.accept(month, figure)
        one.revise(MAY, (8, 2))
        assert one.stands(JUNE) == (24, 30, "red")
        one.revise(MAY, (0, 0))
        assert one.stands(JUNE) == (20, 20, "green")


class TestARevision:
    @pytest.mark.parametrize(
        ("rule", "figures", "revised", "june"),
        [
            ("adds_up", (10, 10, 10), 4, (24, 30, "red")),
            ("mean", (10, 10, 10), 4, (8, 10, "red")),
            ("weighted", ((9, 10), (9, 10), (9, 10)), (1, 10), (THIRD, 90, "red")),
            ("running_total", (10, 20, 30), 14, (30, 30, "green")),
            ("latest", (10, 10, 10), 4, (10, 10, "green")),
        ],
    )
    def test_later_months_move_by_their_rule_and_are_listed_with_it(
        self, rule: str, figures: tuple[Any, ...], revised: object, june: tuple[Any, ...]
    ) -> None:
        one = year(rule)
        for month, figure in zip((APRIL, MAY, JUNE), figures, strict=True):
            one.accept(month, figure)
        before = one.stands(JUNE)
        revision = one.revise(MAY, revised)
        assert one.stands(JUNE) == june
        rows = list(DerivedChange.objects.all())
        assert [(row.revision, row.monthly_return, row.new_ytd) for row in rows] == (
            [] if june == before else [(revision, one.at(JUNE), june[0])]
        )

    def test_back_again_it_is_as_it_was(self) -> None:
        one = year("adds_up")
        for month in (APRIL, MAY, JUNE):
            one.accept(month, 10)
        before = one.stands(JUNE)
        one.revise(MAY, 4)
        one.revise(MAY, 10)
        assert one.stands(JUNE) == before
        assert len(one.listed()) == 2

    def test_the_old_figure_is_the_one_that_stood_when_it_was_accepted(self) -> None:
        """An earlier month moved the year to date between the proposal and its acceptance."""
        one = year("adds_up")
        for month in (APRIL, MAY):
            one.accept(month, 10)
        waiting = propose(
            one.at(MAY), figures=Entry(value=Decimal(12)), kind="correction", reason="Missed.", by=one.owner
        )
        assert (waiting.old_figure, waiting.new_figure) == (20, 22)
        one.revise(APRIL, 6)
        waiting = accept_revision(Revision.objects.get(pk=waiting.pk), by=one.team)
        assert (waiting.old_figure, waiting.old_rag) == (16, "red")
        assert (waiting.new_figure, waiting.new_rag) == (18, "amber")

    def test_an_exact_mean_is_on_target_after_a_revision_as_before_it(self) -> None:
        """A third has no end: the level is kept at six places and must not be missed by what that leaves over."""
        one = Year(KpiYearFactory(ytd_rule="mean", headline="ytd", decimals=1, lower=True))
        target_set = TargetSetFactory(kpi_year=one.kpi_year, target=10, intervention=10)
        for row in target_set.months.filter(month=JUNE.first_day):
            row.target = row.intervention = Decimal(11)
            row.save()
        for month, figure in ((APRIL, 10), (MAY, 10), (JUNE, 11)):
            one.accept(month, figure)
        assert one.at(JUNE).rag == "green"
        one.revise(APRIL, 11)
        assert one.at(JUNE).rag == "red"
        one.revise(APRIL, 10)
        assert one.at(JUNE).rag == "green"

    def test_the_outturn_moves_with_the_last_month(self, set_today: Callable[[date], None]) -> None:
        set_today(date(2027, 4, 12))
        one = year("adds_up", target=120)
        months = one.kpi_year.months
        for month in months:
            one.accept(month, 10)
        march = one.at(months[-1])
        assert (march.forecast, march.forecast_rag, march.outturn) == (120, "green", "provisional")
        one.revise(months[10], 4)
        march = one.at(months[-1])
        assert (march.ytd_figure, march.forecast, march.forecast_rag) == (114, 114, "amber")

    def test_so_it_does_for_a_year_that_starts_in_january(self) -> None:
        one = year("adds_up", year_starts_in=1, year=2025)
        for month in one.kpi_year.months:
            one.accept(month, 10)
        one.revise(one.kpi_year.months[0], 4)
        december = one.at(one.kpi_year.months[-1])
        assert (december.forecast, december.forecast_rag) == (114, "amber")


class TestAChangedTarget:
    def change(self, one: Year, month: Month, target: int, **months: int) -> None:
        set_targets(
            one.kpi_year,
            Levels(Decimal(target), Decimal(target) - 12),
            from_month=month,
            profile=Profile.FLAT,
            reason="The service grew.",
            by=one.team,
            approved_by="Example Cabinet",
            approved_on=date(2026, 7, 1),
        )

    @pytest.mark.parametrize("from_month", [APRIL + 1, JUNE, JULY])
    def test_what_was_accepted_keeps_what_it_was_judged_by(self, from_month: Month) -> None:
        one = year("adds_up")
        for month in (APRIL, MAY, JUNE):
            one.accept(month, 10)
        before = list(MonthlyReturn.objects.values())
        self.change(one, from_month, 240)
        assert list(MonthlyReturn.objects.values()) == before
        assert one.listed() == []

    def test_later_months_add_its_months_to_those_before(self) -> None:
        one = year("adds_up")
        for month in (APRIL, MAY):
            one.accept(month, 10)
        self.change(one, JUNE, 240)
        one.accept(JUNE, 20)
        assert one.stands(JUNE) == (40, 40, "green")

    def test_a_revision_is_judged_by_the_target_the_month_was_accepted_with(self) -> None:
        one = year("adds_up")
        for month in (APRIL, MAY, JUNE):
            one.accept(month, 10)
        self.change(one, MAY, 240)
        one.revise(MAY, 11)
        assert one.stands(MAY) == (21, 20, "green")
        assert one.stands(JUNE) == (31, 30, "green")

    @pytest.mark.parametrize(
        ("rule", "june"),
        [
            ("adds_up", (24, 40, "red")),  # the twenty it was held to, and May's own new twenty
            ("mean", (8, Decimal("13.333333"), "red")),  # two months of ten and one of twenty
        ],
    )
    def test_a_late_month_brings_its_own_level_and_no_other_months_new_one(
        self, rule: str, june: tuple[Any, ...]
    ) -> None:
        one = year(rule)
        one.accept(APRIL, 10)
        one.submit(MAY, 4)
        one.accept(JUNE, 10)
        self.change(one, MAY, 240 if rule == "adds_up" else 20)
        one.accept_waiting(MAY)
        assert one.stands(JUNE) == june

    @pytest.mark.parametrize("rule", ["running_total", "latest", "weighted"])
    def test_where_a_month_is_held_to_its_own_level_no_later_one_is_borrowed(self, rule: str) -> None:
        one = year(rule)
        figures = [(9, 10), (9, 10), (9, 10)] if rule == "weighted" else [10, 20, 30]
        one.accept(APRIL, figures[0])
        one.submit(MAY, figures[1])
        one.accept(JUNE, figures[2])
        before = one.at(JUNE)
        self.change(one, MAY, {"running_total": 240, "latest": 50, "weighted": 99}[rule])
        one.accept_waiting(MAY)
        one.revise(MAY, (8, 10) if rule == "weighted" else 19)
        after = one.at(JUNE)
        assert (after.target, after.intervention) == (before.target, before.intervention)

    def test_a_month_accepted_before_its_target_was_approved_stays_unjudged(self) -> None:
        kpi_year = KpiYearFactory(headline="ytd")
        target_set = TargetSetFactory(kpi_year=kpi_year, awaiting=True)
        one = Year(kpi_year)
        one.submit(APRIL, 10)
        one.accept(MAY, 10)
        target_set.state, target_set.approved_by, target_set.approved_on = "approved", "Cabinet", date(2026, 7, 1)
        target_set.save()
        one.accept_waiting(APRIL)
        assert one.stands(APRIL) == (10, 10, "green")
        assert one.stands(MAY) == (20, None, "not_judged")


class TestMarchAndApril:
    """April runs two financial years side by side."""

    @pytest.fixture(autouse=True)
    def _in_april(self, set_today: Callable[[date], None]) -> None:
        set_today(date(2027, 5, 7))

    @pytest.fixture
    def old(self) -> Year:
        one = year("adds_up")
        for month in one.kpi_year.months:
            one.accept(month, 10)
        return one

    @pytest.fixture
    def new(self, old: Year) -> Year:
        one = Year(KpiYearFactory(kpi=old.kpi_year.kpi, year=2027, code=old.kpi_year.code, headline="ytd"))
        TargetSetFactory(kpi_year=one.kpi_year, target=240, intervention=216)
        one.accept(Month(2027, 4), 20)
        return one

    def test_the_new_year_starts_afresh(self, old: Year, new: Year) -> None:
        assert old.stands(Month(2027, 3)) == (120, 120, "green")
        assert new.stands(Month(2027, 4)) == (20, 20, "green")

    def test_a_revision_of_the_old_year_moves_nothing_of_the_new(self, old: Year, new: Year) -> None:
        before = MonthlyReturn.objects.filter(kpi_year=new.kpi_year).values().get()
        old.revise(Month(2027, 2), 4)
        assert old.stands(Month(2027, 3)) == (114, 120, "amber")
        assert MonthlyReturn.objects.filter(kpi_year=new.kpi_year).values().get() == before

    def test_provisional_then_final_then_only_a_revision(self, old: Year) -> None:
        march = Month(2027, 3)
        assert old.at(march).outturn == "provisional"
        assert old.owner is not None
        version = old.at(march).version
        final = confirm_outturn(old.at(march), by=old.owner)
        assert (final.outturn, final.version, final.state) == ("final", version + 1, "accepted")
        old.revise(march, 12)
        assert old.at(march).outturn == "final"
        assert old.stands(march) == (122, 120, "green")


class TestWhereItShows:
    """June's year to date moved because May was revised, in October's round."""

    @pytest.fixture
    def moved(self) -> Year:
        one = year("adds_up", name="Example collections")
        for month in (APRIL, MAY, JUNE):
            one.accept(month, 10)
        one.revise(MAY, 4)
        return one

    @pytest.fixture
    def board(self) -> Any:
        return signed_in(holder(Role.BOARD))

    def code(self, moved: Year) -> str:
        return moved.kpi_year.code

    def test_the_kpis_page_lists_the_move_with_its_cause(self, moved: Year, board: Any) -> None:
        text = text_of(board, f"/kpis/2026-27/{self.code(moved)}/")
        assert "Years to date that moved because an earlier month did" in text
        table = text[text.index('id="derived-changes"') :].partition("</table>")[0]
        for piece in ("June 2026", "May 2026", "30", "24", "Green", "Red"):
            assert piece in table

    def test_both_months_are_marked_as_revised_and_april_is_not(self, moved: Year) -> None:
        client = signed_in(holder(Role.PERFORMANCE_TEAM))
        for month, marked in ((APRIL, False), (MAY, True), (JUNE, True)):
            text = text_of(client, f"/returns/{month.slug}/")
            assert ("Revised" in text) is marked, month

    def test_the_list_of_kpis_marks_it(self, moved: Year, board: Any) -> None:
        assert "Revised" in text_of(board, "/kpis/?year=2026-27")

    def test_the_board_of_that_month_marks_it_and_the_round_that_changed_it_lists_it(
        self, moved: Year, board: Any
    ) -> None:
        assert "Revised" in text_of(board, "/board/2026-06/")
        text = text_of(board, "/board/2026-10/")
        assert "Years to date that moved with another month" in text
        table = text[text.index('id="moved-figures"') :].partition("</table>")[0]
        for piece in ("Year to June 2026", "May 2026 changed"):
            assert piece in table

    def test_the_revisions_page_lists_it_with_the_revision(self, moved: Year) -> None:
        revision = Revision.objects.get()
        text = text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), f"/revisions/{revision.pk}/")
        assert "Year to June 2026" in text

    def test_the_returns_own_page_says_why_it_moved(self, moved: Year) -> None:
        assert moved.owner is not None
        text = text_of(signed_in(moved.owner), f"/returns/2026-06/{self.code(moved)}/")
        assert "May 2026" in text

    def test_everything_held_on_the_kpi_holds_it(self, moved: Year) -> None:
        sheet = next(
            one for one in everything_held(moved.kpi_year.kpi) if one.title.startswith("Years to date moved")
        )
        (line,) = sheet.lines
        row = dict(zip(sheet.heading, line.cells, strict=True))
        assert (row["Old year to date"], row["New year to date"], row["Old RAG"], row["New RAG"]) == (
            30,
            24,
            "Green",
            "Red",
        )

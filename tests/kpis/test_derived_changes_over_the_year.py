"""What moves later months beside a late month: a changed target and the end of the year; and where the moves show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import MonthlyReturn, Revision
from kpis.operations.entering import confirm_outturn
from kpis.operations.targets import set_targets
from kpis.queries.everything_held import everything_held
from kpis.rules.profiles import Profile
from kpis.rules.year_to_date import Levels
from tests.factories.kpis import KpiYearFactory, TargetSetFactory
from tests.factories.organisation import holder
from tests.kpis.living import APRIL, JULY, JUNE, MAY, Year, year
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db
TEN = {APRIL: 10, MAY: 10, JUNE: 10, JULY: 10}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


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
        one.accept(JUNE, 22)  # 240, less the twenty of the months before, over the ten that are left
        assert one.stands(JUNE) == (42, 42, "green")

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
            ("adds_up", (24, 41, "red")),  # the twenty it was held to, and May's own new 21
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

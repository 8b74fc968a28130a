"""A month that is accepted late or revised moves later months' years to date: each move is listed, by every rule.

A frozen figure changes only so. The levels it is judged by are those it was accepted with; where the number of months
that count changes, they take in that month's own level and no target set since (README, decision notes).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kpis.models import DerivedChange, Revision
from kpis.operations.entering import Entry
from kpis.operations.revising import accept_revision, propose
from tests.factories.kpis import KpiYearFactory, TargetSetFactory
from tests.kpis.living import APRIL, JULY, JUNE, MAY, Year, year

pytestmark = pytest.mark.django_db
TEN = {APRIL: 10, MAY: 10, JUNE: 10, JULY: 10}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


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

"""A round's list: who decides what, in which order, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from hdcperf.organisation.models import ReportingPeriod, Service
from hdcperf.review.queue import in_state, left_words, neighbours, place_of, to_check
from hdcperf.review.queue_page import Owed, RoundFilterForm, sorted_rows, task_rows
from hdcperf.ui import Link


@dataclass
class Row:
    """One record of a round, by its number."""

    pk: int
    state: str = "submitted"
    with_board: bool = False
    is_own: bool = False
    sent: datetime | None = None
    marks: tuple[str, ...] = ()
    service: Service = field(default_factory=lambda: Service(pk=1, name="Waste"))
    period: ReportingPeriod = field(default_factory=lambda: ReportingPeriod(due_on=date(2026, 11, 12)))

    @property
    def record(self) -> Any:
        return SimpleNamespace(pk=self.pk, state=self.state, period=self.period)

    @property
    def code_key(self) -> str:
        return f"{self.pk:03}"


class Filters(RoundFilterForm):
    def passes(self, row: Row, asked: object) -> bool:
        return row.pk != 13


def around(rows: list[Row], pk: int) -> tuple[str, str]:
    found = neighbours(rows, Row(pk).record, rows, link=lambda text, row: Link(text, str(row.pk)), noun="return")
    return (found.previous.href if found.previous else "", found.next.href if found.next else "")


def test_what_waits_for_the_team_comes_first_and_what_is_accepted_last() -> None:
    rows = [Row(1, "accepted"), Row(2, "not_started"), Row(3, "draft"), Row(4, "challenged"), Row(5, with_board=True)]
    assert [row.pk for row in sorted([*rows, Row(6)], key=place_of)] == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("row", "states"),
    [
        (Row(1), {"check"}),
        (Row(1, is_own=True), {"check"}),
        (Row(1, with_board=True), {"board"}),
        (Row(1, "challenged"), {"challenged"}),
        (Row(1, "challenged", with_board=True), {"board"}),
        (Row(1, "draft"), {"draft"}),
        (Row(1, "accepted"), {"accepted"}),
    ],
)
def test_a_record_stands_under_one_tile(row: Row, states: set[str]) -> None:
    tiles = ("check", "challenged", "board", "draft", "not_started", "accepted")
    assert {name for name in tiles if in_state(row, name)} == states


def test_a_reviewer_is_told_how_many_a_colleague_must_accept() -> None:
    rows = [Row(1), Row(2, is_own=True), Row(3, with_board=True)]
    assert [row.pk for row in to_check(rows)] == [1]
    assert left_words(rows, "return") == "2 returns to check (1 you cannot accept: a colleague must)."
    assert left_words(rows[2:], "return") == "Nothing is waiting to be checked."


def test_next_goes_round_at_the_end_and_passes_over_what_one_cannot_decide() -> None:
    rows = [Row(1), Row(2, is_own=True), Row(3, "accepted"), Row(4)]
    assert around(rows, 1) == ("4", "4")
    assert around(rows, 3) == ("1", "4")
    assert around(rows, 4) == ("1", "1")
    assert around([Row(1)], 1) == ("", "")


@pytest.mark.parametrize(("sort", "order"), [("", [3, 1, 2]), ("sent", [1, 3, 2]), ("-sent", [3, 1, 2])])
def test_what_was_not_submitted_comes_last_whichever_way_it_is_sorted(sort: str, order: list[int]) -> None:
    rows = [Row(3, sent=datetime(2026, 11, 5)), Row(1, sent=datetime(2026, 11, 3)), Row(2)]
    request = RequestFactory().get("/", {"sort": sort})
    found = sorted_rows(request, rows, {"sent": lambda row: row.sent})
    assert [row.pk for row in found] == order


def test_the_filters_keep_to_the_state_but_not_when_the_states_are_counted() -> None:
    rows = [Row(1), Row(2, "draft"), Row(13)]
    form = Filters({"state": "check"}, rows=rows, reviews=True)
    assert [row.pk for row in form.chosen(rows)] == [1]
    assert [row.pk for row in form.chosen(rows, but_state=True)] == [1, 2]


def test_a_filter_that_is_no_choice_filters_nothing() -> None:
    rows = [Row(1), Row(2, service=Service(pk=2, name="Parks"))]
    form = Filters({"state": "gone", "service": "x", "mine": "no"}, rows=rows, reviews=True)
    assert form.chosen(rows) == rows


def test_one_service_is_no_filter_and_only_reviewers_ask_for_their_own() -> None:
    assert list(Filters({}, rows=[Row(1)], reviews=False).fields) == ["state"]
    two = [Row(1), Row(2, service=Service(pk=2, name="Parks"))]
    assert list(Filters({}, rows=two, reviews=True).fields) == ["state", "service", "mine"]


def test_a_service_owes_challenges_first_and_is_told_whom_to_ask(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 13))
    rows = [Row(1, "not_started"), Row(2, "draft"), Row(3, "challenged"), Row(4, "accepted"), Row(5)]
    found = task_rows(rows, lambda row: Owed(f"KPI {row.pk}", "/", enters=row.pk != 1, entered_by="Kim"))
    assert [(one.title, one.hint, one.due) for one in found] == [
        ("Answer a challenge about KPI 3", "Waste", ""),
        ("Finish KPI 2", "Waste", "Was due 12 November 2026"),
        ("KPI 1", "Waste: Kim", "Was due 12 November 2026"),
    ]

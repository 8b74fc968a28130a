"""The list of actions and the quarter by portfolio: filters, order, counts now against last quarter, parts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from actions.models import DateChange
from actions.presenters.words import parts_sentence
from actions.rules.standing import At
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from tests.actions.seeing import Q2, TODAY, issued, many, with_quarters
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory, MilestoneFactory, round_of_quarter
from tests.factories.organisation import holder
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db

LIST = "/actions/"


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    round_of_quarter(Q2)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def listed(user: User, query: str = "") -> list[str]:
    """The codes of the rows, in order."""
    return re.findall(r'<span class="app-nowrap">(CPA[^<]*)</span>', text_of(signed_in(user), LIST + query))


def test_every_filter_leaves_what_it_names_and_can_be_taken_away(team: User) -> None:
    one = ActionYearFactory(code="CPA1", title="Warm homes", control="do")
    two = ActionYearFactory(code="CPA2", title="Listening", control="influence", due_on=date(2026, 9, 30))
    three = ActionYearFactory(code="CPA3", title="Skills", control="do")
    with_quarters(one, q1="amber", q2="green")
    with_quarters(two, q1="green", q2="red")
    with_quarters(three, q1="green", q2="green")
    expected = {
        "": ["CPA1", "CPA2", "CPA3"],
        "?words=warm": ["CPA1"],
        "?words=c p a 3": ["CPA3"],
        f"?aim=p{two.outcome.priority.number}": ["CPA2"],
        f"?aim=o{one.outcome.number}": ["CPA1"],
        f"?portfolio={three.portfolio_id}": ["CPA3"],
        f"?service={two.service_id}": ["CPA2"],
        "?control=influence": ["CPA2"],
        "?rag=green": ["CPA1", "CPA3"],
        "?movement=better": ["CPA1"],
        "?movement=worse": ["CPA2"],
        "?movement=same": ["CPA3"],
        "?overdue=yes": ["CPA2"],
        "?overdue=no": ["CPA1", "CPA3"],
        "?rag=green&control=do&movement=better": ["CPA1"],
    }
    assert {query: listed(team, query) for query in expected} == expected
    page = text_of(signed_in(team), f"{LIST}?rag=green&control=do")
    chips = re.findall(r'class="app-chip" href="([^"]*)"', page)
    assert [listed(team, chip.replace("&amp;", "&")) for chip in chips] == [["CPA1", "CPA3"], ["CPA1", "CPA3"]]


@pytest.mark.parametrize("query", ["?rag=mauve", "?aim=%00", "?quarter=1999-00-Q9", "?service=9999999", "?page=x"])
def test_a_forged_address_filters_nothing(team: User, query: str) -> None:
    with_quarters(ActionYearFactory(code="CPA1"), q2="green")
    assert listed(team, query) == ["CPA1"]


def test_codes_sort_as_people_count_and_colours_worst_first(team: User) -> None:
    for code, rag in (("CPA10", "green"), ("CPA9", "red"), ("CPA2", "completed"), ("CPA1", "amber")):
        with_quarters(ActionYearFactory(code=code), q2=rag)
    assert listed(team) == ["CPA1", "CPA2", "CPA9", "CPA10"]
    assert listed(team, "?sort=-code") == ["CPA10", "CPA9", "CPA2", "CPA1"]
    assert listed(team, "?sort=rag") == ["CPA9", "CPA1", "CPA10", "CPA2"]


def test_the_quarter_is_the_newest_the_reader_can_read(team: User) -> None:
    row = ActionYearFactory()
    made = with_quarters(row, q1="green", q2="red")
    issued(made["q1"])
    assert "Corporate Plan actions, Q2 2026/27" in text_of(signed_in(team), LIST)
    panel = signed_in(holder(Role.SCRUTINY))
    assert "Corporate Plan actions, Q1 2026/27" in text_of(panel, LIST)
    assert "Not issued yet" in text_of(panel, f"{LIST}?quarter=2026-27-Q2")


def test_counts_stand_beside_those_of_the_quarter_before(team: User) -> None:
    for before, now in (("green", "amber"), ("green", "green"), ("red", "completed")):
        with_quarters(ActionYearFactory(), q1=before, q2=now)
    ActionYearFactory()
    context = signed_in(team).get(LIST).context["counts"]
    found = {row.tag.text: (row.before, row.now.text, row.change) for row in context.rows}
    assert found == {
        "Green": (2, "1", "1 fewer"),
        "Amber": (0, "1", "1 more"),
        "Red": (1, "0", "1 fewer"),
        "Completed": (0, "1", "1 more"),
        "Update awaited": (1, "1", "No change"),
    }


def test_one_completed_before_stays_completed_and_one_dropped_says_so(team: User) -> None:
    done = ActionYearFactory(code="CPA1", due_on=date(2026, 6, 30))
    with_quarters(done, q1="completed")
    ActionYearFactory(
        code="CPA2",
        due_on=date(2026, 6, 30),
        action__ended_on=date(2026, 8, 1),
        action__ended_how="dropped",
        action__ended_why="No money.",
    )
    with_quarters(ActionYearFactory(code="CPA3"), q2="green")
    assert listed(team, "?rag=completed") == ["CPA1"]
    assert listed(team, "?rag=dropped") == ["CPA2"]
    assert listed(team, "?overdue=yes") == []


def test_a_moved_date_shows_the_old_one_struck_through(team: User) -> None:
    row = ActionYearFactory()
    with_quarters(row, q2="amber")
    DateChange.objects.create(
        action=row.action,
        old_on=date(2026, 12, 1),
        new_on=row.due_on,
        reason="Late.",
        by=team,
        by_name="x",
        at=row.history.first().history_date,
    )
    assert '<span class="govuk-visually-hidden">It was due on </span>1 Dec 2026</del>' in text_of(
        signed_in(team), LIST
    )


def test_a_whole_names_the_part_that_drives_it(team: User) -> None:
    whole = ActionYearFactory(code="CPA1")
    with_quarters(whole, q2="green")
    for code, rag in (("CPA2", "green"), ("CPA3", "amber")):
        with_quarters(ActionYearFactory(code=code, parent=whole), q2=rag)
    page = text_of(signed_in(team), LIST)
    assert "Its parts disagree with it: CPA3 is amber, and the whole is called green." in page
    assert f"A part of {whole.name}." in page


@pytest.mark.parametrize(
    ("whole", "parts", "sentence"),
    [
        (At.AMBER, [("A", At.GREEN), ("B", At.AMBER)], "B makes it amber; 1 other part stands better."),
        (
            At.RED,
            [("A", At.RED), ("B", At.RED), ("C", At.GREEN)],
            "A and B make it red; 1 other part stands better.",
        ),
        (At.GREEN, [("A", At.GREEN), ("B", At.GREEN)], "All its 2 parts with an update are green."),
        (
            At.AWAITED,
            [("A", At.RED), ("B", At.AWAITED)],
            "Of its 2 parts, 1 has an update to show; the furthest behind is A: red.",
        ),
        (At.GREEN, [("A", At.AWAITED)], "None of its 1 part has an update to show."),
        (At.GREEN, [], ""),
    ],
)
def test_parts_in_a_sentence(whole: At, parts: list[tuple[str, At]], sentence: str) -> None:
    assert parts_sentence(whole, parts) == sentence


def test_the_portfolios_say_what_moved_why_and_what_is_being_done(team: User) -> None:
    red = ActionYearFactory(code="CPA1", title="Late")
    with_quarters(red, q1="green", q2="red")
    MilestoneFactory(action=red.action, name="Reopen", due_on=date(2026, 12, 1))
    page = text_of(signed_in(team), "/actions/2026-27-Q2/portfolios/")
    for words in ("A second team starts.", "1 December 2026", "Example manager", "It moved.", "Reopen, 1 Dec 2026"):
        assert words in page
    mine = holder(Role.PORTFOLIO_HOLDER, portfolio=red.portfolio)
    assert signed_in(mine).get("/actions/2026-27-Q2/portfolios/").context["cards"][0].mine


def test_what_is_completed_says_what_was_achieved_where_others_say_why_they_moved(team: User) -> None:
    done = ActionYearFactory(code="CPA2", title="Done")
    with_quarters(done, q1="green")
    ended = {"rag": "completed", "rag_reason": "", "achieved": "Every hall has a ramp."}
    ActionUpdateFactory(action_year=done, span=Q2, accepted=True, **ended)
    assert "Every hall has a ramp." in text_of(signed_in(team), "/actions/2026-27-Q2/portfolios/")


@pytest.mark.parametrize(
    "address", [LIST, f"{LIST}?rag=amber&sort=rag", "/actions/2026-27-Q2/portfolios/", "/actions/plan/2026-27/"]
)
@pytest.mark.parametrize("role", [Role.PERFORMANCE_TEAM, Role.SCRUTINY])
def test_as_many_queries_for_two_rows_as_for_sixty(address: str, role: Role) -> None:
    client = signed_in(holder(role))
    first = many(2)
    for row in first:
        issued(row.action.updates.first())
    queries(client, address)
    few = queries(client, address)
    for row in many(58):
        issued(row.action.updates.first())
    assert queries(client, address) == few


def test_before_there_is_a_plan_the_list_says_so(team: User) -> None:
    assert "There is no plan yet" in text_of(signed_in(team), reverse("action-list"))
    assert "There is no plan yet" in text_of(signed_in(team), reverse("portfolios"))

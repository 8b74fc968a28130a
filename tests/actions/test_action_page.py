"""The page of one action: how it stands in words, eight quarters, what was promised and what followed, its dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.models import ActionYear, DateChange, ProjectAction
from actions.rules.colours import ActionRag
from actions.rules.standing import At, Ending, stands_at
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Quarter
from hdcperf.roles import Role
from tests.actions.seeing import Q1, Q2, Q4_LAST, TODAY, with_quarters
from tests.factories.actions import (
    ActionUpdateFactory,
    ActionYearFactory,
    MilestoneFactory,
    round_of_quarter,
)
from tests.factories.organisation import holder
from tests.factories.projects import ProjectFactory
from tests.kpis.seeing import queries, signed_in, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)
    round_of_quarter(Q2)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


def address(row: ActionYear) -> str:
    return f"/actions/{row.plan_year.financial_year.slug}/{row.code}/"


def sentences(user: User, row: ActionYear) -> tuple[str, ...]:
    found: tuple[str, ...] = signed_in(user).get(address(row)).context["stand"].sentences
    return found


# How it stands, in words


def test_how_it_stands_is_said_plainly(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    with_quarters(row, q1="green", q2="amber")
    MilestoneFactory(action=row.action, name="Consult", due_on=date(2026, 12, 18))
    assert sentences(team, row) == (
        "Amber at the end of Q2 2026/27, worse than the quarter before (green).",
        "It is due on 31 March 2027.",
        "Next: Consult, by 18 December 2026.",
    )


def test_what_is_late_is_said_plainly(team: User) -> None:
    row = ActionYearFactory(code="CPA1", due_on=date(2026, 9, 30))
    with_quarters(row, q1="red", q2="red")
    MilestoneFactory(action=row.action, name="Consult", due_on=date(2026, 8, 1))
    assert sentences(team, row) == (
        "Red at the end of Q2 2026/27, as the quarter before.",
        "It was due on 30 September 2026 and is not done.",
        "The milestone “Consult” was due on 1 August 2026 and is not reached.",
    )


def test_an_update_still_to_come_is_not_taken_for_one(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    assert sentences(team, row)[0] == "None of its updates has been accepted yet."
    with_quarters(row, q1="green")
    ActionUpdateFactory(action_year=row, span=Q2, submitted=True, rag="red")
    assert sentences(team, row)[0] == (
        "Green at the end of Q1 2026/27. The update for Q2 2026/27 has not been accepted yet."
    )
    assert sentences(holder(Role.COUNCILLOR), row)[0] == "None of its updates has been issued yet."


def test_a_finished_action_is_expected_to_do_nothing_more(team: User) -> None:
    row = ActionYearFactory(code="CPA1", due_on=date(2026, 6, 30))
    with_quarters(row, q2="completed")
    MilestoneFactory(action=row.action, due_on=date(2026, 5, 1))
    assert sentences(team, row) == ("Completed at the end of Q2 2026/27.",)


# Quarter by quarter


def test_eight_quarters_stand_in_order_in_a_word_and_a_shape_each(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    last = ActionYearFactory(year=2025, action=row.action, code="CPA7")
    ActionUpdateFactory(action_year=last, span=Q4_LAST, accepted=True, rag="red")
    with_quarters(row, q1="amber", q2="green")
    context = signed_in(team).get(address(row)).context
    assert [(cell.quarter, cell.tag.text) for cell in context["quarters"]] == [
        ("Q3 2024/25", "Not in the plan"),
        ("Q4 2024/25", "Not in the plan"),
        ("Q1 2025/26", "Not due yet"),
        ("Q2 2025/26", "Not due yet"),
        ("Q3 2025/26", "Not due yet"),
        ("Q4 2025/26", "Red"),
        ("Q1 2026/27", "Amber"),
        ("Q2 2026/27", "Green"),
    ]
    assert all(cell.tag.mark for cell in context["quarters"])
    assert [update.heading for update in context["updates"]] == ["Q2 2026/27", "Q1 2026/27", "Q4 2025/26, as CPA7"]


@pytest.mark.parametrize(
    ("colours", "followed"),
    [
        (("amber", "green"), "It worked: green in Q2 2026/27."),
        (("amber", "amber"), "Its date has passed; the next update will say."),
        (("red", "red"), "Not back yet: still red in Q2 2026/27, after its date."),
        (("amber",), "Its date has passed; the next update will say."),
    ],
)
def test_what_was_promised_stands_beside_what_followed(team: User, colours: tuple[str, ...], followed: str) -> None:
    row = ActionYearFactory(code="CPA1")
    by = date(2026, 9, 15) if colours[-1] == "red" else date(2026, 10, 15)
    for span, rag in zip((Q1, Q2), colours, strict=False):
        ActionUpdateFactory(
            action_year=row, span=span, accepted=True, rag=rag, **({"recovery_by": by} if rag != "green" else {})
        )
    promise = signed_in(team).get(address(row)).context["promises"][-1]
    assert (promise.quarter, promise.promised, promise.followed) == ("Q1 2026/27", "A second team starts.", followed)


def test_every_old_date_is_struck_through_beside_the_new_with_its_reason(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    step = MilestoneFactory(action=row.action, name="Consult", due_on=date(2027, 1, 15))
    common = {"action": row.action, "by": team, "by_name": "x", "at": row.history.first().history_date}
    DateChange.objects.create(old_on=date(2026, 12, 1), new_on=row.due_on, reason="Two landlords withdrew.", **common)
    for old, new in ((date(2026, 9, 1), date(2026, 11, 1)), (date(2026, 11, 1), date(2027, 1, 15))):
        DateChange.objects.create(milestone=step, old_on=old, new_on=new, reason=f"From {old.month}.", **common)
    page = text_of(signed_in(team), address(row))
    struck = re.findall(r"<del[^>]*><span[^>]*>([^<]*)</span>([^<]*)</del> <span[^>]*>([^<]*)</span>", page)
    assert struck == [
        ("It was due on ", "1 September 2026", "From 9."),
        ("It was due on ", "1 November 2026", "From 11."),
        ("It was ", "1 December 2026", "Two landlords withdrew."),
    ]


def test_projects_that_serve_it_are_named(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    project = ProjectFactory(code="PR 7", name="Riverside works")
    ProjectAction.objects.create(project=project, action=row.action)
    assert "PR 7 Riverside works" in text_of(signed_in(team), address(row))


# Found by its code


@pytest.mark.parametrize("written", ["CPA 12", "cpa12", "CpA%2012", "cpa 0012"])
def test_a_code_is_found_however_it_is_written(team: User, written: str) -> None:
    ActionYearFactory(code="CPA 12")
    answer = signed_in(team).get(f"/actions/{written}/")
    assert (answer.status_code, answer["Location"]) == (302, "/actions/2026-27/CPA%2012/")


def test_two_codes_swapped_between_years_lead_each_to_its_own_action(team: User) -> None:
    one, two = ActionYearFactory(code="CPA1", title="First"), ActionYearFactory(code="CPA2", title="Second")
    ActionYearFactory(year=2025, action=one.action, code="CPA2", title="First, then")
    ActionYearFactory(year=2025, action=two.action, code="CPA1", title="Second, then")
    client = signed_in(team)
    assert client.get("/actions/CPA1/")["Location"] == "/actions/2026-27/CPA1/"
    assert "First" in text_of(client, "/actions/2026-27/CPA1/")
    old = client.get("/actions/2025-26/CPA1/")
    assert "Second, then" in old.content.decode()
    assert [(link.text, link.href) for link in old.context["years"]] == [
        ("2026/27 (CPA2)", "/actions/2026-27/CPA2/"),
        ("2025/26", "/actions/2025-26/CPA1/"),
    ]


@pytest.mark.parametrize("forged", ["/actions/CPA%00/", "/actions/2026-28/CPA1/", "/actions/9999-00/CPA1/"])
def test_a_forged_address_is_not_found(team: User, forged: str) -> None:
    assert signed_in(team).get(forged).status_code == 404


def test_the_page_costs_the_same_however_long_its_history(team: User) -> None:
    row = ActionYearFactory(code="CPA1")
    with_quarters(row, q2="amber")
    MilestoneFactory(action=row.action)
    client = signed_in(team)
    queries(client, address(row))
    few = queries(client, address(row))
    for year in range(2020, 2026):
        past = ActionYearFactory(year=year, action=row.action)
        for quarter in FinancialYear(year).quarters:
            ActionUpdateFactory(action_year=past, span=quarter, accepted=True, rag="red")
        MilestoneFactory(action=row.action)
    assert queries(client, address(row)) == few


# The rule


QUARTERS = st.integers(-8, 8).map(lambda back: Q2 + back)


@given(
    st.dictionaries(QUARTERS, st.sampled_from(ActionRag.chosen())),
    QUARTERS,
    st.booleans(),
    st.booleans(),
    st.none()
    | st.builds(Ending, st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.sampled_from(["completed", "dropped"])),
)
def test_a_colour_is_never_made_up(
    known: dict[Quarter, ActionRag], quarter: Quarter, is_open: bool, issued: bool, ending: Ending | None
) -> None:
    at = stands_at(quarter, known, years=frozenset({2026}), is_open=is_open, ending=ending, only_issued=issued)
    if quarter in known:
        assert at.rag is known[quarter]
    else:
        assert at in (At.COMPLETED, At.DROPPED, At.NOT_IN_PLAN, At.NOT_DUE, At.NOT_ISSUED, At.AWAITED)
        if at is At.COMPLETED:
            earlier = [one for one in known if one < quarter]
            assert (earlier and known[max(earlier)].is_finished) or (ending and ending.how == "completed")

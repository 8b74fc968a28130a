"""The Performance Team's month (framework C.2.2, E.1): open, check, settle; and the board where it cannot settle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.management import call_command

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import KpiYear, MonthlyReturn
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, TargetSetFactory
from tests.factories.organisation import CouncilFactory, holder
from tests.journeys.walking import Walker
from tests.kpis.seeing import with_months

pytestmark = pytest.mark.django_db
OPENS, LOCKED = date(2026, 11, 2), date(2026, 11, 20)


@dataclass
class Month:
    """A team with two KPIs to collect and October not open yet; the set_today fixture moves the day on."""

    years: list[KpiYear]
    holders: list[User]
    team: User
    colleague: User
    move_to: Callable[[date], None]

    def october(self, number: int = 0) -> MonthlyReturn:
        return MonthlyReturn.objects.get(kpi_year=self.years[number], month=date(2026, 10, 1))


@pytest.fixture
def month(set_today: Callable[[date], None]) -> Month:
    set_today(OPENS)
    CouncilFactory()
    years = [KpiYearFactory(), KpiYearFactory()]
    for kpi_year in years:
        TargetSetFactory(kpi_year=kpi_year, intervention=108)
        with_months(kpi_year)
    holders = [KpiPersonFactory(kpi_year=one).user for one in years]
    return Month(years, holders, holder(Role.PERFORMANCE_TEAM), holder(Role.PERFORMANCE_TEAM), set_today)


def opened(month: Month) -> Month:
    Walker(month.team).follow("Open October 2026 for collection").press("Open October 2026")
    return month


def hand_in(month: Month, number: int = 0, figure: str = "11", why: str = "The second crew came back.") -> None:
    page = Walker(month.holders[number]).follow("Start the October 2026 return")
    page.type("Figure for October 2026", figure).type("What happened", "Eleven examples were counted at the depot.")
    page.type("Why", why).type("Forecast for March 2027", "125").press("Submit")
    assert "You have no more returns to submit." in page.text


def test_the_team_opens_the_month_and_the_holders_are_told(month: Month) -> None:
    assert "You have nothing to do" in Walker(month.holders[0]).text
    page = Walker(month.team).follow("Open October 2026 for collection")
    assert "Opening it creates 2 returns." in page.text
    page.press("Open October 2026")
    assert "October 2026 is open: 2 returns created." in page.text
    assert "0 of 2 returns in" in page.text
    assert "Start the October 2026 return" in Walker(month.holders[0]).text
    assert "Open October 2026" not in Walker(month.colleague).text


def test_the_team_checks_one_after_another_until_none_is_left(month: Month) -> None:
    opened(month)
    hand_in(month, 0)
    hand_in(month, 1)
    page = Walker(month.team).follow("Check the October 2026 returns: 2 to check").follow("Start checking")
    assert page.heading.endswith("Check October 2026")
    assert "What was written for September 2026" in page.text
    page.press("Accept")
    assert "is accepted. This is the next one." in page.text
    page.press("Accept")
    assert "Nothing more waits for you here." in page.text
    assert "2 of 2 returns in" in page.text
    assert "Check the October 2026 returns" not in page.visit("/").text


def test_a_typing_mistake_is_corrected_in_sight_of_its_owner_who_can_undo_it(month: Month) -> None:
    opened(month)
    hand_in(month, why="The second crew came bak from training.")
    page = Walker(month.team).follow("Check the October 2026 returns").follow("Start checking")
    mended = "The second crew came back from training."
    page.type("Why, corrected", mended).press("Save the correction", under="Correct a typing mistake in “Why”")
    assert month.october().why == mended
    owner = Walker(month.holders[0]).follow("See 1 correction of the October 2026 return")
    assert "came bak" in owner.row("Before")
    owner.press("Undo this correction")
    assert month.october().why.endswith("came bak from training.")


def test_a_challenge_is_answered_with_a_corrected_figure_and_its_lesson_shows_next_month(month: Month) -> None:
    opened(month)
    hand_in(month, figure="19")
    page = Walker(month.team).follow("Check the October 2026 returns").follow("Start checking")
    page.tick("The figure", under="Raise a challenge").type("Reason", "It looks wrong")
    page.type("Your question", "Is the nine a slip?").press("Raise the challenge")
    assert "went back to the service with your question" in page.text

    owner = Walker(month.holders[0]).follow("Answer a challenge about October 2026")
    assert "Is the nine a slip?" in owner.text
    assert "What happened" not in [*owner.asks(), *owner.labels()]  # only what was asked about is open
    owner.type("Your answer about the figure", "Yes: it is eleven.").type("Figure for October 2026", "11")
    owner.press("Send your answer")
    assert "say what will be done differently" in owner.text
    owner.type("If the figure changes: what will be done differently", "The stand-in reads it back.")
    owner.press("Send your answer")
    assert "Your answer was sent to the Performance Team." in owner.text

    page.visit("/").follow("Check the October 2026 returns: 1 to check").follow("Start checking")
    assert "19" in page.part("What changed")
    assert "11" in page.part("What changed")
    page.press("Accept")
    assert month.october().month_figure == 11

    month.move_to(date(2026, 12, 1))
    Walker(month.team).follow("Open November 2026 for collection").press("Open November 2026")
    assert "The stand-in reads it back." in Walker(month.holders[0]).follow("Start the November 2026 return").text


@pytest.mark.parametrize("side", ["the service", "the team", "the lock"])
def test_what_the_two_sides_cannot_settle_the_board_decides(month: Month, side: str) -> None:
    opened(month)
    hand_in(month)
    team = Walker(month.team).follow("Check the October 2026 returns").follow("Start checking")
    team.tick("The figure", under="Raise a challenge").type("Reason", "It looks wrong")
    team.type("Your question", "Our own count gives nine.").press("Raise the challenge")
    if side == "the service":
        owner = Walker(month.holders[0]).follow("Answer a challenge")
        owner.type("Why the board should decide", "Ours is counted twice over.").press("Escalate to the board")
        assert "Sent to the board, which will decide." in owner.text
    elif side == "the team":
        team.follow(month.years[0].code)
        team.type("Why should the board decide?", "The service does not count as agreed.")
        team.press("Escalate to the board")
    else:
        month.move_to(LOCKED)
        call_command("lock_periods")

    board = Walker(holder(Role.BOARD))
    board.follow("Decide the dispute about October 2026")
    assert "Our own count gives nine." in board.text
    board.press("Record the board's decision")
    assert "Say what the board decided and why" in board.text
    board.tick("The service must correct it").type("The decision in words", "The agreed definition holds: nine.")
    board.press("Record the board's decision")
    assert "The board's decision is recorded." in board.text
    assert "You have nothing to do" in board.visit("/").text

    # Only the figure is reopened, whatever the lock says; the team then accepts it.
    owner = Walker(month.holders[0]).follow("Answer a challenge")
    assert "The agreed definition holds: nine." in owner.text
    owner.type("Your answer about the figure", "Nine, then.").type("Figure for October 2026", "9")
    owner.type("If the figure changes: what will be done differently", "The definition is on the wall.")
    owner.press("Send your answer")
    assert "Your answer was sent" in owner.text, owner.text
    Walker(month.colleague).follow("Check the October 2026 returns").follow("Start checking").press("Accept")
    assert month.october().month_figure == 9


def test_after_the_lock_a_holder_asks_and_the_team_lifts_it_for_one_return(month: Month) -> None:
    opened(month)
    month.move_to(LOCKED)
    owner = Walker(month.holders[0]).follow("Start the October 2026 return")
    assert "October 2026 locked after 19 November 2026." in owner.text
    assert "Ask the Performance Team: performance@council.example" in owner.links()
    assert owner.buttons() == []

    team = Walker(month.team).follow("Ask for what is missing in October 2026: 2 of 2 returns not in")
    team.follow(month.years[0].code).follow("Lift the lock for this return")
    team.press("Lift the lock for this return")
    assert "Enter the last day it can be changed" in team.text
    team.type("Who asked for it?", "Example Person, by email").type("Why?", "The system was down.")
    team.type_date("Last day it can be changed", date(2026, 11, 27)).press("Lift the lock for this return")
    assert "Lock lifted for October 2026" in team.visit("/").text

    owner.visit("/")
    assert "The lock is lifted for this return until 27 November 2026" in owner.text
    hand_in(month)
    month.move_to(date(2026, 11, 30))
    assert "Lock lifted" not in Walker(month.team).text


def test_nobody_accepts_what_they_typed_and_a_colleague_does(month: Month) -> None:
    opened(month)
    page = Walker(month.team, path=f"/returns/2026-10/{month.years[0].code}/")
    page.type("Figure for October 2026", "11").type("What happened", "Eleven examples were counted at the depot.")
    page.type("Why", "The second crew came back.").type("Forecast for March 2027", "125").press("Submit")
    page.visit("/returns/2026-10/")
    assert "1 you cannot accept: a colleague must" in page.text
    page.follow(month.years[0].code)
    assert "so a colleague must accept it" in page.text
    assert "Accept" not in page.buttons()
    Walker(month.colleague).follow("Check the October 2026 returns").follow("Start checking").press("Accept")
    assert month.october().is_accepted

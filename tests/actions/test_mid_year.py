"""Between refreshes: an action ends by decision, another officer answers for it, its words are corrected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from actions.models import ActionUpdate, ActionYear
from actions.operations.mid_year import Words, change_responsible, correct_wording, end_action, take_up_again
from actions.operations.the_set import ProposalRefused
from actions.plan_workflow import NotPermitted, SomebodyElseDidIt, StaleRecord
from actions.workflow import MoveRefused, move
from hdcperf.organisation.models import User
from hdcperf.review.decisions import Decided
from hdcperf.roles import Role
from tests.actions.seeing import Q1, Q2, TODAY
from tests.factories.actions import ActionUpdateFactory, ActionYearFactory
from tests.factories.organisation import UserFactory, holder
from tests.factories.plan import plan_year_in
from tests.kpis.seeing import signed_in, text_of

pytestmark = pytest.mark.django_db

WHY = "The grant ended and nobody else will pay."
DECIDED = Decided("agreed", date(2026, 11, 4), "41", WHY, date(2026, 11, 5))


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.fixture
def team() -> User:
    return holder(Role.PERFORMANCE_TEAM)


@pytest.fixture
def row() -> ActionYear:
    made: ActionYear = ActionYearFactory(code="CPA1", title="Warm homes")
    return made


# Ending


def test_an_action_dropped_mid_quarter_owes_no_update_and_its_open_one_says_so(row: ActionYear, team: User) -> None:
    accepted = ActionUpdateFactory(action_year=row, span=Q1, accepted=True)
    draft = ActionUpdateFactory(action_year=row, span=Q2, draft=True)
    end_action(row, "dropped", "cabinet", DECIDED, by=team)
    draft.refresh_from_db()
    accepted.refresh_from_db()
    assert draft.excused == (
        "Dropped on 5 November 2026: Cabinet, 4 November 2026, minute 41. No update is owed for it."
    )
    assert (accepted.excused, list(ActionUpdate.objects.owed())) == ("", [])
    with pytest.raises(MoveRefused, match="No update is owed"):
        move(draft, "submit", by=row.responsible)
    page = text_of(signed_in(team), "/actions/2026-27/CPA1/")
    assert f"This action was dropped on 5 November 2026: {WHY}" in page
    assert draft.excused in page
    assert "minute 41" in page


def test_what_was_handed_in_already_is_still_checked(row: ActionYear, team: User) -> None:
    handed_in = ActionUpdateFactory(action_year=row, submitted=True)
    end_action(row, "completed", "council", DECIDED, by=team)
    handed_in.refresh_from_db()
    assert handed_in.excused == ""


def test_next_years_proposal_ends_with_the_action(row: ActionYear, team: User) -> None:
    later = ActionYearFactory(year=2027, plan_year=plan_year_in("cabinet"), action=row.action, proposal="carry")
    end_action(row, "dropped", "cabinet", DECIDED, by=team)
    later.refresh_from_db()
    assert (later.proposal, later.proposal_reason) == ("drop", WHY)


def test_an_action_ends_once_and_the_second_is_told_who_recorded_it(row: ActionYear, team: User) -> None:
    first = end_action(row, "dropped", "cabinet", DECIDED, by=team)
    assert end_action(row, "dropped", "cabinet", DECIDED, by=team) == first  # a double click
    with pytest.raises(SomebodyElseDidIt, match=f"already. {team.name} recorded it"):
        end_action(row, "completed", "council", DECIDED, by=holder(Role.PERFORMANCE_TEAM))
    assert row.decisions.count() == 1


@pytest.mark.parametrize(
    ("decided", "field"),
    [
        (Decided("agreed", date(2026, 11, 6), "41", WHY, date(2026, 11, 6)), "met_on"),
        (Decided("agreed", date(2026, 11, 4), "41", WHY, date(2026, 11, 3)), "takes_effect_on"),
        (Decided("agreed", date(2026, 11, 4), "41", WHY), "takes_effect_on"),
        (Decided("agreed", date(2026, 2, 4), "41", WHY, date(2026, 2, 5)), "takes_effect_on"),
    ],
)
def test_a_decision_that_cannot_be_ends_nothing(row: ActionYear, team: User, decided: Decided, field: str) -> None:
    with pytest.raises(ProposalRefused) as refused:
        end_action(row, "dropped", "cabinet", decided, by=team)
    assert [one.field for one in refused.value.problems] == [field]
    row.action.refresh_from_db()
    assert (row.action.ended_on, row.decisions.count()) == (None, 0)


def test_an_action_taken_up_again_owes_its_updates_again(row: ActionYear, team: User) -> None:
    draft = ActionUpdateFactory(action_year=row, draft=True)
    end_action(row, "dropped", "cabinet", DECIDED, by=team)
    take_up_again(row, reason="Council found the money.", by=team)
    row.action.refresh_from_db()
    assert (row.action.ended_on, list(ActionUpdate.objects.owed())) == (None, [draft])
    kept = row.action.history.first()
    assert kept is not None
    assert kept.history_change_reason == "Council found the money."


# Another officer


def test_the_service_and_the_team_say_who_answers_and_nobody_else(row: ActionYear, team: User) -> None:
    officer = UserFactory(name="Olly Officer")
    for stranger in (holder(Role.SERVICE_MANAGER), row.responsible, holder(Role.SCRUTINY)):
        with pytest.raises(NotPermitted):
            change_responsible(row, officer, reason="", by=stranger, version=row.version)
    manager = holder(Role.SERVICE_MANAGER, service=row.service)
    later = ActionYearFactory(year=2027, action=row.action, responsible=row.responsible)
    before = row.responsible.name
    change_responsible(row, officer, reason="Maternity cover", by=manager, version=row.version)
    for one in (row, later):
        one.refresh_from_db()
        assert one.responsible == officer
    page = text_of(signed_in(team), "/actions/2026-27/CPA1/")
    assert before in page  # kept beside the new one
    assert "Maternity cover" in page
    assert "Olly Officer" not in text_of(signed_in(holder(Role.SCRUTINY)), "/actions/2026-27/CPA1/")


def test_an_old_page_names_nobody(row: ActionYear, team: User) -> None:
    one, other = UserFactory(), UserFactory()
    change_responsible(row, one, reason="", by=team, version=1)
    with pytest.raises(StaleRecord):
        change_responsible(row, other, reason="", by=team, version=1)
    change_responsible(row, one, reason="", by=team, version=1)  # a double click
    row.refresh_from_db()
    assert (row.responsible, row.version) == (one, 2)


# Words


def test_corrected_words_keep_the_old_beside_the_new(row: ActionYear, team: User) -> None:
    old = row.wording
    words = Words(row.title, "Insulate 400 homes by March.", row.success)
    correct_wording(row, words, reason="The number was missing.", by=team, version=row.version)
    context = signed_in(holder(Role.SCRUTINY)).get("/actions/2026-27/CPA1/").context
    found = [(one.field, one.old, one.new, one.reason, one.by) for one in context["changes"]]
    assert found == [("Wording", old, "Insulate 400 homes by March.", "The number was missing.", "")]
    with pytest.raises(NotPermitted):
        correct_wording(row, words, reason="x", by=holder(Role.SERVICE_MANAGER, service=row.service), version=2)


def test_two_who_correct_at_once_lose_nothing_they_typed(row: ActionYear, team: User) -> None:
    address = "/actions/2026-27/CPA1/words/"
    correct_wording(row, Words(row.title, "Theirs.", row.success), reason="r", by=team, version=1)
    typed = {"version": 1, "title": row.title, "wording": "Mine.", "success": row.success, "reason": "Better."}
    client = signed_in(holder(Role.PERFORMANCE_TEAM))
    answer = client.post(address, typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{team.name} changed this action while you were writing." in page
    assert "Theirs." in page
    assert answer.context["form"]["wording"].value() == "Mine."
    again = {**typed, "version": answer.context["form"]["version"].value()}
    assert client.post(address, again).status_code == 302
    row.refresh_from_db()
    assert row.wording == "Mine."


def post(client: Client, address: str, **typed: str) -> dict[str, list[str]]:
    """The errors of the form, by field."""
    answer = client.post(address, typed)
    assert answer.status_code == 200
    return dict(answer.context["form"].errors)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"wording": "A\x00B"}, "contains a character that cannot be kept"),
        ({"wording": "x" * 100_000}, "must be 1,000 characters or fewer. It is 100,000."),
        ({"wording": ""}, "Enter the wording in the plan"),
        ({"reason": "  "}, "Say why the words are corrected"),
        ({"version": "seven"}, "This page is out of date"),
    ],
)
def test_bad_input_is_answered_beside_its_box_and_writes_nothing(
    row: ActionYear, team: User, bad: dict[str, str], sentence: str
) -> None:
    typed = {"version": "1", "title": "T", "wording": "W", "success": "S", "reason": "R"}
    errors = post(signed_in(team), "/actions/2026-27/CPA1/words/", **typed | bad)
    assert sentence in str(errors)
    row.refresh_from_db()
    assert (row.title, row.version) == ("Warm homes", 1)

"""What an amber or red promised: the next update asks whether it was done, and who is told before it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from actions.models import ActionUpdate, RecoveryOutcome
from actions.operations.entering import record_recovery
from hdcperf.organisation.models import User
from hdcperf.review.recovery import Recovery
from hdcperf.roles import Role
from tests.actions.entering import RECOVERY, TODAY, Updated, updated
from tests.actions.seeing import issued
from tests.factories.organisation import holder
from tests.journeys.walking import Walker

pytestmark = pytest.mark.django_db
State = ActionUpdate.State
WORDS = "The crew started a week late."


@pytest.fixture(autouse=True)
def _october(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def promised() -> Updated:
    """Q2's update, not started, after an amber Q1 that promised something by 1 December."""
    return updated(last="amber")


def told(one: Updated) -> RecoveryOutcome:
    return RecoveryOutcome.objects.get(update__action=one.record.action)


def action_page(one: Updated, reader: User) -> Walker:
    year = one.action_year.plan_year.financial_year.slug
    return Walker(reader, path=f"/actions/{year}/{one.action_year.code}/")


def test_the_next_update_asks_whether_what_was_promised_was_done_and_keeps_it_with_the_promise() -> None:
    one = promised()
    page = Walker(one.user, path=one.url)
    assert "A second team starts." in page.part("Last time you said")
    page.tick("Partly done").type("What came of it", WORDS).press("Save as draft")
    outcome = told(one)
    assert (outcome.update.span, outcome.result, outcome.words) == (one.record.span.previous, "part", WORDS)
    assert (outcome.told_with, outcome.noted_by) == (one.record, one.user)
    assert page.value("What came of it") == WORDS


def test_an_update_after_green_asks_nothing_of_a_promise() -> None:
    one = updated(last="green")
    assert "Was it done?" not in Walker(one.user, path=one.url).text
    one.post("save", recovery_result="done", recovery_words="It was not asked.")
    assert not RecoveryOutcome.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"recovery_result": "done"}, "Say what came of it, in a sentence."),
        ({"recovery_words": "It came."}, "Say whether it was done."),
    ],
)
def test_half_an_answer_saves_nothing(typed: dict[str, str], sentence: str) -> None:
    one = promised()
    text = one.post("save", **typed).content.decode()
    assert sentence in text
    assert one.now().state == State.NOT_STARTED
    assert not RecoveryOutcome.objects.exists()


def test_a_refused_update_keeps_no_outcome() -> None:
    one = promised()
    opened = one.record.version
    one.post("save", done="A colleague typed this.")
    reply = one.client().post(
        one.url,
        {**one.typed(), "version": opened, "move": "save", "recovery_result": "done", "recovery_words": WORDS},
    )
    assert reply.status_code == 409
    assert not RecoveryOutcome.objects.exists()
    assert WORDS in reply.content.decode()


def test_the_same_said_again_leaves_one_line_of_history_and_a_change_leaves_two() -> None:
    one = promised()
    promise = one.record.action.updates.get(quarter=one.record.span.previous.first_day)
    for words in (WORDS, WORDS, "It is done now."):
        record_recovery(promise, Recovery("part", words), told_with=one.record, by=one.user)
    assert [row.words for row in told(one).history.all()] == ["It is done now.", WORDS]


def test_the_reviewer_reads_what_came_of_the_promise_beside_the_update() -> None:
    one = promised()
    one.post("submit", **RECOVERY, recovery_result="not_done", recovery_words=WORDS)
    assert one.now().state == State.SUBMITTED
    page = Walker(one.reviewer, path=one.address("action-review"))
    assert f"Was it done? Not done. {WORDS}" in page.text


def test_the_reviewer_reads_that_nobody_has_said() -> None:
    one = promised()
    one.post("submit", **RECOVERY)
    page = Walker(one.reviewer, path=one.address("action-review"))
    assert "Was it done? Not due yet." in page.text


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.BOARD, Role.INTERNAL_AUDIT, Role.EXECUTIVE_LEADER])
def test_an_outcome_is_the_services_own_until_the_update_that_tells_it_is_accepted(role: Role) -> None:
    one = promised()
    one.post("submit", **RECOVERY, recovery_result="part", recovery_words=WORDS)
    reader = holder(role)
    heading = "Recovery actions and whether they were done"
    assert WORDS in action_page(one, one.user).part(heading)
    assert WORDS not in action_page(one, reader).text
    Walker(one.reviewer, path=one.address("action-review")).press("Accept")
    assert one.now().state == State.ACCEPTED
    row = action_page(one, reader).row(WORDS)
    assert "Partly done" in row
    assert "A second team starts." in row


def test_a_member_is_told_an_outcome_once_the_update_it_was_told_with_was_issued() -> None:
    one = promised()
    promise = one.record.action.updates.get(quarter=one.record.span.previous.first_day)
    issued(promise, rag="amber", recovery="A second team starts.", recovery_by=date(2026, 12, 1))
    one.post("submit", **RECOVERY, recovery_result="part", recovery_words=WORDS)
    Walker(one.reviewer, path=one.address("action-review")).press("Accept")
    reader = holder(Role.SCRUTINY)
    page = action_page(one, reader)
    assert "A second team starts." in page.text
    assert WORDS not in page.text
    issued(one.now(), date(2026, 12, 9), rag="amber")
    assert "Partly done" in action_page(one, reader).row(WORDS)


def test_a_promise_said_to_be_done_waits_for_the_next_accepted_colour(set_today: Callable[[date], None]) -> None:
    one = promised()
    one.post("submit", **RECOVERY, recovery_result="done", recovery_words=WORDS)
    set_today(date(2026, 12, 2))
    assert "The next accepted colour will show." in action_page(one, one.user).row(WORDS)

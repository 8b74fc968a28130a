"""Two people decide at the same moment, on two connections: one decides, and the other is told who did.

Runs on SQLite too (bin/test), where the whole database has one writer at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import Challenge, DerivedChange, MonthlyReturn, Revision
from kpis.operations.checking import accept, answer_challenge, raise_challenge, rule_on
from kpis.operations.entering import Entry
from kpis.operations.periods import escalate_at_lock, open_period
from kpis.operations.revising import accept_revision, decline_revision, propose
from kpis.workflow import MoveRefused, SomebodyElseDidIt, move
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import UserFactory, holder
from tests.kpis.at_once import at_once, holding
from tests.kpis.entering import FULL
from tests.kpis.seeing import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
State = MonthlyReturn.State


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def record() -> MonthlyReturn:
    made: MonthlyReturn = MonthlyReturnFactory(submitted=True)
    return made


def team(name: str) -> User:
    return holder(Role.PERFORMANCE_TEAM, user__name=name)


def now(record: MonthlyReturn) -> MonthlyReturn:
    return MonthlyReturn.objects.get(pk=record.pk)


def sorted_out(outcomes: list[Any]) -> tuple[Any, MoveRefused]:
    """What the one who came first got, and how the other was refused. Exactly one of two wins."""
    refused = [one for one in outcomes if isinstance(one, Exception)]
    done = [one for one in outcomes if not isinstance(one, Exception)]
    assert len(refused) == len(done) == 1, outcomes
    assert isinstance(refused[0], MoveRefused), refused
    return done[0], refused[0]


def moves_of(record: Any) -> list[str]:
    return [row.move for row in record.transitions.all()]


def test_of_two_reviewers_who_accept_at_once_the_second_is_told_who_did(record: MonthlyReturn) -> None:
    reviewers = [team("Ann First"), team("Bo Second")]
    clients = [signed_in(one) for one in reviewers]
    where = reverse("return-review", args=[record.measured, record.kpi_year.code])

    def press(client: Any) -> str:
        posted = {"decide": "accept", "version": record.version}
        return client.post(where, posted, follow=True).content.decode()

    pages = at_once(*(lambda client=client: press(client) for client in clients), hold=holding(record))
    assert moves_of(record).count("accept") == 1
    winner = record.transitions.get(move="accept").by
    loser = next(index for index, one in enumerate(reviewers) if one != winner)
    assert re.search("is accepted[.] Nothing more waits", pages[1 - loser])
    # Whether the second found it accepted or changed since, it was not accepted twice, and the page says so.
    assert f"This is accepted: {winner.name} moved it on 6 November 2026" in pages[loser]
    assert now(record).version == record.version + 1


def test_accepting_and_taking_back_at_once_leaves_one_of_them(record: MonthlyReturn) -> None:
    reviewer, owner = team("Ann First"), KpiPersonFactory(kpi_year=record.kpi_year, user__name="Kim Holder").user
    outcomes = at_once(
        lambda: accept(record, by=reviewer, version=record.version),
        lambda: move(record, "take_back", by=owner),
        hold=holding(record),
    )
    done, refused = sorted_out(outcomes)
    assert isinstance(refused, SomebodyElseDidIt)
    found = now(record)
    assert (found.state, moves_of(record)[2:]) in (
        (State.ACCEPTED, ["accept"]),
        (State.DRAFT, ["take_back"]),
    )
    winner = "Ann First" if found.state == State.ACCEPTED else "Kim Holder"
    assert f"{winner} moved it on" in str(refused)
    assert bool(found.rag) is (found.state == State.ACCEPTED)
    assert done.state == found.state


def test_accepting_and_challenging_at_once_leaves_one_of_them(record: MonthlyReturn) -> None:
    ann, bo = team("Ann First"), team("Bo Second")
    outcomes = at_once(
        lambda: accept(record, by=ann),
        lambda: raise_challenge(record, about="value", reason="looks_wrong", question="Is it right?", by=bo),
        hold=holding(record),
    )
    sorted_out(outcomes)
    found = now(record)
    assert (found.state, found.challenges.count()) in ((State.ACCEPTED, 0), (State.CHALLENGED, 1))


def test_of_two_questions_about_one_part_at_once_one_is_asked(record: MonthlyReturn) -> None:
    outcomes = at_once(
        *(
            lambda by=by: raise_challenge(record, about="value", reason="other", question=f"{by.name}?", by=by)
            for by in (team("Ann First"), team("Bo Second"))
        ),
        hold=holding(record),
    )
    _, refused = sorted_out(outcomes)
    assert "already an open challenge about this part" in str(refused)
    assert record.challenges.count() == 1


@pytest.mark.parametrize("others", [0, 1])
def test_of_two_answers_to_one_challenge_one_is_taken_and_the_other_lost_nothing(others: int) -> None:
    """With another challenge still open too: then the second finds the return changed, and is shown both."""
    said = {f"monthly_return__{name}": FULL[name] for name in ("what_happened", "why")}
    challenge = ChallengeFactory(**said)
    record = challenge.monthly_return
    for _ in range(others):
        ChallengeFactory(monthly_return=record, about="commentary")
    people = [KpiPersonFactory(kpi_year=record.kpi_year, user__name=name).user for name in ("Kim One", "Lee Two")]
    clients = [signed_in(one) for one in people]
    where = reverse("return", args=[record.measured, record.kpi_year.code])

    def answer(number: int) -> tuple[int, str]:
        words = {f"words_{challenge.pk}": f"It is right, says person {number}."}
        kept = {"value": "10", "what_happened": record.what_happened, "why": record.why}
        typed = {"move": "answer", "version": record.version, **kept, **words}
        reply = clients[number].post(where, typed)
        return reply.status_code, reply.content.decode()

    replies = at_once(lambda: answer(0), lambda: answer(1), hold=holding(record))
    assert sorted(status for status, _ in replies) == [302, 409], [text for _, text in replies]
    loser = next(number for number, (status, _) in enumerate(replies) if status == 409)
    assert people[1 - loser].name in replies[loser][1]
    assert f"It is right, says person {loser}." in replies[loser][1]
    assert [one.words for one in challenge.messages.filter(kind="answer")] == [
        f"It is right, says person {1 - loser}."
    ]
    assert moves_of(record).count("answer") == 1


def test_answering_and_deciding_at_once_never_leaves_an_open_challenge_submitted() -> None:
    challenge = ChallengeFactory(escalated=True)
    record, member = challenge.monthly_return, holder(Role.BOARD)
    owner = KpiPersonFactory(kpi_year=record.kpi_year).user
    entry = Entry.of(record)
    at_once(
        lambda: answer_challenge(challenge, words="It is right.", by=owner, entry=entry, version=record.version),
        lambda: rule_on(challenge, ruling="correct", words="It is not.", by=member),
        hold=holding(record),
    )
    is_open = Challenge.objects.get(pk=challenge.pk).state == Challenge.State.OPEN
    assert now(record).state == (State.CHALLENGED if is_open else State.SUBMITTED)


def test_of_two_decisions_of_the_board_one_stands_and_the_other_is_told_which() -> None:
    challenge = ChallengeFactory(escalated=True)
    ann, bo = (holder(Role.BOARD, user__name=name) for name in ("Ann First", "Bo Second"))
    outcomes = at_once(
        lambda: rule_on(challenge, ruling="stands", words="It stands.", by=ann),
        lambda: rule_on(challenge, ruling="correct", words="It does not.", by=bo),
        hold=holding(challenge.monthly_return),
    )
    _, refused = sorted_out(outcomes)
    challenge.refresh_from_db()
    assert challenge.ruled_by is not None
    decided = f"{challenge.ruled_by.name} recorded the board's decision on 6 November 2026: "
    assert f"{decided}{challenge.get_ruling_display().lower()}." in str(refused)
    assert [one.kind for one in challenge.messages.all()] == ["ruling"]


class TestRevisions:
    def proposed(self) -> Revision:
        record = MonthlyReturnFactory(accepted=True, value=10, month=date(2026, 9, 1))
        MonthlyReturnFactory(kpi_year=record.kpi_year, accepted=True, value=10)
        revision: Revision = RevisionFactory(monthly_return=record, new_value=Decimal(4))
        return revision

    def test_accepted_twice_at_once_it_counts_once(self) -> None:
        revision = self.proposed()
        ann, bo = team("Ann First"), team("Bo Second")
        outcomes = at_once(
            lambda: accept_revision(revision, by=ann),
            lambda: accept_revision(revision, by=bo),
            hold=holding(revision),
        )
        done, refused = sorted_out(outcomes)
        assert f"This is accepted: {done.transitions.get(move='accept').by.name} moved it" in str(refused)
        found = now(revision.monthly_return)
        assert (found.value, found.version) == (4, revision.monthly_return.version + 1)
        assert DerivedChange.objects.count() == 1

    def test_accepted_and_declined_at_once_it_is_one_of_the_two(self) -> None:
        revision = self.proposed()
        ann, bo = team("Ann First"), team("Bo Second")
        outcomes = at_once(
            lambda: accept_revision(revision, by=ann),
            lambda: decline_revision(revision, reason="It was right.", by=bo),
            hold=holding(revision),
        )
        done, _ = sorted_out(outcomes)
        assert now(revision.monthly_return).value == (4 if done.state == "accepted" else 10)

    def test_of_two_proposals_at_once_one_waits_and_the_other_is_told(self) -> None:
        record = MonthlyReturnFactory(accepted=True, value=10)
        people = [KpiPersonFactory(kpi_year=record.kpi_year).user for _ in range(2)]
        outcomes = at_once(
            *(
                lambda by=by, value=value: propose(
                    record, figures=Entry(value=Decimal(value)), kind="correction", reason="Missed.", by=by
                )
                for value, by in enumerate(people, start=11)
            ),
            hold=holding(record),
        )
        _, refused = sorted_out(outcomes)
        assert "already waiting to be decided" in str(refused)


def test_two_months_accepted_at_once_are_both_in_the_year_to_date() -> None:
    kpi_year = KpiYearFactory()
    TargetSetFactory(kpi_year=kpi_year, target=120, intervention=108)
    september, october = (
        MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, month, 1), submitted=True, value=10)
        for month in (9, 10)
    )
    ann, bo = team("Ann First"), team("Bo Second")
    outcomes = at_once(lambda: accept(september, by=ann), lambda: accept(october, by=bo), hold=holding(kpi_year))
    assert [one.state for one in outcomes] == [State.ACCEPTED, State.ACCEPTED]
    assert (now(september).ytd_figure, now(october).ytd_figure, now(october).target) == (10, 20, 20)


def test_a_month_opened_twice_at_once_is_opened_once() -> None:
    for _ in range(3):
        KpiYearFactory()
    officers = [team("Ann First"), team("Bo Second")]
    outcomes = at_once(*(lambda by=by: open_period(Month(2026, 10), by=by) for by in officers), hold=hold_the_periods)
    assert sorted(made for _, made in outcomes) == [0, 3]
    assert ReportingPeriod.objects.count() == 1
    assert MonthlyReturn.objects.count() == 3


def hold_the_periods() -> None:
    """There is no row yet: PostgreSQL holds the table, and SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE organisation_reportingperiod IN SHARE ROW EXCLUSIVE MODE")


class TestAtTheLock:
    def old(self) -> Challenge:
        raised = datetime(2026, 11, 3, 9, tzinfo=clock.LONDON)
        submitted = MonthlyReturnFactory(submitted=True)
        challenge: Challenge = ChallengeFactory(
            monthly_return=submitted, answered=True, raised_at=raised, raised_by=UserFactory()
        )
        return challenge

    def test_run_twice_at_once_it_sends_each_challenge_once(self) -> None:
        challenges = [self.old(), self.old()]
        period = challenges[0].monthly_return.period
        assert period is not None
        sent = at_once(*(lambda: escalate_at_lock(date(2026, 11, 20)) for _ in range(2)), hold=holding(period))
        assert sorted(sent) == [0, 2]
        assert [one.messages.filter(kind="escalation").count() for one in challenges] == [1, 1]

    def test_accepted_at_that_moment_it_is_closed_or_with_the_board_and_never_both(self) -> None:
        challenge = self.old()
        reviewer = team("Ann First")
        outcomes = at_once(
            lambda: accept(challenge.monthly_return, by=reviewer),
            lambda: escalate_at_lock(date(2026, 11, 20)),
            hold=holding(challenge.monthly_return),
        )
        challenge.refresh_from_db()
        said = challenge.messages.filter(kind="escalation").count()
        if isinstance(outcomes[0], Exception):
            assert "A challenge is with the board" in str(outcomes[0])
            assert (challenge.state, challenge.escalated_at is None, said) == ("answered", False, 1)
        else:
            assert (challenge.state, challenge.escalated_at, said) == ("closed", None, 0)

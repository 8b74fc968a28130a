"""The exact days: before opening, opening, due, late, lock and after; what the lock sends to the board (E.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, RoundDates, round_dates, working_days
from hdcperf.roles import Role
from kpis.models import Challenge, MonthlyReturn
from kpis.operations.checking import accept, escalate, raise_challenge, rule_on
from kpis.operations.entering import Entry, save_draft, submit
from kpis.operations.exceptions import grant_exception
from kpis.operations.periods import escalate_at_lock
from kpis.queries.queue import load_round
from kpis.workflow import MOVES, MoveRefused, entry_lock, move, refusal
from tests.factories.kpis import ChallengeFactory, KpiPersonFactory, MonthlyReturnFactory, round_of
from tests.factories.organisation import holder
from tests.kpis.unchanged import unchanged

pytestmark = pytest.mark.django_db
SetToday = Callable[[date], None]
NOT_OPEN = "October 2026 opens on 2 November 2026."
LOCKED = "October 2026 locked after 19 November 2026. The Performance Team can lift the lock for this return."


class TestEngland:
    """Rounds count England's working days over its bank holidays; the days were counted on a calendar."""

    @pytest.mark.parametrize(
        ("words", "month", "opens", "due", "locks"),
        [
            ("an ordinary month", Month(2026, 10), date(2026, 11, 2), date(2026, 11, 12), date(2026, 11, 19)),
            ("before Christmas", Month(2026, 11), date(2026, 12, 1), date(2026, 12, 11), date(2026, 12, 18)),
            ("New Year's Day is a Friday", Month(2026, 12), date(2027, 1, 4), date(2027, 1, 14), date(2027, 1, 21)),
            ("Easter on the 5th of April", Month(2026, 3), date(2026, 4, 1), date(2026, 4, 15), date(2026, 4, 22)),
            ("Easter in March", Month(2027, 3), date(2027, 4, 1), date(2027, 4, 13), date(2027, 4, 20)),
            ("early May on the 4th", Month(2026, 4), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 21)),
            ("early May on the 3rd", Month(2027, 4), date(2027, 5, 4), date(2027, 5, 14), date(2027, 5, 21)),
            (
                "August's holiday is its last day",
                Month(2026, 7),
                date(2026, 8, 3),
                date(2026, 8, 13),
                date(2026, 8, 20),
            ),
        ],
    )
    def test_when_a_round_opens_falls_due_and_locks(
        self, words: str, month: Month, opens: date, due: date, locks: date
    ) -> None:
        assert round_dates(month) == RoundDates(opens, due, locks), words

    @pytest.mark.parametrize(
        ("words", "asked", "by"),
        [
            ("over a weekend", date(2026, 11, 6), date(2026, 11, 11)),
            ("asked on a Saturday", date(2026, 11, 7), date(2026, 11, 11)),
            ("over Christmas, Boxing Day being a Saturday", date(2026, 12, 23), date(2026, 12, 30)),
            ("on Christmas Eve, over New Year", date(2026, 12, 29), date(2027, 1, 4)),
            ("over Easter", date(2027, 3, 25), date(2027, 4, 1)),
            ("over the spring bank holiday", date(2026, 5, 22), date(2026, 5, 28)),
        ],
    )
    def test_a_challenge_is_answered_within_three_working_days(
        self, set_today: SetToday, words: str, asked: date, by: date
    ) -> None:
        set_today(asked)
        record = MonthlyReturnFactory(submitted=True)
        challenge = raise_challenge(
            record, about="value", reason="other", question="Is it right?", by=holder(Role.PERFORMANCE_TEAM)
        )
        assert challenge.due_on == by, words


@pytest.mark.parametrize(
    ("words", "today", "sentence", "is_late"),
    [
        ("the day before it opens", date(2026, 11, 1), NOT_OPEN, False),
        ("the day it opens", date(2026, 11, 2), None, False),
        ("the day it falls due", date(2026, 11, 12), None, False),
        ("the day after: late, and still open", date(2026, 11, 13), None, True),
        ("the day it locks, its last", date(2026, 11, 19), None, True),
        ("the day after", date(2026, 11, 20), LOCKED, True),
        ("a year later", date(2027, 11, 20), LOCKED, True),
    ],
)
class TestEachDay:
    def test_entering(
        self, set_today: SetToday, words: str, today: date, sentence: str | None, is_late: bool
    ) -> None:
        set_today(today)
        record = MonthlyReturnFactory()
        person = KpiPersonFactory(kpi_year=record.kpi_year).user
        entry = Entry(value=record.value, what_happened="Eleven were counted.")
        assert entry_lock(record, today) == sentence
        assert refusal(record, MOVES["draft"], person) == sentence
        if sentence is None:
            assert save_draft(record, entry, by=person, version=record.version).state == "draft"
        else:
            with unchanged(record), pytest.raises(MoveRefused) as refused:
                save_draft(record, entry, by=person, version=record.version)
            assert str(refused.value) == sentence

    @pytest.mark.parametrize(("name", "trait"), [("submit", "draft"), ("take_back", "submitted")])
    def test_submitting_and_taking_back(
        self,
        set_today: SetToday,
        words: str,
        today: date,
        sentence: str | None,
        is_late: bool,
        name: str,
        trait: str,
    ) -> None:
        set_today(today)
        record = MonthlyReturnFactory(**{trait: True})
        person = KpiPersonFactory(kpi_year=record.kpi_year).user
        assert refusal(record, MOVES[name], person) == sentence
        if sentence is None:
            assert move(record, name, by=person).state == MOVES[name].target
        else:
            with unchanged(record), pytest.raises(MoveRefused):
                move(record, name, by=person)

    def test_what_is_late(
        self, set_today: SetToday, words: str, today: date, sentence: str | None, is_late: bool
    ) -> None:
        """Only what is not with the team: a return that waits to be checked is not late."""
        set_today(today)
        not_started, draft, sent = (
            MonthlyReturnFactory(**{trait: True}) for trait in ("draft", "draft", "submitted")
        )
        not_started.state = "not_started"
        assert (not_started.is_late(today), draft.is_late(today)) == (is_late, is_late)
        assert sent.is_late(today) is False
        rows = {row.record.pk: row.marks for row in load_round(standing(holder(Role.PERFORMANCE_TEAM)), draft.period)}
        assert ("late" in rows[draft.pk]) is is_late
        assert "late" not in rows[sent.pk]

    def test_the_team_checks_and_accepts_whatever_the_day(
        self, set_today: SetToday, words: str, today: date, sentence: str | None, is_late: bool
    ) -> None:
        set_today(today)
        record = MonthlyReturnFactory(submitted=True)
        assert accept(record, by=holder(Role.PERFORMANCE_TEAM)).state == "accepted"


class TestAnException:
    """October's lock is lifted for one return until the 27th."""

    @pytest.mark.parametrize(
        ("today", "is_open"),
        [
            (date(2026, 11, 19), True),
            (date(2026, 11, 20), True),
            (date(2026, 11, 27), True),
            (date(2026, 11, 28), False),
        ],
    )
    def test_it_holds_to_its_last_day_and_not_the_next(self, set_today: SetToday, today: date, is_open: bool) -> None:
        set_today(date(2026, 11, 18))
        record, other = MonthlyReturnFactory(), MonthlyReturnFactory()
        team = holder(Role.PERFORMANCE_TEAM)
        grant_exception(record, reason="It is late.", asked_by="Sam", expires_on=date(2026, 11, 27), by=team)
        set_today(today)
        person = KpiPersonFactory(kpi_year=record.kpi_year).user
        assert (refusal(record, MOVES["draft"], person) is None) is is_open
        assert (entry_lock(other, today) is None) is (today <= date(2026, 11, 19))

    def test_the_longest_of_several_holds(self, set_today: SetToday) -> None:
        set_today(date(2026, 11, 23))
        record, team = MonthlyReturnFactory(), holder(Role.PERFORMANCE_TEAM)
        for day in (30, 25):
            grant_exception(
                record, reason=f"To the {day}th.", asked_by="Sam", expires_on=date(2026, 11, day), by=team
            )
        assert entry_lock(record, date(2026, 11, 30)) is None
        assert entry_lock(record, date(2026, 12, 1)) == LOCKED

    def test_the_whole_return_can_be_entered_and_taken_back_under_it(self, set_today: SetToday) -> None:
        set_today(date(2026, 11, 23))
        record, team = MonthlyReturnFactory(draft=True, value=10), holder(Role.PERFORMANCE_TEAM)
        grant_exception(record, reason="It is late.", asked_by="Sam", expires_on=date(2026, 11, 27), by=team)
        person = KpiPersonFactory(kpi_year=record.kpi_year).user
        entry = Entry(
            value=record.value,
            what_happened="Eleven examples were counted at the depot.",
            why="The second crew came back from training.",
            forecast=record.value,
        )
        sent = submit(record, entry, by=person, version=record.version)
        assert move(sent, "take_back", by=person).state == "draft"


LOCK = date(2026, 11, 19)  # a Thursday
AFTER = date(2026, 11, 20)


def raised(on: date, **facts: Any) -> Challenge:
    """A challenge of October's round raised at noon of that day."""
    if "monthly_return" not in facts:
        facts["monthly_return"] = MonthlyReturnFactory(submitted=True)
    at = datetime.combine(on, datetime.min.time(), clock.LONDON) + timedelta(hours=12)
    made: Challenge = ChallengeFactory(raised_at=at, **facts)
    return made


class TestWhatTheLockSends:
    @pytest.fixture(autouse=True)
    def _the_day_after(self, set_today: SetToday) -> None:
        set_today(AFTER)

    @pytest.mark.parametrize(
        ("words", "on", "goes"),
        [
            ("two working days", date(2026, 11, 17), False),
            ("three working days exactly", date(2026, 11, 16), False),
            ("four working days", date(2026, 11, 13), True),
            ("on the Sunday before: the four days since", date(2026, 11, 15), True),
            ("on the day itself", LOCK, False),
            ("after the lock", AFTER, False),
        ],
    )
    def test_it_sends_what_is_older_than_three_working_days(self, words: str, on: date, goes: bool) -> None:
        challenge = raised(on)
        assert working_days().working_days_between(on, LOCK) > 3 or not goes
        assert escalate_at_lock(AFTER) == int(goes), words
        challenge.refresh_from_db()
        assert challenge.is_with_the_board is goes

    def test_who_it_says_sent_it(self) -> None:
        challenge = raised(date(2026, 11, 10))
        escalate_at_lock(AFTER)
        challenge.refresh_from_db()
        said = challenge.messages.get()
        words = "October 2026 locked while this challenge was more than 3 working days old."
        assert (challenge.escalated_by, challenge.escalation_reason) == (None, words)
        assert (said.by, said.by_name, said.words) == (None, "At the lock", words)
        assert challenge.history.first().history_user is None

    def test_a_day_is_a_day_in_this_country(self, set_today: SetToday) -> None:
        """Half past eleven in the evening of Sunday in Greenwich is Monday here in June: three days, not four."""
        set_today(date(2026, 6, 19))
        record = MonthlyReturnFactory(month=date(2026, 5, 1), submitted=True)
        ChallengeFactory(monthly_return=record, raised_at=datetime(2026, 6, 14, 23, 30, tzinfo=UTC))
        assert record.period.locks_on == date(2026, 6, 18)
        assert escalate_at_lock(date(2026, 6, 19)) == 0

    def test_nothing_goes_on_the_day_of_the_lock_itself(self, set_today: SetToday) -> None:
        raised(date(2026, 11, 10))
        set_today(LOCK)
        assert escalate_at_lock(LOCK) == 0
        assert ReportingPeriod.objects.get().escalated_on is None
        assert escalate_at_lock(AFTER) == 1

    def test_one_that_was_answered_and_not_settled_goes_too(self) -> None:
        """The two sides have not settled it: the team neither accepted the answer nor asked again."""
        challenge = raised(date(2026, 11, 10), answered=True)
        assert escalate_at_lock(AFTER) == 1
        challenge.refresh_from_db()
        assert (challenge.state, challenge.is_with_the_board) == ("answered", True)

    def test_one_that_was_settled_does_not(self) -> None:
        challenge = raised(date(2026, 11, 10), answered=True)
        accept(challenge.monthly_return, by=holder(Role.PERFORMANCE_TEAM))
        assert escalate_at_lock(AFTER) == 0

    def test_one_already_with_the_board_stays_as_it_was_sent(self) -> None:
        challenge = raised(date(2026, 11, 10))
        team = holder(Role.PERFORMANCE_TEAM)
        escalate(challenge, reason="They do not agree.", by=team)
        assert escalate_at_lock(AFTER) == 0
        challenge.refresh_from_db()
        assert (challenge.escalation_reason, challenge.escalated_by) == ("They do not agree.", team)

    def test_one_the_board_has_decided_does_not_go_again(self) -> None:
        challenge = raised(date(2026, 11, 10), escalated=True)
        rule_on(challenge, ruling="correct", words="It is wrong.", by=holder(Role.BOARD))
        assert escalate_at_lock(AFTER) == 0
        challenge.refresh_from_db()
        assert not challenge.is_with_the_board

    def test_asked_again_it_is_as_old_as_its_first_question(self, set_today: SetToday) -> None:
        set_today(date(2026, 11, 18))
        challenge = raised(date(2026, 11, 10), answered=True)
        raise_challenge(
            challenge.monthly_return,
            about="value",
            reason="other",
            question="And the other?",
            by=holder(Role.PERFORMANCE_TEAM),
        )
        set_today(AFTER)
        assert escalate_at_lock(AFTER) == 1

    def test_run_twice_it_sends_once(self) -> None:
        challenge = raised(date(2026, 11, 10))
        assert [escalate_at_lock(AFTER), escalate_at_lock(AFTER), escalate_at_lock(date(2026, 11, 21))] == [1, 0, 0]
        assert challenge.messages.count() == 1

    def test_run_late_it_sends_what_was_old_at_the_lock_and_no_more(self, set_today: SetToday) -> None:
        """The computer was off for a week: what has become old since is not what the lock sends."""
        late = date(2026, 11, 27)
        old, young, after = raised(date(2026, 11, 13)), raised(date(2026, 11, 16)), raised(date(2026, 11, 20))
        set_today(late)
        assert escalate_at_lock(late) == 1
        for challenge, went in ((old, True), (young, False), (after, False)):
            challenge.refresh_from_db()
            assert challenge.is_with_the_board is went
        assert clock.local_day(Challenge.objects.get(pk=old.pk).escalated_at) == late  # type: ignore[arg-type]
        assert ReportingPeriod.objects.get().escalated_on == late

    def test_several_months_that_locked_are_each_done(self) -> None:
        september = MonthlyReturnFactory(month=date(2026, 9, 1), submitted=True)
        raised(date(2026, 10, 2), monthly_return=september)
        raised(date(2026, 11, 10))
        november = round_of(date(2026, 11, 1))
        assert escalate_at_lock(AFTER) == 2
        november.refresh_from_db()
        assert november.escalated_on is None

    def test_the_return_stays_where_it_was_and_cannot_be_accepted(self) -> None:
        challenge = raised(date(2026, 11, 10), answered=True)
        record = challenge.monthly_return
        before = MonthlyReturn.objects.filter(pk=record.pk).values().get()
        escalate_at_lock(AFTER)
        assert MonthlyReturn.objects.filter(pk=record.pk).values().get() == before
        with pytest.raises(MoveRefused, match="A challenge is with the board"):
            accept(record, by=holder(Role.PERFORMANCE_TEAM))

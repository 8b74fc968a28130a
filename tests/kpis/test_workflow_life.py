"""Five months of one KPI are walked through random moves by random people on random days; what must hold, holds.

Nothing here knows the table of moves: it only knows what may never be true, whatever was pressed by whom and when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from hdcperf import clock
from hdcperf.organisation.models import Delegation, User
from hdcperf.periods import Month
from hdcperf.rag import Direction, judge
from hdcperf.review.saving import Incomplete
from hdcperf.roles import Role
from hdcperf.workflow import NotPermitted, StaleRecord
from kpis.models import (
    Challenge,
    ChallengeMessage,
    DerivedChange,
    KpiPerson,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    Revision,
    RevisionTransition,
    WordCorrection,
)
from kpis.operations.checking import (
    accept,
    answer_challenge,
    correct_words,
    escalate,
    raise_challenge,
    rule_on,
    undo_correction,
)
from kpis.operations.entering import Entry, save_draft, submit
from kpis.operations.exceptions import end_exception, grant_exception
from kpis.operations.periods import escalate_at_lock
from kpis.operations.revising import accept_revision, decline_revision, propose, withdraw_revision
from kpis.workflow import MoveRefused, move
from tests.factories.kpis import (
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    TargetSetFactory,
    round_of,
)
from tests.factories.organisation import DelegationFactory, UserFactory, holder

State = MonthlyReturn.State
START = date(2026, 11, 6)  # the day after the factories submit
MONTHS = [Month(2026, month) for month in range(7, 12)]
TARGET, LEVEL = 10, 9
FROZEN = (
    *("month_figure", "ytd_figure", "target", "target_upper", "intervention", "intervention_upper", "rag"),
    *("year_target", "year_target_upper", "year_intervention", "year_intervention_upper", "forecast_rag"),
)
COUNTED = (
    *(MonthlyReturnTransition, RevisionTransition, Challenge, ChallengeMessage, Revision, DerivedChange),
    *(LockException, WordCorrection, MonthlyReturn.history.model, Challenge.history.model, Revision.history.model),
)
WORDS: dict[str, Any] = {
    "what_happened": "Some exampels were counted at the depot.",
    "why": "The second crew came back from training.",
    "being_done": "A third crew starts at the depot.",
    "done_by": date(2027, 3, 1),
    "done_owner": "Depot manager",
}
ASKED = ("same_again", "forecast_hopeful", "on_track_while_red")
ANSWERS = dict.fromkeys(ASKED, "It was counted again and is right.")


def entry(value: int | None) -> Entry:
    """A whole entry; None is a month without data."""
    if value is None:
        missing = {"no_data": True, "no_data_reason": "The supplier is late.", "no_data_until": date(2027, 3, 1)}
        return Entry(**missing, **WORDS, forecast=Decimal(100))  # type: ignore[arg-type]
    return Entry(value=Decimal(value), **WORDS, forecast=Decimal(100))  # type: ignore[arg-type]


class World:
    """The people and the five returns, made once; every walk starts from them and is undone at its end."""

    def __init__(self) -> None:
        kpi_year = KpiYearFactory()
        TargetSetFactory(kpi_year=kpi_year, target=12 * TARGET, intervention=12 * LEVEL)
        self.kpi_year = kpi_year
        duty = KpiPerson.Duty
        collector = KpiPersonFactory(kpi_year=kpi_year, duty=duty.COLLECTS).user
        stand_in = KpiPersonFactory(kpi_year=kpi_year, duty=duty.STANDS_IN).user
        typist, reviewer, colleague = (holder(Role.PERFORMANCE_TEAM) for _ in range(3))
        named = holder(Role.PERFORMANCE_TEAM)
        KpiPersonFactory(kpi_year=kpi_year, duty=duty.COMMENTS, user=named)
        member, own_member = holder(Role.BOARD), holder(Role.BOARD)
        KpiPersonFactory(kpi_year=kpi_year, duty=duty.STANDS_IN, user=own_member)
        self.enterers = [
            *(collector, stand_in, typist, named),
            DelegationFactory(user=collector).delegate,
            holder(Role.SERVICE_MANAGER, service=kpi_year.service),
        ]
        # Somebody who covers both a reviewer and the collector may review, but nothing of the collector's.
        both = DelegationFactory(user=reviewer).delegate
        DelegationFactory(user=collector, delegate=both)
        self.reviewers = [
            *(colleague, reviewer, colleague, typist, colleague, named, reviewer, both, colleague),
            DelegationFactory(user=typist).delegate,
        ]
        self.board = [member, own_member, DelegationFactory(user=member).delegate]
        self.others = [UserFactory(), UserFactory(is_superuser=True, is_staff=True), holder(Role.DIRECTOR)]
        self.people = [*self.enterers, *self.reviewers, *self.board, *self.others]
        self.covers = {
            person.pk: {person.pk, *_covered(person)} for person in {one.pk: one for one in self.people}.values()
        }
        # The last is in November's round, not yet open; the others in October's, which locks after 19 November.
        rounds = [round_of(date(2026, month, 1)) for month in (10, 10, 10, 10, 11)]
        traits = [
            {"accepted": True, "value": 10},
            {"submitted": True, "value": 8, "submitted_by": typist, **WORDS},
            {"submitted": True, "value": 12, "submitted_by": collector, **WORDS},
            {},
            {},
        ]
        for month, period, given in zip(MONTHS, rounds, traits, strict=True):
            MonthlyReturnFactory(kpi_year=kpi_year, month=month.first_day, period=period, **given)


def _covered(person: User) -> set[int]:
    return set(Delegation.objects.filter(delegate=person).values_list("user_id", flat=True))


@dataclass(frozen=True)
class Given:
    """What a step draws. ``astray`` and ``anybody``: whatever return, whoever, not only those it might be."""

    which: int
    person: int
    value: int | None
    about: str
    days: int
    flag: bool
    stale: bool
    astray: bool
    anybody: bool


seldom = st.sampled_from([False, False, False, False, False, False, False, True])
acts = st.builds(
    Given,
    which=st.sampled_from(range(5)),
    person=st.sampled_from(range(12)),
    value=st.sampled_from([*range(16), None]),
    about=st.sampled_from(["value", "commentary", "forecast", "whole"]),
    days=st.sampled_from(range(1, 15)),
    flag=st.booleans(),
    stale=seldom,
    astray=seldom,
    anybody=seldom,
)
ACTS = [
    *(["enter"] * 5 + ["accept"] * 4 + ["ask"] * 2 + ["answer"] * 4 + ["escalate"] * 2 + ["decide"] * 3),
    *(["revise"] * 5 + ["days_pass"] * 2 + ["take_back", "mend", "undo", "lift_the_lock"]),
]


class Life(RuleBasedStateMachine):
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()
        self.today = START
        self.frozen = self._frozen()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    # What is there

    def at(self, given: Given, *states: str) -> MonthlyReturn:
        """Mostly a return in one of ``states``."""
        every = list(MonthlyReturn.objects.order_by("month"))
        wanted = every if given.astray else [one for one in every if one.state in states] or every
        return wanted[given.which % len(wanted)]

    def who(self, group: list[User], given: Given) -> User:
        """Mostly one of those who might."""
        chosen = self.world.people if given.anybody else group
        return chosen[given.person % len(chosen)]

    def _rows(self) -> dict[int, dict[str, Any]]:
        return {row["id"]: row for row in MonthlyReturn.objects.order_by("pk").values()}

    def _frozen(self) -> dict[int, tuple[Any, ...]]:
        rows = MonthlyReturn.objects.filter(state=State.ACCEPTED).values_list("pk", *FROZEN)
        return {row[0]: row[1:] for row in rows}

    def _counts(self) -> tuple[int, ...]:
        counts = ", ".join(f'(SELECT count(*) FROM "{model._meta.db_table}")' for model in COUNTED)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {counts}")
            found: tuple[int, ...] = cursor.fetchone()
        return found

    # Doing something, and what any doing must leave behind

    def act(self, doing: Callable[[], Any], *, may_move_figures: bool = False) -> bool:
        """Do it today. A refusal wrote nothing; a change left history and a higher version. True when it was done."""
        rows, counts = self._rows(), self._counts()
        refused = None
        try:
            with clock.taken_to_be(self.today):
                doing()
        except Incomplete:
            pass  # the draft was saved
        except (MoveRefused, NotPermitted, StaleRecord) as found:
            refused = str(found)
        if refused is not None:
            assert self._rows() == rows, f"refused, and yet written: {refused}"
            assert self._counts() == counts, f"refused, and yet rows were made: {refused}"
            return False
        self._left_traces(rows)
        if not may_move_figures:
            now = self._frozen()
            assert all(now[pk] == kept for pk, kept in self.frozen.items()), "a frozen figure changed"
        self.frozen = self._frozen()
        return True

    def _left_traces(self, before: dict[int, dict[str, Any]]) -> None:
        for pk, row in self._rows().items():
            was = before[pk]
            changed = {name for name in row if row[name] != was[name]}
            if not changed:
                continue
            assert changed <= {"state"} or row["version"] > was["version"], f"{changed} without a new version"
            latest = MonthlyReturn.history.filter(id=pk).order_by("-history_id").values(*row).first()
            assert latest == row, "history does not hold what the row says"

    @rule(how=st.sampled_from(ACTS), given=acts)
    def somebody_does_something(self, how: str, given: Given) -> None:
        """One rule for all: rules of their own would be left out of most walks together, and few would get far."""
        getattr(self, f"_{how}")(given)

    # Time and the lock

    def _days_pass(self, given: Given) -> None:
        self.today = min(self.today + timedelta(days=given.days), date(2027, 1, 15))
        if given.flag:
            self.act(lambda: escalate_at_lock(self.today))

    def _lift_the_lock(self, given: Given) -> None:
        by, until = self.who(self.world.reviewers, given), self.today + timedelta(days=given.days * 2 - 2)
        record = self.at(given, State.NOT_STARTED, State.DRAFT, State.SUBMITTED)
        exception = LockException.objects.first()
        if given.stale and exception is not None:
            self.act(lambda: end_exception(exception, by=by))
        else:
            self.act(lambda: grant_exception(record, reason="Late.", asked_by="Sam", expires_on=until, by=by))

    # The service

    def _enter(self, given: Given) -> None:
        record, by = self.at(given, State.NOT_STARTED, State.DRAFT), self.who(self.world.enterers, given)
        version = record.version - given.stale
        if given.flag:
            self.act(lambda: submit(record, entry(given.value), by=by, version=version, answers=ANSWERS))
        else:
            self.act(lambda: save_draft(record, entry(given.value), by=by, version=version))

    def _take_back(self, given: Given) -> None:
        record, by = self.at(given, State.SUBMITTED), self.who(self.world.enterers, given)
        self.act(lambda: move(record, "take_back", by=by))

    def _answer(self, given: Given) -> None:
        is_open = Challenge.objects.filter(state=Challenge.State.OPEN)
        challenge, by = self.one_of(is_open, Challenge.objects.all(), given), self.who(self.world.enterers, given)
        if challenge is None:
            return self._ask(given)
        version = challenge.monthly_return.version - given.stale
        lesson = "It will be counted twice." if given.flag else ""
        corrected = entry(given.value)
        self.act(
            lambda: answer_challenge(
                challenge, words="It is.", by=by, entry=corrected, version=version, lesson=lesson
            )
        )

    def _escalate(self, given: Given) -> None:
        challenge = self.one_of(Challenge.objects.not_closed(), Challenge.objects.all(), given)
        if challenge is None:
            return self._ask(given)
        by = self.who(self.world.reviewers if given.flag else self.world.enterers, given)
        self.act(lambda: escalate(challenge, reason="No agreement.", by=by))

    def _undo(self, given: Given) -> None:
        correction = self.one_of(WordCorrection.objects.all(), WordCorrection.objects.all(), given)
        if correction is None:
            return self._mend(given)
        by = self.who(self.world.enterers, given)
        self.act(lambda: undo_correction(correction, by=by))

    # The team and the board

    def _accept(self, given: Given) -> None:
        record, by = self.at(given, State.SUBMITTED), self.who(self.world.reviewers, given)
        self.act(lambda: accept(record, by=by, version=record.version - given.stale), may_move_figures=True)

    def _ask(self, given: Given) -> None:
        record, by = self.at(given, State.SUBMITTED, State.CHALLENGED), self.who(self.world.reviewers, given)
        self.act(lambda: raise_challenge(record, about=given.about, reason="other", question="Is it right?", by=by))

    def _mend(self, given: Given) -> None:
        record, by = self.at(given, State.SUBMITTED), self.who(self.world.reviewers, given)
        after = record.what_happened.replace("exampels", "examples")
        version = record.version - given.stale
        self.act(lambda: correct_words(record, prompt="what_happened", after=after, by=by, version=version))

    def _decide(self, given: Given) -> None:
        challenge = self.one_of(Challenge.objects.with_the_board(), Challenge.objects.all(), given)
        if challenge is None:
            return self._escalate(given)
        ruling, by = "stands" if given.flag else "correct", self.who(self.world.board, given)
        self.act(lambda: rule_on(challenge, ruling=ruling, words="So decided.", by=by))

    # Revisions

    def _propose(self, given: Given) -> None:
        record = self.at(given, State.ACCEPTED)
        figures = Entry(value=None if given.value is None else Decimal(given.value))
        by = self.who(self.world.reviewers if given.flag else self.world.enterers, given)
        self.act(lambda: propose(record, figures=figures, kind="correction", reason="Counted again.", by=by))

    def _revise(self, given: Given) -> None:
        revision = self.one_of(Revision.objects.filter(state="proposed"), Revision.objects.all(), given)
        if revision is None:
            return self._propose(given)
        reviewer, anybody = self.who(self.world.reviewers, given), self.who(self.world.people, given)
        doing, moves = {
            "value": (lambda: accept_revision(revision, by=reviewer), True),
            "commentary": (lambda: accept_revision(revision, by=reviewer), True),
            "forecast": (lambda: decline_revision(revision, reason="It was right.", by=reviewer), False),
            "whole": (lambda: withdraw_revision(revision, by=anybody), False),
        }[given.about]
        self.act(doing, may_move_figures=moves)

    def one_of(self, wanted: Any, every: Any, given: Given) -> Any:
        """Mostly one of ``wanted``; None where there is none."""
        found = list((every if given.astray else wanted).order_by("pk"))
        return found[given.which % len(found)] if found else None

    # What must hold

    @invariant()
    def a_state_is_where_its_last_move_led(self) -> None:
        for row in [*MonthlyReturn.objects.all(), *Revision.objects.all()]:
            last = row.transitions.order_by("-at", "-pk").first()
            assert row.state == (last.to_state if last is not None else State.NOT_STARTED)

    @invariant()
    def an_accepted_return_is_judged_by_the_one_rule_on_what_was_frozen(self) -> None:
        accepted = {one.measured: one for one in MonthlyReturn.objects.all() if one.is_accepted}
        for record in MonthlyReturn.objects.all():
            assert bool(record.rag) is record.is_accepted
        for month, record in accepted.items():
            counted = [one for other, one in accepted.items() if other <= month and not one.no_data]
            to_date = sum((one.value for one in counted if one.value is not None), Decimal(0)) if counted else None
            assert record.ytd_figure == to_date
            months = max(len(counted), 1)  # where none has a figure yet, the month's own target stands
            assert (record.target, record.intervention) == (TARGET * months, LEVEL * months)
            actual = None if record.no_data else record.ytd_figure
            assert record.rag == judge(actual, record.target, record.intervention, Direction.HIGHER)

    @invariant()
    def nobody_accepted_their_own(self) -> None:
        own = set(KpiPerson.objects.filter(kpi_year=self.world.kpi_year).values_list("user_id", flat=True))
        for made in MonthlyReturnTransition.objects.filter(move="accept", by__in=self.world.covers):
            typed = set(made.monthly_return.authors.values_list("user_id", flat=True))
            assert not self.world.covers[made.by_id] & (typed | own)
        for decided in RevisionTransition.objects.filter(move__in=["accept", "decline"]):
            proposer = decided.revision.proposed_by_id
            assert not self.world.covers[decided.by_id] & ({proposer} | own)

    @invariant()
    def nothing_is_accepted_with_a_challenge_open_or_before_the_board(self) -> None:
        assert not Challenge.objects.not_closed().filter(monthly_return__state=State.ACCEPTED).exists()
        is_open = Challenge.objects.filter(state=Challenge.State.OPEN)
        for record in MonthlyReturn.objects.all():
            asked = is_open.filter(monthly_return=record).exists()
            assert asked is (record.state == State.CHALLENGED)

    @invariant()
    def the_board_decided_only_about_others(self) -> None:
        for decided in MonthlyReturnTransition.objects.filter(move="rule"):
            typed = set(decided.monthly_return.authors.values_list("user_id", flat=True))
            own = set(self.world.kpi_year.people.values_list("user_id", flat=True))
            assert not self.world.covers[decided.by_id] & (typed | own)

    @invariant()
    def at_most_one_revision_of_a_figure_waits(self) -> None:
        waiting = list(Revision.objects.filter(state="proposed").values_list("monthly_return", flat=True))
        assert len(waiting) == len(set(waiting))


class TestLife(TestCase):
    def test_whatever_is_pressed_by_whom_and_when(self) -> None:
        with clock.taken_to_be(START):
            Life.world = World()
        run_state_machine_as_test(
            Life,
            settings=settings(
                max_examples=6,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.reuse, Phase.generate],  # shrinking a walk through a database takes minutes
            ),
        )

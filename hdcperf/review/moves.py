"""The moves every return follows, from draft to acceptance, and those of its revisions (framework C.2, E.1).

A return is a ``MonthlyReturn``, an action's update or a project's report: a record with ``scope``, ``authors``,
``challenges``, ``period`` and ``lock_exceptions``. An app adds who may enter it and whose own it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.locks import lock_sentence
from hdcperf.review.models import AbstractChallenge
from hdcperf.roles import Permission
from hdcperf.workflow import Guard, Move

__all__ = [
    "ReturnMoves",
    "by_name",
    "disputed",
    "may_review",
    "may_rule",
    "name_author",
    "reviews_for",
]

_NOT_STARTED, _DRAFT, _SUBMITTED, _CHALLENGED, _ACCEPTED = (
    "not_started",
    "draft",
    "submitted",
    "challenged",
    "accepted",
)


def by_name(*moves: Move) -> dict[str, Move]:
    """A table of moves."""
    return {one.name: one for one in moves}


def may_review(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.REVIEW_RETURNS, record.scope):
        return None
    return "Only the Performance Team checks returns."


def may_rule(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.RULE_ON_CHALLENGES, record.scope):
        return None
    return "Only a member of the board decides a challenge that was escalated to it."


def disputed(records: QuerySet[Any], challenges: type[Any], link: str) -> QuerySet[Any]:
    """Of ``records``, those with a challenge before the board; ``link`` is the challenge's key to its record."""
    return records.filter(Exists(challenges.objects.with_the_board().filter(**{link: OuterRef("pk")})))


def name_author(record: Any, people: Iterable[User | None]) -> None:
    """Remember who typed into ``record``, and for whom: none of them can accept it."""
    authors = record.authors
    for person in people:
        if person is not None:
            authors.model.objects.get_or_create(**{authors.field.name: record, "user": person})


def _no_open_challenge(record: Any, by: User) -> str | None:
    if record.challenges.filter(state=AbstractChallenge.State.OPEN).exists():
        return "A challenge is still open: it must be answered first."
    if record.challenges.with_the_board().exists():
        return "A challenge is with the board: it must decide first."
    return None


def lender(permission: Permission) -> Callable[[Any, User], User | None]:
    """For whom a delegate reviews or rules: the person covered whose post lets them."""

    def for_whom(record: Any, by: User) -> User | None:
        pk = standing(by).lender(permission, record.scope)
        return None if pk is None else User.objects.get(pk=pk)

    return for_whom


reviews_for, rules_for = lender(Permission.REVIEW_RETURNS), lender(Permission.RULE_ON_CHALLENGES)


@dataclass(frozen=True)
class ReturnMoves:
    """Builds an app's table.

    ``own`` says in a sentence that the record is this person's own, or nothing; ``acts_for`` gives the holder for
    whom a stand-in, a delegate or the team enters. ``noun`` is what the record is called, ``judged`` what of it a
    challenge must not change without a lesson.
    """

    may_enter: Guard
    own: Guard
    acts_for: Callable[[Any, User], User | None]
    entry_lock: Callable[[Any, Any], str | None] | None = None
    noun: str = "return"
    judged: str = "figure"

    def lock(self, record: Any, by: User) -> str | None:
        """The lock that stops entry today, if one does."""
        today = clock.today()
        return self.entry_lock(record, today) if self.entry_lock else lock_sentence(record, today, self.noun)

    def not_their_own(self, record: Any, by: User) -> str | None:
        """Nobody accepts what they typed, submitted, or are responsible for, whoever typed it."""
        if record.authors.filter(user__in=standing(by).people).exists():
            return f"You entered this {self.noun}, or stand in for somebody who did, so a colleague must accept it."
        return self.own(record, by)

    def _rules_on_others(self, record: Any, by: User) -> str | None:
        if self.not_their_own(record, by):
            return f"You entered this {self.noun} or are one of its people, so another board member decides."
        return None

    def _lessons_recorded(self, record: Any, by: User) -> str | None:
        if record.challenges.not_closed().filter(figure_changed=True, lesson="").exists():
            return f"A challenge changed the {self.judged}: say what will be done differently before accepting."
        return None

    def _not_being_asked(self, record: Any, by: User) -> str | None:
        """Once challenged, only what was asked about is changed, beside the challenge: the dialogue stays whole."""
        if record.challenges.not_closed().exists():
            return f"This {self.noun} was challenged: only what is asked about can be changed, beside the challenge."
        return None

    def either_side(self, record: Any, by: User) -> str | None:
        """The stakeholder or the Performance Team (framework E.1: raised to the board where not resolved)."""
        if may_review(record, by) is None:
            return None
        return self.may_enter(record, by) and "Only the two sides of a challenge can escalate it to the board."

    def speaks_for(self, record: Any, by: User) -> User | None:
        """For whom ``by`` speaks as one of the two sides: the Performance Team speaks for itself."""
        return (reviews_for if may_review(record, by) is None else self.acts_for)(record, by)

    def moves(self, *, before_accepting: tuple[Guard, ...] = ()) -> tuple[Move, ...]:
        """From draft to acceptance; ``before_accepting`` are the app's own conditions."""
        return (
            Move(
                "draft",
                "Save as draft",
                frozenset({_NOT_STARTED, _DRAFT}),
                _DRAFT,
                self.may_enter,
                guards=(self.lock,),
                quiet=True,
                for_whom=self.acts_for,
            ),
            Move(
                "submit",
                "Submit",
                frozenset({_DRAFT}),
                _SUBMITTED,
                self.may_enter,
                guards=(self.lock,),
                for_whom=self.acts_for,
            ),
            Move(
                "take_back",
                "Take back",
                frozenset({_SUBMITTED}),
                _DRAFT,
                self.may_enter,
                guards=(self.lock, self._not_being_asked),
                for_whom=self.acts_for,
            ),
            Move(
                "challenge",
                "Challenge",
                frozenset({_SUBMITTED, _CHALLENGED}),
                _CHALLENGED,
                may_review,
                comment_needed="Say what you are asking and why.",
                for_whom=reviews_for,
            ),
            # The app's change decides the state: the last answer returns it to submitted.
            Move(
                "answer",
                "Answer",
                frozenset({_CHALLENGED}),
                None,
                self.may_enter,
                comment_needed="Write your answer.",
                for_whom=self.acts_for,
            ),
            Move(
                "accept",
                "Accept",
                frozenset({_SUBMITTED}),
                _ACCEPTED,
                may_review,
                guards=(self.not_their_own, _no_open_challenge, self._lessons_recorded, *before_accepting),
                for_whom=reviews_for,
            ),
            Move(
                "escalate",
                "Escalate to the board",
                frozenset({_SUBMITTED, _CHALLENGED}),
                None,
                self.either_side,
                comment_needed="Say why the board should decide.",
                for_whom=self.speaks_for,
            ),
            Move(
                "rule",
                "Record the board's decision",
                frozenset({_SUBMITTED, _CHALLENGED}),
                None,
                may_rule,
                comment_needed="Say what the board decided and why.",
                guards=(self._rules_on_others,),
                for_whom=rules_for,
            ),
        )

    def revision_moves(self, record_of: Callable[[Any], Any]) -> dict[str, Move]:
        """Proposed by either side, decided by somebody else, withdrawn by who proposed it.

        ``record_of`` gives the return a revision revises.
        """

        def two_sides(revision: Any, by: User) -> str | None:
            refused = self.either_side(record_of(revision), by)
            return refused and f"Only the two sides of a {self.noun} can propose a revision of it."

        def review(revision: Any, by: User) -> str | None:
            return may_review(record_of(revision), by)

        def not_their_own(revision: Any, by: User) -> str | None:
            if revision.proposed_by_id in standing(by).people:
                return "You proposed this revision, or stand in for somebody who did, so a colleague must decide it."
            if self.own(record_of(revision), by):
                return "You are responsible for what this revises, so a colleague must decide it."
            return None

        def speaks_for(revision: Any, by: User) -> User | None:
            return self.speaks_for(record_of(revision), by)

        proposed = frozenset({"proposed"})
        return by_name(
            Move("propose", "Propose a revision", proposed, None, two_sides, for_whom=speaks_for),
            Move(
                "accept",
                "Accept the revision",
                proposed,
                "accepted",
                review,
                guards=(not_their_own,),
                for_whom=speaks_for,
            ),
            Move(
                "decline",
                "Decline the revision",
                proposed,
                "declined",
                review,
                comment_needed="Say why the revision is declined.",
                guards=(not_their_own,),
                for_whom=speaks_for,
            ),
            Move(
                "withdraw",
                "Withdraw the revision",
                proposed,
                "withdrawn",
                _proposed_it,
                for_whom=lambda revision, by: None if revision.proposed_by_id == by.pk else revision.proposed_by,
            ),
        )


def _proposed_it(record: Any, by: User) -> str | None:
    if record.proposed_by_id in standing(by).people:
        return None
    return "Only the person who proposed a revision can withdraw it."

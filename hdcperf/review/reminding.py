"""What every sign-off declares to be reminded of: entering it, answering about it, and what is told at once.

An app says in a ``Reminded`` how its record is called and whose it is; the pieces of work and the notices are then
the same code for a monthly return, an action's update and a project's report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import models
from django.db.models import Count, Min, Q, QuerySet

from hdcperf import clock
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.organisation.queries import holders
from hdcperf.reminders.kinds import Notice, Piece
from hdcperf.review.models import AbstractChallenge, AbstractMessage
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day

__all__ = ["CHECKING", "Reminded", "to_check"]

R = TypeVar("R", bound=models.Model)

CHECKING = (
    "Look for results that do not fit, and for changes that are not explained; ask the stakeholder about them.",
    "Nobody accepts what they typed themselves.",
)
"""What the Performance Team does with what was handed in (framework, *Performance Indicators*)."""
_Said = AbstractMessage.Kind


@dataclass(frozen=True)
class Reminded(Generic[R]):
    """How a record is told of.

    ``link`` is the key of its challenges to it; ``called`` gives its name (*the October 2026 return of PI 1 Missed
    bins*), ``href`` its page, ``actors`` and ``stand_ins`` whose it is, ``service`` the id of its service.
    """

    noun: str
    link: str
    called: Callable[[R], str]
    href: Callable[[R], str]
    actors: Callable[[R], frozenset[int]]
    service: Callable[[R], int]
    stand_ins: Callable[[R], frozenset[int]] = lambda record: frozenset()

    # Open work

    def to_enter(self, records: Iterable[R], today: date) -> Iterator[Piece]:
        """Those of ``records`` (with ``period``, and ``lock_exceptions`` prefetched) that are still to come in.

        A lifted lock gives it the exception's own day; one that locked unfinished is asked for all the same.
        """
        for record in records:
            found: Any = record
            period = found.period
            lifted = max(
                (one for one in found.lock_exceptions.all() if _in_force(one, today)),
                key=lambda one: one.expires_on,
                default=None,
            )
            opened = period.opens_on
            if lifted is not None:
                opened = clock.local_day(lifted.granted_at)
            elif period.opened_at is not None:
                opened = max(opened, clock.local_day(period.opened_at))
            locked = period.is_locked(today) and lifted is None
            note = f"It locked after {day(period.locks_on)}: ask the Performance Team to lift the lock."
            yield self._piece(
                record,
                self.noun,
                opened,
                lifted.expires_on if lifted is not None else period.due_on,
                note if locked else "",
            )

    def to_answer(
        self, challenges: QuerySet[Any], records: Callable[[Iterable[int]], Iterable[R]]
    ) -> Iterator[Piece]:
        """The open ones of ``challenges``, each a piece of work of its own; ``records`` fetches theirs by id.

        One that is with the board waits for the board.
        """
        found = [one for one in challenges.filter(state=AbstractChallenge.State.OPEN) if not one.is_with_the_board]
        by_id = {record.pk: record for record in records({getattr(one, f"{self.link}_id") for one in found})}
        for challenge in found:
            record = by_id[getattr(challenge, f"{self.link}_id")]
            piece = self._piece(
                record, f"{self.noun}-challenge", clock.local_day(challenge.raised_at), challenge.due_on
            )
            about = f"{challenge.get_about_display()}: {challenge.get_reason_display().lower()}."
            yield Piece(**piece.__dict__ | {"subject": f"{self.noun}-challenge-{challenge.pk}", "note": about})

    def _piece(self, record: R, key: str, opened: date, due: date, note: str = "") -> Piece:
        name = self.called(record)
        return Piece(
            subject=f"{key}-{record.pk}",
            title=name[:1].upper() + name[1:],
            href=self.href(record),
            opened=opened,
            due=due,
            actors=self.actors(record),
            stand_ins=self.stand_ins(record),
            service=self.service(record),
            note=note,
        )

    def late_before(
        self, records: QuerySet[Any], people: Callable[[Iterable[int]], Mapping[int, frozenset[int]]], today: date
    ) -> Mapping[int, int]:
        """How often each person's ``records`` came in late, or never; ``people`` gives whose each is, by ids."""
        rows = records.annotate(sent=Min("transitions__at", filter=Q(transitions__move="submit"))).values_list(
            "pk", "period__due_on", "sent"
        )
        late = [pk for pk, due, sent in rows if due < (clock.local_day(sent) if sent is not None else today)]
        whose = people(late)
        return Counter(person for pk in late for person in whose.get(pk, frozenset()))

    # Told at once

    def dialogue(
        self, messages: QuerySet[Any], moment: datetime, records: Callable[[Iterable[int]], Iterable[R]]
    ) -> Iterator[Notice]:
        """What was said since: a question to the stakeholder, an answer to who asked, what the board has to decide.

        A question that was answered meanwhile, or asked anew, is not told any more; an answer neither.
        """
        said = messages.filter(at__gt=moment).exclude(kind=_Said.CLOSING).select_related("challenge")
        last = {(row.challenge_id, row.kind): row for row in said.order_by("at", "pk")}
        rows = [row for row in last.values() if _still_holds(row)]
        by_id = {one.pk: one for one in records({getattr(row.challenge, f"{self.link}_id") for row in rows})}
        board = holders(Permission.RULE_ON_CHALLENGES, clock.today()).council if rows else frozenset()
        for row in rows:
            record = by_id[getattr(row.challenge, f"{self.link}_id")]
            name, asked_by = self.called(record), frozenset({row.challenge.raised_by_id})
            title, to = {
                _Said.QUESTION: (
                    f"Answer a challenge about {name} by {day(row.challenge.due_on)}",
                    self.actors(record),
                ),
                _Said.ANSWER: (f"Your challenge about {name} was answered", asked_by),
                _Said.ESCALATION: (f"A dispute about {name} was sent to the board to decide", board),
                _Said.RULING: (f"The board decided the dispute about {name}", self.actors(record) | asked_by),
            }[row.kind]
            theirs = row.kind in (_Said.QUESTION, _Said.RULING)
            yield Notice(
                subject=f"{self.noun}-message-{row.pk}",
                on=clock.local_day(row.at),
                title=title,
                href=self.href(record),
                recipients=to,
                stand_ins=self.stand_ins(record) if theirs else frozenset(),
                service=self.service(record) if theirs else None,
                but_not=frozenset({row.by_id} - {None}),
            )

    def revisions(
        self,
        transitions: QuerySet[Any],
        moment: datetime,
        records: Callable[[Iterable[int]], Iterable[R]],
        href: Callable[[Any], str],
    ) -> Iterator[Notice]:
        """A revision proposed waits for the Performance Team; one declined goes back to who proposed it."""
        rows = list(transitions.filter(at__gt=moment, move__in=("propose", "decline")).select_related("revision"))
        by_id = {one.pk: one for one in records({getattr(row.revision, f"{self.link}_id") for row in rows})}
        team = holders(Permission.REVIEW_RETURNS, clock.today()).council if rows else frozenset()
        for row in rows:
            name = self.called(by_id[getattr(row.revision, f"{self.link}_id")])
            proposed = row.move == "propose"
            if proposed and row.revision.state != "proposed":
                continue  # it was decided before anybody could be told
            yield Notice(
                subject=f"{self.noun}-revision-{row.pk}",
                on=clock.local_day(row.at),
                title=f"A revision of {name} waits to be decided"
                if proposed
                else f"Your revision of {name} was declined",
                href=href(row.revision),
                recipients=team if proposed else frozenset({row.revision.proposed_by_id}),
                but_not=frozenset({row.by_id}),
            )


def to_check(
    records: QuerySet[Any], noun: str, key: str, href: Callable[[ReportingPeriod], str], today: date
) -> Iterator[Piece]:
    """What of each round the team has to check before it locks, from the day it was due; three queries.

    ``records`` are those handed in and not with the board; ``key`` begins the subject.
    """
    team = holders(Permission.REVIEW_RETURNS, today).council
    waiting = records.filter(state="submitted", period__opens_on__lte=today).order_by()
    counted = dict(waiting.values_list("period").annotate(how_many=Count("pk")))
    for period in ReportingPeriod.objects.filter(pk__in=counted).order_by("starts_on", "kind"):
        yield Piece(
            subject=f"{key}-{period.pk}",
            title=f"{count_of(counted[period.pk], noun)} of {period}",
            href=href(period),
            opened=period.due_on,
            due=period.locks_on,
            actors=team,
        )


def _still_holds(row: Any) -> bool:
    state = {_Said.QUESTION: AbstractChallenge.State.OPEN, _Said.ANSWER: AbstractChallenge.State.ANSWERED}
    return row.kind not in state or row.challenge.state == state[row.kind]


def _in_force(one: Any, today: date) -> bool:
    return bool(one.expires_on >= today and one.ended_at is None)

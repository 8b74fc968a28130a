"""A quarter as the Performance Team checks it: every update with its RAG now and before, and what does not fit (E.1).

The number of queries does not depend on how many updates there are, nor on how much history their actions have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from actions.models import ActionUpdate, Challenge, Finding, LockException, Revision, UpdateAuthor
from actions.operations.entry import Entry
from actions.queries.contexts import Sent, UpdateContext, is_in, load_contexts
from actions.queries.findings import checks
from actions.queries.sight import working_updates
from actions.rules.colours import ActionRag, movement
from actions.rules.conformity import LABELS
from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod, Service
from hdcperf.rag import Movement
from hdcperf.review.checks import Check, ask
from hdcperf.review.findings import unanswered
from hdcperf.review.queue import place_of

__all__ = ["Flag", "RoundRow", "load_round", "marks_of", "noted"]

State = ActionUpdate.State


@dataclass(frozen=True)
class Flag:
    """Something that does not fit together in an update; ``answered`` when a sentence explains it."""

    check: Check
    answered: bool


@dataclass(frozen=True)
class RoundRow:
    """One update of a round. ``rag`` is what was handed in, *awaited* until then; ``marks`` are for ``ui.mark_tag``.

    ``is_own`` says that the reader typed it, answers for it, or stands in for somebody who does, and so cannot accept
    it.
    """

    record: ActionUpdate
    context: UpdateContext
    rag: ActionRag
    before: ActionRag | None
    marks: tuple[str, ...]
    flags: tuple[Flag, ...]
    with_board: bool
    is_own: bool

    @property
    def service(self) -> Service:
        return self.record.action_year.service

    @property
    def code_key(self) -> str:
        return self.record.action_year.code_key

    @property
    def sent(self) -> Sent | None:
        return self.context.sent

    @property
    def movement(self) -> Movement:
        return movement(self.before, self.rag)

    @property
    def order(self) -> tuple[float, int, int, float, str]:
        """What waits for the team first, the worst first, the latest first."""
        latest = -float(self.sent.on.toordinal()) if self.sent else 0.0
        return (place_of(self), self.rag.rank, -len(self.flags), latest, self.code_key)


def load_round(who: Standing, period: ReportingPeriod) -> list[RoundRow]:
    """The updates of ``period`` that ``who`` works on, in the order to check them; at most fourteen queries."""
    records = list(_records(who, period))
    contexts = load_contexts(records)
    own = _own(who, period)
    today = clock.today()
    rows = [_row(record, contexts[record.pk], own, today) for record in records]
    return sorted(rows, key=lambda row: row.order)


def _row(record: ActionUpdate, context: UpdateContext, own: set[int], today: date) -> RoundRow:
    return RoundRow(
        record=record,
        context=context,
        rag=ActionRag(record.rag) if is_in(record) else ActionRag.AWAITED,
        before=context.colour_last_quarter,
        marks=marks_of(record, today),
        flags=tuple(_flags(record, context)),
        with_board=vars(record)["with_board"],
        is_own=record.pk in own,
    )


def _flags(record: ActionUpdate, context: UpdateContext) -> Iterable[Flag]:
    """What the checks find in an update that waits to be accepted; of an accepted one, what was explained."""
    if record.is_accepted:
        return [Flag(kept_check(one), True) for one in record.findings.all()]
    if not is_in(record):
        return []
    asks = checks(context, Entry.of(record))[1]
    open_ones = {one.code for one in unanswered(record, asks)}
    return [Flag(one, one.code not in open_ones) for one in asks]


def kept_check(finding: Finding) -> Check:
    """What was asked, as it was when it was answered."""
    return ask(finding.code, finding.field, finding.sentence, "", LABELS.get(finding.code, ""))


def _records(who: Standing, period: ReportingPeriod) -> QuerySet[ActionUpdate]:
    return (
        noted(working_updates(who), clock.today())
        .filter(period=period)
        .select_related(
            "action_year__service__directorate", "action_year__responsible", "action_year__action", "period"
        )
        .prefetch_related("milestone_reports", "findings")
        .order_by("action_year__code_key")
    )


def noted(updates: QuerySet[ActionUpdate], today: date) -> QuerySet[ActionUpdate]:
    """The updates with the facts beside their state that ``marks_of`` reads."""
    mine = OuterRef("pk")
    rows: QuerySet[ActionUpdate] = updates.annotate(
        with_board=Exists(Challenge.objects.with_the_board().filter(update=mine)),
        revised=Exists(Revision.objects.filter(update=mine, state=Revision.State.ACCEPTED)),
        waiting_revision=Exists(Revision.objects.filter(update=mine, state=Revision.State.PROPOSED)),
        lifted=Exists(LockException.objects.filter(update=mine, expires_on__gte=today)),
        answered=Exists(Challenge.objects.filter(update=mine, state=Challenge.State.ANSWERED)),
    )
    return rows


def marks_of(record: ActionUpdate, today: date) -> tuple[str, ...]:
    """The names of the marks beside an update read with ``noted``."""
    facts = vars(record)
    owed = record.state in (State.NOT_STARTED, State.DRAFT) and not record.excused
    marks = {
        "disputed": facts["with_board"],
        "answered": facts["answered"] and not facts["with_board"],
        "late": record.is_late(today),
        "locked": owed and record.period.is_locked(today) and not facts["lifted"],
        "lock lifted": facts["lifted"] and owed,
        "revised": facts["revised"],
        "revision waiting": facts["waiting_revision"],
        "not owed": bool(record.excused),
    }
    return tuple(name for name, holds in marks.items() if holds)


def _own(who: Standing, period: ReportingPeriod) -> set[int]:
    """The updates of the round that ``who`` typed or answers for, themselves or for somebody they cover."""
    typed = UpdateAuthor.objects.filter(update__period=period, user__in=who.people)
    answers_for = ActionUpdate.objects.filter(period=period, action_year__responsible__in=who.people).order_by()
    return {*typed.values_list("update_id", flat=True), *answers_for.values_list("pk", flat=True)}

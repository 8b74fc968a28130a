"""Revising an accepted figure: proposed, decided by somebody else, and marked wherever the figure is shown.

The accepted figure stands until the revision is accepted. The new one is judged by the target and intervention level
the return was accepted with; later years to date that move are listed with the revision.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.workflow import refuse_stale
from kpis.models import MonthlyReturn, Revision
from kpis.operations.entering import Entry
from kpis.operations.freezing import (
    LaterMonth,
    counts,
    facts_of,
    hold_year,
    later_months,
    move_later_months,
    rejudge,
)
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.queries.years import YearFacts
from kpis.workflow import REVISION_MOVES, MoveRefused, NotPermitted, move_revision

__all__ = [
    "NewFigures",
    "Trial",
    "accept_revision",
    "decline_revision",
    "propose",
    "try_out",
    "withdraw_revision",
]

NewFigures = Entry
"""A revision proposes figures in the same shape as an entry; only ``value`` or its two parts are read."""


def _is_figure(figures: NewFigures) -> bool:
    return figures.value is not None or (figures.numerator is not None and figures.denominator is not None)


def _revised(record: MonthlyReturn, figures: NewFigures) -> Entry:
    """What the return would hold with the new figures: a figure that arrives late is no longer missing."""
    return replace(
        Entry.of(record),
        value=figures.value,
        numerator=figures.numerator,
        denominator=figures.denominator,
        no_data=record.no_data and not _is_figure(figures),
    )


@dataclass(frozen=True)
class Trial:
    """A return as it would stand with new figures: ``record`` is a copy, so looking changes nothing.

    ``recounted`` is the month where it counts towards the year to date and did not, or the other way.
    """

    record: MonthlyReturn
    found: Assessment
    facts: YearFacts
    recounted: tuple[Month, ...]

    def later(self) -> list[LaterMonth]:
        """The later months whose year to date would move, each with what it is and would be."""
        self.facts.returns[self.record.measured] = self.record
        return [one for one in later_months(self.facts, self.record, recounted=self.recounted) if one.moves]


def try_out(record: MonthlyReturn, figures: NewFigures) -> Trial:
    """Work out how an accepted ``record`` would stand with the new figures; nothing is written."""
    facts = facts_of(record)
    entry = _revised(record, figures)
    found = assess(facts, record.measured, entry, counting=ACCEPTED)
    trial = copy(record)
    for name in ("value", "numerator", "denominator", "no_data"):
        setattr(trial, name, getattr(entry, name))
    recounted = (record.measured,) if counts(trial) != counts(record) else ()
    rejudge(facts, trial, found, recounted)
    return Trial(trial, found, facts, recounted)


def propose(
    record: MonthlyReturn,
    *,
    figures: NewFigures,
    kind: str,
    reason: str,
    by: User,
    note: str = "",
    version: int | None = None,
) -> Revision:
    """Propose a revision of an accepted figure, with the old and new figure and RAG; ``note`` is printed with the
    commentary.

    The same person proposing the same again (a double click) changes nothing. Raises StaleRecord when the return was
    changed since ``version``; NotPermitted; or MoveRefused when it is not accepted, one is waiting already, the
    figure is missing, or nothing changes.
    """
    with transaction.atomic():
        fresh = MonthlyReturn.objects.select_for_update().get(pk=record.pk)
        same = {"kind": kind, "reason": reason, "new_commentary": note, "proposed_by": by}
        if (there := _proposed_already(fresh, figures, same)) is not None:
            return there
        if version is not None:
            refuse_stale(fresh, version)
        trial = try_out(fresh, figures)
        revision = Revision(
            monthly_return=fresh,
            kind=kind,
            reason=reason,
            new_commentary=note,
            proposed_by=by,
            proposed_at=clock.now(),
            old_value=fresh.value,
            old_numerator=fresh.numerator,
            old_denominator=fresh.denominator,
            old_figure=_headline(fresh, trial.found),
            old_rag=fresh.rag,
            new_value=figures.value,
            new_numerator=figures.numerator,
            new_denominator=figures.denominator,
            new_figure=_headline(trial.record, trial.found),
            new_rag=trial.record.rag,
        )
        _refuse_proposal(fresh, revision, by)
        save_as(revision, by=by, reason=reason)
        return move_revision(revision, "propose", by=by, comment=reason)


def _proposed_already(record: MonthlyReturn, figures: NewFigures, same: dict[str, object]) -> Revision | None:
    """The very same proposal, waiting: the first half of a double click."""
    waiting = record.revisions.filter(state=Revision.State.PROPOSED, **same)
    return waiting.filter(
        new_value=figures.value, new_numerator=figures.numerator, new_denominator=figures.denominator
    ).first()


def _headline(record: MonthlyReturn, found: Assessment) -> Decimal | None:
    """The figure its RAG is about, as it is kept."""
    return record.ytd_figure if found.headline_is_ytd else record.month_figure


def _refuse_proposal(record: MonthlyReturn, revision: Revision, by: User) -> None:
    if sentence := REVISION_MOVES["propose"].permitted(revision, by):
        raise NotPermitted(sentence, state=record.state, move="propose")
    sentence = ""
    if not record.is_accepted:
        sentence = "Only an accepted figure is revised: this return can still be changed."
    elif record.revisions.filter(state=Revision.State.PROPOSED).exists():
        sentence = "A revision of this figure is already waiting to be decided."
    elif not _keeps_its_figure(record, revision):
        sentence = "Enter the figure as it should be: an accepted figure cannot be taken away."
    elif not revision.changes_something:
        sentence = "These are the accepted figures: there is nothing to revise."
    if sentence:
        raise MoveRefused(sentence, state=record.state, move="propose")


def _keeps_its_figure(record: MonthlyReturn, revision: Revision) -> bool:
    """Whether the revision has a figure, or leaves one missing that is missing (a note about the words alone)."""
    figures = NewFigures(
        value=revision.new_value, numerator=revision.new_numerator, denominator=revision.new_denominator
    )
    nothing = (figures.value, figures.numerator, figures.denominator) == (None, None, None)
    return _is_figure(figures) or (record.no_data and nothing)


def accept_revision(revision: Revision, *, by: User) -> Revision:
    """Accept a revision: the return takes the new figures, is judged anew, and later years to date move.

    Raises the errors of ``move``. The second half of a double click changes nothing.
    """
    done: list[bool] = []
    with transaction.atomic():
        hold_year(revision.monthly_return)
        moved = move_revision(revision, "accept", by=by, change=lambda _: done.append(True))
        if not done:
            return moved
        record = MonthlyReturn.objects.select_for_update().get(pk=moved.monthly_return_id)
        figures = NewFigures(value=moved.new_value, numerator=moved.new_numerator, denominator=moved.new_denominator)
        trial = try_out(record, figures)
        # An earlier month may have moved the year to date since the revision was proposed: keep what was accepted.
        moved.old_figure, moved.old_rag = _headline(record, trial.found), record.rag
        trial.record.version += 1
        save_as(trial.record, by=by, reason=f"Revised. {moved.get_kind_display()}: {moved.reason}")
        moved.new_figure, moved.new_rag = _headline(trial.record, trial.found), trial.record.rag
        save_as(moved, by=by, reason="Figures as accepted")
        move_later_months(trial.record, by=by, revision=moved, recounted=trial.recounted)
    return moved


def decline_revision(revision: Revision, *, reason: str, by: User) -> Revision:
    """Decline a revision, saying why; the accepted figure stands."""
    return move_revision(revision, "decline", by=by, comment=reason)


def withdraw_revision(revision: Revision, *, by: User) -> Revision:
    """Take back a revision one proposed."""
    return move_revision(revision, "withdraw", by=by)

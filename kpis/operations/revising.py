"""Revising an accepted figure: proposed, decided by somebody else, and marked wherever the figure is shown.

The accepted figure stands until the revision is accepted. The new one is judged by the target and intervention level
the return was accepted with; later years to date that move are listed with the revision.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from django.db import transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from kpis.models import MonthlyReturn, Revision
from kpis.operations.entering import Entry
from kpis.operations.freezing import as_stored, facts_of, move_later_months, rejudge
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.workflow import REVISION_MOVES, MoveRefused, NotPermitted, acts_for, move_revision

__all__ = ["NewFigures", "accept_revision", "decline_revision", "preview", "propose", "withdraw_revision"]

NewFigures = Entry
"""A revision proposes figures in the same shape as an entry; only ``value`` or its two parts are read."""


def _revised(record: MonthlyReturn, figures: NewFigures) -> Entry:
    """What the return would hold with the new figures: a figure that arrives late is no longer missing."""
    return replace(
        Entry.of(record),
        value=figures.value,
        numerator=figures.numerator,
        denominator=figures.denominator,
        no_data=False,
    )


def preview(record: MonthlyReturn, figures: NewFigures) -> Assessment:
    """How the return would stand with the new figures, before anything is written."""
    return assess(facts_of(record), record.measured, _revised(record, figures), counting=ACCEPTED)


def propose(
    record: MonthlyReturn, *, figures: NewFigures, kind: str, reason: str, by: User, note: str = ""
) -> Revision:
    """Propose a revision of an accepted figure, with the old and new figure and RAG; ``note`` is
    printed with the commentary.

    Raises NotPermitted, or MoveRefused when the return is not accepted, one is waiting already, or nothing changes.
    """
    with transaction.atomic():
        fresh = MonthlyReturn.objects.select_for_update().get(pk=record.pk)
        found = preview(fresh, figures)
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
            old_figure=fresh.ytd_figure if found.headline_is_ytd else fresh.month_figure,
            old_rag=fresh.rag,
            new_value=figures.value,
            new_numerator=figures.numerator,
            new_denominator=figures.denominator,
            new_figure=as_stored(found.headline),
            new_rag=_judged_anew(fresh, found),
        )
        _refuse_proposal(fresh, revision, by)
        save_as(revision, by=by, reason=reason)
        return move_revision(revision, "propose", by=by, comment=reason, on_behalf_of=acts_for(fresh, by))


def _judged_anew(record: MonthlyReturn, found: Assessment) -> str:
    """The RAG the revision would give ``record``, on a copy: proposing changes nothing."""
    trial = copy(record)
    rejudge(trial, found, newly_counted=record.no_data)
    return trial.rag


def _refuse_proposal(record: MonthlyReturn, revision: Revision, by: User) -> None:
    if sentence := REVISION_MOVES["propose"].permitted(revision, by):
        raise NotPermitted(sentence, state=record.state, move="propose")
    sentence = ""
    if not record.is_accepted:
        sentence = "Only an accepted figure is revised: this return can still be changed."
    elif record.revisions.filter(state=Revision.State.PROPOSED).exists():
        sentence = "A revision of this figure is already waiting to be decided."
    elif not revision.changes_something:
        sentence = "These are the accepted figures: there is nothing to revise."
    if sentence:
        raise MoveRefused(sentence, state=record.state, move="propose")


def accept_revision(revision: Revision, *, by: User) -> Revision:
    """Accept a revision: the return takes the new figures, is judged anew, and later years to date move."""
    with transaction.atomic():
        moved = move_revision(revision, "accept", by=by)
        record = MonthlyReturn.objects.select_for_update().get(pk=moved.monthly_return_id)
        figures = NewFigures(value=moved.new_value, numerator=moved.new_numerator, denominator=moved.new_denominator)
        found = preview(record, figures)
        newly_counted = record.no_data
        record.value, record.numerator, record.denominator = figures.value, figures.numerator, figures.denominator
        record.no_data = False
        rejudge(record, found, newly_counted=newly_counted)
        record.version += 1
        save_as(record, by=by, reason=f"Revised. {moved.get_kind_display()}: {moved.reason}")
        # An earlier month may have moved the year to date since the revision was proposed: keep what was accepted.
        moved.new_figure = as_stored(found.headline)
        moved.new_rag = record.rag
        save_as(moved, by=by, reason="Figures as accepted")
        move_later_months(record, by=by, revision=moved, newly_counted=newly_counted)
    return moved


def decline_revision(revision: Revision, *, reason: str, by: User) -> Revision:
    """Decline a revision, saying why; the accepted figure stands."""
    return move_revision(revision, "decline", by=by, comment=reason)


def withdraw_revision(revision: Revision, *, by: User) -> Revision:
    """Take back a revision one proposed."""
    return move_revision(revision, "withdraw", by=by)

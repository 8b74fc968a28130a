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
from kpis.operations.entering import Entry, refuse_stale
from kpis.operations.freezing import (
    LaterMonth,
    as_stored,
    facts_of,
    hold_year,
    later_months,
    move_later_months,
    rejudge,
)
from kpis.queries.assessing import ACCEPTED, Assessment, assess
from kpis.workflow import REVISION_MOVES, MoveRefused, NotPermitted, move_revision

__all__ = [
    "NewFigures",
    "accept_revision",
    "decline_revision",
    "judged_anew",
    "preview",
    "preview_later",
    "propose",
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


def preview(record: MonthlyReturn, figures: NewFigures) -> Assessment:
    """How the return would stand with the new figures, before anything is written."""
    return assess(facts_of(record), record.measured, _revised(record, figures), counting=ACCEPTED)


def preview_later(record: MonthlyReturn, figures: NewFigures) -> list[LaterMonth]:
    """The later months whose year to date would move, each with what it is and would be; nothing is written."""
    facts = facts_of(record)
    trial = _trial(record, assess(facts, record.measured, _revised(record, figures), counting=ACCEPTED))
    trial.value, trial.numerator, trial.denominator = figures.value, figures.numerator, figures.denominator
    facts.returns[record.measured] = trial
    newly_counted = record.no_data and _is_figure(figures)
    return [one for one in later_months(facts, trial, newly_counted=newly_counted) if one.moves]


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
        return move_revision(revision, "propose", by=by, comment=reason)


def _proposed_already(record: MonthlyReturn, figures: NewFigures, same: dict[str, object]) -> Revision | None:
    """The very same proposal, waiting: the first half of a double click."""
    waiting = record.revisions.filter(state=Revision.State.PROPOSED, **same)
    return waiting.filter(
        new_value=figures.value, new_numerator=figures.numerator, new_denominator=figures.denominator
    ).first()


def _trial(record: MonthlyReturn, found: Assessment) -> MonthlyReturn:
    """A copy of ``record`` judged anew: looking and proposing change nothing."""
    trial = copy(record)
    rejudge(trial, found, newly_counted=record.no_data and found.has_figure)
    return trial


def judged_anew(record: MonthlyReturn, figures: NewFigures) -> str:
    """The RAG the new figures would give ``record``."""
    return _judged_anew(record, preview(record, figures))


def _judged_anew(record: MonthlyReturn, found: Assessment) -> str:
    return _trial(record, found).rag


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
        found = preview(record, figures)
        newly_counted = record.no_data and _is_figure(figures)
        # An earlier month may have moved the year to date since the revision was proposed: keep what was accepted.
        moved.old_figure = record.ytd_figure if found.headline_is_ytd else record.month_figure
        moved.old_rag = record.rag
        record.value, record.numerator, record.denominator = figures.value, figures.numerator, figures.denominator
        record.no_data = record.no_data and not newly_counted
        rejudge(record, found, newly_counted=newly_counted)
        record.version += 1
        save_as(record, by=by, reason=f"Revised. {moved.get_kind_display()}: {moved.reason}")
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

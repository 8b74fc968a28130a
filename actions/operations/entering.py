"""Entering an update: saving a draft, submitting it (framework, *Corporate Plan Actions*). Drafts never block."""

from __future__ import annotations

from django.db import transaction

from actions.models import ActionUpdate, RecoveryOutcome
from actions.operations.entry import Entry, apply, fitting
from actions.queries.contexts import load_context
from actions.queries.findings import outstanding, submission_problems
from actions.workflow import acts_for, move, refuse_stale
from hdcperf.organisation.models import User
from hdcperf.review import findings, moves
from hdcperf.review.recovery import Recovery, tell
from hdcperf.review.saving import Incomplete, Saving

__all__ = ["SAVING", "keep_answers", "name_author", "record_recovery", "save_draft", "submit"]


def save_draft(record: ActionUpdate, entry: Entry, *, by: User, version: int) -> ActionUpdate:
    """Save what was typed as a draft and return the fresh record.

    Raises StaleRecord when somebody changed it since ``version``, and the errors of ``move`` (not permitted, locked,
    already submitted). Nothing is written then.
    """

    def change(fresh: ActionUpdate) -> None:
        refuse_stale(fresh, version)
        apply(fresh, entry, by=by)

    with transaction.atomic():
        saved = move(record, "draft", by=by, change=change)
        name_author(saved, by)
    return saved


def name_author(record: ActionUpdate, by: User) -> None:
    """Remember that ``by`` typed into the update, and for whom: neither can accept it."""
    moves.name_author(record, (by, acts_for(record, by)))


def submit(
    record: ActionUpdate, entry: Entry, *, by: User, version: int, answers: dict[str, str] | None = None
) -> ActionUpdate:
    """Save what was typed, keep the answers to findings, and submit; return the fresh record.

    Raises Incomplete after saving the draft when something is missing or a finding is unanswered; otherwise as
    ``save_draft``. What the RAG has no place for is left out.
    """
    with transaction.atomic():
        saved = save_draft(record, entry, by=by, version=version)
        keep_answers(saved, answers or {}, by=by)
    problems = [*submission_problems(saved), *outstanding(saved)]
    if problems:
        raise Incomplete(saved, problems)

    def change(fresh: ActionUpdate) -> None:
        refuse_stale(fresh, saved.version)
        tidy = fitting(Entry.of(fresh), load_context(fresh).rag_before)
        if tidy != Entry.of(fresh):
            apply(fresh, tidy, by=by)

    return move(saved, "submit", by=by, change=change)


def keep_answers(record: ActionUpdate, answers: dict[str, str], *, by: User) -> None:
    """Keep a sentence for each finding that was answered, so that nobody is asked twice."""
    findings.keep_answers(record, outstanding(record), answers, by=by)


def record_recovery(record: ActionUpdate, said: Recovery, *, told_with: ActionUpdate, by: User) -> RecoveryOutcome:
    """Say, with a later update, whether what ``record`` promised was done, and what came of it."""
    found = RecoveryOutcome.objects.filter(update=record).first()
    return tell(found or RecoveryOutcome(update=record), said, told_with=told_with, by=by)


SAVING: Saving[ActionUpdate, Entry] = Saving(
    draft=save_draft, submit=submit, entry_of=Entry.of, recovery=record_recovery
)

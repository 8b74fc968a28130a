"""Entering a return: saving a draft, submitting, taking back (framework C.2.1). Drafts save and never block."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.db import transaction

from hdcperf.organisation.models import User
from hdcperf.review import findings, moves
from hdcperf.review.recovery import Recovery, tell
from hdcperf.review.saving import Incomplete, Saving
from hdcperf.workflow import refuse_stale
from kpis.models import MonthlyReturn, RecoveryOutcome
from kpis.queries.findings import outstanding, submission_problems
from kpis.workflow import acts_for, move

__all__ = [
    "SAVING",
    "Entry",
    "apply",
    "confirm_outturn",
    "record_recovery",
    "save_draft",
    "submit",
]


@dataclass(frozen=True)
class Entry:
    """What a stakeholder enters for a month; figures are Decimals in the KPI's unit, percentages 0 to 100."""

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    no_data: bool = False
    no_data_reason: str = ""
    no_data_until: date | None = None
    what_happened: str = ""
    why: str = ""
    being_done: str = ""
    done_by: date | None = None
    done_owner: str = ""
    internal_note: str = ""
    forecast: Decimal | None = None
    forecast_method: str = ""
    forecast_confidence: str = ""
    forecast_note: str = ""

    @classmethod
    def of(cls, record: MonthlyReturn) -> Entry:
        """What is entered on ``record`` now."""
        return cls(**{one.name: getattr(record, one.name) for one in fields(cls)})


def apply(record: MonthlyReturn, entry: Entry) -> None:
    """Put ``entry`` on ``record`` and count the version up; saving is the caller's."""
    for one in fields(entry):
        setattr(record, one.name, getattr(entry, one.name))
    record.version += 1


def save_draft(record: MonthlyReturn, entry: Entry, *, by: User, version: int) -> MonthlyReturn:
    """Save what was typed as a draft and return the fresh record.

    Raises StaleRecord when somebody changed it since ``version``, and the errors of ``move`` (not permitted, locked,
    already submitted). Nothing is written then.
    """

    def change(fresh: MonthlyReturn) -> None:
        refuse_stale(fresh, version)
        apply(fresh, entry)

    with transaction.atomic():
        saved = move(record, "draft", by=by, change=change)
        name_author(saved, by)
    return saved


def name_author(record: MonthlyReturn, by: User) -> None:
    """Remember that ``by`` typed into the return, and for whom: neither can accept it."""
    moves.name_author(record, (by, acts_for(record, by)))


def submit(
    record: MonthlyReturn, entry: Entry, *, by: User, version: int, answers: dict[str, str] | None = None
) -> MonthlyReturn:
    """Save what was typed, keep the answers to findings, and submit; return the fresh record.

    Raises Incomplete after saving the draft when something is missing or a finding is unanswered (drafts save and
    never block); otherwise as ``save_draft``.
    """
    with transaction.atomic():
        saved = save_draft(record, entry, by=by, version=version)
        keep_answers(saved, answers or {}, by=by)
    problems = [*submission_problems(saved), *outstanding(saved)]
    if problems:
        raise Incomplete(saved, problems)
    return move(saved, "submit", by=by)


def keep_answers(record: MonthlyReturn, answers: dict[str, str], *, by: User) -> None:
    """Keep a sentence for each finding that was answered, so that nobody is asked twice (framework C.2.2)."""
    findings.keep_answers(record, outstanding(record), answers, by=by)


def record_recovery(record: MonthlyReturn, said: Recovery, *, told_with: MonthlyReturn, by: User) -> RecoveryOutcome:
    """Say, with a later return, whether the recovery action ``record`` promised was done, and what came of it."""
    found = RecoveryOutcome.objects.filter(monthly_return=record).first()
    return tell(found or RecoveryOutcome(monthly_return=record), said, told_with=told_with, by=by)


SAVING: Saving[MonthlyReturn, Entry] = Saving(
    draft=save_draft, submit=submit, entry_of=Entry.of, recovery=record_recovery
)


def confirm_outturn(record: MonthlyReturn, *, by: User) -> MonthlyReturn:
    """Confirm March's accepted figure as the year's final outturn, in April's round."""

    def change(fresh: MonthlyReturn) -> None:
        fresh.outturn = MonthlyReturn.Outturn.FINAL
        fresh.version += 1

    return move(record, "confirm_outturn", by=by, change=change)

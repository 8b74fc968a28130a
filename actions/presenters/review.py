"""The review page of one update: everything a reviewer decides on, on one screen (framework C.2.2, E.1)."""

from __future__ import annotations

from django.urls import reverse

from actions.models import ActionUpdate
from actions.operations.entry import Entry
from actions.presenters.stale import stale_rows
from actions.queries.contexts import UpdateContext
from actions.queries.queue import RoundRow
from actions.queries.submissions import last_challenges, resubmission
from actions.workflow import MOVES, refusal
from hdcperf.organisation.models import User
from hdcperf.review.reviewing import EarlierChallenge, Options, Top, earlier_challenge, top_of

__all__ = ["earlier_challenges", "options", "top"]


def top(context: UpdateContext, row: RoundRow | None) -> Top:
    record = context.record
    again = resubmission(record)
    return top_of(
        record,
        row,
        title=f"Check {record.span}",
        caption=f"{record.action_year.name} · {record.action_year.service.name}",
        again=again,
        changes=stale_rows(context, again.before, Entry.of(record), again.different) if again else (),
    )


def earlier_challenges(record: ActionUpdate) -> list[EarlierChallenge]:
    return [
        earlier_challenge(
            one,
            one.update.span,
            reverse("action-update", args=[one.update.span, one.update.action_year.code]),
            judged="RAG",
        )
        for one in last_challenges(record)
    ]


def options(record: ActionUpdate, user: User) -> Options:
    return Options(
        accept_why_not=refusal(record, MOVES["accept"], user) or "",
        challenge_why_not=refusal(record, MOVES["challenge"], user) or "",
    )

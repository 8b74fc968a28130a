"""The review page of one return: everything a reviewer decides on, on one screen (framework C.2.2, E.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.review import reviewing
from hdcperf.review.reviewing import EarlierChallenge, Top, earlier_challenge, top_of
from hdcperf.ui import Movement
from kpis.models import MonthlyReturn
from kpis.operations.entering import Entry
from kpis.presenters.figures import movement_piece
from kpis.presenters.return_stale import stale_rows
from kpis.queries.queue import RoundRow
from kpis.queries.submissions import last_challenges, resubmission
from kpis.rules.facts import upper_first
from kpis.rules.sentences import position_as_at
from kpis.workflow import MOVES, refusal

__all__ = ["Options", "earlier_challenges", "movement_since", "options", "position", "top"]

State = MonthlyReturn.State
WAITING = "The service has been asked a question. You can accept this return when every question is answered."


def top(record: MonthlyReturn, row: RoundRow | None) -> Top:
    again = resubmission(record)
    return top_of(
        record,
        row,
        title=f"Check {record.measured}",
        caption=f"{record.kpi_year.code} {record.kpi_year.name} · {record.kpi_year.service.name}",
        again=again,
        changes=stale_rows(record, again.before, Entry.of(record), again.different) if again else (),
    )


def position(record: MonthlyReturn) -> str:
    """As at which month its figure stands, where it comes in arrears."""
    return upper_first(position_as_at(record.measured)) if record.kpi_year.months_in_arrears else ""


def movement_since(record: MonthlyReturn, row: RoundRow | None) -> Movement | None:
    """How the figure moved since last time."""
    return movement_piece(record.kpi_year, row.previous, row.compared, row.levels) if row else None


def earlier_challenges(record: MonthlyReturn) -> list[EarlierChallenge]:
    return [
        earlier_challenge(one, measured, reverse("return", args=[measured, one.monthly_return.kpi_year.code]))
        for one in last_challenges(record)
        for measured in (one.monthly_return.measured,)
    ]


@dataclass(frozen=True)
class Options(reviewing.Options):
    """What this reviewer may decide, and do with the commentary."""

    may_correct: bool
    may_choose_example: bool
    is_example: bool


def options(record: MonthlyReturn, user: User) -> Options:
    return Options(
        accept_why_not=WAITING if record.state == State.CHALLENGED else refusal(record, MOVES["accept"], user) or "",
        challenge_why_not=refusal(record, MOVES["challenge"], user) or "",
        may_correct=refusal(record, MOVES["correct_words"], user) is None,
        may_choose_example=record.is_accepted and bool(record.what_happened),
        is_example=hasattr(record, "as_example"),
    )

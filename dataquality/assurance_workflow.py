"""Who may state, sign and reopen a statement of assurance, and report a year's to the committee (Appendix A)."""

from __future__ import annotations

from typing import Any

from dataquality.models import AssuranceRound, AssuranceStatement
from dataquality.rules.assurance import unexplained_sentence, year_sentence
from dataquality.rules.measures import Measure
from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import by_name, lender
from hdcperf.roles import Permission
from hdcperf.workflow import (
    Move,
    MoveRefused,
    NotPermitted,
    SomebodyElseDidIt,
    StaleRecord,
    perform,
    refusal,
    refuse_stale,
)

__all__ = [
    "ASSURANCE_MOVES",
    "STATEMENT_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "may_ask",
    "may_record_findings",
    "may_state",
    "move_assurance",
    "move_statement",
    "refusal",
    "refuse_stale",
]


def may_ask(record: Any, by: User) -> str | None:
    """Who asks for the statements of a year, and reports them."""
    if standing(by).may(Permission.MANAGE_SETTING):
        return None
    return "Only the Performance Team asks for the statements and reports them."


def may_state(record: AssuranceStatement, by: User) -> str | None:
    if standing(by).may(Permission.SIGN_TEMPLATES, record.scope):
        return None
    return "Only the service manager or the head of service makes this statement."


def may_record_findings(record: Any, by: User) -> str | None:
    if standing(by).may(Permission.RECORD_AUDIT_FINDINGS):
        return None
    return "Only internal audit records what its audits found."


def _is_not_reported(record: AssuranceStatement, by: User) -> str | None:
    if record.assurance_round.state == AssuranceRound.State.OPEN:
        return None
    return "The year is reported to the committee, so its statements stay as they were given."


def _year_is_over(record: AssuranceStatement, by: User) -> str | None:
    return year_sentence(record.assurance_round.financial_year, clock.today())


def _says_how_sure(record: AssuranceStatement, by: User) -> str | None:
    if not record.level or not record.words:
        return "Say first how sure you are, and what this rests on."
    if record.level != AssuranceStatement.Level.FULL and not record.gaps:
        return "Say what the gaps are, and what is being done about them."
    return None


def _is_explained(record: AssuranceStatement, by: User) -> str | None:
    return unexplained_sentence([Measure(one.measure) for one in record.figures.all() if not one.is_explained])


STATEMENT_MOVES: dict[str, Move] = by_name(
    Move("save", "Save", frozenset({"draft"}), "draft", may_state, guards=(_is_not_reported,), quiet=True),
    Move(
        "sign",
        "Sign the statement",
        frozenset({"draft"}),
        "signed",
        may_state,
        guards=(_is_not_reported, _year_is_over, _says_how_sure, _is_explained),
        for_whom=lender(Permission.SIGN_TEMPLATES),
    ),
    Move(
        "reopen",
        "Reopen the statement",
        frozenset({"signed"}),
        "draft",
        may_state,
        comment_needed="Say what changed since it was signed.",
        guards=(_is_not_reported,),
        for_whom=lender(Permission.SIGN_TEMPLATES),
    ),
)


def move_statement(record: AssuranceStatement, name: str, *, by: User, **how: object) -> AssuranceStatement:
    """Make the named move of a statement of assurance; see ``hdcperf.workflow.perform``."""
    return perform(record, STATEMENT_MOVES[name], by=by, **how)  # type: ignore[arg-type]


def _whole_year_is_over(record: AssuranceRound, by: User) -> str | None:
    return year_sentence(record.financial_year, clock.today())


ASSURANCE_MOVES: dict[str, Move] = by_name(
    Move(
        "report",
        "Report it to the committee",
        frozenset({"open"}),
        "reported",
        may_ask,
        guards=(_whole_year_is_over,),
    ),
    Move(
        "take_back",
        "Take the report back",
        frozenset({"reported"}),
        "open",
        may_ask,
        comment_needed="Say why the report is taken back.",
    ),
)


def move_assurance(record: AssuranceRound, name: str, *, by: User, **how: object) -> AssuranceRound:
    """Make the named move of a year of assurance; see ``hdcperf.workflow.perform``."""
    return perform(record, ASSURANCE_MOVES[name], by=by, **how)  # type: ignore[arg-type]

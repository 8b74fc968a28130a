"""Who may do what to a template.

Framework B.1 and B.2 (the service manager signs off), C.1 (heads of service, corporate leadership and councillors
approve), Appendix A (service managers provide assurance). What bodies decide is recorded, not clicked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataquality.models import (
    SettingDecision,
    Template,
)
from dataquality.queries.templates import missing
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import by_name, lender
from hdcperf.roles import Permission
from hdcperf.ui import count_of
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
from kpis.models import KpiYear

__all__ = [
    "TEMPLATE_MOVES",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "may_answer_problems",
    "may_begin",
    "may_complete",
    "may_manage",
    "may_waive",
    "move_template",
    "refusal",
    "refuse_stale",
]

Body = SettingDecision.Body


@dataclass(frozen=True)
class _Holds:
    """A guard: the person holds ``permission`` over the record, or is told who does."""

    permission: Permission
    sentence: str

    def __call__(self, record: Any, by: User) -> str | None:
        return None if standing(by).may(self.permission, record.scope) else self.sentence


may_manage = _Holds(Permission.MANAGE_SETTING, "Only the Performance Team does this.")
_may_sign = _Holds(Permission.SIGN_TEMPLATES, "Only the service manager or the head of service signs this off.")
_may_agree = _Holds(Permission.AGREE_PROPOSALS, "Only the head of service agrees what the service proposes.")
_may_lead = _Holds(Permission.SIGN_PROPOSALS, "Only a member of the corporate leadership team signs this off.")
may_waive = _Holds(
    Permission.SIGN_PROPOSALS, "Only the service’s director, of the corporate leadership team, allows this."
)
may_answer_problems = _may_sign
_signs_for = lender(Permission.SIGN_TEMPLATES)


# The template


def _named(kpi_year: Any, by: User) -> bool:
    return bool(kpi_year.people.filter(user__in=standing(by).people).exists())


def may_complete(record: Template, by: User) -> str | None:
    """The KPI's people, those the template names, the service's managers and the Performance Team complete it."""
    who = standing(by)
    if who.may(Permission.COMPLETE_TEMPLATES, record.scope) or _named(record.kpi_year, by):
        return None
    if record.people.filter(user__in=who.people).exists():
        return None
    return "Only the people of this KPI, their service manager and the Performance Team complete its template."


def may_begin(kpi_year: KpiYear, by: User) -> str | None:
    """Who begins the template of a KPI's year, or a new version of it: whoever may complete it."""
    if standing(by).may(Permission.COMPLETE_TEMPLATES, kpi_year.scope) or _named(kpi_year, by):
        return None
    return "Only the people of this KPI, their service manager and the Performance Team do this."


def _is_complete(record: Template, by: User) -> str | None:
    left = missing(record)
    if not left:
        return None
    return f"{count_of(len(left), 'question is', 'questions are')} not answered yet, the first “{left[0].words}”"


def _everybody_can_get_in(record: Template, by: User) -> str | None:
    waiting = record.people.filter(access_confirmed_on__isnull=True).select_related("user")
    names = sorted({row.user.name for row in waiting})
    if not names:
        return None
    return f"Not everybody has confirmed that they can get into the systems: ask {', '.join(names)}."


def _problems_are_answered(record: Template, by: User) -> str | None:
    waiting = record.access_problems.filter(answered_on__isnull=True).select_related("user")
    said = [f"{one.user.name} cannot get into {one.system}" for one in waiting]
    return f"{'; '.join(said)}. Answer that first." if said else None


def _not_who_submitted(record: Template, by: User) -> str | None:
    last = record.transitions.filter(move="submit").order_by("-at", "-pk").first()
    if last is not None and last.by_id in standing(by).people:
        return "You sent this for sign-off yourself, so another manager of the service must sign it."
    return None


TEMPLATE_MOVES: dict[str, Move] = by_name(
    Move("save", "Save", frozenset({"draft"}), "draft", may_complete, quiet=True),
    Move("submit", "Send for sign-off", frozenset({"draft"}), "submitted", may_complete, guards=(_is_complete,)),
    Move("take_back", "Take back", frozenset({"submitted"}), "draft", may_complete),
    Move(
        "send_back",
        "Send back",
        frozenset({"submitted"}),
        "draft",
        _may_sign,
        comment_needed="Say what is missing or must change.",
        for_whom=_signs_for,
    ),
    Move(
        "sign",
        "Sign off",
        frozenset({"submitted"}),
        "signed",
        _may_sign,
        guards=(_not_who_submitted, _problems_are_answered, _everybody_can_get_in),
        for_whom=_signs_for,
    ),
    Move(
        "discard",
        "Discard this version",
        frozenset({"draft"}),
        "discarded",
        may_complete,
        comment_needed="Say why this version is discarded.",
    ),
    # A later version is signed: this one is kept as it was.
    Move("supersede", "Superseded by a later version", frozenset({"signed"}), "superseded", _may_sign),
)


def move_template(record: Template, name: str, *, by: User, **how: object) -> Template:
    """Make the named move of a template; see ``hdcperf.workflow.perform`` for ``how`` and the errors raised."""
    return perform(record, TEMPLATE_MOVES[name], by=by, **how)  # type: ignore[arg-type]

"""What an action is: words, people, dates and money; the projects that serve it; what was changed and asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from actions.models import Challenge, ReportChallenge, Revision
from actions.presenters.words import dated
from actions.queries.action_page import ActionHistory
from actions.queries.word_changes import WordChange
from hdcperf.control import Control
from hdcperf.organisation.access import Standing
from hdcperf.periods import Month, Quarter
from hdcperf.review.cards import ChallengeCard, challenge_cards
from hdcperf.roles import MEMBER_ROLES
from hdcperf.ui import SummaryRow, Tag, day, rag_tag

__all__ = [
    "ChangeRow",
    "Questions",
    "RevisionRow",
    "changes",
    "facts",
    "is_officer",
    "questions",
    "revisions",
]


def is_officer(who: Standing) -> bool:
    """Officers are named to officers, not to members or the public."""
    return any(role not in MEMBER_ROLES for role in who.roles)


def facts(history: ActionHistory, who: Standing) -> list[SummaryRow]:
    """What the plan says of the action."""
    return [SummaryRow(key, value) for key, value in _facts(history, who) if value]


def _facts(history: ActionHistory, who: Standing) -> Iterator[tuple[str, object]]:
    row, dates = history.row, history.line.dates
    yield "How we will know it made a difference", row.success
    yield "Level of control", Control(row.control).label
    yield "Outcome", row.outcome.name
    yield "Priority", row.outcome.priority.name
    yield "Portfolio", row.portfolio.name
    yield "Service", f"{row.service.name} ({row.service.directorate.name})"
    yield "Responsible officer", row.responsible.name if is_officer(who) else ""
    yield "Starts", day(row.starts_on)
    yield "Due", dated(day(dates.due_on), dates.moved)
    yield "Medium-Term Financial Strategy", row.mtfs_line or "No line named"


PEOPLE = ("Responsible officer", "Sponsor", "Project manager")


@dataclass(frozen=True)
class ChangeRow:
    """A fact of the plan that was changed: old and new side by side."""

    when: str
    field: str
    old: str
    new: str
    reason: str
    by: str


def changes(found: Iterable[WordChange], who: Standing) -> list[ChangeRow]:
    """What was changed; who answers for it, and who changed it, only for officers."""
    officer = is_officer(who)
    return [
        ChangeRow(
            when=day(one.at),
            field=one.field,
            old=_printed(one.field, one.old),
            new=_printed(one.field, one.new),
            reason=one.reason,
            by=one.by if officer else "",
        )
        for one in found
        if officer or one.field not in PEOPLE
    ]


def _printed(field: str, value: str) -> str:
    if field == "Do, Enable or Influence":
        return Control(value).word
    return value or "Nothing"


@dataclass(frozen=True)
class Questions:
    """What was asked about one quarter's update or report, with what was answered."""

    heading: str
    cards: tuple[ChallengeCard, ...]


def questions(challenges: Iterable[Challenge | ReportChallenge]) -> list[Questions]:
    """By quarter, newest first."""
    by_quarter: dict[Quarter, list[Challenge | ReportChallenge]] = {}
    for one in challenges:
        record = one.update if isinstance(one, Challenge) else one.report
        by_quarter.setdefault(record.span, []).append(one)
    return [
        Questions(str(quarter), tuple(challenge_cards(found, may_escalate=False)))
        for quarter, found in sorted(by_quarter.items(), reverse=True)
    ]


@dataclass(frozen=True)
class RevisionRow:
    """A revision of an accepted update: old and new colour and words, why, and how it was decided."""

    quarter: str
    kind: str
    old_rag: Tag
    new_rag: Tag
    words: tuple[tuple[str, str, str], ...]
    reason: str
    state: Tag
    when: str


_STATES = {"accepted": "teal", "proposed": "blue", "declined": "grey", "withdrawn": "grey"}
_REVISED = (("What was done", "done"), ("What difference it made", "impact"))


def revisions(rows: Iterable[Revision]) -> list[RevisionRow]:
    """Newest first; nothing for those who see updates only as they were issued."""
    return [_revision(one) for one in rows]


def _revision(row: Revision) -> RevisionRow:
    last = list(row.transitions.all())[-1:]
    pairs = [(label, getattr(row, f"old_{name}"), getattr(row, f"new_{name}")) for label, name in _REVISED]
    return RevisionRow(
        quarter=str(Month.from_date(row.update.quarter).quarter),
        kind=row.get_kind_display(),
        old_rag=rag_tag(row.old_rag),
        new_rag=rag_tag(row.new_rag),
        words=tuple((label, old, new) for label, old, new in pairs if old != new),
        reason=row.reason,
        state=Tag(row.get_state_display(), _STATES[row.state]),
        when=day(last[0].at if last else row.proposed_at),
    )

"""Everything the page of one action reads, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from actions.models import (
    ActionYear,
    Challenge,
    ChallengeMessage,
    PlanDecision,
    PlanYear,
    RecoveryOutcome,
    Revision,
    RevisionTransition,
)
from actions.queries.contexts import outcomes
from actions.queries.listing import Line, issued_quarters, lines
from actions.queries.projects import ProjectLine, serving
from actions.queries.sight import Access, access, issued_to
from actions.queries.told import ActionTold, Source, opened_quarters
from actions.queries.word_changes import WordChange, word_changes
from hdcperf.organisation.access import Standing
from hdcperf.periods import Month, Quarter

__all__ = ["ActionHistory", "find_row", "history_of", "newest_row", "page_quarter"]


def newest_row(code_key: str, this_year: int) -> ActionYear | None:
    """The newest plan that has begun in which an action had this code; else the first still to come."""
    rows = ActionYear.objects.adopted().filter(code_key=code_key).select_related("plan_year")
    found = list(rows.order_by("-plan_year__year"))
    return next((one for one in found if one.plan_year.year <= this_year), found[-1] if found else None)


def find_row(year: int, code_key: str) -> ActionYear | None:
    """The action that has this code in the plan of the year, with what its page prints."""
    found: ActionYear | None = (
        ActionYear.objects.adopted()
        .filter(plan_year__year=year, code_key=code_key)
        .select_related(
            *("action", "plan_year__plan", "service__directorate", "portfolio", "outcome__priority"),
            *("responsible", "parent__plan_year"),
        )
        .first()
    )
    return found


def page_quarter(row: ActionYear, who: Standing, allowed: Access) -> Quarter:
    """The quarter the page of ``row`` is about: the newest whose updates were asked for, else the year's first.

    Whoever sees only what was issued reads the newest quarter issued of the year, as their list does.
    """
    year = row.plan_year.financial_year
    if row.pk in allowed.issued:
        told = [Month.from_date(one).quarter for one in issued_quarters(who)]
    else:
        told = list(opened_quarters(who.today))
    return max((quarter for quarter in told if quarter.year == year), default=year.quarters[0])


@dataclass(frozen=True)
class ActionHistory:
    """An action in one year as one person may see it, with all its quarters."""

    line: Line
    allowed: Access
    years: list[ActionYear]
    disputes: list[Challenge]
    dialogue: list[Challenge]
    revisions: list[Revision]
    outcomes: dict[int, RecoveryOutcome]
    projects: list[ProjectLine]
    decisions: list[PlanDecision]
    changes: list[WordChange]

    @property
    def row(self) -> ActionYear:
        return self.line.row

    @property
    def works_on_it(self) -> bool:
        return self.row.pk in self.allowed.working

    @property
    def sees_more_than_issued(self) -> bool:
        return self.row.pk not in self.allowed.issued


def history_of(who: Standing, row: ActionYear) -> ActionHistory:
    """Read it all for the page of ``row`` (as ``find_row`` gives it)."""
    parts = list(
        ActionYear.objects.in_the_set()
        .filter(parent=row)
        .select_related("action", "plan_year", "service", "portfolio")
        .order_by("code_key")
    )
    allowed = access(who, [row])
    quarter = page_quarter(row, who, allowed)
    mine = next(one for one in lines(who, quarter, [row, *parts], words=True) if one.row.pk == row.pk)
    unissued = [one.update_id for one in mine.told.by_quarter.values() if one.source is not Source.ISSUED]
    disputes, dialogue = _challenges(unissued, row, allowed)
    years = ActionYear.objects.adopted().filter(action=row.action_id).select_related("plan_year")
    return ActionHistory(
        line=mine,
        allowed=allowed,
        years=list(years.order_by("-plan_year__year")),
        disputes=disputes,
        dialogue=dialogue,
        revisions=_revisions(unissued, working=row.pk in allowed.working),
        outcomes={one.update_id: one for one in _outcomes(mine.told, row, allowed)},
        projects=serving(who, row.action_id),
        decisions=list(row.decisions.select_related("portfolio").order_by("-met_on", "-pk")),
        changes=_changes(row),
    )


def _outcomes(told: ActionTold, row: ActionYear, allowed: Access) -> QuerySet[RecoveryOutcome]:
    """What came of what was promised, for whoever reads issued updates once the one it was told with was issued."""
    found = [one.update_id for one in told.by_quarter.values()]
    rows = outcomes(found, working=row.pk in allowed.working)
    if row.pk in allowed.issued:
        rows = rows.filter(Exists(issued_to(allowed.panel).filter(update=OuterRef("told_with"))))
    return rows


def _challenges(updates: list[int], row: ActionYear, allowed: Access) -> tuple[list[Challenge], list[Challenge]]:
    """What is before the board, and for those who work on the action what else was asked."""
    if row.pk not in allowed.working and row.pk not in allowed.disputed:
        return [], []
    said = Prefetch("messages", ChallengeMessage.objects.order_by("at", "pk"))
    rows = (
        Challenge.objects.filter(update__in=updates)
        .select_related("update", "raised_by")
        .prefetch_related(said)
        .order_by("-raised_at", "-pk")
    )
    found = list(rows)
    disputes = [one for one in found if one.is_with_the_board]
    return disputes, [one for one in found if one not in disputes] if row.pk in allowed.working else []


def _revisions(updates: list[int], *, working: bool) -> list[Revision]:
    """Accepted revisions, newest first; those proposed or declined only for those who work on the update."""
    rows = Revision.objects.filter(update__in=updates).select_related("update", "proposed_by")
    if not working:
        rows = rows.filter(state=Revision.State.ACCEPTED)
    made = Prefetch("transitions", RevisionTransition.objects.order_by("at", "pk"))
    return list(rows.prefetch_related(made).order_by("-proposed_at"))


# What was changed in the plan during the year: the dates that moved have a place of their own.

_FACTS = {
    "code": "Code",
    "title": "Title",
    "wording": "Wording",
    "success": "How we will know it made a difference",
    "control": "Do, Enable or Influence",
    "outcome_id": "Outcome",
    "service_id": "Service",
    "portfolio_id": "Portfolio",
    "responsible_id": "Responsible officer",
    "mtfs_line": "Line of the Medium-Term Financial Strategy",
}


def _changes(row: ActionYear) -> list[WordChange]:
    """Newest first, since the year's set was adopted: how a proposal came about before that is not told."""
    adopted = row.plan_year.transitions.filter(to_state=PlanYear.State.ADOPTED).order_by("at").last()
    kept = list(row.history.order_by("history_date", "history_id"))
    if adopted is not None:
        before = [one for one in kept if one.history_date <= adopted.at]
        kept = kept[max(len(before) - 1, 0) :]
    return word_changes(row, kept, _FACTS)

"""What updates said, quarter by quarter, as one person may see it: accepted, still in the making, or as issued.

Lists, the page of an action and the portfolios' quarter all read through here, so that nobody is told more in one
place than in another (``sight``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from actions.models import ActionUpdate, ActionYear, Revision
from actions.queries.sight import Access, access, issued_updates, seen_updates
from actions.rules.colours import ActionRag
from actions.rules.standing import At, Ending, stands_at
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, Quarter
from hdcperf.review.sight import Source

__all__ = ["ActionTold", "Source", "Told", "Words", "opened_quarters", "told"]

WORDS = ("done", "rag_reason", "impact", "recovery", "achieved")
"""The long columns, read only where they are printed."""
NOT_TOLD = ("internal_note", "new_due_reason")


@dataclass(frozen=True)
class Words:
    """What an update says."""

    done: str = ""
    rag_reason: str = ""
    impact: str = ""
    recovery: str = ""
    recovery_by: date | None = None
    recovery_owner: str = ""
    achieved: str = ""


@dataclass(frozen=True)
class Told:
    """One quarter's update of one action. ``rag`` is what it says, which counts only when ``stands``."""

    update_id: int
    quarter: Quarter
    code: str
    source: Source
    state: str
    rag: ActionRag | None
    late: bool = False
    excused: str = ""
    marks: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)
    next_milestone: str = ""
    next_milestone_on: date | None = None
    issued_in: str = ""

    @property
    def stands(self) -> bool:
        """Accepted, or issued: it counts. One in the making or in dispute does not."""
        return self.source in (Source.ACCEPTED, Source.ISSUED)

    @property
    def says_something(self) -> bool:
        return bool(self.rag or self.words.done or self.words.impact)


@dataclass
class ActionTold:
    """An action's updates by quarter as one person may see them, over all its years."""

    years: dict[int, ActionYear]
    opened: frozenset[Quarter]
    only_issued: bool = False
    works_on_it: bool = False
    by_quarter: dict[Quarter, Told] = field(default_factory=dict)

    @property
    def known(self) -> dict[Quarter, ActionRag]:
        return {quarter: one.rag for quarter, one in self.by_quarter.items() if one.stands and one.rag}

    @property
    def ending(self) -> Ending | None:
        action = next(iter(self.years.values())).action
        return Ending(action.ended_on, action.ended_how) if action.ended_on is not None else None

    def at(self, quarter: Quarter) -> At:
        """How the action stands at the end of ``quarter``."""
        return stands_at(
            quarter,
            self.known,
            years=frozenset(self.years),
            is_open=quarter in self.opened,
            ending=self.ending,
            only_issued=self.only_issued,
        )

    def standing(self, until: Quarter) -> Told | None:
        """The newest update that counts, up to ``until``."""
        found = [quarter for quarter, one in self.by_quarter.items() if one.stands and quarter <= until]
        return self.by_quarter[max(found)] if found else None


def opened_quarters(today: date) -> frozenset[Quarter]:
    """The quarters whose updates have been asked for by ``today``."""
    rounds = ReportingPeriod.objects.filter(kind=ReportingPeriod.QUARTER, opens_on__lte=today)
    return frozenset(Month.from_date(day).quarter for day in rounds.values_list("starts_on", flat=True))


def told(
    who: Standing, actions: Iterable[int], *, words: bool = False, since: Quarter | None = None
) -> dict[int, ActionTold]:
    """What ``who`` may see of each of ``actions`` (ids), by action, in four queries however many there are.

    ``words`` brings what was written too; ``since`` leaves out earlier quarters.
    """
    rows = (
        ActionYear.objects.adopted()
        .filter(action__in=list(actions))
        .select_related("action", "plan_year", "service")
        .only(
            *("code", "portfolio", "responsible", "service", "action", "plan_year", "service__directorate"),
            *("plan_year__year", "action__ended_on", "action__ended_how"),
        )
    )
    years = {row.pk: row for row in rows}
    allowed = access(who, years.values())
    opened = opened_quarters(who.today)
    found: dict[int, ActionTold] = {}
    for row in years.values():
        one = found.setdefault(row.action_id, ActionTold({}, opened, only_issued=True))
        one.years[row.plan_year.year] = row
        one.only_issued = one.only_issued and row.pk in allowed.issued
        one.works_on_it = one.works_on_it or row.pk in allowed.working
    for update in _seen(allowed, words, since):
        found[update.action_id].by_quarter[update.span] = _of_update(update, years, allowed, who.today)
    for issue in _issued(allowed, words, since):
        # The newest issue comes last and wins.
        found[issue.update.action_id].by_quarter[issue.update.span] = _of_issue(issue, years)
    return found


def _seen(allowed: Access, words: bool, since: Quarter | None) -> Iterable[ActionUpdate]:
    revised = Revision.objects.filter(update=OuterRef("pk"), state=Revision.State.ACCEPTED)
    rows = seen_updates(allowed).annotate(revised=Exists(revised)).select_related("period").order_by("quarter")
    if since is not None:
        rows = rows.filter(quarter__gte=since.first_day)
    return rows.defer(*NOT_TOLD) if words else rows.defer(*NOT_TOLD, *WORDS)


def _issued(allowed: Access, words: bool, since: Quarter | None) -> Iterable[Any]:
    if not allowed.issued:
        return ()
    # Nothing an issue does not itself say is read of the update, which may have been revised since.
    rows = issued_updates(allowed).select_related("update")
    rows = rows.defer(*(f"update__{name}" for name in (*NOT_TOLD, *WORDS)))
    if since is not None:
        rows = rows.filter(update__quarter__gte=since.first_day)
    return rows if words else rows.defer(*WORDS, *(f"update__{name}" for name in (*NOT_TOLD, *WORDS)))


def _of_update(update: ActionUpdate, years: dict[int, ActionYear], allowed: Access, today: date) -> Told:
    noted = vars(update)
    if update.is_accepted:
        source = Source.ACCEPTED
    else:
        source = Source.WORKING if update.action_year_id in allowed.working else Source.DISPUTED
    marks = [name for name, holds in (("disputed", noted["with_board"]), ("revised", noted["revised"])) if holds]
    return Told(
        update_id=update.pk,
        quarter=update.span,
        code=years[update.action_year_id].code,
        source=source,
        state=update.state,
        rag=ActionRag(update.rag) if update.rag else None,
        late=update.is_late(today),
        excused=update.excused,
        marks=tuple(marks),
        words=_words(update),
        next_milestone=update.next_milestone,
        next_milestone_on=update.next_milestone_on,
    )


def _of_issue(issue: Any, years: dict[int, ActionYear]) -> Told:
    return Told(
        update_id=issue.update_id,
        quarter=issue.update.span,
        code=years[issue.update.action_year_id].code,
        source=Source.ISSUED,
        state=ActionUpdate.State.ACCEPTED,
        rag=ActionRag(issue.rag) if issue.rag else None,
        words=_words(issue),
        next_milestone=issue.next_milestone,
        next_milestone_on=issue.next_milestone_on,
        issued_in=issue.pack,
    )


def _words(row: Any) -> Words:
    """The words of an update or of an issue, where they were read."""
    if "done" in row.get_deferred_fields():
        return Words(recovery_by=row.recovery_by, recovery_owner=row.recovery_owner)
    return Words(
        row.done,
        row.rag_reason,
        row.impact,
        row.recovery,
        row.recovery_by,
        row.recovery_owner,
        row.achieved,
    )

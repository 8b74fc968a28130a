"""What a person has to do in the yearly setting of KPIs: review, propose, agree, sign off, record, send on (C.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from dataquality.models import Proposal, SettingRound, TargetReview
from dataquality.queries.setting import phase_now
from dataquality.queries.windows import next_to_open
from dataquality.rules.windows import Phase
from dataquality.setting_workflow import ROUND_MOVES
from hdcperf.organisation.access import Reach, Standing
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.review.bodies import ToRecord
from hdcperf.roles import Permission
from hdcperf.ui import count_of, lower_first
from hdcperf.ui.home_tasks import Task
from kpis.models import TargetSet

__all__ = ["setting_tasks"]

State = SettingRound.State
OPENED_BY = 10
"""The month by which the window for the year to come should be open, so that cabinet can decide before budgets."""
_NOBODY = User()
"""The guards of the set's moves look at the set alone."""


def setting_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do in the windows; the number of queries does not depend on how many KPIs."""
    found = [*_to_open(who)] if who.may(Permission.MANAGE_SETTING) else []
    for window in SettingRound.objects.exclude(state=State.LIVE):
        if window.state == State.PROPOSING:
            found += _proposing(who, window)
        found += _onward(who, window)
    for review in TargetReview.objects.filter(opens_on__lte=who.today):
        found += _half_year(who, review)
    return found


def _half_year(who: Standing, review: TargetReview) -> Iterator[Task]:
    """Targets to answer for, for their services; decisions to record, for the Performance Team."""
    address = reverse("half-year", args=[review.financial_year])
    waiting = TargetSet.objects.filter(state=TargetSet.State.AWAITING)
    rows = review.items.filter(verdict="")
    if who.may(Permission.MANAGE_SETTING):
        if proposed := rows.filter(Exists(waiting.filter(kpi_year=OuterRef("kpi_year")))).count():
            yield Task(
                title=f"Half-year review: record what was decided about {count_of(proposed, 'target')}",
                href=f"{address}?standing=proposed",
            )
        return
    reach = who.reach(Permission.COMPLETE_TEMPLATES)
    mine = Q(kpi_year__service__in=reach.services) | Q(kpi_year__service__directorate__in=reach.directorates)
    unanswered = rows.filter(mine).exclude(Exists(waiting.filter(kpi_year=OuterRef("kpi_year")))).count()
    if unanswered:
        yield Task(
            title=f"Half-year review: say of {count_of(unanswered, 'target')} whether it can be stretched",
            href=f"{address}?standing=open",
            due=review.closes_on,
            late=who.today > review.closes_on,
        )


def _to_open(who: Standing) -> Iterator[Task]:
    year = next_to_open(who)
    if year is not None and Month.from_date(who.today).number_in_year >= OPENED_BY - 3:
        yield Task(
            title=f"Open the window for the KPIs of {year}",
            href=reverse("setting-open", args=[year]),
            due=date(year.start_year - 1, 11, 30),
            late=who.today > date(year.start_year - 1, 11, 30),
        )


def _proposing(who: Standing, window: SettingRound) -> Iterator[Task]:
    phase, today = phase_now(window, who), who.today
    rows = window.proposals.all()
    year = window.financial_year
    if phase in (Phase.HOLDERS, Phase.SERVICES):
        mine = rows.filter(before__people__user__in=who.people, reviewed_on__isnull=True, state="draft").distinct()
        yield from _counted(
            mine, f"Review {{}} for {year}", window, "shows=not_reviewed", window.services_from, today, "review"
        )
    if phase is Phase.SERVICES and not who.may(Permission.MANAGE_SETTING):
        drafts = _within(rows.filter(state="draft"), who.reach(Permission.COMPLETE_TEMPLATES))
        yield from _counted(
            drafts, f"Say what becomes of {{}} in {year}", window, "state=draft", window.closes_on, today, "verdict"
        )
    for permission, state, words in (
        (Permission.AGREE_PROPOSALS, "submitted", "Agree {} proposed for"),
        (Permission.SIGN_PROPOSALS, "agreed", "Sign off {} proposed for"),
    ):
        waiting = _within(rows.filter(state=state), who.reach(permission))
        yield from _counted(waiting, f"{words} {year}", window, f"state={state}", window.closes_on, today, "")


def _within(rows: QuerySet[Proposal], reach: Reach) -> QuerySet[Proposal]:
    """Those whose KPI is within reach: its service is on the proposal itself."""
    if reach.council:
        return rows
    return rows.filter(Q(service__in=reach.services) | Q(service__directorate__in=reach.directorates))


def _counted(
    rows: QuerySet[Proposal], words: str, window: SettingRound, query: str, due: date, today: date, page: str
) -> Iterator[Task]:
    """One task however many there are; a single one leads to its own page."""
    held = list(rows.values_list("kpi__reference", "kpi_year__code", "before__code")[:2])
    if not held:
        return
    href = f"{reverse('setting', args=[window.financial_year])}?{query}"
    what = count_of(rows.count(), "KPI")
    if len(held) == 1:
        reference, next_code, code = held[0]
        name = f"proposal-{page}" if page else "proposal"
        href, what = reverse(name, args=[window.financial_year, reference]), next_code or code
    yield Task(title=words.format(what), href=href, due=due, late=today > due)


def _onward(who: Standing, window: SettingRound) -> Iterator[Task]:
    """A decision to record, or the set to be sent on."""
    records, manages = who.may(Permission.RECORD_DECISIONS), who.may(Permission.MANAGE_SETTING)
    if not (records or manages):
        return
    onward = next(one for one in ROUND_MOVES.values() if window.state in one.sources and one.name != "send_back")
    stopped = next((said for guard in onward.guards if (said := guard(window, _NOBODY))), None)
    year = window.financial_year
    if isinstance(stopped, ToRecord) and records:
        yield Task(title=f"KPIs of {year}: {lower_first(stopped)}", href=reverse("setting-decision", args=[year]))
    elif stopped is None and manages:
        yield Task(
            title=f"KPIs of {year}: {lower_first(onward.label)}", href=reverse("setting", args=[year]), urgent=True
        )

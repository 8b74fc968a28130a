"""Everything with a day, for one reader: rounds, windows, meetings, their papers, and the reader's own questions.

The annual cycle (framework E.2) and the monthly one (E.1). Read in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from actions.models import PlanYear
from actions.queries.plan_tasks import REFRESH_BEGINS
from actions.queries.project_sight import works_on_reports
from actions.queries.sight import works_on_updates
from dataquality.models import AssuranceRound, SettingRound, TargetReview
from dataquality.queries.assurance import sees_assurance, sees_report
from dataquality.queries.quality_reminders import asked_on
from dataquality.queries.setting import sees_setting
from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear, Month, Quarter, RoundDates
from hdcperf.review.rounds.reading import Round, load_rounds
from hdcperf.roles import MEMBER_ROLES, Permission, Role
from kpis.queries.duties import works_on_returns
from reports.models import Meeting, PanelQuestion
from reports.rules.calendar import Event, EventKind
from reports.rules.timetable import STATUTORY, StepName

__all__ = ["BODIES", "events_between", "events_of_year"]

_Body = Meeting.Body
BODIES: dict[Role, frozenset[str]] = {
    Role.SCRUTINY: frozenset({_Body.SCRUTINY.value}),
    Role.GOVERNANCE: frozenset({_Body.GOVERNANCE.value}),
    Role.BOARD: frozenset({_Body.BOARD.value}),
    Role.EXECUTIVE_LEADER: frozenset({_Body.CABINET.value, _Body.COUNCIL.value}),
    Role.PORTFOLIO_HOLDER: frozenset({_Body.CABINET.value, _Body.COUNCIL.value}),
    Role.COUNCILLOR: frozenset({_Body.COUNCIL.value}),
    Role.DIRECTOR: frozenset({_Body.LEADERSHIP.value}),
    Role.SECTION_151: frozenset({_Body.LEADERSHIP.value}),
    Role.MONITORING_OFFICER: frozenset({_Body.LEADERSHIP.value}),
    Role.DEMOCRATIC_SERVICES: STATUTORY,
    Role.PERFORMANCE_TEAM: frozenset(_Body.values),
}
"""Whose meetings a post takes part in."""

_STEPS: dict[StepName, frozenset[Role]] = {
    StepName.DRAFT: frozenset({Role.PERFORMANCE_TEAM}),
    StepName.LEADERSHIP: frozenset({Role.PERFORMANCE_TEAM, Role.DIRECTOR, Role.SECTION_151, Role.MONITORING_OFFICER}),
    StepName.STATUTORY_COMMENTS: frozenset({Role.PERFORMANCE_TEAM, Role.SECTION_151, Role.MONITORING_OFFICER}),
    StepName.PORTFOLIO: frozenset({Role.PERFORMANCE_TEAM, Role.PORTFOLIO_HOLDER, Role.EXECUTIVE_LEADER}),
    StepName.DEMOCRATIC: frozenset({Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES}),
    StepName.PUBLICATION: frozenset({Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES}),
}
"""Who has a part in each step of a meeting's papers."""


def events_of_year(who: Standing, year: FinancialYear) -> list[Event]:
    """Everything of the year that ``who`` may be told of."""
    return events_between(who, year.first_day, year.last_day)


def events_between(who: Standing, first: date, last: date) -> list[Event]:
    """Everything from ``first`` to ``last``, both included, that ``who`` may be told of."""
    found = [
        *_rounds(who, first, last),
        *_windows(who),
        *_assurance(who),
        *_refreshes(who, first, last),
        *_meetings(who, first, last),
        *_questions(who),
    ]
    return [one for one in found if first <= one.on <= last]


# The monthly cycle, and the quarterly one


def _rounds(who: Standing, first: date, last: date) -> Iterator[Event]:
    """When returns and updates open, are due and lock: for officers; a member has no part in them."""
    if not who.roles - MEMBER_ROLES and not works_on_returns(who):
        return
    start = Month.from_date(first) - 4  # a quarter is collected in the month after it ends
    months = [start + n for n in range(Month.from_date(last) - start + 1)]
    quarters = sorted({month.quarter for month in months})
    spans: list[Month | Quarter] = [*months, *quarters]
    returns, updates = works_on_returns(who), works_on_updates(who) or works_on_reports(who)
    for one in load_rounds(spans, who.today):
        if one.period is None and one.is_over:
            continue  # nobody collected it
        yield from _round(who, one, mine=returns if isinstance(one.span, Month) else updates)


def _round(who: Standing, one: Round, mine: bool) -> Iterator[Event]:
    dates: RoundDates = one.period.dates if one.period is not None else one.usual
    monthly = isinstance(one.span, Month)
    noun = "returns" if monthly else "updates"
    href = ""
    if mine and one.is_opened:
        href = reverse("returns", args=[one.span.slug]) if monthly else reverse("quarter", args=[one.span.slug])
    for name, words in (("opens_on", " open"), ("due_on", " due"), ("locks_on", ": last day to change them")):
        yield Event(
            key=f"{one.span.slug}-{name.removesuffix('_on')}",
            on=getattr(dates, name),
            kind=EventKind.MONTH if monthly else EventKind.QUARTER,
            title=f"{one.span} {noun}{words}",
            href=href,
            mine=mine,
            usual=one.period is None,
        )


# The yearly cycle


def _windows(who: Standing) -> Iterator[Event]:
    """The setting of KPIs and the half-year review, as their dates were set."""
    if not sees_setting(who):
        return
    holders = works_on_returns(who)
    services = who.may(Permission.COMPLETE_TEMPLATES)
    for one in SettingRound.objects.all():
        address = reverse("setting", args=[one.financial_year])
        for name, words, mine in (
            ("holders_from", "holders review their KPIs from today", holders),
            ("services_from", "services propose their KPIs from today", services),
            ("closes_on", "last day to propose KPIs", holders),
        ):
            title = f"KPIs of {one.financial_year}: {words}"
            key = f"setting-{one.financial_year.slug}-{name}"
            yield Event(key, getattr(one, name), EventKind.WINDOW, title, address, mine=mine)
    for review in TargetReview.objects.all():
        address = reverse("half-year", args=[review.financial_year])
        for name, words in (("opens_on", "opens"), ("closes_on", "last day")):
            title = f"Half-year review of the targets of {review.financial_year}: {words}"
            key = f"half-year-{review.financial_year.slug}-{name}"
            yield Event(key, getattr(review, name), EventKind.WINDOW, title, address, mine=services)


def _assurance(who: Standing) -> Iterator[Event]:
    """The statements of assurance of a year: asked for, due, and the report on them to the committee."""
    if not sees_assurance(who):
        return
    rounds = list(AssuranceRound.objects.annotate(asked=asked_on()))
    meetings = Meeting.objects.going_ahead().filter(body=_Body.GOVERNANCE).order_by("held_on")
    days = list(meetings.values_list("held_on", flat=True)) if rounds else []
    states, hears = who.may(Permission.SIGN_TEMPLATES), _hears_report(who)
    for one in rounds:
        year, address = one.financial_year, reverse("assurance-year", args=[one.financial_year])
        key, about = f"assurance-{year.slug}", f"Statements of assurance for {year}"
        asks = who.may(Permission.MANAGE_SETTING)
        if one.asked is not None:
            on = clock.local_day(one.asked)
            yield Event(f"{key}-asked", on, EventKind.WINDOW, f"{about}: asked for", address, mine=states or asks)
        yield Event(f"{key}-due", one.due_on, EventKind.WINDOW, f"{about}: due", address, mine=states or asks)
        following = next((held_on for held_on in days if held_on >= one.due_on), None)
        on_report = one.reported_on or following
        if on_report is not None:
            yield Event(
                key=f"{key}-report",
                on=on_report,
                kind=EventKind.WINDOW,
                title=f"Assurance on data quality for {year}: report to the Corporate Governance Committee",
                href=reverse("assurance-report", args=[year]) if sees_report(who, one) else address,
                mine=hears,
                # Nobody has set its day: it goes to the first meeting once the statements are due.
                usual=one.reported_on is None,
            )


def _hears_report(who: Standing) -> bool:
    return bool({Role.GOVERNANCE, Role.PERFORMANCE_TEAM} & who.roles)


def _refreshes(who: Standing, first: date, last: date) -> Iterator[Event]:
    """The yearly refresh of the plan: its days follow from the year itself."""
    mine = who.may(Permission.MANAGE_PLAN) or who.may(Permission.PROPOSE_ACTIONS)
    there = {one.year: one for one in PlanYear.objects.all()}
    years = range(FinancialYear.from_date(first).start_year, FinancialYear.from_date(last).start_year + 2)
    for year in (FinancialYear(number) for number in years):
        found = there.get(year.start_year)
        if found is not None and not (found.is_adopted or who.may(Permission.SEE_PLAN_PROPOSALS)):
            found = None
        address = reverse("plan-year", args=[year]) if found is not None else reverse("plan")
        begins, starts = date(year.start_year - 1, REFRESH_BEGINS, 1), year.first_day
        key = f"refresh-{year.slug}"
        yield Event(
            f"{key}-begins", begins, EventKind.WINDOW, f"Actions for {year}: the refresh begins", address, mine=mine
        )
        yield Event(
            f"{key}-ends",
            starts - timedelta(days=1),
            EventKind.WINDOW,
            f"Actions for {year}: adopted by today",
            address,
            mine=mine,
        )
        yield Event(f"year-{year.slug}", starts, EventKind.WINDOW, f"{year} begins", reverse("plan"))


# Meetings and their papers


def _meetings(who: Standing, first: date, last: date) -> Iterator[Event]:
    bodies = frozenset().union(*(BODIES.get(role, frozenset()) for role in who.roles))
    # The first step of a meeting's papers is weeks before it.
    rows = Meeting.objects.filter(held_on__gte=first, held_on__lte=last + timedelta(days=60))
    for one in rows:
        mine = one.body in bodies
        address = one.get_absolute_url()
        yield Event(
            key=f"meeting-{one.pk}",
            on=one.held_on,
            kind=EventKind.MEETING,
            title=one.get_body_display(),
            href=address,
            at=one.starts_at,
            place=one.place,
            detail=one.cancelled_because,
            mine=mine,
            cancelled=one.is_cancelled,
        )
        if not one.is_cancelled:
            yield from _papers(who, one, mine)


def _papers(who: Standing, meeting: Meeting, takes_part: bool) -> Iterator[Event]:
    """The steps of the papers the reader has a part in; that an agenda is published is told to all who read it."""
    for step in meeting.timetable.steps:
        mine = bool(_STEPS[step.name] & who.roles) and (takes_part or meeting.body in STATUTORY)
        public = step.name is StepName.PUBLICATION and meeting.body in STATUTORY
        if mine or public or (takes_part and step.name is StepName.PUBLICATION):
            yield Event(
                key=f"papers-{meeting.pk}-{step.name.value}",
                on=step.on,
                kind=EventKind.PAPERS,
                title=f"{step.label}: {meeting.get_body_display()}, {meeting.held_on.day} {meeting.held_on:%B}",
                href=meeting.get_absolute_url(),
                mine=mine,
            )


def _questions(who: Standing) -> Iterator[Event]:
    """Answers the reader owes."""
    rows = PanelQuestion.objects.filter(owner__in=who.people, state=PanelQuestion.State.ASSIGNED)
    for one in rows:
        if one.due_on is not None:
            yield Event(
                key=f"question-{one.pk}",
                on=one.due_on,
                kind=EventKind.QUESTION,
                title=f"Answer due to the panel’s {one.get_kind_display().lower()} {one.pk}",
                href=one.get_absolute_url(),
                mine=True,
            )

"""More of the monthly cycle: posts, months, KPIs in every state, what is said of returns, revisions."""

from __future__ import annotations

from datetime import date, timedelta

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import FinancialYear, Month, Quarter
from hdcperf.roles import Role
from kpis import models as kpi_models
from kpis.models import (
    CommentaryExample,
    DerivedChange,
    EventKpi,
    ImportMapping,
    ImportRun,
    KpiEvent,
    KpiPerson,
    KpiTheme,
    MonthlyReturn,
    RecoveryOutcome,
    RevisionTransition,
    WordCorrection,
)
from kpis.operations.importing import keep_file
from reports.models import Objective
from tests.factories.assurance import AssuranceRoundFactory
from tests.factories.kpis import (
    RAISED_AT,
    ChallengeFactory,
    FindingFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import DelegationFactory, ReportingPeriodFactory, holder
from tests.kpis.seeing import issued
from tests.sitewide.access.scene import Scene
from tests.sitewide.growing.common import ask, closed, ours, theme

AUGUST, SEPTEMBER, OCTOBER = date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)


def structure(scene: Scene, number: int) -> None:
    """Posts, vacant ones and delegates; a month and a quarter long gone; a person's objectives."""
    people = scene.people
    holder(Role.SERVICE_MANAGER)
    holder(Role.COUNCILLOR)
    holder(Role.PORTFOLIO_HOLDER)
    DelegationFactory(user=people["service_manager"], starts_on=date(2027, 1, 1) + timedelta(days=number))
    ReportingPeriodFactory(month=Month(2012, 1) + number)
    earlier = Quarter(FinancialYear(2005), 1) + number
    ReportingPeriodFactory(month=earlier.last_month, kind=ReportingPeriod.QUARTER, starts_on=earlier.first_day)
    for person, manager in (("finance", "human_resources"), ("officer", "finance")):
        Objective.objects.create(
            user=people[person],
            manager=people[manager],
            words=f"Objective {number}",
            outcome=scene.fresh("outcome"),
            set_on=date(2026, 1, 1) + timedelta(days=number),
        )


def register(scene: Scene, number: int) -> None:
    """Events, files sent and imported, and what is shown as a good example."""
    team = scene.people["performance_team"]
    event = KpiEvent.objects.create(month=date(2026, 7, 1), sentence=f"Example flood {number}.", noted_by=team)
    EventKpi.objects.create(event=event, kpi=scene.fresh("KPI"))
    EventKpi.objects.create(event=scene.fresh("event"), kpi=KpiYearFactory(code=f"PI G{number}ev").kpi)
    keep_file(f"Code,Name\nPI {number},Example\n".encode(), f"sent{number}.csv", None, by=team)
    ImportRun.objects.create(
        file_name=f"imported{number}.csv",
        sha256="0" * 64,
        mapping=ImportMapping.objects.get(),
        by=team,
        by_name=team.name,
        at=RAISED_AT,
        new_rows=1,
        changed_rows=0,
        unchanged_rows=0,
    )


def kpi(scene: Scene, code: str, state: str) -> None:
    """A KPI of the scene's service, with its people, a month accepted, one disputed and October in ``state``."""
    kpi_year = KpiYearFactory(code=code, latest=True, outcome=scene.fresh("outcome"), **ours(scene))
    TargetSetFactory(kpi_year=kpi_year, target=12, intervention=11)
    for person, duty in (("KPI holder", KpiPerson.Duty.COLLECTS), ("stand-in", KpiPerson.Duty.STANDS_IN)):
        KpiPerson.objects.create(kpi_year=kpi_year, user=scene.people[person], duty=duty)
    august = MonthlyReturnFactory(kpi_year=kpi_year, month=AUGUST, accepted=True, being_done="Overtime.")
    CommentaryExample.objects.create(
        monthly_return=august, why_good="It is plain.", chosen_by=scene.people["performance_team"]
    )
    issued(august, 10)
    disputed = MonthlyReturnFactory(kpi_year=kpi_year, month=SEPTEMBER, challenged=True)
    ask(ChallengeFactory(monthly_return=disputed, escalated=True), kpi_models.ChallengeMessage)
    october = MonthlyReturnFactory(kpi_year=kpi_year, month=OCTOBER, **({state: True} if state else {}))
    RecoveryOutcome.objects.create(
        monthly_return=august,
        told_with=october,
        result=RecoveryOutcome.Result.PART,
        words="Half of it was done.",
        noted_by=scene.people["KPI holder"],
        noted_at=RAISED_AT,
    )
    LockExceptionFactory(monthly_return=october)
    RevisionFactory(monthly_return=august, proposed_by=scene.people["KPI holder"])
    KpiTheme.objects.create(kpi=kpi_year.kpi, theme=theme())


def dialogue_of_returns(scene: Scene, number: int) -> None:
    """More said of the scene's own returns: challenges, messages, findings, corrections, lifted locks."""
    for name in ("october", "submitted", "challenged", "september", "august"):
        record: MonthlyReturn = scene.fresh(name)
        ask(ChallengeFactory(monthly_return=record, **closed(scene)), kpi_models.ChallengeMessage)
        FindingFactory(monthly_return=record)
        LockExceptionFactory(monthly_return=record)
        WordCorrection.objects.create(
            monthly_return=record,
            prompt="why",
            before=f"Before {number}.",
            after=record.why,
            corrected_by=scene.people["performance_team"],
            corrected_at=RAISED_AT,
        )
    for name in ("challenge", "dispute"):
        ask(scene.fresh(name), kpi_models.ChallengeMessage)


def revised(scene: Scene, number: int) -> None:
    """Revisions accepted since, with the months they moved; targets set anew; the years before."""
    august: MonthlyReturn = scene.fresh("august")
    revision = RevisionFactory(monthly_return=august, state="accepted", new_rag="green")
    RevisionTransition.objects.create(
        revision=revision,
        move="accept",
        from_state="proposed",
        to_state="accepted",
        by=scene.people["performance_team"],
        by_name="Example",
        at=RAISED_AT,
    )
    moved = {"at": RAISED_AT, "old_rag": "red", "new_rag": "green"}
    DerivedChange.objects.create(cause=scene.fresh("july"), monthly_return=august, **moved)
    DerivedChange.objects.create(
        cause=august, revision=scene.fresh("revision"), monthly_return=scene.fresh("september"), **moved
    )
    issued(august, 100 + number, date(2026, 9, 1) + timedelta(days=number))
    before = KpiYearFactory(code=f"PI G{number}bf", kpi=august.kpi, year=2025 - number, **ours(scene))
    TargetSetFactory(kpi_year=before)
    AssuranceRoundFactory(year=before.year)  # asked for too, so that the year to ask for next stays the same
    MonthlyReturnFactory(kpi_year=before, month=date(2025 - number, 8, 1), accepted=True)

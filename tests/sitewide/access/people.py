"""Everybody the tables speak of: each post over the scene's own KPIs, and held over something else as *another …*."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from hdcperf.organisation.models import Service, User
from hdcperf.organisation.models.structure import Portfolio
from hdcperf.roles import MEMBER_ROLES, Role, ScopeKind
from kpis.models import KpiPerson, KpiYear
from tests.factories.organisation import AppointmentFactory, DelegationFactory, UserFactory, holder

__all__ = [
    "ACCEPTED",
    "ELSEWHERE",
    "ENTERS",
    "EVERYBODY",
    "KEEPERS",
    "LEADERSHIP",
    "MEMBERS",
    "POSTS",
    "READS_BOARD",
    "SERVICE",
    "SIGNED_IN",
    "TEAM",
    "WORKS",
    "WORKS_ELSEWHERE",
    "make_people",
    "people",
]

Group = frozenset[str]


def people(*names: str | Iterable[str]) -> Group:
    """A group from names and groups."""
    return frozenset(name for each in names for name in ([each] if isinstance(each, str) else each))


NOBODY = "nobody signed in"
POSTS = people(role.value for role in Role)
ELSEWHERE = people(f"another {role.value}" for role in Role if role.scope_kind is not ScopeKind.COUNCIL)
PERSONS = people(
    "KPI holder",
    "stand-in",
    "another KPI holder",
    "action officer",
    "another action officer",
    "project manager",
    "no post",
    "superuser",
    "delegate of service_manager",
    "delegate of portfolio_holder",
    "former service_manager",
)
SIGNED_IN = POSTS | ELSEWHERE | PERSONS
EVERYBODY = SIGNED_IN | {NOBODY}

TEAM = people("performance_team")
NAMED = people("KPI holder", "stand-in")
ENTERS = people(NAMED, "service_manager", "delegate of service_manager", TEAM)
"""Those who enter the scene's returns."""
SERVICE = people(ENTERS - TEAM, "head_of_service", "director")
"""The people on the KPI's year with its service manager, head of service and director (design, 4)."""
WORKS = SERVICE | TEAM
"""Those who see the scene's working returns."""
WORKS_ELSEWHERE = people(
    "another KPI holder", "another service_manager", "another head_of_service", "another director"
)
LEADERSHIP = people(TEAM, "board", "director", "another director", "section_151", "monitoring_officer")
"""Those who see accepted figures of the whole council, and disputed ones with their dialogue."""
ACCEPTED = people(LEADERSHIP, "portfolio_holder", "executive_leader", "governance", "internal_audit")
"""Those who see the scene's accepted figures, whatever they work on."""
READS_BOARD = people(ACCEPTED, "another portfolio_holder")
KEEPERS = people("democratic_services", "superuser")
"""Those who keep posts."""
MEMBERS = people((role.value for role in MEMBER_ROLES), "another portfolio_holder")
"""Elected members, whose posts are personal."""


def make_people(kpi_years: Iterable[KpiYear], elsewhere: KpiYear) -> dict[str, User]:
    """One user for each name, over the service and portfolio of ``kpi_years``; *another* over those of ``elsewhere``
    or of nothing."""
    kpi_years = list(kpi_years)
    service, portfolio = kpi_years[0].service, kpi_years[0].portfolio
    assert portfolio is not None
    found = {role.value: _in_scope(role, service, portfolio) for role in Role}
    for role in Role:
        if role.scope_kind is not ScopeKind.COUNCIL:
            found[f"another {role.value}"] = holder(role)
    persons = ("KPI holder", "stand-in", "another KPI holder", "action officer", "another action officer")
    persons = (*persons, "project manager", "no post")
    found |= {name: UserFactory() for name in persons}
    for one in kpi_years:
        KpiPerson.objects.create(kpi_year=one, user=found["KPI holder"], duty=KpiPerson.Duty.COLLECTS)
        KpiPerson.objects.create(kpi_year=one, user=found["stand-in"], duty=KpiPerson.Duty.STANDS_IN)
    KpiPerson.objects.create(kpi_year=elsewhere, user=found["another KPI holder"], duty=KpiPerson.Duty.COLLECTS)
    found["superuser"] = User.objects.create_superuser("superuser@council.example", "Example Superuser", "demo")
    for role in (Role.SERVICE_MANAGER, Role.PORTFOLIO_HOLDER):
        delegation = DelegationFactory(user=_in_scope(role, service, portfolio))
        found[f"delegate of {role.value}"] = delegation.delegate
    found["former service_manager"] = AppointmentFactory(
        role=Role.SERVICE_MANAGER.value, service=service, ends_on=date(2026, 11, 5) - timedelta(days=1)
    ).user
    assert set(found) == SIGNED_IN
    return found


def _in_scope(role: Role, service: Service, portfolio: Portfolio) -> User:
    scope: dict[ScopeKind, dict[str, Any]] = {
        ScopeKind.SERVICE: {"service": service},
        ScopeKind.DIRECTORATE: {"directorate": service.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": portfolio},
    }
    return holder(role, **scope.get(role.scope_kind, {}))

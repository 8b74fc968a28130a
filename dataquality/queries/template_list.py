"""A year's KPIs with their templates: how far each has come, what it lacks, and who must act (framework B.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from dataquality.models import Template
from dataquality.queries.templates import missing, with_rows
from dataquality.rules.templates import Question, Stage
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import Appointment
from hdcperf.roles import Permission, ScopeKind, roles_with
from kpis.models import KpiYear

__all__ = ["Line", "lines", "signatories", "stage_of", "years_held"]

State = Template.State


@dataclass(frozen=True)
class Line:
    """One KPI of the year with the newest version of its template, if there is one."""

    kpi_year: KpiYear
    template: Template | None
    today: date
    managers: tuple[str, ...] = field(default=())

    @property
    def stage(self) -> Stage:
        return stage_of(self.template)

    @property
    def missing(self) -> list[Question]:
        """What is still to be answered in a version being completed."""
        return missing(self.template) if self.template is not None and self.template.state == State.DRAFT else []

    @property
    def to_confirm(self) -> list[str]:
        """The people of a version in hand who have not confirmed their access."""
        if self.template is None or self.template.state not in (State.DRAFT, State.SUBMITTED):
            return []
        rows = self.template.people.all()
        return sorted({row.user.name for row in rows if row.access_confirmed_on is None})

    @property
    def is_left_out(self) -> bool:
        """Whether a KPI of the year has neither a signed template nor a waiver today: its months are not opened."""
        return self.kpi_year.is_live and not self.kpi_year.may_be_collected(self.today)

    @property
    def who_acts(self) -> list[str]:
        """Who must do something next, by name; nobody once it is signed off."""
        if self.stage is Stage.SIGNED:
            return []
        if self.stage is Stage.SUBMITTED:
            return self.to_confirm or list(self.managers) or ["Nobody is the service manager"]
        named = sorted({row.user.name for row in self.kpi_year.people.all() if row.duty != "stands_in"})
        return named or list(self.managers) or ["The Performance Team"]


def stage_of(template: Template | None) -> Stage:
    """How far the newest version has come; its transitions are prefetched."""
    if template is None:
        return Stage.NONE
    match template.state:
        case State.SIGNED | State.SUPERSEDED:
            return Stage.SIGNED
        case State.SUBMITTED:
            return Stage.SUBMITTED
    moves = list(template.transitions.all())
    if moves and moves[-1].move == "send_back":
        return Stage.SENT_BACK
    return Stage.REOPENED if template.reopened_why else Stage.DRAFT


def lines(who: Standing, kpi_years: QuerySet[KpiYear]) -> list[Line]:
    """A line for each KPI year, in the order of their codes; as many queries for two as for two hundred."""
    held = list(kpi_years.prefetch_related("people__user").order_by("code_key"))
    newest: dict[int, Template] = {}
    templates = with_rows(
        Template.objects.filter(kpi_year__in=[one.pk for one in held]).exclude(state=State.DISCARDED)
    )
    for template in templates.order_by("number"):
        newest[template.kpi_year_id] = template
    managers = signatories({one.service_id for one in held}, who.today)
    return [Line(one, newest.get(one.pk), who.today, tuple(managers[one.service_id])) for one in held]


def signatories(services: Iterable[int], today: date) -> dict[int, list[str]]:
    """The names of those who sign off a service's templates by their own post, by service; the managers first."""
    roles = [role.value for role in roles_with(Permission.SIGN_TEMPLATES) if role.scope_kind is ScopeKind.SERVICE]
    posts = (
        Appointment.objects.on(today)
        .filter(role__in=roles, service__in=services, user__is_active=True)
        .select_related("user")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for post in sorted(posts, key=lambda row: (row.role != "service_manager", row.user.name)):
        found[post.service_id or 0].append(post.user.name)
    return found


def years_held() -> list[int]:
    """The years that have KPIs, the newest first, by the year each starts in."""
    return list(KpiYear.objects.order_by("-year").values_list("year", flat=True).distinct())

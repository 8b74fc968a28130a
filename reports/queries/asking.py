"""What a question can be about, whom it can be given to, and who may have asked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from actions.models import ActionYear, Project
from hdcperf.organisation.models import Appointment, User
from hdcperf.organisation.models.people import between
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import MEMBER_ROLES, Role
from kpis.models import KpiYear
from reports.models import PanelQuestion

__all__ = ["ItemGroup", "find_item", "item_groups", "item_key", "members", "owners", "years_read"]

READ_LATER = 8
"""Until August the year before is still being read: its last quarter goes to the panel in the summer."""
Item = KpiYear | ActionYear | Project


@dataclass(frozen=True)
class ItemGroup:
    """A heading and what stands under it: each item with its key."""

    heading: str
    items: list[tuple[str, str]]


def years_read(today: date) -> list[FinancialYear]:
    """The years whose reports are read on ``today``, this year first."""
    year = Month.from_date(today).financial_year
    return [year, year.previous] if 4 <= today.month <= READ_LATER else [year]


def item_key(item: Item) -> str:
    """``kpi_year-12``: what a form sends for an item."""
    kind = {KpiYear: "kpi_year", ActionYear: "action_year", Project: "project"}[type(item)]
    return f"{kind}-{item.pk}"


def item_groups(today: date) -> list[ItemGroup]:
    """The KPIs and actions of the years being read, and the projects: everything a question can be about."""
    found: list[ItemGroup] = []
    for year in years_read(today):
        kpis = KpiYear.objects.filter(year=year.start_year, is_live=True).order_by("code_key")
        rows = ActionYear.objects.adopted().filter(plan_year__year=year.start_year).order_by("code_key")
        found.append(ItemGroup(f"KPIs of {year}", [(item_key(one), f"{one.code} {one.name}") for one in kpis]))
        found.append(ItemGroup(f"Actions of {year}", [(item_key(one), f"{one.code} {one.title}") for one in rows]))
    projects = Project.objects.order_by("code_key")
    found.append(ItemGroup("Projects", [(item_key(one), f"{one.code} {one.name}") for one in projects]))
    return [one for one in found if one.items]


def find_item(key: str) -> Item | None:
    """What a key that a form offered stands for; the empty one is the report as a whole."""
    kind, _, pk = key.partition("-")
    models: dict[str, type[KpiYear] | type[ActionYear] | type[Project]] = {
        "kpi_year": KpiYear,
        "action_year": ActionYear,
        "project": Project,
    }
    found: Item | None = models[kind].objects.select_related("service").get(pk=int(pk)) if key else None
    return found


def members(today: date) -> list[tuple[str, str]]:
    """The members a question can have been asked by, by id, with their posts."""
    return _posts(Appointment.objects.filter(between(today), role__in=[role.value for role in MEMBER_ROLES]))


def owners(question: PanelQuestion, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom a question can be given to: the people of what it is about first, then everybody else with a post.

    A recommendation can also be given to cabinet.
    """
    near = _people_of(question)
    for_cabinet = question.kind == PanelQuestion.Kind.RECOMMENDATION
    cabinet = {Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER} if for_cabinet else set()
    left_out = [role.value for role in MEMBER_ROLES - cabinet]
    everybody = _posts(Appointment.objects.filter(between(today)).exclude(role__in=left_out))
    labels = dict(everybody)
    first = [(str(pk), labels.get(str(pk), name)) for pk, name in near]
    rest = [one for one in everybody if one[0] not in {pk for pk, _ in first}]
    groups = [("The people of what it is about", first), ("Everybody else", rest)]
    return [group for group in groups if group[1]]


def _people_of(question: PanelQuestion) -> list[tuple[int, str]]:
    item = question.item
    if item is None:
        return []
    named = Q(pk__in=[])
    if isinstance(item, KpiYear):
        named |= Q(kpi_duties__kpi_year=item)
    elif isinstance(item, ActionYear):
        named |= Q(pk=item.responsible_id)
    else:
        named |= Q(pk=item.manager_id)
    managers = [Role.SERVICE_MANAGER.value, Role.HEAD_OF_SERVICE.value]
    posts = Appointment.objects.filter(between(question.asked_on), role__in=managers, service=item.service_id)
    rows = User.objects.filter(named | Q(pk__in=posts.values("user")), is_active=True).distinct().order_by("name")
    return [(one.pk, one.name) for one in rows]


def _posts(rows: object) -> list[tuple[str, str]]:
    """Each active person of the appointments once, by name: with their posts they would be wider than a phone."""
    assert hasattr(rows, "select_related")
    found = {
        row.user_id: row.user.name
        for row in rows.select_related("user").order_by("user__name", "pk")
        if row.user.is_active
    }
    return [(str(pk), name) for pk, name in found.items()]

"""On what ground each role sees a month's figures; over HTTP, page by page, it is in sitewide/test_who_sees_what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest

from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import IssuedFigure, KpiYear, MonthlyReturn
from kpis.queries.figures import Source, figures
from kpis.queries.sight import access
from kpis.queries.trends import trends
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    MonthlyReturnFactory,
    RevisionFactory,
    TargetSetFactory,
)
from tests.factories.organisation import DirectorateFactory, PortfolioFactory, ServiceFactory, UserFactory, holder
from tests.kpis.seeing import TODAY, issued, signed_in, text_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Scene:
    """One KPI: July issued at 7,777, since revised to 6,666; August accepted, September disputed, October draft."""

    kpi_year: KpiYear


@pytest.fixture
def scene(set_today: Callable[[date], None]) -> Scene:
    set_today(TODAY)
    service = ServiceFactory(directorate=DirectorateFactory())
    kpi_year = KpiYearFactory(latest=True, service=service, portfolio=PortfolioFactory())
    TargetSetFactory(kpi_year=kpi_year)

    def made(month: int, **facts: object) -> MonthlyReturn:
        record: MonthlyReturn = MonthlyReturnFactory(kpi_year=kpi_year, month=date(2026, month, 1), **facts)
        return record

    july = made(7, accepted=True, value=6666)
    issued(july, 7777, date(2026, 8, 20))
    RevisionFactory(monthly_return=july, state="accepted", new_rag="green", reason="Words of a later revision")
    made(8, accepted=True, value=8888)
    september = made(9, challenged=True, value=5555)
    ChallengeFactory(monthly_return=september, escalated=True)
    made(10, draft=True, value=4444)
    return Scene(kpi_year)


def person(role: str, kpi_year: KpiYear) -> User:
    """Somebody who holds the role over this KPI, or as *another …* over something else."""
    if role == "kpi holder":
        user: User = KpiPersonFactory(kpi_year=kpi_year).user
        return user
    if role == "nobody":
        return UserFactory()
    elsewhere = role.startswith("another ")
    found = Role(role.removeprefix("another ").replace(" ", "_"))
    scope = {} if elsewhere else _scope(found, kpi_year)
    return holder(found, **scope)


def _scope(role: Role, kpi_year: KpiYear) -> dict[str, object]:
    match role.scope_kind.value:
        case "service":
            return {"service": kpi_year.service}
        case "directorate":
            return {"directorate": kpi_year.service.directorate}
        case "portfolio":
            return {"portfolio": kpi_year.portfolio}
    return {}


# The ground on which each of July, August, September and October is seen; nothing where it is not.
SEEN: dict[str, tuple[str, str, str, str]] = {
    "performance team": ("accepted", "accepted", "working", "working"),
    "kpi holder": ("accepted", "accepted", "working", "working"),
    "service manager": ("accepted", "accepted", "working", "working"),
    "head of service": ("accepted", "accepted", "working", "working"),
    "director": ("accepted", "accepted", "working", "working"),
    "another director": ("accepted", "accepted", "disputed", ""),
    "board": ("accepted", "accepted", "disputed", ""),
    "section 151": ("accepted", "accepted", "disputed", ""),
    "monitoring officer": ("accepted", "accepted", "disputed", ""),
    "portfolio holder": ("accepted", "accepted", "", ""),
    "executive leader": ("accepted", "accepted", "", ""),
    "governance": ("accepted", "accepted", "", ""),
    "internal audit": ("accepted", "accepted", "", ""),
    "another portfolio holder": ("issued", "", "", ""),
    "another service manager": ("issued", "", "", ""),
    "another head of service": ("issued", "", "", ""),
    "scrutiny": ("issued", "", "", ""),
    "councillor": ("issued", "", "", ""),
    "officer": ("issued", "", "", ""),
    "finance": ("issued", "", "", ""),
    "democratic services": ("issued", "", "", ""),
    "nobody": ("", "", "", ""),
}


@pytest.mark.parametrize("role", SEEN)
def test_each_role_sees_each_month_on_its_own_ground_and_no_other(scene: Scene, role: str) -> None:
    seen = figures(standing(person(role, scene.kpi_year)), [scene.kpi_year])[scene.kpi_year.pk].by_month
    grounds = tuple(
        seen[month].source.value if month in seen else ""
        for month in (Month(2026, number) for number in range(7, 11))
    )
    assert grounds == SEEN[role]


@pytest.mark.parametrize("role", SEEN)
def test_rows_and_figures_agree_on_whose_working_returns_are_seen(scene: Scene, role: str) -> None:
    who = standing(person(role, scene.kpi_year))
    works = scene.kpi_year.pk in access(who, [scene.kpi_year]).working
    rows = MonthlyReturn.objects.working_for(who).filter(kpi_year=scene.kpi_year)
    assert rows.count() == (4 if works else 0)
    assert works == (SEEN[role][3] == "working")


def test_a_figure_is_seen_as_issued_even_when_it_was_revised_since(scene: Scene) -> None:
    seen = figures(standing(person("scrutiny", scene.kpi_year)), [scene.kpi_year], words=True)
    july = seen[scene.kpi_year.pk].by_month[Month(2026, 7)]
    assert (july.source, july.month_figure, july.rag.value) == (Source.ISSUED, 7777, "green")
    assert july.commentary.issued == "As the pack printed it."
    assert "revised" not in july.marks
    assert july.commentary.what_happened == ""


def test_the_newest_issue_wins(scene: Scene) -> None:
    july = MonthlyReturn.objects.get(month=date(2026, 7, 1))
    issued(july, 7000, date(2026, 9, 20))
    issued(july, 7001, date(2026, 8, 1))
    who = standing(person("scrutiny", scene.kpi_year))
    assert figures(who, [scene.kpi_year])[scene.kpi_year.pk].by_month[Month(2026, 7)].month_figure == 7000


def test_without_a_post_only_what_is_published_is_seen(scene: Scene) -> None:
    august = MonthlyReturn.objects.get(month=date(2026, 8, 1))
    issued(august, 8080, audience=IssuedFigure.Audience.PUBLIC)
    who = standing(UserFactory())
    seen = figures(who, [scene.kpi_year])[scene.kpi_year.pk].by_month
    assert {month.month: one.month_figure for month, one in seen.items()} == {8: 8080}


@pytest.mark.parametrize("role", SEEN)
def test_a_trend_shows_nothing_that_the_page_would_not(scene: Scene, role: str) -> None:
    who = standing(person(role, scene.kpi_year))
    past = trends(who, [scene.kpi_year], Month(2026, 4), Month(2026, 10)).get(scene.kpi_year.kpi_id, {})
    counted = {
        number for number, ground in zip(range(7, 11), SEEN[role], strict=True) if ground in ("accepted", "issued")
    }
    assert {month.month for month in past} == counted
    if SEEN[role][0] == "issued":
        assert past[Month(2026, 7)].figure == 7777


def test_a_disputed_figure_is_marked_and_does_not_count(scene: Scene) -> None:
    seen = figures(standing(person("board", scene.kpi_year)), [scene.kpi_year])[scene.kpi_year.pk]
    september = seen.by_month[Month(2026, 9)]
    assert "disputed" in september.marks
    assert not september.stands
    latest = seen.latest()
    assert latest is not None
    assert latest.month == Month(2026, 8)


def test_members_are_not_told_officers_names(scene: Scene) -> None:
    KpiPersonFactory(kpi_year=scene.kpi_year, user__name="Nominated Officer")
    address = f"/kpis/2026-27/{scene.kpi_year.code}/"
    assert "Nominated Officer" in text_of(signed_in(person("finance", scene.kpi_year)), address)
    for role in ("scrutiny", "portfolio holder", "governance", "nobody"):
        assert "Nominated Officer" not in text_of(signed_in(person(role, scene.kpi_year)), address), role

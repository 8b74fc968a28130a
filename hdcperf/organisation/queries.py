"""Reads of the council and its people that are used twice or are worth a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings

from hdcperf import clock
from hdcperf.organisation.models import Appointment, Council, Directorate, Portfolio, Service, User
from hdcperf.roles import Permission, Role, ScopeKind, roles_with

DEMO_ACCOUNTS = "@demo.example"


def council() -> Council:
    """The council using this installation (a blank one before it has been named)."""
    return Council.objects.first() or Council(pk=1, name="Council")


@dataclass(frozen=True)
class DemoAccount:
    email: str
    name: str
    role: str


def demo_accounts() -> list[DemoAccount]:
    """The example accounts with the post each holds, for the sign-in page in demo mode."""
    posts: dict[int, list[str]] = {}
    for row in Appointment.objects.on(clock.today()).select_related("directorate", "service", "portfolio"):
        posts.setdefault(row.user_id, []).append(row.post)
    users = User.objects.filter(email__endswith=DEMO_ACCOUNTS, is_active=True).order_by("pk")
    return [DemoAccount(one.email, one.name, posts_in_words(posts.get(one.pk, []), one)) for one in users]


def posts_in_words(titles: list[str], user: User) -> str:
    """The posts somebody holds; an administrator holds none and is called so."""
    return "; ".join(titles) or ("Administrator" if user.is_superuser else "")


def is_demo_account(user: User) -> bool:
    """Whether the account's password is printed on the sign-in page, and so must stay as it is."""
    return settings.DEMO_MODE and user.email.endswith(DEMO_ACCOUNTS)


SHOULD_BE_HELD: tuple[Role, ...] = (
    Role.DIRECTOR,
    Role.HEAD_OF_SERVICE,
    Role.SERVICE_MANAGER,
    Role.PORTFOLIO_HOLDER,
    Role.EXECUTIVE_LEADER,
    Role.SECTION_151,
    Role.MONITORING_OFFICER,
    Role.PERFORMANCE_TEAM,
    Role.INTERNAL_AUDIT,
    Role.DEMOCRATIC_SERVICES,
    Role.BOARD,
    Role.SCRUTINY,
    Role.GOVERNANCE,
)
"""The posts the framework's process stands on: one in every scope of the role's kind, none of them optional."""


@dataclass(frozen=True)
class Vacancy:
    """A post nobody holds today, and who held it last."""

    role: Role
    scope: Service | Directorate | Portfolio | None
    last: Appointment | None

    @property
    def post(self) -> str:
        return f"{self.role.label}, {self.scope}" if self.scope else self.role.label


def vacancies(today: date) -> list[Vacancy]:
    """The posts that should be held and are vacant on ``today``, in four queries.

    A post whose only holder can no longer sign in is vacant as well.
    """
    roles = [role.value for role in SHOULD_BE_HELD]
    held: set[tuple[str, int | None]] = set()
    last: dict[tuple[str, int | None], Appointment] = {}
    for row in Appointment.objects.filter(role__in=roles, starts_on__lte=today).select_related("user"):
        key = (row.role, row.directorate_id or row.service_id or row.portfolio_id)
        if row.user.is_active and (row.ends_on is None or row.ends_on >= today):
            held.add(key)
        elif key not in last or (row.ends_on or today) >= (last[key].ends_on or today):
            last[key] = row
    return [
        Vacancy(role, scope, last.get((role.value, scope.pk if scope else None)))
        for role, scope in _scopes()
        if (role.value, scope.pk if scope else None) not in held
    ]


def _scopes() -> Iterator[tuple[Role, Service | Directorate | Portfolio | None]]:
    """Every post that should be held, with its scope."""
    scopes: dict[ScopeKind, list[Service | Directorate | Portfolio | None]] = {
        ScopeKind.COUNCIL: [None],
        ScopeKind.DIRECTORATE: list(Directorate.objects.all()),
        ScopeKind.SERVICE: list(Service.objects.all()),
        ScopeKind.PORTFOLIO: list(Portfolio.objects.all()),
    }
    for role in SHOULD_BE_HELD:
        yield from ((role, scope) for scope in scopes[role.scope_kind])


def posts_ending(today: date, within: int = 60) -> list[Appointment]:
    """The posts held on ``today`` that end within so many days, soonest first."""
    rows = Appointment.objects.on(today).filter(ends_on__lte=today + timedelta(days=within))
    return list(rows.select_related("user", "directorate", "service", "portfolio").order_by("ends_on", "user__name"))


@dataclass(frozen=True)
class Holders:
    """Who holds a permission by their own post on a day: ids by service and by directorate, and over the council."""

    services: Mapping[int, frozenset[int]]
    directorates: Mapping[int, frozenset[int]]
    council: frozenset[int]

    def of(self, service: Service) -> frozenset[int]:
        """Those who hold it over ``service`` and not over everything: the service's own, and its director."""
        none: frozenset[int] = frozenset()
        return self.services.get(service.pk, none) | self.directorates.get(service.directorate_id, none)


def holders(permission: Permission, today: date) -> Holders:
    """Everybody who holds ``permission`` on ``today``, in one query: whom to tell of many records at once."""
    found: dict[str, dict[int, set[int]]] = {"service": defaultdict(set), "directorate": defaultdict(set)}
    council = set()
    posts = Appointment.objects.on(today).filter(role__in=[role.value for role in roles_with(permission)])
    for row in posts:
        kind = Role(row.role).scope_kind.value
        if kind in found:
            found[kind][getattr(row, f"{kind}_id")].add(row.user_id)
        elif kind == ScopeKind.COUNCIL.value:
            council.add(row.user_id)
    services, directorates = ({key: frozenset(ids) for key, ids in found[kind].items()} for kind in found)
    return Holders(services, directorates, frozenset(council))

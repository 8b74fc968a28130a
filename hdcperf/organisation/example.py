"""The example's people: an account for each role, and a holder and stand-in for each service. Names look invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password

from hdcperf.history import save_as
from hdcperf.organisation.models import (
    Appointment,
    Council,
    Delegation,
    Directorate,
    Outcome,
    Portfolio,
    Priority,
    Service,
    User,
)
from hdcperf.roles import Role

PASSWORD = "demo"
SINCE = date(2023, 5, 15)

DIRECTORATES: dict[str, tuple[str, ...]] = {
    "Communities": ("Housing Needs and Support", "Community Services", "Environmental Health", "Leisure and Health"),
    "Place": (
        "Planning",
        "Strategic Housing",
        "Economic Development",
        "Waste and Street Scene",
        "Property and Climate",
    ),
    "People and Resources": ("Revenues and Benefits", "Customer Services", "People and Performance"),
}
PORTFOLIOS = (
    "Customer Services",
    "Health and Leisure",
    "Housing",
    "Planning",
    "Waste and Street Scene",
    "Economy and Growth",
    "Community Safety",
    "Finance and Resources",
)
PLAN: dict[str, tuple[str, ...]] = {
    "Improving quality of life for local people": (
        "Improving the happiness and wellbeing of residents",
        "Keeping people out of crisis",
        "Helping people in crisis",
    ),
    "Creating a better Huntingdonshire for future generations": (
        "Improving housing",
        "Forward-thinking economic growth",
        "Lowering carbon emissions",
    ),
    "Doing our core work well": ("Good quality, high value for money services",),
}

# (address, name, role, scope, title, chairs); the scope names a directorate, service or portfolio.
ACCOUNTS: tuple[tuple[str, str, Role | None, str, str, bool], ...] = (
    ("performance-team", "Perry Placeholder", Role.PERFORMANCE_TEAM, "", "", False),
    ("performance-team-2", "Teddy Testcase", Role.PERFORMANCE_TEAM, "", "", False),
    ("kpi-holder", "Kim Keyfigure", Role.OFFICER, "Waste and Street Scene", "", False),
    ("deputy", "Dee Deputy", Role.OFFICER, "Waste and Street Scene", "", False),
    ("service-manager", "Sam Sample", Role.SERVICE_MANAGER, "Waste and Street Scene", "", False),
    ("head-of-service", "Harper Heading", Role.HEAD_OF_SERVICE, "Waste and Street Scene", "", False),
    ("director", "Dara Directory", Role.DIRECTOR, "Place", "", False),
    ("portfolio-holder", "Portia Folio", Role.PORTFOLIO_HOLDER, "Waste and Street Scene", "", False),
    ("leader", "Lee Leadbetter", Role.EXECUTIVE_LEADER, "", "", False),
    ("scrutiny", "Scout Inquiry", Role.SCRUTINY, "", "", True),
    ("councillor", "Cory Counsel", Role.COUNCILLOR, "", "", False),
    ("governance", "Gov Ernance", Role.GOVERNANCE, "", "", True),
    ("board", "Bo Boardman", Role.BOARD, "", "", False),
    ("board-chair", "Charlie Chair", Role.BOARD, "", "Director of People, chair of the board", True),
    ("auditor", "Audrey Trail", Role.INTERNAL_AUDIT, "", "", False),
    ("section-151", "Penny Ledger", Role.SECTION_151, "", "", False),
    ("monitoring-officer", "Monty Toring", Role.MONITORING_OFFICER, "", "", False),
    ("democratic-services", "Demi Quorum", Role.DEMOCRATIC_SERVICES, "", "", False),
    ("strategic-insights", "Stacy Insight", Role.STRATEGIC_INSIGHTS, "", "", False),
    ("finance", "Fin Budget", Role.FINANCE, "", "", False),
    ("human-resources", "Hugh Mann", Role.HUMAN_RESOURCES, "", "", False),
    ("manager", "Manny Jerrold", Role.MANAGER, "Customer Services", "", False),
    ("officer", "Offie Serr", Role.OFFICER, "Customer Services", "", False),
    ("admin", "Addy Ministrator", None, "", "", False),
)
# Posts held by nobody, so that the page of vacant posts has something to say.
VACANT_SERVICES = ("Property and Climate",)


@dataclass
class Cast:
    """Everybody and everything of the example council, by name."""

    users: dict[str, User] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    directorates: dict[str, Directorate] = field(default_factory=dict)
    portfolios: dict[str, Portfolio] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    holders: dict[str, User] = field(default_factory=dict)
    stand_ins: dict[str, User] = field(default_factory=dict)


@cache
def _hashed() -> str:
    """The example's one password, hashed once: hashing is slow on purpose and there are many people."""
    return make_password(PASSWORD)


def _person(address: str, name: str, **fields: bool) -> User:
    user = User(email=address, name=name, password=_hashed(), **fields)
    save_as(user, by=None, reason="Example")
    return user


def make_council() -> Cast:
    """Make the council, its structure and its people."""
    cast = Cast()
    save_as(
        Council(pk=1, name="Huntingdonshire District Council (example)", team_email="performance@demo.example"),
        by=None,
        reason="Example",
    )
    _make_structure(cast)
    for address, name, role, scope, title, chairs in ACCOUNTS:
        admin = role is None
        user = _person(f"{address}@demo.example", name, is_staff=admin, is_superuser=admin)
        cast.users[address] = user
        if role is not None:
            _appoint(cast, user, role, scope, title, chairs)
    _make_holders(cast)
    _make_members(cast)
    save_as(
        Delegation(
            user=cast.holders["Customer Services"],
            delegate=cast.users["deputy"],
            starts_on=date(2026, 11, 2),
            ends_on=date(2026, 11, 13),
            reason="Annual leave",
        ),
        by=None,
        reason="Example",
    )
    return cast


def _make_structure(cast: Cast) -> None:
    for name, services in DIRECTORATES.items():
        cast.directorates[name] = directorate = Directorate(name=name)
        save_as(directorate, by=None, reason="Example")
        for service_name in services:
            cast.services[service_name] = made = Service(name=service_name, directorate=directorate)
            save_as(made, by=None, reason="Example")
    for name in PORTFOLIOS:
        cast.portfolios[name] = portfolio = Portfolio(name=name)
        save_as(portfolio, by=None, reason="Example")
    number = 0
    for position, (name, outcomes) in enumerate(PLAN.items(), start=1):
        priority = Priority(number=position, name=name)
        save_as(priority, by=None, reason="Example")
        for outcome_name in outcomes:
            number += 1
            cast.outcomes[number] = outcome = Outcome(priority=priority, number=number, name=outcome_name)
            save_as(outcome, by=None, reason="Example")


def _appoint(cast: Cast, user: User, role: Role, scope: str, title: str = "", chairs: bool = False) -> None:
    save_as(
        Appointment(
            user=user,
            role=role.value,
            title=title,
            chairs=chairs,
            directorate=cast.directorates.get(scope) if role is Role.DIRECTOR else None,
            portfolio=cast.portfolios.get(scope) if role is Role.PORTFOLIO_HOLDER else None,
            service=cast.services.get(scope) if role not in (Role.DIRECTOR, Role.PORTFOLIO_HOLDER) else None,
            starts_on=SINCE,
        ),
        by=None,
        reason="Example",
    )


def _make_holders(cast: Cast) -> None:
    """A holder and a stand-in for each service; the demo's own accounts serve waste and street scene."""
    for number, name in enumerate(cast.services, start=1):
        if name == "Waste and Street Scene":
            cast.holders[name], cast.stand_ins[name] = cast.users["kpi-holder"], cast.users["deputy"]
            continue
        slug = name.lower().replace(" ", "-")
        holder = _person(f"{slug}@example.example", f"Holder Example {number}")
        stand_in = _person(f"{slug}-2@example.example", f"Stand-in Example {number}")
        cast.holders[name], cast.stand_ins[name] = holder, stand_in
        if name not in VACANT_SERVICES:
            manager = _person(
                f"{slug}-manager@example.example",
                f"Manager Example {number}",
            )
            head = _person(f"{slug}-head@example.example", f"Head Example {number}")
            _appoint(cast, manager, Role.SERVICE_MANAGER, name)
            _appoint(cast, head, Role.HEAD_OF_SERVICE, name)


def _make_members(cast: Cast) -> None:
    """Directors and portfolio holders for the rest of the council, so that only a few posts are vacant."""
    for number, name in enumerate(cast.directorates, start=1):
        if name != "Place":
            user = _person(
                f"director-{number}@example.example",
                f"Director Example {number}",
            )
            _appoint(cast, user, Role.DIRECTOR, name)
    for number, name in enumerate(cast.portfolios, start=1):
        if name not in ("Waste and Street Scene", "Community Safety"):
            user = _person(f"member-{number}@example.example", f"Member Example {number}")
            _appoint(cast, user, Role.PORTFOLIO_HOLDER, name)
            _appoint(cast, user, Role.COUNCILLOR, "")

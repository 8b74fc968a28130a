"""A council large enough to measure: its structure, and a person for every post. Names are invented and look it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from hdcperf import clock
from hdcperf.organisation.models import (
    Appointment,
    Council,
    Directorate,
    Outcome,
    Portfolio,
    Priority,
    Service,
    User,
)
from hdcperf.roles import Role, ScopeKind
from tests.bench.bulk import insert

__all__ = ["Bench", "found_council"]

LONG_AGO = date(2010, 4, 1)
SERVICES = 20


@dataclass
class Bench:
    """What the years are made of. ``posts`` has one person for each role, by role."""

    services: list[Service]
    outcomes: list[Outcome]
    portfolios: list[Portfolio]
    holders: list[User]
    posts: dict[Role, User] = field(default_factory=dict)

    @property
    def reviewer(self) -> User:
        return self.posts[Role.PERFORMANCE_TEAM]

    def holder_of(self, number: int) -> User:
        """Somebody who answers for the KPI of that number."""
        return self.holders[number % len(self.holders)]


def _person(name: str) -> User:
    email = name.lower().replace(" ", ".")
    # No password: nobody signs in by hand here.
    return User(name=name, email=f"{email}@bench.example", password="!", date_joined=clock.now())


def found_council(holders: int = 60) -> Bench:
    """Make the structure, the posts and so many KPI holders."""
    insert([Council(pk=1, name="Example District Council")])
    directorates = insert([Directorate(name=f"Example Directorate {n}") for n in range(1, 5)])
    services = insert(
        [
            Service(name=f"Example Service {n:02}", directorate=directorates[n % len(directorates)])
            for n in range(1, SERVICES + 1)
        ]
    )
    portfolios = insert([Portfolio(name=f"Example Portfolio {n}") for n in range(1, 9)])
    priorities = insert([Priority(number=n, name=f"Example priority {n}") for n in range(1, 4)])
    outcomes = insert(
        [Outcome(number=n, name=f"Example outcome {n}", priority=priorities[n % 3]) for n in range(1, 8)]
    )
    people = insert([_person(f"Example Holder {n:02}") for n in range(1, holders + 1)])
    bench = Bench(services, outcomes, portfolios, people)
    bench.posts = dict(zip(Role, insert([_person(f"Example {role.label}") for role in Role]), strict=True))
    insert([_post(bench, role, user) for role, user in bench.posts.items()])
    return bench


def _post(bench: Bench, role: Role, user: User) -> Appointment:
    first = bench.services[0]
    scope = {
        ScopeKind.SERVICE: {"service": first},
        ScopeKind.DIRECTORATE: {"directorate": first.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": bench.portfolios[0]},
    }
    return Appointment(user=user, role=role.value, starts_on=LONG_AGO, **scope.get(role.scope_kind, {}))

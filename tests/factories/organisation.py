"""People, posts and the council's structure, invented and looking it. Every row is saved, so it has its history."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from hdcperf.organisation.models import (
    Appointment,
    Council,
    Delegation,
    Directorate,
    Outcome,
    Portfolio,
    Priority,
    ReportingPeriod,
    Service,
    User,
)
from hdcperf.periods import Month, round_dates
from hdcperf.roles import Role, ScopeKind

__all__ = [
    "AppointmentFactory",
    "CouncilFactory",
    "DelegationFactory",
    "DirectorateFactory",
    "OutcomeFactory",
    "PortfolioFactory",
    "PriorityFactory",
    "ReportingPeriodFactory",
    "ServiceFactory",
    "UserFactory",
    "holder",
]

LONG_AGO = date(2020, 4, 1)


class UserFactory(DjangoModelFactory[User]):
    """A person who can sign in with the password ``demo``."""

    class Meta:
        model = User

    name = factory.Sequence(lambda n: f"Example Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@council.example")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", "demo")
        return User.objects.create_user(password=password, **kwargs)


class CouncilFactory(DjangoModelFactory[Council]):
    class Meta:
        model = Council
        django_get_or_create = ("pk",)

    pk = 1
    name = "Example District Council"
    team_email = "performance@council.example"


class DirectorateFactory(DjangoModelFactory[Directorate]):
    class Meta:
        model = Directorate

    name = factory.Sequence(lambda n: f"Example Directorate {n}")


class ServiceFactory(DjangoModelFactory[Service]):
    class Meta:
        model = Service

    name = factory.Sequence(lambda n: f"Example Service {n}")
    directorate = factory.SubFactory(DirectorateFactory)


class PortfolioFactory(DjangoModelFactory[Portfolio]):
    class Meta:
        model = Portfolio

    name = factory.Sequence(lambda n: f"Example Portfolio {n}")


class PriorityFactory(DjangoModelFactory[Priority]):
    class Meta:
        model = Priority

    number = factory.Sequence(lambda n: n + 1)
    name = factory.LazyAttribute(lambda row: f"Example priority {row.number}")


class OutcomeFactory(DjangoModelFactory[Outcome]):
    class Meta:
        model = Outcome

    priority = factory.SubFactory(PriorityFactory)
    number = factory.Sequence(lambda n: n + 1)
    name = factory.LazyAttribute(lambda row: f"Example outcome {row.number}")


class AppointmentFactory(DjangoModelFactory[Appointment]):
    """A post held since 2020, in a new scope of the role's own kind unless one is given."""

    class Meta:
        model = Appointment

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICER.value
    starts_on = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[Appointment], *args: Any, **kwargs: Any) -> Appointment:
        role = Role(kwargs["role"])
        kwargs["role"] = role.value
        made = {
            ScopeKind.DIRECTORATE: DirectorateFactory,
            ScopeKind.SERVICE: ServiceFactory,
            ScopeKind.PORTFOLIO: PortfolioFactory,
        }.get(role.scope_kind)
        if made is not None and kwargs.get(role.scope_kind.value) is None:
            kwargs[role.scope_kind.value] = made()
        created: Appointment = super()._create(model_class, *args, **kwargs)
        return created


class DelegationFactory(DjangoModelFactory[Delegation]):
    class Meta:
        model = Delegation

    user = factory.SubFactory(UserFactory)
    delegate = factory.SubFactory(UserFactory)
    starts_on = LONG_AGO
    ends_on = date(2030, 3, 31)
    reason = "On leave"


class ReportingPeriodFactory(DjangoModelFactory[ReportingPeriod]):
    """The round that collects ``month`` (a Month; October 2026 unless given), opened, on its usual dates.

    ``planned=True`` has its dates alone: nobody has opened it.
    """

    class Meta:
        model = ReportingPeriod

    class Params:
        month = Month(2026, 10)
        planned = factory.Trait(opened_at=None)

    starts_on = factory.LazyAttribute(lambda row: row.month.first_day)
    opens_on = factory.LazyAttribute(lambda row: round_dates(row.month).opens_on)
    opened_at = factory.LazyAttribute(lambda row: datetime.combine(row.opens_on, time(9), UTC))
    due_on = factory.LazyAttribute(lambda row: round_dates(row.month).due_on)
    locks_on = factory.LazyAttribute(lambda row: round_dates(row.month).locks_on)


def holder(role: Role, **post: Any) -> User:
    """Return a new person who holds ``role``: in a new scope, or in the ``service=``, ``directorate=`` … given."""
    user: User = AppointmentFactory(role=role.value, **post).user
    return user

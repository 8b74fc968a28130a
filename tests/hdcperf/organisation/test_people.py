"""Accounts, posts and delegations: what the database holds to."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from hdcperf.organisation.models import Appointment, Delegation, User
from hdcperf.roles import Role, ScopeKind
from tests.factories.organisation import (
    AppointmentFactory,
    CouncilFactory,
    DirectorateFactory,
    PortfolioFactory,
    ServiceFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


class TestEmailAddress:
    def test_is_unique_whatever_its_case(self) -> None:
        UserFactory(email="kim@council.example")
        with pytest.raises(IntegrityError), transaction.atomic():
            UserFactory(email="Kim@Council.example")

    def test_in_another_case_is_refused_with_a_sentence(self) -> None:
        UserFactory(email="kim@council.example")
        with pytest.raises(ValidationError, match=r"already an account with this email address"):
            User(email="KIM@council.example", name="Kim Example", password="x").full_clean()

    def test_finds_its_account_whatever_its_case(self) -> None:
        kim = UserFactory(email="kim@council.example")
        assert User.objects.get_by_natural_key("KIM@COUNCIL.EXAMPLE") == kim


def scopes() -> dict[ScopeKind, dict[str, object]]:
    return {
        ScopeKind.COUNCIL: {},
        ScopeKind.DIRECTORATE: {"directorate": DirectorateFactory()},
        ScopeKind.SERVICE: {"service": ServiceFactory()},
        ScopeKind.PORTFOLIO: {"portfolio": PortfolioFactory()},
    }


@pytest.mark.parametrize("role", list(Role))
def test_a_post_is_held_in_its_own_kind_of_scope_and_no_other(role: Role) -> None:
    user = UserFactory()
    for kind, scope in scopes().items():
        post = Appointment(user=user, role=role.value, starts_on=date(2026, 4, 1), **scope)
        if kind is role.scope_kind:
            with transaction.atomic():
                post.save()
        else:
            with pytest.raises(IntegrityError, match="appointment_scope_matches_role"), transaction.atomic():
                post.save()


def test_a_post_is_held_in_one_scope_alone() -> None:
    service = ServiceFactory()
    with pytest.raises(IntegrityError, match="appointment_scope_matches_role"):
        AppointmentFactory(role=Role.OFFICER, service=service, directorate=service.directorate)


def test_a_post_does_not_end_before_it_starts() -> None:
    with pytest.raises(IntegrityError, match="appointment_ends_after_it_starts"):
        AppointmentFactory(starts_on=date(2026, 4, 2), ends_on=date(2026, 4, 1))


def test_a_post_can_be_held_for_one_day() -> None:
    post = AppointmentFactory(starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 1))
    assert list(Appointment.objects.on(date(2026, 4, 1))) == [post]


def test_a_person_is_not_their_own_delegate() -> None:
    kim = UserFactory()
    with pytest.raises(IntegrityError, match="delegate_is_somebody_else"):
        Delegation.objects.create(user=kim, delegate=kim, starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 2))


def test_there_is_one_council() -> None:
    CouncilFactory()
    with pytest.raises(IntegrityError, match="one_council"):
        CouncilFactory(pk=2)


def test_a_post_is_printed_with_its_scope_or_by_its_title() -> None:
    service = ServiceFactory(name="Example Waste")
    assert AppointmentFactory(role=Role.SERVICE_MANAGER, service=service).post == "Service manager, Example Waste"
    portfolio = AppointmentFactory(role=Role.PORTFOLIO_HOLDER, title="Executive Councillor for Bins")
    assert portfolio.post == "Executive Councillor for Bins"

"""Who may do what, where and when; what a delegate holds; and that a superuser signs nothing off."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from hdcperf.organisation.access import Scope, nobody, standing, who_may
from hdcperf.organisation.models import Service, User
from hdcperf.roles import MEMBER_ROLES, Permission, Role, ScopeKind
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import (
    AppointmentFactory,
    DelegationFactory,
    PortfolioFactory,
    ServiceFactory,
    UserFactory,
    holder,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
DAY = timedelta(days=1)

ENTER = {Role.SERVICE_MANAGER, Role.PERFORMANCE_TEAM}
WORKING = {*ENTER, Role.HEAD_OF_SERVICE, Role.DIRECTOR}
LEADERSHIP = {Role.BOARD, Role.DIRECTOR, Role.PERFORMANCE_TEAM, Role.SECTION_151, Role.MONITORING_OFFICER}
TEAM = {Role.PERFORMANCE_TEAM}
STATUTORY = {Role.DIRECTOR, Role.SECTION_151, Role.MONITORING_OFFICER}
MANAGERS = {Role.SERVICE_MANAGER, Role.HEAD_OF_SERVICE}

MAY_HERE: dict[Permission, set[Role]] = {
    Permission.ENTER_RETURNS: ENTER,
    Permission.SEE_WORKING_RETURNS: WORKING,
    Permission.REVIEW_RETURNS: TEAM,
    Permission.MANAGE_PERIODS: TEAM,
    Permission.IMPORT_KPIS: TEAM,
    Permission.NOTE_EVENTS: TEAM,
    Permission.SEE_ACCEPTED: {
        *LEADERSHIP,
        Role.INTERNAL_AUDIT,
        Role.GOVERNANCE,
        Role.EXECUTIVE_LEADER,
        Role.PORTFOLIO_HOLDER,
    },
    Permission.SEE_DISPUTED: LEADERSHIP,
    Permission.RULE_ON_CHALLENGES: {Role.BOARD},
    Permission.SEE_HISTORY: {Role.INTERNAL_AUDIT, Role.GOVERNANCE},
    Permission.SEE_WORKING_HISTORY: {Role.INTERNAL_AUDIT},
    Permission.EXPORT_KPI: {Role.PERFORMANCE_TEAM, Role.INTERNAL_AUDIT, Role.MONITORING_OFFICER},
    Permission.MANAGE_PEOPLE: {Role.DEMOCRATIC_SERVICES},
    Permission.SEE_MESSAGES: set(),  # administrators' alone
    Permission.SEE_JOBS: set(),  # administrators' alone
    Permission.SEE_ISSUED: set(Role),
    Permission.PROPOSE_ACTIONS: {*MANAGERS, Role.DIRECTOR, Role.PERFORMANCE_TEAM},
    Permission.MANAGE_PLAN: TEAM,
    Permission.RECORD_DECISIONS: {Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES},
    Permission.REPORT_PROJECTS: {Role.PERFORMANCE_TEAM, Role.STRATEGIC_INSIGHTS},
    Permission.SEE_PLAN_PROPOSALS: {
        *MANAGERS,
        *LEADERSHIP,
        Role.EXECUTIVE_LEADER,
        Role.PORTFOLIO_HOLDER,
        Role.STRATEGIC_INSIGHTS,
        Role.DEMOCRATIC_SERVICES,
    },
    Permission.COMPLETE_TEMPLATES: {*MANAGERS, Role.PERFORMANCE_TEAM},
    Permission.SIGN_TEMPLATES: MANAGERS,
    Permission.AGREE_PROPOSALS: {Role.HEAD_OF_SERVICE},
    Permission.SIGN_PROPOSALS: {Role.DIRECTOR},
    Permission.MANAGE_SETTING: TEAM,
    Permission.MANAGE_FEED: {Role.PERFORMANCE_TEAM},
    Permission.MANAGE_MEETINGS: {Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES},
    Permission.MANAGE_PACKS: TEAM,
    Permission.COMMENT_PACKS: {*STATUTORY, Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER},
    Permission.SIGN_PACKS: {Role.DIRECTOR},
    Permission.ISSUE_PACKS: {Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES},
    Permission.SEE_EXEMPT: {*STATUTORY, Role.PERFORMANCE_TEAM, Role.DEMOCRATIC_SERVICES},
    Permission.REVIEW_QUALITY: {Role.PERFORMANCE_TEAM, Role.INTERNAL_AUDIT},
    Permission.RECORD_AUDIT_FINDINGS: {Role.INTERNAL_AUDIT},
    Permission.ASK_QUESTIONS: {Role.SCRUTINY},
    Permission.MANAGE_QUESTIONS: TEAM,
    Permission.ANSWER_QUESTIONS: MANAGERS,
    Permission.RECORD_QUESTIONS: {Role.DEMOCRATIC_SERVICES},
    Permission.SEE_QUALITY: {*MANAGERS, *LEADERSHIP, Role.INTERNAL_AUDIT, Role.GOVERNANCE},
}
"""Written by hand: who may do what over a record of their own scope."""

MAY_ELSEWHERE = {
    Role.DIRECTOR: {
        Permission.SEE_ACCEPTED,
        Permission.SEE_DISPUTED,
        Permission.SEE_ISSUED,
        Permission.SEE_PLAN_PROPOSALS,
        Permission.SEE_QUALITY,
    },
}
"""What a post of a narrower scope carries over the rest of the council."""


def scope_of(service: Service, portfolio_id: int | None = None) -> Scope:
    return Scope(service=service.pk, directorate=service.directorate_id, portfolio=portfolio_id)


def own_scope(role: Role) -> tuple[User, Scope]:
    """A holder of the role, and the scope of a record that belongs where the post is held."""
    service, portfolio = ServiceFactory(), PortfolioFactory()
    held: dict[ScopeKind, dict[str, object]] = {
        ScopeKind.SERVICE: {"service": service},
        ScopeKind.DIRECTORATE: {"directorate": service.directorate},
        ScopeKind.PORTFOLIO: {"portfolio": portfolio},
        ScopeKind.COUNCIL: {},
    }
    return holder(role, **held[role.scope_kind]), scope_of(service, portfolio.pk)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_this_and_no_more_where_its_post_is_held(role: Role) -> None:
    user, scope = own_scope(role)
    may = {permission for permission in Permission if standing(user, TODAY).may(permission, scope)}
    assert may == {permission for permission, roles in MAY_HERE.items() if role in roles}


@pytest.mark.parametrize("role", [role for role in Role if role.scope_kind is not ScopeKind.COUNCIL])
def test_a_post_reaches_no_further_than_its_scope(role: Role) -> None:
    user, _ = own_scope(role)
    elsewhere = scope_of(ServiceFactory(), PortfolioFactory().pk)
    may = {permission for permission in Permission if standing(user, TODAY).may(permission, elsewhere)}
    assert may == MAY_ELSEWHERE.get(role, set())


@pytest.mark.parametrize("role", list(Role))
def test_the_three_questions_agree(role: Role) -> None:
    """``may``, ``reach`` and ``who_may`` say the same of every permission, in and out of scope."""
    user, _ = own_scope(role)
    post = user.appointments.get()
    service = post.service or ServiceFactory(directorate=post.directorate or ServiceFactory().directorate)
    here = KpiYearFactory(service=service, portfolio=post.portfolio or PortfolioFactory())
    there = KpiYearFactory(portfolio=PortfolioFactory())
    who = standing(user, TODAY)
    for permission in Permission:
        for kpi_year in (here, there):
            may = who.may(permission, kpi_year.scope)
            rows = type(kpi_year).objects.filter(who.reach(permission).rows())
            assert (kpi_year in rows) == may, permission
            assert (user in who_may(permission, kpi_year.scope, TODAY)) == may, permission


class TestDates:
    @pytest.mark.parametrize(
        ("starts", "ends", "holds"),
        [
            (TODAY, None, True),
            (TODAY, TODAY, True),
            (TODAY - DAY, TODAY, True),
            (TODAY + DAY, None, False),
            (TODAY - DAY * 9, TODAY - DAY, False),
        ],
    )
    def test_a_post_is_held_from_its_first_day_to_its_last(
        self, starts: date, ends: date | None, holds: bool
    ) -> None:
        user = holder(Role.PERFORMANCE_TEAM, starts_on=starts, ends_on=ends)
        assert standing(user, TODAY).may(Permission.REVIEW_RETURNS) is holds
        assert (user in who_may(Permission.REVIEW_RETURNS, Scope(), TODAY)) is holds

    @pytest.mark.parametrize(
        ("starts", "ends", "covers"),
        [
            (TODAY, TODAY, True),
            (TODAY - DAY, TODAY, True),
            (TODAY + DAY, TODAY + DAY, False),
            (TODAY - DAY, TODAY - DAY, False),
        ],
    )
    def test_a_delegate_acts_from_the_first_day_to_the_last(self, starts: date, ends: date, covers: bool) -> None:
        named = DelegationFactory(user=holder(Role.PERFORMANCE_TEAM), starts_on=starts, ends_on=ends)
        who = standing(named.delegate, TODAY)
        assert who.may(Permission.REVIEW_RETURNS) is covers
        assert (named.user_id in who.people) is covers


class TestDelegates:
    def test_a_delegate_holds_the_post_in_its_own_scope(self) -> None:
        service = ServiceFactory()
        named = DelegationFactory(user=holder(Role.SERVICE_MANAGER, service=service))
        who = standing(named.delegate, TODAY)
        assert who.may(Permission.ENTER_RETURNS, scope_of(service))
        assert not who.may(Permission.ENTER_RETURNS, scope_of(ServiceFactory()))

    def test_the_person_keeps_their_own_post(self) -> None:
        named = DelegationFactory(user=holder(Role.PERFORMANCE_TEAM))
        assert standing(named.user, TODAY).may(Permission.REVIEW_RETURNS)

    @pytest.mark.parametrize("role", sorted(MEMBER_ROLES))
    def test_a_members_post_is_personal_and_not_delegated(self, role: Role) -> None:
        named = DelegationFactory(user=holder(role))
        who = standing(named.delegate, TODAY)
        assert who.roles == frozenset()
        assert not any(who.may(permission) for permission in Permission)

    def test_an_officers_post_passes_when_the_person_is_a_member_as_well(self) -> None:
        user = holder(Role.GOVERNANCE)
        AppointmentFactory(user=user, role=Role.BOARD)
        named = DelegationFactory(user=user)
        assert standing(named.delegate, TODAY).roles == {Role.BOARD}

    def test_a_delegate_does_not_pass_the_post_on(self) -> None:
        first = DelegationFactory(user=holder(Role.PERFORMANCE_TEAM))
        second = DelegationFactory(user=first.delegate)
        assert not standing(second.delegate, TODAY).may(Permission.REVIEW_RETURNS)

    def test_a_delegates_titles_are_their_own(self) -> None:
        named = DelegationFactory(user=holder(Role.PERFORMANCE_TEAM), delegate=holder(Role.FINANCE))
        assert standing(named.delegate, TODAY).titles == ["Finance"]


class TestNobody:
    def test_who_has_not_signed_in_may_do_nothing(self) -> None:
        assert standing(AnonymousUser()) == nobody()
        assert not any(nobody().may(permission) for permission in Permission)

    def test_a_closed_account_may_do_nothing_and_is_told_nothing(self) -> None:
        user = holder(Role.PERFORMANCE_TEAM)
        user.is_active = False
        user.save()
        assert not any(standing(user, TODAY).may(permission) for permission in Permission)
        assert user not in who_may(Permission.REVIEW_RETURNS, Scope(), TODAY)

    def test_somebody_without_a_post_may_do_nothing(self) -> None:
        user = UserFactory()
        assert not any(standing(user, TODAY).may(permission) for permission in Permission)
        assert not any(standing(user, TODAY).reach(permission) for permission in Permission)


def test_a_superuser_keeps_posts_and_signs_nothing_off() -> None:
    admin = User.objects.create_superuser("admin@council.example", "Ada Example", "demo")
    may = {permission for permission in Permission if standing(admin, TODAY).may(permission)}
    assert may == {Permission.MANAGE_PEOPLE, Permission.SEE_JOBS, Permission.SEE_MESSAGES}


def test_a_standing_costs_two_queries(django_assert_num_queries: object) -> None:
    named = DelegationFactory(user=holder(Role.SERVICE_MANAGER), delegate=holder(Role.DIRECTOR))
    with django_assert_num_queries(2):  # type: ignore[operator]
        who = standing(named.delegate, TODAY)
        assert len(who.titles) == 1

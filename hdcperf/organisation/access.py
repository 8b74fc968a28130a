"""Who may do what to what (framework Appendix A). Three questions, asked by every page, form and task:

- ``standing(user).may(permission, scope)``: may this user do this, here?
- ``who_may(permission, scope, today)``: who may? (the list of whom to tell)
- ``standing(user).reach(permission)``: over which services, directorates and portfolios? (which rows may they see)

A delegate holds, for the dates named, the officer posts of the person who named them; members' posts are personal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from hdcperf import clock
from hdcperf.organisation.models import Appointment, Delegation, User
from hdcperf.organisation.models.people import between
from hdcperf.roles import ADMINISTRATORS, COUNCIL_WIDE, MEMBER_ROLES, Permission, Role, ScopeKind, roles_with

__all__ = ["Reach", "Scope", "Standing", "nobody", "signed_in", "standing", "who_may"]


@dataclass(frozen=True)
class Scope:
    """Where a record belongs: the ids a post must match to reach it."""

    service: int | None = None
    directorate: int | None = None
    portfolio: int | None = None


@dataclass(frozen=True)
class Post:
    """An appointment in force, reduced to what access asks."""

    holder: int
    role: Role
    scope: Scope
    label: str

    def carries(self, permission: Permission) -> bool:
        return permission in self.role.permissions

    def covers(self, permission: Permission, scope: Scope | None) -> bool:
        """Whether the post carries ``permission`` over ``scope``; without a scope, anywhere at all."""
        if not self.carries(permission):
            return False
        if scope is None or permission in COUNCIL_WIDE.get(self.role, ()):
            return True
        kind = self.role.scope_kind
        if kind is ScopeKind.COUNCIL:
            return True
        mine: int | None = getattr(self.scope, kind.value)
        return mine is not None and mine == getattr(scope, kind.value)


@dataclass(frozen=True)
class Reach:
    """Over what a permission is held: the whole council, or these services, directorates and portfolios."""

    council: bool = False
    services: frozenset[int] = frozenset()
    directorates: frozenset[int] = frozenset()
    portfolios: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.council or bool(self.services or self.directorates or self.portfolios)

    def rows(self, prefix: str = "") -> Q:
        """The condition on rows with ``service`` and ``portfolio`` under ``prefix``; matches none if empty."""
        if self.council:
            # Not an empty condition: that would vanish from an "or" and leave only the other side of it.
            return ~Q(pk__in=[])
        found = Q(pk__in=[])
        if self.services:
            found |= Q(**{f"{prefix}service__in": self.services})
        if self.directorates:
            found |= Q(**{f"{prefix}service__directorate__in": self.directorates})
        if self.portfolios:
            found |= Q(**{f"{prefix}portfolio__in": self.portfolios})
        return found


@dataclass(frozen=True)
class Standing:
    """A user's posts on a day, own and covered, and whom they stand in for."""

    user_id: int | None
    today: date
    posts: tuple[Post, ...] = ()
    covering: dict[int, str] = field(default_factory=dict)
    superuser: bool = False

    @property
    def people(self) -> frozenset[int]:
        """The user and everybody they are the delegate of today."""
        mine = {self.user_id} if self.user_id is not None else set()
        return frozenset(mine | set(self.covering))

    def acting_for(self, person: int) -> str:
        """Whose work it is when the task is a covered person's, in words; nothing for one's own."""
        name = self.covering.get(person, "") if person != self.user_id else ""
        return f"Covering for {name}" if name else ""

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)

    @property
    def titles(self) -> list[str]:
        """The user's own posts in words, for the page header."""
        return [post.label for post in self.posts if post.holder == self.user_id]

    def may(self, permission: Permission, scope: Scope | None = None) -> bool:
        """Whether the user holds ``permission`` over ``scope`` (without a scope: anywhere).

        Superusers gain nothing, save the keeping of posts, which is reference data, and the running of the system.
        """
        if permission in ADMINISTRATORS and self.superuser:
            return True
        return any(post.covers(permission, scope) for post in self.posts)

    def lender(self, permission: Permission, scope: Scope) -> int | None:
        """The person covered whose post gives ``permission`` over ``scope``; None where one of one's own does."""
        holders = [post.holder for post in self.posts if post.covers(permission, scope)]
        return None if not holders or self.user_id in holders else holders[0]

    def reach(self, permission: Permission) -> Reach:
        posts = [post for post in self.posts if post.carries(permission)]
        return Reach(
            council=any(
                post.role.scope_kind is ScopeKind.COUNCIL or permission in COUNCIL_WIDE.get(post.role, ())
                for post in posts
            ),
            services=_ids(post.scope.service for post in posts),
            directorates=_ids(post.scope.directorate for post in posts),
            portfolios=_ids(post.scope.portfolio for post in posts),
        )


def _ids(values: Iterable[int | None]) -> frozenset[int]:
    return frozenset(value for value in values if value is not None)


def signed_in(request: HttpRequest) -> User:
    """The person signed in: the middleware lets nobody else reach the pages that ask this."""
    user = request.user
    assert isinstance(user, User)
    return user


def nobody() -> Standing:
    """The standing of somebody who has not signed in."""
    return Standing(user_id=None, today=clock.today())


def standing(user: User | AnonymousUser, today: date | None = None) -> Standing:
    """Return the user's standing on ``today`` in two queries; during a request it is worked out once."""
    kept = getattr(user, "standing", None)
    if today is None and isinstance(kept, Standing):
        return kept
    if not isinstance(user, User) or not user.is_active:
        return nobody()
    day = today or clock.today()
    covering = {
        row.user_id: row.user.name for row in Delegation.objects.on(day).filter(delegate=user).select_related("user")
    }
    rows = (
        Appointment.objects.on(day)
        .filter(user__in=[user.pk, *covering])
        .select_related("directorate", "service", "portfolio")
    )
    posts = tuple(
        Post(
            holder=row.user_id,
            role=Role(row.role),
            scope=Scope(service=row.service_id, directorate=row.directorate_id, portfolio=row.portfolio_id),
            label=row.post,
        )
        for row in rows
        if row.user_id == user.pk or Role(row.role) not in MEMBER_ROLES
    )
    return Standing(user_id=user.pk, today=day, posts=posts, covering=covering, superuser=user.is_superuser)


def who_may(permission: Permission, scope: Scope, today: date) -> QuerySet[User]:
    """Return the active people who hold ``permission`` over ``scope`` on ``today`` by their own post."""
    held = Q(pk__in=[])
    for role in roles_with(permission):
        here = Q(role=role.value)
        kind = role.scope_kind
        if kind is not ScopeKind.COUNCIL and permission not in COUNCIL_WIDE.get(role, ()):
            here &= Q(**{f"{kind.value}_id": getattr(scope, kind.value), f"{kind.value}__isnull": False})
        held |= here
    posts = Appointment.objects.filter(held & between(today))
    found: QuerySet[User] = User.objects.filter(pk__in=posts.values("user"), is_active=True)
    return found

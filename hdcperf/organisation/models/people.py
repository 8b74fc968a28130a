"""People, the posts they hold between dates, and whom they name to stand in for them (framework Appendix A)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from hdcperf import clock
from hdcperf.history import TrackedQuerySet, tracked
from hdcperf.organisation.models.structure import Directorate, Portfolio, Service
from hdcperf.roles import Role, ScopeKind

M = TypeVar("M", bound=models.Model)


class UserManager(BaseUserManager.from_queryset(TrackedQuerySet)):  # type: ignore[misc]
    """Makes users; an e-mail address is found whatever its case."""

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(email=self.normalize_email(email), name=name, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, name, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        found: User = self.get(email__iexact=username)
        return found


class User(AbstractBaseUser):
    """A person with an account, known by e-mail address. A superuser keeps reference data and signs nothing off."""

    email = models.EmailField("email address", max_length=254, unique=True)
    name = models.CharField(max_length=200)
    # Sign-ins are not recorded: Django would otherwise save the user, and leave history, at each of them.
    last_login = None
    is_active = models.BooleanField("can sign in", default=True)
    is_staff = models.BooleanField("can use the admin", default=False)
    is_superuser = models.BooleanField("keeps all reference data", default=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    history = tracked(excluded_fields=["password"])
    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="email_once_whatever_its_case",
                violation_error_message="There is already an account with this email address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own permissions open the admin only; the product's are in ``access``."""
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return self.has_perm("")

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm("")


def between(day: date, prefix: str = "") -> Q:
    """The rows whose ``starts_on`` to ``ends_on`` (open-ended when empty) include ``day``."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class DatedQuerySet(TrackedQuerySet[M]):
    def on(self, day: date) -> Self:
        """The rows in force on ``day``."""
        return self.filter(between(day))


DatedManager = models.Manager.from_queryset(DatedQuerySet)
"""The manager of rows that hold between two dates."""


_ENDS_AFTER_IT_STARTS = Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))


def _scope_matches_role() -> Q:
    """Each role is held in its own kind of scope and in no other."""
    columns = {
        ScopeKind.DIRECTORATE: "directorate",
        ScopeKind.SERVICE: "service",
        ScopeKind.PORTFOLIO: "portfolio",
    }
    matches = Q()
    for kind in ScopeKind:
        roles = [role.value for role in Role if role.scope_kind is kind]
        held = Q(role__in=roles)
        for column_kind, column in columns.items():
            held &= Q(**{f"{column}__isnull": column_kind is not kind})
        matches |= held
    return matches


class Appointment(models.Model):
    """A person's post, in its scope, between dates: a change of portfolio holder is data, and history stays right."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=[(role.value, role.label) for role in Role])
    title = models.CharField(
        max_length=200,
        blank=True,
        help_text="As printed, for example Executive Councillor for Customer Services.",
    )
    chairs = models.BooleanField("chairs the board or panel", default=False)
    directorate = models.ForeignKey(Directorate, on_delete=models.PROTECT, null=True, blank=True)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True)
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField("from")
    ends_on = models.DateField("until", null=True, blank=True, help_text="The last day, or empty while it is held.")

    history = tracked()
    objects = DatedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["role", "starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=_ENDS_AFTER_IT_STARTS,
                name="appointment_ends_after_it_starts",
                violation_error_message="A post cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=_scope_matches_role(),
                name="appointment_scope_matches_role",
                violation_error_message="This role is held over a different kind of scope. A director has a "
                "directorate; a head of service, service manager, manager or officer a service; a portfolio holder "
                "a portfolio; everybody else none of the three.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.post}"

    @property
    def post(self) -> str:
        """The post in words, with its scope."""
        scope = self.directorate or self.service or self.portfolio
        label = self.title or Role(self.role).label
        return f"{label}, {scope}" if scope and not self.title else label


class Delegation(models.Model):
    """A person's named delegate for dates. Members' posts are personal and do not pass to a delegate."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_given", verbose_name="person")
    delegate = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField("from")
    ends_on = models.DateField("until")
    reason = models.CharField(max_length=200, blank=True)

    history = tracked()
    objects = DatedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=_ENDS_AFTER_IT_STARTS,
                name="delegation_ends_after_it_starts",
                violation_error_message="A delegation cannot end before it starts.",
            ),
            models.CheckConstraint(
                condition=~Q(user=F("delegate")),
                name="delegate_is_somebody_else",
                violation_error_message="Name somebody else: a person cannot be their own delegate.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegate} for {self.user}"

"""The council's people on a day, as reminders need them."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from hdcperf.organisation.models import Appointment, Delegation, User
from hdcperf.reminders.whom import People
from hdcperf.roles import Role

__all__ = ["has_address", "people_on"]


def has_address(email: str) -> bool:
    """Whether mail can be sent to the address at all."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def people_on(day: date) -> People:
    """Everybody, who is away, and who manages what on ``day``, in three queries."""
    names, reachable = {}, set()
    for pk, name, email, is_active in User.objects.values_list("pk", "name", "email", "is_active"):
        names[pk] = name
        if is_active and has_address(email):
            reachable.add(pk)
    delegates: dict[int, set[int]] = defaultdict(set)
    for person, delegate in Delegation.objects.on(day).values_list("user", "delegate"):
        delegates[person].add(delegate)
    managers: dict[int, set[int]] = defaultdict(set)
    heads: dict[int, set[int]] = defaultdict(set)
    team = set()
    held = {Role.SERVICE_MANAGER.value: managers, Role.HEAD_OF_SERVICE.value: heads}
    posts = Appointment.objects.on(day).filter(role__in=[*held, Role.PERFORMANCE_TEAM.value])
    for role, person, service in posts.values_list("role", "user", "service"):
        if role in held:
            held[role][service].add(person)
        else:
            team.add(person)
    return People(
        names=names,
        reachable=frozenset(reachable),
        delegates=_frozen(delegates),
        managers=_frozen(managers),
        heads=_frozen(heads),
        team=frozenset(team),
    )


def _frozen(found: dict[int, set[int]]) -> dict[int, frozenset[int]]:
    return {key: frozenset(ids) for key, ids in found.items()}

"""How often somebody may try to sign in: wrong passwords are counted for each person and network address together.

django-axes counts and pauses; here is what it counts by. Counting by the person alone would let a stranger lock
anybody out, and by the address alone would lock out a council that shares one.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

__all__ = [
    "as_answered",
    "client_address",
    "forgive",
    "is_paused",
    "minutes_left",
    "person_tried",
    "tidy",
    "tries_left",
]

ONE_SITE = 64
"""An IPv6 network of this many bits is one household's or one office's: its addresses are not told apart."""


def person_tried(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Whose sign-in was tried: the e-mail address as it is looked up, whatever its case."""
    found = credentials if credentials is not None else request.POST
    return str(found.get("username") or found.get("email") or "").strip().casefold()[:255]


def client_address(request: HttpRequest) -> str | None:
    """The network address the request came from.

    Behind a proxy that is the last entry of X-Forwarded-For, which the proxy itself wrote; those before it are
    whatever the visitor sent. Without one the address is the connection's own.
    """
    found = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        found = forwarded[-settings.PROXY_COUNT :][0].strip() or found
    return _network(found)


def _network(address: str) -> str | None:
    try:
        known = ip_address(address)
    except ValueError:
        return None
    if isinstance(known, IPv6Address):
        known = known.ipv4_mapped or ip_network((known, ONE_SITE), strict=False).network_address
    return str(known)


def as_answered(request: HttpRequest, response: HttpResponse, credentials: Any = None) -> HttpResponse:
    """What a paused sign-in is answered with: the sign-in page says so itself, and keeps what was typed."""
    return response


def is_paused(request: HttpRequest) -> bool:
    """Whether this request's sign-in was refused because of those that went before it."""
    return bool(getattr(request, "axes_locked_out", False))


def minutes_left(request: HttpRequest, email: str) -> int:
    """How many minutes the pause still lasts, at least one."""
    tried = AccessAttempt.objects.filter(
        username=person_tried(request, {"email": email}), ip_address=client_address(request)
    )
    last = tried.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    left: timedelta = last + settings.AXES_COOLOFF_TIME - timezone.now()
    return max(1, ceil(left.total_seconds() / 60))


def tries_left(request: HttpRequest) -> int:
    """How many more wrong passwords there may be before the pause."""
    return int(settings.AXES_FAILURE_LIMIT) - (getattr(request, "axes_failures_since_start", None) or 0)


def forgive(email: str) -> None:
    """Forget the wrong passwords of a person who proved who they are by e-mail."""
    AxesProxyHandler.reset_attempts(username=person_tried(HttpRequest(), {"email": email}))


def tidy() -> None:
    """Delete the tries that no longer count."""
    AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME).delete()

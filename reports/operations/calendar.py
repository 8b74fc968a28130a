"""Making and revoking the address of somebody's own calendar. Tokens keep real time, as sign-ins do."""

from __future__ import annotations

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from hdcperf.organisation.models import User
from reports.models import CalendarFeed

__all__ = ["make_address", "owner_of", "revoke_address", "token_hash"]

BYTES = 32
"""Random bytes of an address: 256 bits, so guessing one is hopeless."""


def token_hash(token: str) -> str:
    """What is kept of an address's secret part; it is random and long, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_address(user: User) -> str:
    """A new secret part for the address of the user's calendar, shown this once; one from before stops working."""
    token = secrets.token_urlsafe(BYTES)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        revoke_address(user)
        CalendarFeed.objects.create(user=user, token_hash=token_hash(token), made_at=timezone.now())
    return token


def revoke_address(user: User) -> bool:
    """Stop the user's address from working, and whether there was one."""
    rows = CalendarFeed.objects.filter(user=user, revoked_at__isnull=True)
    return bool(rows.update(revoked_at=timezone.now()))


def owner_of(token: str) -> User | None:
    """Whose calendar the secret part opens: nobody's once it is revoked, or its person can no longer sign in."""
    feed = (
        CalendarFeed.objects.filter(token_hash=token_hash(token), revoked_at__isnull=True, user__is_active=True)
        .select_related("user")
        .first()
    )
    return feed.user if feed is not None else None

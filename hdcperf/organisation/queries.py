"""Reads of the council and its people that are used twice or are worth a name."""

from __future__ import annotations

from dataclasses import dataclass

from hdcperf import clock
from hdcperf.organisation.models import Appointment, Council, User


def council() -> Council:
    """The council using this installation (a blank one before it has been named)."""
    return Council.objects.first() or Council(pk=1, name="Council")


@dataclass(frozen=True)
class DemoAccount:
    email: str
    name: str
    role: str


def demo_accounts() -> list[DemoAccount]:
    """The example accounts with the post each holds, for the sign-in page in demo mode."""
    posts: dict[int, list[str]] = {}
    for row in Appointment.objects.on(clock.today()).select_related("directorate", "service", "portfolio"):
        posts.setdefault(row.user_id, []).append(row.post)
    users = User.objects.filter(email__endswith="@demo.example", is_active=True).order_by("pk")
    return [DemoAccount(one.email, one.name, "; ".join(posts.get(one.pk, []))) for one in users]

"""Which messages somebody may read."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count, QuerySet

from hdcperf.organisation.access import Standing
from hdcperf.outbox.models import Message
from hdcperf.roles import Permission

__all__ = ["keeps_messages", "kinds", "messages_of", "number_by_state", "sees_everybodys"]


def keeps_messages(who: Standing) -> bool:
    """Whether they send again what failed."""
    return who.may(Permission.SEE_MESSAGES)


def sees_everybodys(who: Standing) -> bool:
    """Whether they read what others were sent: administrators; in a demonstration everybody, to try it."""
    return settings.DEMO_MODE or keeps_messages(who)


def messages_of(who: Standing) -> QuerySet[Message]:
    """The messages they may read: everybody's, or those sent to themselves."""
    rows = Message.objects.select_related("recipient")
    return rows if sees_everybodys(who) else rows.filter(recipient=who.user_id)


def number_by_state(rows: QuerySet[Message]) -> dict[str, int]:
    return dict(rows.order_by().values_list("state").annotate(Count("pk")))


def kinds(rows: QuerySet[Message]) -> list[str]:
    """The kinds there are, for the filter."""
    return list(rows.order_by("kind").values_list("kind", flat=True).distinct())

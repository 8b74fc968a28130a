"""What administrators have to do about messages."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from hdcperf.organisation.access import Standing
from hdcperf.outbox.models import Message
from hdcperf.outbox.queries import keeps_messages
from hdcperf.ui import count_of
from hdcperf.ui.home_tasks import Task

__all__ = ["message_tasks"]


def message_tasks(who: Standing) -> Iterator[Task]:
    """For administrators: how many messages failed and could still be sent again."""
    if not keeps_messages(who):
        return
    failed = Message.objects.filter(state=Message.State.FAILED, cleared_at=None).count()
    if failed:
        yield Task(
            title=f"Look at {count_of(failed, 'message')} that could not be sent",
            href=f"{reverse('outbox')}?state=failed",
            hint="Each says why. Correct the address, or mend the mail server, and send it again.",
        )

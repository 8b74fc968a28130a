"""What became of two of the example's messages: one could not be delivered, one waits for its next attempt.

In a demonstration the mail server takes everything, so what it said is told here.
"""

from __future__ import annotations

from django.utils import timezone

from hdcperf.organisation.models import User
from hdcperf.outbox.delivery.answers import Answer, Outcome
from hdcperf.outbox.models import Attempt, Message
from hdcperf.outbox.operations import post
from hdcperf.outbox.rules import next_try

__all__ = ["tell_of_mail"]

HELLO = "Welcome to council performance"
TEXT = """Hello {name}

You can now sign in to council performance. Your tasks are on the first page after you sign in.

Nobody sees your figures before you submit them. If a target looks wrong, tell the Performance Team.
"""
HTML = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Welcome</title></head><body>
<h1>Welcome to council performance</h1><p>Hello {name}</p>
<p>You can now sign in. Your tasks are on the first page after you sign in.</p>
<p>Nobody sees your figures before you submit them. If a target looks wrong, tell the Performance Team.</p>
</body></html>"""


def tell_of_mail() -> None:
    """Welcome three people by message: one is shown, one failed, one is tried again later."""
    _welcome("officer@demo.example")
    refused = Answer(Outcome.NEVER, "The mail server refused the address: 550 5.1.1 No such person here")
    _tried(_welcome("finance@demo.example"), refused)
    later = Answer(Outcome.LATER, "The mail server refused the address: 451 4.3.2 Mailbox busy")
    _tried(_welcome("human-resources@demo.example"), later)


def _welcome(email: str) -> Message:
    person = User.objects.get(email=email)
    name = person.name
    message = post(
        person, "welcome", kind="welcome", subject=HELLO, text=TEXT.format(name=name), html=HTML.format(name=name)
    )
    assert message is not None
    return message


def _tried(message: Message, answer: Answer) -> None:
    now = timezone.now()
    again = answer.outcome is Outcome.LATER
    attempts = 5 if again else 1
    Attempt.objects.create(
        message=message, number=attempts, at=now, outcome="postponed" if again else "refused", error=answer.words
    )
    Message.objects.filter(pk=message.pk).update(
        state=Message.State.WAITING if again else Message.State.FAILED,
        next_try_at=next_try(attempts, now) if again else None,
        attempts=attempts,
        error=answer.words,
    )

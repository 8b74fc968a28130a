"""One message to a service about what is late there, posted by the Performance Team."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date

from django.template.loader import render_to_string

from hdcperf.organisation.models import Service, User
from hdcperf.outbox.operations import Letter, post_many

__all__ = ["chase_service"]


def chase_service(service: Service, to: Collection[int], message: str, day: date) -> int:
    """Post ``message`` to the people ``to``; the very same again that day (a double click) posts nothing.

    Returns how many were posted.
    """
    same = hashlib.sha256(message.encode()).hexdigest()[:20]
    people = User.objects.filter(pk__in=to, is_active=True).order_by("pk")
    subject = f"What is late in {service.name}"
    html = render_to_string("reminders/chase_message.html", {"subject": subject, "words": message})
    letters = [
        Letter(
            recipient=person,
            key=f"chase-{service.pk}-{day.isoformat()}-{same}",
            kind="chase",
            subject=subject,
            text=message,
            html=html,
            compulsory=True,
        )
        for person in people
    ]
    return len(post_many(letters))

"""A notice in words: what happened, where, and why this person hears of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.outbox.operations import Letter
from hdcperf.reminders.kinds import Notice
from hdcperf.reminders.presenters.messages import plain, why_told, with_address
from hdcperf.reminders.whom import People, Told
from hdcperf.ui import count_of

__all__ = ["Heard", "notice_letter"]


@dataclass(frozen=True)
class Heard:
    """One notice for one person."""

    source: str
    notice: Notice
    told: Told


@dataclass(frozen=True)
class _Line:
    title: str
    href: str
    why: str
    words: str


def notice_letter(found: Sequence[Heard], recipient: User, key: str, people: People) -> Letter:
    """One message of everything that ``recipient`` is told at this moment."""
    lines = [
        _Line(one.notice.title, with_address(one.notice.href), why_told(one.told, people), one.notice.words)
        for one in found
    ]
    others = f", and {count_of(len(lines) - 1, 'other notice')}" if len(lines) > 1 else ""
    context: dict[str, object] = {
        "items": lines,
        "greeting": recipient.name,
        "subject": lines[0].title + others,
        "tasks": with_address(reverse("home")),
        "council": settings.COUNCIL_NAME,
        "product": settings.PRODUCT_NAME,
    }
    return Letter(
        recipient=recipient,
        key=key,
        kind="notice",
        subject=str(context["subject"]),
        text=plain("reminders/notice.txt", context),
        html=render_to_string("reminders/notice.html", context),
        compulsory=True,
    )

"""How messages leave, or do not."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

__all__ = ["ShownOnly"]


class ShownOnly(BaseEmailBackend):
    """The demonstration's: nothing leaves, and the page of messages shows what would have."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return len(email_messages)

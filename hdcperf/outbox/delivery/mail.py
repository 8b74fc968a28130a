"""A message as mail: for SMTP, and for GOV.UK Notify, which takes plain text for a template of its own."""

from __future__ import annotations

from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.validators import validate_email

from hdcperf.outbox.models import Message

__all__ = ["as_mail"]


def as_mail(message: Message) -> EmailMessage:
    """Write the message for the backend in use. Raises ValueError where the address is none that mail can reach."""
    try:
        validate_email(message.address)
    except ValidationError:
        raise ValueError(f"{message.address!r} is not an e-mail address") from None
    if settings.OUTBOX_BACKEND == settings.NOTIFY_BACKEND:
        return _for_notify(message)
    return _for_smtp(message)


def _for_smtp(message: Message) -> EmailMessage:
    # A name may hold what a header may not: line breaks are spaces here, the rest is quoted or encoded.
    name = " ".join(message.recipient.name.split())
    mail = EmailMultiAlternatives(
        message.subject,
        message.text,
        to=[formataddr((name, message.address))],
        # No holiday replies to what a machine sends (RFC 3834).
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    return mail


def _for_notify(message: Message) -> EmailMessage:
    from django_gov_notify.message import NotifyEmailMessage  # it brings requests: not for those who use SMTP

    class Referenced(NotifyEmailMessage):  # type: ignore[misc]
        """With our own identification, by which a repeat can be found in Notify's list."""

        def message(self) -> dict[str, Any]:
            return {**super().message(), "reference": str(message.pk)}

    mail: EmailMessage = Referenced(subject=message.subject, body=message.text, to=[message.address])
    return mail

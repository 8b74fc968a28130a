"""System checks: what would make an installation wrong or unsafe, said when it starts."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.checks import ERROR, CheckMessage, Error, Tags, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from govuk_bank_holidays.bank_holidays import BankHolidays

MINIMUM_KEY_LENGTH = 50
MINIMUM_KEY_CHARACTERS = 5
HOLIDAYS_AHEAD = timedelta(days=365)


@register(Tags.security)
def demo_mode_needs_debug(**kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse demo mode, whose passwords are printed on the sign-in page, wherever DEBUG is off."""
    if settings.DEMO_MODE and not settings.DEBUG:
        yield Error(
            "DEMO_MODE is on while DEBUG is off.",
            hint="Demo mode prints every account and its password. Turn DEMO_MODE off on a real installation.",
            id="hdcperf.E001",
        )


@register(Tags.security, deploy=True)
def it_is_no_demonstration(**kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse what is for trying only: DEBUG shows code and settings to whoever meets an error."""
    for name, number in (("DEBUG", 4), ("DEMO_MODE", 5)):
        if getattr(settings, name):
            yield Error(f"{name} is on.", hint=f"Set {name}=false: it is for trying.", id=f"hdcperf.E00{number}")


@register(Tags.security, deploy=True)
def secret_key_is_strong(**kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a short or repetitive SECRET_KEY (Django itself only warns)."""
    key = settings.SECRET_KEY
    if len(key) < MINIMUM_KEY_LENGTH or len(set(key)) < MINIMUM_KEY_CHARACTERS or key.startswith("not-secret"):
        yield Error(
            f"SECRET_KEY is weak: it needs at least {MINIMUM_KEY_LENGTH} random characters.",
            hint='Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"',
            id="hdcperf.E002",
        )


@register(Tags.security, deploy=True)
def hosts_are_named(**kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a site that answers to any name or to none."""
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS must name the site's own addresses.",
            hint="For example ALLOWED_HOSTS=performance.example.gov.uk",
            id="hdcperf.E003",
        )


@register(Tags.security, deploy=True)
def mail_can_be_sent(**kwargs: Any) -> Iterable[CheckMessage]:
    """Warn where nobody could be sent a link to choose a new password, or a message."""
    if not settings.EMAIL_HOST:
        yield Warning(
            "EMAIL_HOST is not set, so nobody can be sent a link to choose a new password.",
            hint="Set EMAIL_HOST, EMAIL_FROM and, where the server asks, EMAIL_HOST_USER and EMAIL_HOST_PASSWORD.",
            id="hdcperf.W002",
        )
    if not settings.OUTBOX_BACKEND:
        yield Warning(
            "Nothing is set that carries messages, so reminders and notices wait.",
            hint="Set EMAIL_HOST, or GOVUK_NOTIFY_API_KEY together with GOVUK_NOTIFY_TEMPLATE_ID.",
            id="hdcperf.W003",
        )


@register()
def bank_holidays_reach_far_enough(**kwargs: Any) -> Iterable[CheckMessage]:
    """Warn before the bank holidays end: after that, Christmas would count as a working day.

    Counts from the real date: a demonstration's date has nothing to do with how old the package is.
    """
    last = last_bank_holiday()
    if last < date.today() + HOLIDAYS_AHEAD:
        yield Warning(
            f"The bank holidays this installation knows end on {last.day} {last:%B %Y}, less than a year from now.",
            hint="Install a newer govuk-bank-holidays, or due dates will fall on bank holidays.",
            id="hdcperf.W001",
        )


def refuse_unsafe() -> None:
    """Raise ImproperlyConfigured where a server that people reach would be unsafe; a server runs no checks itself."""
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    if unsafe := [message for message in found if message.level >= ERROR]:
        raise ImproperlyConfigured(" ".join(f"{one.msg} {one.hint or ''}".strip() for one in unsafe))


def last_bank_holiday() -> date:
    """The last of England's bank holidays that the installed package knows."""
    holidays = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)
    last: date = max(holiday["date"] for holiday in holidays)
    return last

"""A person's own days."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.reminders.models import Preference

__all__ = ["choose_days"]


def choose_days(person: User, days: Collection[str]) -> Preference:
    """Keep the weekdays on which ``person`` wants what is not compulsory; the same again changes nothing."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)  # two of one person's windows take turns
        row = Preference.objects.filter(user=person).first() or Preference(user=person)
        if row.pk is not None and row.days == [name for name in Preference.DAYS if name in days]:
            return row
        for name in Preference.DAYS:
            setattr(row, name, name in days)
        save_as(row, by=person, reason="Chosen on the page of reminders")
    return row

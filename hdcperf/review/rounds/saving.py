"""What a page that sets the dates of rounds does with its form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

from hdcperf.organisation.models import User
from hdcperf.review.rounds.forms import DatesForm
from hdcperf.review.rounds.setting import DatesRefused, set_dates
from hdcperf.review.rounds.words import unusual_days

__all__ = ["save_dates"]


def save_dates(request: HttpRequest, form: DatesForm, *, by: User) -> int | None:
    """Set the dates that were posted; None when nothing was or they are refused, each sentence beside its date.

    Days that are no working days are said in a message.
    """
    if not (form.is_bound and form.is_valid()):
        return None
    wanted = form.wanted()
    try:
        changed = set_dates(wanted, by=by, reason=form.cleaned_data.get("reason", ""))
    except DatesRefused as refused:
        form.show(refused)
        return None
    if said := unusual_days({span: one.dates for span, one in wanted.items() if one.dates != one.seen}):
        messages.warning(request, said)
    return changed

"""The page on which a lock is lifted for one record, and the button that ends that early (framework C.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hdcperf import clock
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt
from hdcperf.review.forms import ExceptionForm
from hdcperf.review.locks import Lifting
from hdcperf.ui import Link

__all__ = ["end_page", "lift_page"]


def lift_page(
    request: HttpRequest,
    record: Any,
    lifting: Lifting,
    *,
    by: User,
    noun: str,
    name: str,
    back: str,
    rows: Callable[[], Sequence[object]],
) -> HttpResponse:
    """Lift the lock of ``record`` until a date; ``rows`` are the times it was lifted before, ``back`` is its page."""
    form = ExceptionForm(request.POST if request.method == "POST" else None, back=back, noun=noun)
    why_not = lifting.refusal(record)
    made: list[Any] = []

    def grant() -> None:
        made.append(lifting.grant(record, by=by, **form.cleaned_data))

    if request.method == "POST" and attempt(form, grant, beside=None if why_not else "expires_on"):
        messages.success(request, f"The lock is lifted for this {noun}. {made[0]}")
        return redirect(back)
    context = {
        "noun": noun,
        "name": name,
        "form": form,
        "why_not": why_not,
        "exceptions": rows(),
        "back": Link(f"Back to the {noun}", back),
    }
    return render(request, "review/exception.html", context)


def end_page(
    request: HttpRequest, exception: Any, lifting: Lifting, *, by: User, name: str, back: str
) -> HttpResponse:
    """End a lifted lock early: the round's lock applies to the record called ``name`` again at once."""
    if exception.expires_on < clock.today():
        messages.info(request, f"The lock of {name} applied again already.")
    else:
        lifting.end(exception, by=by)
        messages.success(request, f"The lock applies to {name} again.")
    return redirect(back)

"""``/outbox/``: what people were sent, what waits, and what failed and why.

Administrators see every message and its text: somebody must be able to say what was sent, and mend what was not.
Everybody else sees their own. In a demonstration everybody signed in sees all, to try it.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hdcperf.organisation.access import signed_in, standing
from hdcperf.outbox import operations
from hdcperf.outbox.forms import MessageFilterForm
from hdcperf.outbox.models import Message
from hdcperf.outbox.presenters import message_page, message_row
from hdcperf.outbox.queries import keeps_messages, messages_of, number_by_state, sees_everybodys
from hdcperf.ui import Count, Link, Step, count_of, paginate, with_query

__all__ = ["message", "message_again", "outbox", "outbox_again"]

PER_PAGE = 50


@never_cache
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Messages, the latest first: one's own, or everybody's."""
    who = standing(request.user)
    everybodys, mine = sees_everybodys(who), messages_of(who)
    form = MessageFilterForm(request.GET, rows=mine, everybodys=everybodys)
    rows = form.narrow(mine)
    numbers, state = number_by_state(rows), form.state_asked
    page = paginate(request, _lean(rows.filter(state=state) if state else rows), PER_PAGE)
    failed = numbers.get(Message.State.FAILED, 0) if keeps_messages(who) else 0
    context = {
        "everybodys": everybodys,
        "demo": settings.DEMO_MODE,
        "unset": not settings.OUTBOX_BACKEND,
        "keep_days": settings.OUTBOX_KEEP_DAYS,
        "form": form,
        "asked": any(request.GET.get(name) for name in form.fields),
        "counts": _counts(request, numbers, state),
        "page": replace(page, rows=[message_row(one) for one in page.rows]),
        "steps": _steps(failed) if state == Message.State.FAILED else [],
    }
    return render(request, "outbox/list.html", context)


def _lean(rows: QuerySet[Message]) -> QuerySet[Message]:
    """A list reads no texts: they can be long."""
    return rows.defer("text", "html")


def _counts(request: HttpRequest, numbers: dict[str, int], chosen: str) -> list[Count]:
    """A tile for all and for each state that has any."""
    if not numbers:
        return []
    return [
        Count(sum(numbers.values()), "All", with_query(request, state=None), current=not chosen),
        *(
            Count(numbers[one.value], one.label, with_query(request, state=one.value), current=chosen == one)
            for one in Message.State
            if one.value in numbers
        ),
    ]


def _steps(failed: int) -> list[Step]:
    if not failed:
        return []
    return [
        Step(
            "Send all that failed again",
            reverse("outbox-again"),
            hint=f"When what stopped them is mended. {count_of(failed, 'message')}, to everybody’s address of today.",
            method="post",
            kind="secondary",
        )
    ]


@never_cache
@require_safe
def message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One message: its texts, to whom, and what came of each attempt."""
    who, person = standing(request.user), signed_in(request)
    found = get_object_or_404(messages_of(who).prefetch_related("tries", "resends"), pk=uuid)
    shown = message_page(found, keeper=keeps_messages(who), may_correct=person.is_superuser and person.is_staff)
    crumbs = [Link("Messages", reverse("outbox")), Link(shown.title, "")]
    return render(request, "outbox/message.html", {"message": shown, "crumbs": crumbs})


@require_POST
def message_again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a failed message again, to the person's address of today."""
    found = get_object_or_404(messages_of(standing(request.user)), pk=uuid)
    _allow(request)
    if operations.send_again(Message.objects.filter(pk=found.pk), by=signed_in(request)):
        messages.success(request, "It is sent again within a minute.")
    else:
        messages.info(request, "There is nothing to send again: it is waiting, or sent, or its words were deleted.")
    return redirect("message", uuid)


@require_POST
def outbox_again(request: HttpRequest) -> HttpResponse:
    """Send again everything that failed and still has its words."""
    _allow(request)
    number = operations.send_again(Message.objects.all(), by=signed_in(request))
    if number:
        messages.success(request, f"{count_of(number, 'message')} will be sent again within a minute.")
    else:
        messages.info(request, "Nothing has failed that could be sent again.")
    return redirect("outbox")


def _allow(request: HttpRequest) -> None:
    if not keeps_messages(standing(request.user)):
        raise PermissionDenied("Only administrators send messages again.")

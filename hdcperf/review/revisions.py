"""The list of revisions and the page on which one is decided, whatever was accepted (framework E.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest

from hdcperf import clock
from hdcperf.organisation.access import signed_in
from hdcperf.organisation.models import User
from hdcperf.review import posting
from hdcperf.review.attempting import attempt
from hdcperf.review.forms import DecisionForm
from hdcperf.review.models import AbstractRevision
from hdcperf.ui import Tag, day, paginate
from hdcperf.workflow import Move, MoveRefused, refusal

__all__ = ["Decision", "RevisionRow", "decide", "deciding", "listed", "row_of"]

State = AbstractRevision.State
_COLOURS = {State.PROPOSED: "blue", State.ACCEPTED: "teal", State.DECLINED: "grey", State.WITHDRAWN: "grey"}

Decision = tuple[Callable[..., object], str]
"""The operation that takes a decision (revision, by and, where it is declined, the reason), and what is said then."""


@dataclass(frozen=True)
class RevisionRow:
    """One line of the list: ``old`` and ``new`` line by line, words or tags."""

    href: str
    title: str
    service: str
    kind: str
    state: Tag
    old: tuple[object, ...]
    new: tuple[object, ...]
    reason: str
    proposed: str
    decided: str


def row_of(
    revision: Any, *, href: str, title: str, service: str, old: tuple[object, ...], new: tuple[object, ...]
) -> RevisionRow:
    """The line of ``revision`` (its ``transitions`` prefetched)."""
    last = next((one for one in reversed(revision.transitions.all()) if one.move != "propose"), None)
    return RevisionRow(
        href=href,
        title=title,
        service=service,
        kind=revision.get_kind_display(),
        state=Tag(revision.get_state_display(), _COLOURS[State(revision.state)]),
        old=old,
        new=new,
        reason=revision.reason,
        proposed=f"{revision.proposed_by.name}, {day(clock.local_day(revision.proposed_at))}",
        decided=f"{last.who}, {day(clock.local_day(last.at))}" if last else "",
    )


def listed(request: HttpRequest, rows: QuerySet[Any], row: Callable[[Any], RevisionRow]) -> dict[str, object]:
    """Those of ``rows`` that wait, then a page of those decided."""
    page = paginate(request, rows.exclude(state=State.PROPOSED))
    return {
        "waiting": [row(one) for one in rows.filter(state=State.PROPOSED)],
        "page": page,
        "decided": [row(one) for one in page.rows],
    }


def decide(request: HttpRequest, revision: Any, decisions: Mapping[str, Decision]) -> DecisionForm | None:
    """Take the decision of the button pressed. Where declining is refused, its form comes back as it was typed.

    Raises Http404 for a forged button, and NotPermitted.
    """
    name = request.POST.get("decide", "")
    act, done = posting.handler(decisions, name)
    by = signed_in(request)
    if name == "decline":
        form = DecisionForm(request.POST)
        if not attempt(form, lambda: act(revision, by=by, reason=form.cleaned_data["reason"])):
            return form
    else:
        try:
            act(revision, by=by)
        except MoveRefused as refused:
            messages.warning(request, str(refused))
            return None
    messages.success(request, done)
    return None


def deciding(
    revision: Any, moves: Mapping[str, Move], user: User, form: DecisionForm | None, *, why_not: str = ""
) -> dict[str, object]:
    """What ``user`` may decide of ``revision``; ``why_not`` is said rather than what refuses its acceptance."""
    waits = revision.state == State.PROPOSED
    why_not = why_not or refusal(revision, moves["accept"], user) or ""
    return {
        "revision": revision,
        "declined": [one for one in revision.transitions.all() if one.comment and one.move == "decline"],
        "waits": waits,
        "why_not": why_not,
        "form": form or (DecisionForm() if waits and not why_not else None),
        "may_withdraw": refusal(revision, moves["withdraw"], user) is None,
    }

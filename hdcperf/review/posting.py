"""What a page of a sign-off reads from its own form, whatever is signed off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from hdcperf.organisation.carrying import TYPED_BY
from hdcperf.organisation.models import User
from hdcperf.review.merging import StaleRow
from hdcperf.ui import Link

__all__ = [
    "answered_already",
    "handler",
    "kept",
    "not_saved",
    "one_of",
    "refuse",
    "stale",
    "typed_words",
    "version_of",
    "which",
    "whole",
]

_NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "move", "version", TYPED_BY})
_DATE_PARTS = ("_day", "_month", "_year")

V = TypeVar("V")


def whole(text: str) -> int:
    """A whole number from a form; anything else is one that nothing has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def version_of(request: HttpRequest) -> int:
    """The version the page was made from; a missing or garbled one is no version at all."""
    return whole(request.POST.get("version", ""))


def one_of(rows: Any, posted: str) -> Any:
    """The row that was posted by id, of those of one record; a forged id is not found."""
    row = rows.filter(pk=whole(posted)).first()
    if row is None:
        raise Http404("There is no such row here.")
    return row


def handler(moves: Mapping[str, V], name: str) -> V:
    """What answers the button that was pressed. Raises Http404 for a forged one."""
    found = moves.get(name.partition(":")[0])
    if found is None:
        raise Http404("There is no such button.")
    return found


def answered_already(record: Any, by: User) -> bool:
    """Whether the last thing that happened was this person's answer: the second half of a double click."""
    last = record.transitions.order_by("-at", "-pk").first()
    return last is not None and last.move == "answer" and last.by_id == by.pk


def refuse(sentence: str | None) -> None:
    """Raise PermissionDenied with ``sentence``, if there is one."""
    if sentence:
        raise PermissionDenied(sentence)


def which(request: HttpRequest) -> str:
    """The id in the button pressed: ``escalate:12``."""
    return request.POST.get("move", "").partition(":")[2]


def kept(request: HttpRequest, parts: Iterable[str]) -> list[str]:
    """The parts of a stale page for which the other person's words were chosen."""
    return [part for part in parts if request.POST.get(f"keep_{part}") == "theirs"]


def _carried(data: QueryDict) -> list[tuple[str, str]]:
    """Everything that was posted, to be posted again, but for what a stale page says anew."""
    return [
        (name, value)
        for name, values in data.lists()
        for value in values
        if name not in _NOT_CARRIED and not name.startswith("keep_")
    ]


def typed_words(data: QueryDict, labels: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each thing that was typed with the name of its box, to be copied from a page that could not save it."""
    typed: list[tuple[str, str]] = []
    for name, text in data.items():
        base = next((name.removesuffix(part) for part in _DATE_PARTS if name.endswith(part)), name)
        if not isinstance(text, str) or not text.strip():
            continue
        if name in labels:
            typed.append((labels[name], text))
        elif base in labels:
            typed.append((f"{labels[base]}: {name.rpartition('_')[2]}", text))
        elif name.startswith(("words_", "escalate-", "answer_")):
            typed.append(("Your answer", text))
    return typed


def not_saved(
    request: HttpRequest, *, sentence: str, name: str, back: Link, typed: list[tuple[str, str]]
) -> HttpResponse:
    """A clear page, with what was typed still to be copied."""
    context = {"sentence": sentence, "name": name, "back": back, "typed": typed}
    return render(request, "review/not_saved.html", context, status=409)


def stale(
    request: HttpRequest,
    record: Any,
    *,
    noun: str,
    name: str,
    rows: Sequence[StaleRow],
    crumbs: Sequence[Link],
    action: str,
    who: str = "",
) -> HttpResponse:
    """Both versions of ``record``, as it is now and as it was typed, part by part: the person chooses and saves.

    ``who`` changed it, where that is not whoever saved it last.
    """
    last = record.history.first()
    context = {
        "noun": noun,
        "name": name,
        "who": who or (last.history_by_name if last is not None else ""),
        "rows": rows,
        "carried": _carried(request.POST),
        "version": record.version,
        "move": request.POST.get("move", "save"),
        "action": action,
        "crumbs": crumbs,
    }
    return render(request, "review/stale.html", context, status=409)

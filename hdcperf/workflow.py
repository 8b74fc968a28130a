"""One sign-off mechanism for every workflow: a table of moves, one question (``refusal``) and one act (``perform``).

A record that can be signed off has a ``state`` column with a check constraint, ``transitions`` (rows made from
``Transition``), and belongs somewhere. Each app declares its table of ``Move`` and one public ``move()``. Buttons,
forms and enforcement all ask ``refusal``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from hdcperf import clock
from hdcperf.history import AppendOnlyModel, save_as
from hdcperf.organisation.models import User
from hdcperf.ui import day

__all__ = [
    "Guard",
    "Move",
    "MoveRefused",
    "NotPermitted",
    "SomebodyElseDidIt",
    "StaleRecord",
    "Transition",
    "perform",
    "refusal",
    "refuse_stale",
]

Guard = Callable[[Any, User], str | None]
"""A function of (record, by) giving a sentence that refuses, or nothing."""

R = TypeVar("R", bound=models.Model)


@dataclass(frozen=True)
class Move:
    """One step of a workflow.

    ``target`` None leaves the state to the app's own change (or as it is); ``permitted`` is the permission's guard.
    A ``quiet`` move (saving a draft again) leaves a transition row only when the state changes. ``for_whom`` gives
    the person it is made for, where that is somebody else.
    """

    name: str
    label: str
    sources: frozenset[str]
    target: str | None
    permitted: Guard
    comment_needed: str = ""
    guards: tuple[Guard, ...] = field(default=())
    quiet: bool = False
    for_whom: Callable[[Any, User], User | None] | None = None


class MoveRefused(Exception):
    """The move cannot be made: the message is a sentence for the person. ``state`` is the state found."""

    def __init__(self, sentence: str, *, state: str, move: str) -> None:
        super().__init__(sentence)
        self.state = state
        self.move = move


class NotPermitted(PermissionDenied):
    """This person may not make this move, whatever the record's state: the answer is a 403 with the sentence."""

    def __init__(self, sentence: str, *, state: str, move: str) -> None:
        super().__init__(sentence)
        self.state = state
        self.move = move


class SomebodyElseDidIt(MoveRefused):
    """A colleague moved the record first; the sentence names them."""


class StaleRecord(Exception):
    """Somebody changed the record since this page was opened. ``fresh`` is the record as it is now."""

    def __init__(self, fresh: Any) -> None:
        super().__init__("Somebody changed this since you opened the page.")
        self.fresh = fresh


def refuse_stale(record: Any, version: int) -> None:
    """Raise StaleRecord when ``record`` (locked, fresh) is not the version the page was made from."""
    if record.version != version:
        raise StaleRecord(record)


class Transition(AppendOnlyModel):
    """One move that was made: from, to, by whom (and for whom), when and with what words. Never changed."""

    move = models.CharField(max_length=40)
    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    on_behalf_of = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    @property
    def who(self) -> str:
        """The person, and for whom they acted."""
        return f"{self.by_name} for {self.on_behalf_of_name}" if self.on_behalf_of_name else self.by_name


def refusal(record: Any, move: Move, by: User) -> str | None:
    """Return the sentence that refuses ``move``, or None when ``by`` may make it now."""
    if sentence := move.permitted(record, by):
        return sentence
    if record.state not in move.sources:
        return _wrong_state(record, move)
    return next((sentence for guard in move.guards if (sentence := guard(record, by))), None)


def _wrong_state(record: Any, move: Move) -> str:
    last = record.transitions.order_by("-at", "-pk").first()
    state = record.get_state_display().lower()
    if last is None:
        return f"This is {state}, so it is too soon to {move.label.lower()}."
    return f"This is {state}: {last.who} moved it on {day(last.at)}, so you cannot {move.label.lower()} now."


def perform(
    record: R,
    move: Move,
    *,
    by: User,
    comment: str = "",
    on_behalf_of: User | None = None,
    change: Callable[[R], None] | None = None,
) -> R:
    """Make ``move`` in one transaction: lock the row, ask again, change, save with history, write the row.

    The row says for whom ``by`` acted: ``on_behalf_of``, else whom the move says. ``change`` is the app's own change
    to the locked record before it is saved. Repeating your own move is harmless: the fresh record comes back as it
    is. Raises NotPermitted, SomebodyElseDidIt or MoveRefused, writing nothing.
    """
    with transaction.atomic():
        fresh: R = type(record)._base_manager.select_for_update().get(pk=record.pk)
        found: Any = fresh
        if sentence := move.permitted(fresh, by):
            raise NotPermitted(sentence, state=found.state, move=move.name)
        if found.state not in move.sources:
            if _repeats(found, move, by):
                return fresh
            raise SomebodyElseDidIt(_wrong_state(found, move), state=found.state, move=move.name)
        if move.comment_needed and not comment.strip():
            raise MoveRefused(move.comment_needed, state=found.state, move=move.name)
        if sentence := next((said for guard in move.guards if (said := guard(fresh, by))), None):
            raise MoveRefused(sentence, state=found.state, move=move.name)
        before = found.state
        if move.target is not None:
            found.state = move.target
        if change is not None:
            change(fresh)
        save_as(fresh, by=by, reason=comment or move.label)
        if move.quiet and before == found.state:
            return fresh
        if on_behalf_of is None and move.for_whom is not None:
            on_behalf_of = move.for_whom(fresh, by)
        found.transitions.create(
            move=move.name,
            from_state=before,
            to_state=found.state,
            by=by,
            by_name=by.name,
            on_behalf_of=on_behalf_of,
            on_behalf_of_name=on_behalf_of.name if on_behalf_of else "",
            at=clock.now(),
            comment=comment,
        )
        return fresh


def _repeats(record: Any, move: Move, by: User) -> bool:
    """Whether the last thing that happened was this very move, by this very person (a double click)."""
    last = record.transitions.order_by("-at", "-pk").first()
    return last is not None and last.move == move.name and last.by_id == by.pk and record.state == last.to_state

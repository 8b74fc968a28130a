"""The page of a round's list, whatever is checked: its filters, its order, where to begin, a service's own tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from hdcperf import clock
from hdcperf.forms import GdsFilterForm
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.review.queue import STATES, Row, in_state, left_words, state_counts, to_check
from hdcperf.ui import Link, TaskRow, chosen_sort, day, mark_tag, state_tag, with_query

__all__ = ["Owed", "RoundFilterForm", "active_filters", "for_the_team", "newest_with", "sorted_rows", "task_rows"]

BESIDE = 6
"""Rounds linked beside the one shown."""
_TO_DO = ("challenged", "draft", "not_started")

R = TypeVar("R", bound=Row)


class RoundFilterForm(GdsFilterForm):
    """The state (chosen above the list), the service, and what this reviewer can decide; an app adds its own filters.

    An app says in ``passes`` which rows its own filters let through.
    """

    state = forms.ChoiceField(
        choices=[("", "All"), *STATES.items()], required=False, widget=forms.HiddenInput, label="State"
    )
    service = forms.ChoiceField(required=False)
    mine = forms.ChoiceField(
        label="Who can decide", choices=[("", "Anybody"), ("yes", "Mine to check")], required=False
    )

    def __init__(self, *args: Any, rows: Sequence[Row], reviews: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "mine"), "mine"])
        services = {row.service.pk: row.service.name for row in rows}
        choices = [(str(pk), name) for pk, name in sorted(services.items(), key=lambda one: one[1])]
        self.fields["service"].choices = [("", "All"), *choices]  # type: ignore[attr-defined]
        if not reviews:
            del self.fields["mine"]
        if len(services) < 2:
            del self.fields["service"]

    def asked(self) -> dict[str, str]:
        """What was asked for; a value that is not a choice (an old link, a forged address) filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        return f"{field.label}: {dict(getattr(field, 'choices', ())).get(value, value)}"

    def passes(self, row: Any, asked: Mapping[str, str]) -> bool:
        """Whether the app's own filters, where it has any, let ``row`` through."""
        return True

    def chosen(self, rows: Sequence[R], *, but_state: bool = False) -> list[R]:
        """The rows that pass the filters, in their order; ``but_state`` leaves the state out, to count each."""
        asked = self.asked()
        found = to_check(rows) if asked.get("mine") else list(rows)
        if not but_state and "state" in asked:
            found = [row for row in found if in_state(row, asked["state"])]
        return [
            row
            for row in found
            if asked.get("service", str(row.service.pk)) == str(row.service.pk) and self.passes(row, asked)
        ]


def active_filters(request: HttpRequest, form: RoundFilterForm) -> list[Link]:
    """Each filter in use, with the address that takes it away."""
    return [
        Link(form.words_for(name, value), with_query(request, **{name: None})) for name, value in form.asked().items()
    ]


def sorted_rows(request: HttpRequest, rows: list[R], sorts: Mapping[str, Callable[[R], Any]]) -> list[R]:
    """As asked for in the address, by one of ``sorts``; otherwise as they are: what waits first, the worst first.

    A row that has not been submitted comes last of those sorted by *sent*, either way.
    """
    sort = chosen_sort(request, sorts, "")
    if not sort:
        return rows
    name, backwards = sort.removeprefix("-"), sort.startswith("-")
    there = [row for row in rows if name != "sent" or row.sent is not None]
    last = [row for row in rows if name == "sent" and row.sent is None]
    return [*sorted(there, key=sorts[name], reverse=backwards), *last]


def for_the_team(
    request: HttpRequest, form: RoundFilterForm, rows: Sequence[R], *, noun: str, link: Callable[[str, R], Link]
) -> dict[str, object]:
    """What a reviewer's page has: a tile for each state, what is left, and where to begin."""
    state = form.asked().get("state", "")
    addresses = {name: with_query(request, state=None if name == state else name) for name in STATES}
    mine = to_check(rows)
    return {
        "counts": state_counts(form.chosen(rows, but_state=True), addresses, state),
        "left": left_words(rows, noun),
        "start": link("Start checking", mine[0]) if mine else None,
    }


@dataclass(frozen=True)
class Owed:
    """What a service owes a round: its name, its page, whether the reader enters it, and else who does."""

    name: str
    href: str
    enters: bool
    entered_by: str = ""


def task_rows(rows: Iterable[R], owed: Callable[[R], Owed]) -> list[TaskRow]:
    """What a service still has to do in the round: challenges first, then drafts, then what is not started."""
    waiting = [row for row in rows if row.record.state in _TO_DO and not row.with_board]
    waiting.sort(key=lambda row: (_TO_DO.index(row.record.state), row.code_key))
    return [_task(row, owed(row)) for row in waiting]


def _task(row: Row, owed: Owed) -> TaskRow:
    state, period = row.record.state, row.record.period
    verb = {"challenged": "Answer a challenge about", "draft": "Finish"}.get(state, "Start")
    late = clock.today() > period.due_on
    return TaskRow(
        title=f"{verb} {owed.name}" if owed.enters else owed.name,
        href=owed.href,
        status=state_tag(state),
        hint=f"{row.service.name}: {owed.entered_by}" if owed.entered_by and not owed.enters else row.service.name,
        due=f"{'Was due' if late else 'By'} {day(period.due_on)}" if state != "challenged" else "",
        marks=tuple(mark_tag(name) for name in row.marks if name in ("locked", "lock lifted")),
    )


def newest_with(rounds: QuerySet[ReportingPeriod], period: ReportingPeriod | None) -> list[ReportingPeriod]:
    """The newest of ``rounds``, with ``period`` among them."""
    newest = list(rounds.order_by("-starts_on")[:BESIDE])
    return newest if period is None or period in newest else [period, *newest[:-1]]

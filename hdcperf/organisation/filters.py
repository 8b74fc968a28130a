"""Filters of lists by where a row belongs: service, priority or outcome, portfolio. KPIs and actions share them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest

from hdcperf.forms import GdsFilterForm
from hdcperf.organisation.models import Outcome, Portfolio, Priority, Service
from hdcperf.ui import Link, with_query

__all__ = ["Choices", "PlaceFilterForm", "active_filters", "any_of", "filter_choices", "in_place"]

Choices = list[tuple[str, str]]


def filter_choices() -> dict[str, Choices]:
    """What can be chosen, by filter, in three queries: services, priorities with their outcomes, portfolios."""
    aims: Choices = []
    seen: set[int] = set()
    outcomes = Outcome.objects.select_related("priority").order_by("priority__number", "number")
    for outcome in outcomes:
        priority: Priority = outcome.priority
        if priority.number not in seen:
            seen.add(priority.number)
            aims.append((f"p{priority.number}", f"Priority {priority.number}: {priority.name}"))
        aims.append((f"o{outcome.number}", f"Outcome {outcome.number}: {outcome.name}"))
    return {
        "service": [(str(one.pk), one.name) for one in Service.objects.all()],
        "aim": aims,
        "portfolio": [(str(one.pk), one.name) for one in Portfolio.objects.all()],
    }


def any_of(choices: Choices) -> Choices:
    """The choices, with *All* before them."""
    return [("", "All"), *choices]


class PlaceFilterForm(GdsFilterForm):
    """Service, priority or outcome, and portfolio; ``choices`` are those of ``filter_choices``."""

    service = forms.ChoiceField(required=False)
    aim = forms.ChoiceField(label="Priority or outcome", required=False)
    portfolio = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, choices: dict[str, Choices], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = any_of(found)  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """What was asked for; a value that is not a choice (an old link, a forged address) filters nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words_for(self, name: str, value: str) -> str:
        """A filter in use, in words."""
        field = self.fields[name]
        shown = dict(getattr(field, "choices", ())).get(value, value)
        return f"{field.label}: {shown}"


def in_place(rows: QuerySet[Any], asked: dict[str, Any]) -> QuerySet[Any]:
    """Those of ``rows`` (with ``service``, ``portfolio`` and ``outcome``) that the filters leave.

    ``aim`` is ``p3`` for a priority, ``o5`` for an outcome.
    """
    if aim := asked.get("aim"):
        column = "outcome__priority__number" if aim[0] == "p" else "outcome__number"
        rows = rows.filter(**{column: int(aim[1:])})
    for name in ("service", "portfolio"):
        if asked.get(name):
            rows = rows.filter(**{name: int(asked[name])})
    return rows


def active_filters(request: HttpRequest, form: PlaceFilterForm, besides: tuple[str, ...] = ()) -> list[Link]:
    """The filters in use, save ``besides``, each with the address that takes it away."""
    return [
        Link(form.words_for(name, value), with_query(request, **{name: None}))
        for name, value in form.asked().items()
        if name not in besides
    ]

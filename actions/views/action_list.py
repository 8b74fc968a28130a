"""The list of actions of a quarter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.forms.seeing import ActionFilterForm, with_quarter
from actions.presenters.listing import action_rows, counts
from actions.queries.listing import Line, actions_of, default_quarter, filtered, lines, quarters_held
from actions.rules.colours import ActionRag
from actions.views.sections import sections
from hdcperf.organisation.access import signed_in, standing
from hdcperf.organisation.filters import active_filters, filter_choices
from hdcperf.periods import Quarter
from hdcperf.ui import Link, chosen_sort, columns, paginate, with_query

__all__ = ["action_list"]

SORTS: dict[str, Callable[[Line], object]] = {
    "code": lambda line: line.row.code_key,
    "service": lambda line: (line.row.service.name.casefold(), line.row.code_key),
    "rag": lambda line: (line.now.rank, line.row.code_key),
    "before": lambda line: (line.before.rank, line.row.code_key),
    "next": lambda line: (line.is_over or line.dates.next_step is None, _next_on(line), line.row.code_key),
    "due": lambda line: (line.dates.due_on, line.row.code_key),
}


def _next_on(line: Line) -> object:
    step = line.dates.next_step
    return step.due_on if step is not None else line.dates.due_on


@require_safe
def action_list(request: HttpRequest) -> HttpResponse:
    """``/actions/``: every action of a quarter, as it stands and as it stood; filters and order in the address."""
    who = standing(signed_in(request))
    held = quarters_held(who.today)
    default = default_quarter(who, held)
    if default is None:
        return render(
            request,
            "actions/no_plan.html",
            {"sections": sections(request.path), "heading": "Corporate Plan actions"},
        )
    form = ActionFilterForm(with_quarter(request.GET, held, default), choices=filter_choices(), quarters=held)
    asked = form.asked()
    quarter = Quarter.parse(asked["quarter"])
    sort = chosen_sort(request, SORTS, "code")
    everything = lines(who, quarter, actions_of(quarter.year), since=quarter.year.previous.quarters[0])
    wanted = filtered(quarter.year, asked)
    in_place = [line for line in everything if line.row.pk in wanted]
    found = [line for line in in_place if _matches(line, asked)]
    found.sort(key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))  # type: ignore[arg-type]
    page = paginate(request, found)
    names = {line.row.pk: line.row.name for line in everything}
    headings = (
        ("Action", "code"),
        ("Service", "service"),
        (str(quarter.previous), "before"),
        (str(quarter), "rag"),
        ("Moved", ""),
        ("Next milestone", "next"),
        ("Due", "due"),
    )
    context = {
        "sections": sections(request.path),
        "quarter": quarter,
        "form": form,
        "active": active_filters(request, form, besides=("quarter",)),
        "clear": f"{request.path}?quarter={quarter.slug}",
        "counts": counts(in_place, quarter, lambda name, value: with_query(request, **{name: value})),
        "page": replace(page, rows=action_rows(page.rows, names)),
        "columns": columns(request, headings, sort),
        "caption": f"Actions at the end of {quarter}",
        "meanings": [(one, one.meaning) for one in ActionRag],
        "empty_links": (Link("See all actions", reverse("action-list")),),
    }
    return render(request, "actions/action_list.html", context)


def _matches(line: Line, asked: dict[str, object]) -> bool:
    """Colour, movement and lateness are what this person may see of them, so they are asked of the line."""
    if asked.get("rag") and line.now.value != asked["rag"]:
        return False
    if asked.get("movement") and line.movement.value != asked["movement"]:
        return False
    return not asked.get("overdue") or line.is_overdue == (asked["overdue"] == "yes")

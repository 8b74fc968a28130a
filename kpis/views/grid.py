"""Somebody with many KPIs enters them on one page: one row each, each saved on its own (framework C.2.1)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from hdcperf import clock
from hdcperf.organisation.access import Standing, standing
from hdcperf.periods import Month
from hdcperf.review.merging import differences
from hdcperf.review.posting import whole
from hdcperf.roles import Permission
from hdcperf.ui import Link, count_of
from hdcperf.workflow import StaleRecord
from kpis.forms.entering import ReturnShape
from kpis.forms.return_grid import GridRowForm
from kpis.models import MonthlyReturn
from kpis.operations.entering import SAVING, Entry
from kpis.operations.merging import PARTS, as_it_was
from kpis.presenters.return_grid import GridRow, fixed_row, open_row
from kpis.presenters.return_stale import stale_rows
from kpis.queries.assessing import assess
from kpis.queries.duties import enters_returns
from kpis.queries.grid import GridFacts, grid_returns
from kpis.views.fetching import signed_in
from kpis.workflow import MoveRefused

__all__ = ["grid"]


@dataclass(frozen=True)
class Outcome:
    """What became of one row: what it says beside it, and the version its boxes stand on now."""

    done: str = ""
    error: str = ""
    theirs: tuple[str, ...] = ()
    record: MonthlyReturn | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: HttpRequest, month: Month) -> HttpResponse:
    """``/returns/<month collected>/grid/``: the figure, forecast and words of each of my returns in that round."""
    user = signed_in(request)
    who = standing(user)
    if not enters_returns(who):
        raise PermissionDenied("Only those who enter returns have this page.")
    facts = grid_returns(month, who, clock.today())
    if request.method != "POST":
        return _show(request, month, who, facts, {}, {})
    submitting = request.POST.get("move") == "submit"
    forms = {
        record.pk: GridRowForm(request.POST, prefix=_prefix(record), shape=_shape(facts, record))
        for record in facts.records
        if f"{_prefix(record)}-version" in request.POST
    }
    outcomes = {
        record.pk: _keep(request, facts, record, forms[record.pk], submitting)
        for record in facts.records
        if record.pk in forms
    }
    _say(request, outcomes, submitting)
    if not any(one.error for one in outcomes.values()):
        return redirect(reverse("return-grid", args=[month]))
    return _show(request, month, who, grid_returns(month, who, clock.today()), forms, outcomes)


def _prefix(record: MonthlyReturn) -> str:
    return f"r{record.pk}"


def _shape(facts: GridFacts, record: MonthlyReturn) -> ReturnShape:
    return ReturnShape(record.kpi_year, record.measured, with_forecast=facts.needs_forecast(record))


def _keep(
    request: HttpRequest, facts: GridFacts, record: MonthlyReturn, form: GridRowForm, submitting: bool
) -> Outcome:
    """Save one row, or submit it; a row nobody typed in is left alone."""
    user = signed_in(request)
    if not form.is_valid():
        return Outcome(error="Not saved: put right what is marked.")
    entry = form.entry(Entry.of(record))
    version = whole(request.POST.get(f"{_prefix(record)}-version", ""))
    if entry == Entry.of(record) and (not submitting or not _has_figure(entry)):
        return Outcome()
    try:
        saved = SAVING.save(record, entry, by=user, version=version, submitting=submitting)
    except StaleRecord as stale:
        return _stale(record, entry, stale.fresh, version)
    except MoveRefused as refused:
        if SAVING.is_as_typed(record, entry, by=user, submitting=submitting):
            return Outcome(done="submitted")
        return Outcome(error=f"Not saved. {refused}")
    if saved.problems:
        wants = " ".join(dict.fromkeys(one.instruction for one in saved.problems))
        return Outcome(done="saved", error=f"Saved, not submitted. {wants}", record=saved.record)
    return Outcome(done="submitted" if submitting else "saved", record=saved.record)


def _has_figure(entry: Entry) -> bool:
    return entry.value is not None or entry.denominator is not None


def _stale(record: MonthlyReturn, entry: Entry, fresh: MonthlyReturn, version: int) -> Outcome:
    """Say what the other person saved; yours stays in the boxes, and saving again puts it in its place."""
    fresh.kpi_year = record.kpi_year
    now = Entry.of(fresh)
    rows = stale_rows(fresh, entry, now, differences(PARTS, entry, now, as_it_was(fresh, version)))
    theirs = tuple(f"{row.label}: {'; '.join(row.theirs)}" for row in rows)
    last = fresh.history.first()
    name = last.history_by_name if last is not None and last.history_by_name else "Somebody else"
    return Outcome(
        error=f"Not saved: {name} changed this return since you opened the page. Theirs is shown here and yours is "
        "in the boxes. Save again to keep yours.",
        theirs=theirs,
        record=fresh,
    )


def _say(request: HttpRequest, outcomes: dict[int, Outcome], submitting: bool) -> None:
    submitted = sum(one.done == "submitted" for one in outcomes.values())
    saved = sum(one.done == "saved" for one in outcomes.values())
    failed = sum(bool(one.error) and not one.done for one in outcomes.values())
    said = []
    if submitted:
        said.append(f"{count_of(submitted, 'return')} submitted")
    if saved:
        said.append(f"{count_of(saved, 'draft')} saved")
    if said:
        messages.success(request, f"{' and '.join(said)}.")
    elif not failed:
        messages.info(request, "Nothing was typed, so nothing was saved.")
    if failed:
        messages.warning(request, f"{count_of(failed, 'row')} not saved: see what is said beside each.")


def _show(
    request: HttpRequest,
    month: Month,
    who: Standing,
    facts: GridFacts,
    forms: dict[int, GridRowForm],
    outcomes: dict[int, Outcome],
) -> HttpResponse:
    rows = [_row(facts, record, forms.get(record.pk), outcomes.get(record.pk, Outcome())) for record in facts.records]
    refused = [row.form for row in rows if row.form is not None and row.form.is_bound]
    context = {
        "month": month,
        "rows": [row for row in rows if row.form is not None],
        "others": [row for row in rows if row.form is None],
        "error_forms": refused,
        "team": who.may(Permission.REVIEW_RETURNS),
        "action": reverse("return-grid", args=[month]),
        "crumbs": [
            Link("My tasks", reverse("home")),
            Link(f"{month} returns", reverse("returns", args=[month])),
            Link("All on one page", ""),
        ],
        "returns": reverse("returns", args=[month]),
    }
    return render(request, "kpis/grid.html", context)


def _row(facts: GridFacts, record: MonthlyReturn, form: GridRowForm | None, outcome: Outcome) -> GridRow:
    keeps_typing = form is not None and bool(outcome.error) and not outcome.done
    if not facts.is_open(record) and not keeps_typing:
        return fixed_row(facts, record, assess(facts.years[record.kpi_year_id], record.measured))
    if not keeps_typing or form is None:
        initial = vars(Entry.of(record))
        form = GridRowForm(initial=initial, prefix=_prefix(record), shape=_shape(facts, record))
        entry = Entry.of(record)
    else:
        form.is_valid()
        entry = form.entry(Entry.of(record))
    standing_now = assess(facts.years[record.kpi_year_id], record.measured, entry)
    version = outcome.record.version if outcome.record is not None else record.version
    if keeps_typing and outcome.record is None:
        # The boxes still stand on the version they were typed over.
        version = record.version
    return open_row(facts, record, form, standing_now, version, outcome.error, outcome.theirs)

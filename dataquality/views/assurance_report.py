"""The year's report on assurance: drawn from what is held, given to the committee, and kept as it was given."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dataquality.assurance_workflow import ASSURANCE_MOVES, StaleRecord, may_ask, refusal
from dataquality.forms.assurance import ReportForm, TakeReportBackForm
from dataquality.models import AssuranceRound
from dataquality.operations.assurance import report, take_report_back
from dataquality.presenters.assurance import round_tag
from dataquality.presenters.assurance_report import report_of
from dataquality.queries.assurance import sees_report
from dataquality.queries.assurance_report import held_of_year
from dataquality.rules.frozen_report import Report, read_report, written
from dataquality.views.assurance import find_seen
from hdcperf import clock
from hdcperf.organisation.access import signed_in
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link, day

__all__ = ["assurance_report"]

STALE = "It was changed after you opened the page. Read the report as it is now, then report it again."


@require_http_methods(["GET", "HEAD", "POST"])
def assurance_report(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """The report as it was given, or as it would be given today; giving it, and taking it back."""
    who, record = find_seen(request, year)
    if not sees_report(who, record):
        raise Http404("The report on this year is not given yet.")
    if request.method == "POST":
        return _act(request, record)
    return _page(request, record)


def _drawn(record: AssuranceRound) -> Report:
    today = clock.today()
    return report_of(held_of_year(record, today), record.financial_year, today)


def _act(request: HttpRequest, record: AssuranceRound) -> HttpResponse:
    refuse(may_ask(record, signed_in(request)))
    match request.POST.get("move", ""):
        case "report":
            return _give(request, record)
        case "take_back":
            form = TakeReportBackForm(request.POST)
            user = signed_in(request)
            if attempt(form, lambda: take_report_back(record, by=user, comment=form.cleaned_data["comment"])):
                messages.success(request, "Taken back: the report is drawn again from what is held.")
                return redirect(request.path)
            return _page(request, record, take_back=form)
    raise Http404("There is no such button.")


def _give(request: HttpRequest, record: AssuranceRound) -> HttpResponse:
    form = ReportForm(request.POST)
    if form.is_valid():
        typed, user = form.cleaned_data, signed_in(request)
        contents = written(_drawn(record))
        try:
            if attempt(form, lambda: report(record, typed["words"], contents, by=user, version=typed["version"])):
                messages.success(request, "Reported: the committee’s members can read it, and it stays as it is.")
                return redirect(request.path)
        except StaleRecord:
            record.refresh_from_db()  # as it is stored: the one in hand had begun to move
            form = ReportForm(with_version(request.POST, record.version))
            form.add_error(None, STALE)
    return _page(request, record, form=form)


def _page(
    request: HttpRequest,
    record: AssuranceRound,
    *,
    form: ReportForm | None = None,
    take_back: TakeReportBackForm | None = None,
) -> HttpResponse:
    user, year = signed_in(request), record.financial_year
    given = record.state == AssuranceRound.State.REPORTED
    if form is None and refusal(record, ASSURANCE_MOVES["report"], user) is None:
        form = ReportForm(initial={"version": record.version, "words": record.words})
    if take_back is None and refusal(record, ASSURANCE_MOVES["take_back"], user) is None:
        take_back = TakeReportBackForm()
    context = {
        "crumbs": (
            Link("Assurance", reverse("assurance")),
            Link(str(year), reverse("assurance-year", args=[year])),
            Link("Report", ""),
        ),
        "year": year,
        "state": round_tag(record),
        "record": record,
        "dated": day(record.reported_on) if given else f"Drawn up on {day(clock.today())}, not given yet",
        "report": read_report(record.report) if given else _drawn(record),
        "form": form,
        "take_back": take_back,
    }
    return render(request, "dataquality/assurance/report.html", context)

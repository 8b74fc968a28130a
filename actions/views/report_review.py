"""Checking a project's report, the board's page for a disputed one, and lifting its lock (framework E.1, C.2)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from actions.forms.reporting import ReportChallengeForm, ReportReturnForm
from actions.models import ReportLockException
from actions.operations.report_entry import ReportEntry
from actions.operations.reporting import LIFTING, REPORTS, accept_report, return_report
from actions.presenters.quarters import report_exception_rows
from actions.presenters.report import (
    earlier_report_challenges,
    facts_beside,
    published_report,
    report_address,
    report_name,
    report_review_link,
    report_revision_rows,
    report_top,
)
from actions.project_workflow import REPORT_MOVES, may_review, may_rule, refusal
from actions.queries.report_contexts import ReportRow, load_reports, report_flags
from actions.rules.colours import ActionRag
from actions.views.found_reports import FoundReport, find_report
from actions.views.report_page import report_crumbs
from hdcperf import clock
from hdcperf.organisation.access import signed_in, standing
from hdcperf.periods import Quarter
from hdcperf.review import posting
from hdcperf.review.attempting import attempt
from hdcperf.review.cards import cards_for
from hdcperf.review.forms import EscalationForm, RulingForm
from hdcperf.review.lifting import end_page, lift_page
from hdcperf.review.queue import Neighbours, neighbours
from hdcperf.review.reviewing import Options, Refused, decided, escalation_forms, onward
from hdcperf.roles import Permission
from hdcperf.ui import Link, lower_first, rag_tag

__all__ = ["report_exception", "report_exception_end", "report_review", "report_ruling"]

REFUSED = "Only the Performance Team opens quarters and lifts locks."


@require_http_methods(["GET", "HEAD", "POST"])
def report_review(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Show a report whole and decide on it. Raises Http404 out of scope, PermissionDenied without leave to check."""
    found = find_report(request, quarter, code)
    posting.refuse(may_review(found.record, found.user))
    if request.method != "POST":
        return _show(request, found)
    handler = posting.handler(_DECISIONS, request.POST.get("decide", ""))
    return decided(request, lambda: handler(request, found), noun="report")


def _accept(request: HttpRequest, found: FoundReport) -> HttpResponse:
    go_on = _onward(request, found)
    accept_report(found.record, by=found.user, version=posting.version_of(request))
    return go_on(f"{report_name(found.record)} is accepted.")


def _return(request: HttpRequest, found: FoundReport) -> HttpResponse:
    form = ReportReturnForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: return_report(found.record, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), returning=form)
    return go_on(f"{report_name(found.record)} was returned, saying what is missing.")


def _challenge(request: HttpRequest, found: FoundReport) -> HttpResponse:
    form = ReportChallengeForm(request.POST)
    go_on = _onward(request, found)
    if not attempt(form, lambda: REPORTS.ask(found.record, by=found.user, **form.cleaned_data), beside="about"):
        return _show(request, _again(request, found), challenge=form)
    return go_on(f"{report_name(found.record)} went back to the project with your question.")


def _escalate(request: HttpRequest, found: FoundReport) -> HttpResponse:
    challenge = posting.one_of(found.record.challenges.all(), request.POST.get("challenge", ""))
    form = EscalationForm(request.POST, auto_id=f"id_board_{challenge.pk}_%s")
    go_on = _onward(request, found)
    if not attempt(form, lambda: REPORTS.escalate(challenge, by=found.user, **form.cleaned_data)):
        return _show(request, _again(request, found), escalation=(challenge, form))
    return go_on(f"The challenge about {report_name(found.record)} went to the board.")


_DECISIONS: dict[str, Callable[..., HttpResponse]] = {
    "accept": _accept,
    "return": _return,
    "challenge": _challenge,
    "escalate": _escalate,
}


def _again(request: HttpRequest, found: FoundReport) -> FoundReport:
    """The report as it is now: a move that was refused found it changed."""
    return find_report(request, found.record.span, found.record.project.code)


def _queue(found: FoundReport) -> tuple[Neighbours, ReportRow | None]:
    rows = load_reports(found.who, found.record.period)
    row = next((row for row in rows if row.record.pk == found.record.pk), None)
    return neighbours(rows, found.record, rows, link=report_review_link, noun="report"), row


def _onward(request: HttpRequest, found: FoundReport) -> Callable[[str], HttpResponse]:
    place, _ = _queue(found)
    return onward(request, place, reverse("quarter", args=[found.record.span]))


def _show(
    request: HttpRequest,
    found: FoundReport,
    *,
    returning: ReportReturnForm | None = None,
    challenge: ReportChallengeForm | None = None,
    escalation: Refused | None = None,
) -> HttpResponse:
    record, user = found.record, found.user
    place, row = _queue(found)
    may = Options(
        accept_why_not=refusal(record, REPORT_MOVES["accept"], user) or "",
        challenge_why_not=refusal(record, REPORT_MOVES["challenge"], user) or "",
    )
    may_escalate = refusal(record, REPORT_MOVES["escalate"], user) is None
    before = found.context.before
    asks = may.may_challenge
    context = {
        "noun": "report",
        "name": str(record.project),
        "record": record,
        "top": report_top(found.context, row),
        "place": place,
        "options": may,
        "action": request.get_full_path(),
        "published": published_report(found.context, ReportEntry.of(record)),
        "before": before,
        "before_status": rag_tag(before.status) if before is not None else None,
        "facts": facts_beside(found.context)[1:],  # the status before is read with the report
        "meaning": ActionRag(record.status).meaning if record.status else "",
        "flags": [
            (flag, f"{why.answer} ({why.answered_by.name})" if why is not None else "")
            for flag, why in report_flags(found.context)
        ],
        "revision_rows": report_revision_rows(record, working=found.working),
        "cards": cards_for(record, user, REPORT_MOVES["escalate"], working=True),
        "earlier": earlier_report_challenges(record),
        "return_form": returning or (ReportReturnForm(auto_id="id_return_%s") if asks else None),
        "return_open": returning is not None,
        "challenge_form": challenge or (ReportChallengeForm(auto_id="id_challenge_%s") if asks else None),
        "challenge_open": challenge is not None,
        "escalations": escalation_forms(record, escalation, may=may_escalate),
        "escalation_form": escalation[1] if escalation else None,
        "crumbs": report_crumbs(found, Link("Check", "")),
        "links": _links(found),
    }
    return render(request, "actions/report/review.html", context)


def _links(found: FoundReport) -> list[Link]:
    record = found.record
    links = [
        Link("The report's own page", report_address(record)),
        Link("The project", reverse("project", args=[record.project.code])),
    ]
    if record.is_accepted:
        links.append(Link("Propose a revision", report_address(record, "project-revise")))
    elif found.who.may(Permission.MANAGE_PERIODS, record.scope):
        links.append(Link("Lift the lock for this report", report_address(record, "project-lock-exception")))
    return links


# The board's page


@require_http_methods(["GET", "HEAD", "POST"])
def report_ruling(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Read a dispute, and for a member of the board record the decision."""
    found = find_report(request, quarter, code, dispute=True)
    if not found.who.may(Permission.SEE_DISPUTED) and not found.working:
        raise PermissionDenied("A dispute is read by the board, directors and the two sides.")
    disputed = found.record.challenges.with_the_board().first()
    if disputed is None and not found.record.challenges.exclude(ruling="").exists():
        raise Http404("Nothing about this report was sent to the board.")
    refused = may_rule(found.record, found.user)
    if request.method == "POST":
        posting.refuse(refused)
        return _decide(request, found)
    start = {"challenge": disputed.pk if disputed is not None else ""}
    form = None if refused or disputed is None else RulingForm(back=reverse("home"), noun="report", initial=start)
    return _show_dispute(request, found, form)


def _decide(request: HttpRequest, found: FoundReport) -> HttpResponse:
    """Record the decision on the very challenge the form was shown for: another may be with the board as well."""
    challenge = posting.one_of(found.record.challenges.all(), request.POST.get("challenge", ""))
    form = RulingForm(request.POST, back=reverse("home"), noun="report")

    def act() -> object:
        typed = form.cleaned_data
        return REPORTS.rule(challenge, ruling=typed["ruling"], words=typed["words"], by=found.user)

    if not attempt(form, act):
        again = find_report(request, found.record.span, found.record.project.code, dispute=True)
        return _show_dispute(request, again, form)
    messages.success(request, "The board's decision is recorded. Both sides see it.")
    return redirect("home")


def _show_dispute(request: HttpRequest, found: FoundReport, form: RulingForm | None) -> HttpResponse:
    record = found.record
    about = ""
    if form is not None:
        chosen = posting.whole(str(form["challenge"].value() or ""))
        challenge = record.challenges.filter(pk=chosen).first()
        about = lower_first(challenge.get_about_display()) if challenge is not None else ""
    context = {
        "record": record,
        "published": published_report(found.context, ReportEntry.of(record)),
        "cards": cards_for(record, found.user, REPORT_MOVES["escalate"], working=found.working),
        "form": form,
        "about": about,
    }
    return render(request, "actions/report/ruling.html", context)


# Lifting the lock


@require_http_methods(["GET", "HEAD", "POST"])
def report_exception(request: HttpRequest, quarter: Quarter, code: str) -> HttpResponse:
    """Lift the lock for one report until a date; the times it was lifted before."""
    found = find_report(request, quarter, code)
    if may_review(found.record, found.user):
        raise PermissionDenied(REFUSED)
    lifted = found.record.lock_exceptions.select_related("report__project", "granted_by", "ended_by")
    return lift_page(
        request,
        found.record,
        LIFTING,
        by=found.user,
        noun="report",
        name=report_name(found.record),
        back=report_address(found.record),
        rows=lambda: report_exception_rows(list(lifted), clock.today()),
    )


@require_POST
def report_exception_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a lifted lock early: the quarter's lock applies to the report again at once."""
    if not standing(signed_in(request)).may(Permission.MANAGE_PERIODS):
        raise PermissionDenied(REFUSED)
    rows = ReportLockException.objects.select_related("report__project__service", "report__period")
    exception = get_object_or_404(rows, pk=pk)
    name = report_name(exception.report)
    return end_page(request, exception, LIFTING, by=signed_in(request), name=name, back=reverse("quarters"))

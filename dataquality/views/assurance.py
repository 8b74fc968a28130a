"""``/dataquality/assurance/``: a year's statements of assurance, who is outstanding, and one statement."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from dataquality.assurance_workflow import (
    STATEMENT_MOVES,
    StaleRecord,
    may_ask,
    may_state,
    refusal,
)
from dataquality.forms.assurance import DueForm, ReopenStatementForm, StatementForm
from dataquality.models import AssuranceRound, AssuranceStatement
from dataquality.operations.assurance import ask, change_due, reopen_statement, save_statement, sign_statement
from dataquality.presenters.assurance import (
    figure_rows,
    round_tag,
    statement_counts,
    statement_facts,
    statement_rows,
    statement_tag,
)
from dataquality.presenters.assurance_report import evidence
from dataquality.queries.assurance import (
    find_assurance,
    find_statement,
    sees_assurance,
    sees_report,
    statement_lines,
    year_to_ask,
)
from dataquality.queries.assurance_report import held_for
from dataquality.queries.measures import shares_of_service
from dataquality.queries.template_list import signatories
from dataquality.rules.measures import Measure, Share
from hdcperf import clock
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import Link, Step, SummaryRow, day

__all__ = ["assurance", "assurance_ask", "assurance_due", "assurance_statement", "assurance_year", "find_seen"]

METHODS = ["GET", "HEAD", "POST"]
NOT_YOURS = "Statements of assurance are read by the services’ managers, corporate leadership and audit."
STALE = "It was changed after you opened the page. What you typed is below: read it again, then save or sign."
STALE_DATE = "The date was changed after you opened the page: look at it, then change it again if you need to."


def _crumbs(*after: Link) -> tuple[Link, ...]:
    return (Link("Assurance", reverse("assurance")), *after)


def _who(request: HttpRequest) -> Standing:
    who = standing(signed_in(request))
    if not sees_assurance(who):
        raise PermissionDenied(NOT_YOURS)
    return who


def find_seen(request: HttpRequest, year: FinancialYear) -> tuple[Standing, AssuranceRound]:
    """The year's statements. Raises PermissionDenied, and Http404 for a year that was not asked for."""
    who = _who(request)
    record = find_assurance(year)
    if record is None:
        raise Http404(f"No statements of assurance were asked for {year}.")
    return who, record


@require_safe
def assurance(request: HttpRequest) -> HttpResponse:
    """The years that were asked for, the newest first."""
    who = _who(request)
    rows = [
        (Link(str(one.financial_year), reverse("assurance-year", args=[one.financial_year])), round_tag(one), one)
        for one in AssuranceRound.objects.all()
    ]
    steps = []
    following = year_to_ask(who)
    if following is not None and may_ask(None, signed_in(request)) is None:
        ask_for = reverse("assurance-ask", args=[following])
        hint = "Every service with KPIs in the year is asked."
        steps.append(Step(f"Ask for the statements of {following}", ask_for, hint, kind="primary"))
    context = {"rows": rows, "steps": [*steps, Step("What internal audit found", reverse("audit-findings"))]}
    return render(request, "dataquality/assurance/years.html", context)


@require_http_methods(METHODS)
def assurance_ask(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Ask every service for its statement about a year."""
    user = signed_in(request)
    refuse(may_ask(None, user))
    if find_assurance(year) is not None:
        return redirect("assurance-year", year)
    if year != year_to_ask(standing(user)):
        raise Http404(f"The statements of {year} are not the next to be asked for.")
    form = DueForm(
        request.POST or None, initial={"version": 0}, back=reverse("assurance"), button="Ask for the statements"
    )
    if request.method == "POST" and attempt(form, lambda: ask(year, form.cleaned_data["due_on"], by=user)):
        messages.success(request, f"Every service with KPIs in {year} is asked for its statement.")
        return redirect("assurance-year", year)
    context = {
        "crumbs": _crumbs(Link(f"Ask for {year}", "")),
        "heading": f"Ask for the statements of assurance of {year}",
        "intro": "Each service manager states how sure they are of the controls on their figures. A statement can be "
        f"begun now, and signed from {day(year.next.first_day)}.",
        "form": form,
    }
    return render(request, "dataquality/setting/form.html", context)


@require_http_methods(METHODS)
def assurance_due(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Set another date by which the statements are signed."""
    _, record = find_seen(request, year)
    user = signed_in(request)
    refuse(may_ask(record, user))
    back = reverse("assurance-year", args=[year])
    form = DueForm(
        request.POST or None,
        initial={"version": record.version, "due_on": record.due_on},
        back=back,
        button="Change the date",
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            if attempt(form, lambda: change_due(record, typed["due_on"], by=user, version=typed["version"])):
                messages.success(request, f"The statements are due on {day(typed['due_on'])}.")
                return redirect(back)
        except StaleRecord:
            form.add_error(None, STALE_DATE)
    context = {
        "crumbs": _crumbs(Link(str(year), back), Link("Date", "")),
        "heading": f"When the statements of {year} are due",
        "form": form,
    }
    return render(request, "dataquality/setting/form.html", context)


@require_safe
def assurance_year(request: HttpRequest, year: FinancialYear) -> HttpResponse:
    """Every service's statement: signed, or outstanding and whose."""
    who, record = find_seen(request, year)
    found = statement_lines(who, record)
    facts = [SummaryRow("Statements due on", day(record.due_on))]
    if record.reported_on is not None:
        facts.append(SummaryRow("Reported to the committee on", day(record.reported_on)))
    context = {
        "crumbs": _crumbs(Link(str(year), "")),
        "year": year,
        "state": round_tag(record),
        "facts": facts,
        "counts": statement_counts(found, who.today),
        "rows": statement_rows(found, who.today),
        "steps": _year_steps(who, record, signed_in(request)),
    }
    return render(request, "dataquality/assurance/year.html", context)


def _year_steps(who: Standing, record: AssuranceRound, user: User) -> list[Step]:
    year, found = record.financial_year, []
    if sees_report(who, record):
        found.append(Step("Read the report for the committee", reverse("assurance-report", args=[year])))
    found.append(Step("See the figures on data quality", f"{reverse('measures')}?year={year.slug}"))
    if record.state == AssuranceRound.State.OPEN and may_ask(record, user) is None:
        found.append(Step("Change the date they are due", reverse("assurance-due", args=[year])))
    return found


# One statement


@require_http_methods(METHODS)
def assurance_statement(request: HttpRequest, year: FinancialYear, service: int) -> HttpResponse:
    """One service's statement: its figures, what has to be explained, how sure it is; saved, signed or reopened."""
    who = _who(request)
    statement = find_statement(who, year, service)
    if statement is None:
        raise Http404("There is no statement of assurance of this service that you can read.")
    if request.method == "POST":
        return _act(request, statement)
    return _page(request, statement)


def _shares(statement: AssuranceStatement) -> dict[Measure, Share]:
    """As they stand now; once it is signed, as they stood then."""
    if statement.state == AssuranceStatement.State.SIGNED:
        return {Measure(one.measure): one.share for one in statement.figures.all()}
    return shares_of_service(statement.service_id, statement.assurance_round.year, clock.today())


def _act(request: HttpRequest, statement: AssuranceStatement) -> HttpResponse:
    match request.POST.get("move", ""):
        case "save":
            return _state(request, statement, signing=False)
        case "sign":
            return _state(request, statement, signing=True)
        case "reopen":
            return _reopen(request, statement)
    raise Http404("There is no such button.")


def _form(statement: AssuranceStatement, shares: dict[Measure, Share], user: User, **how: object) -> StatementForm:
    over = clock.today() > statement.assurance_round.financial_year.last_day
    how = {"signing": False, **how}
    return StatementForm(shares=shares, may_sign=over, **how)  # type: ignore[arg-type]


def _state(request: HttpRequest, statement: AssuranceStatement, *, signing: bool) -> HttpResponse:
    user = signed_in(request)
    refuse(may_state(statement, user))
    form = _form(statement, _shares(statement), user, data=request.POST, signing=signing)
    if form.is_valid():
        act = sign_statement if signing else save_statement
        version = form.cleaned_data["version"]
        try:
            if attempt(form, lambda: act(statement, form.stated(), by=user, version=version)):
                said = "Signed. The figures are kept as they stand today." if signing else "Saved."
                messages.success(request, said)
                return redirect(request.path)
        except StaleRecord as stale:
            statement = stale.fresh
            data = with_version(request.POST, statement.version)
            form = _form(statement, _shares(statement), user, data=data, signing=signing)
            form.add_error(None, STALE)
    return _page(request, statement, form=form)


def _reopen(request: HttpRequest, statement: AssuranceStatement) -> HttpResponse:
    user = signed_in(request)
    refuse(may_state(statement, user))
    form = ReopenStatementForm(request.POST)
    if attempt(form, lambda: reopen_statement(statement, by=user, comment=form.cleaned_data["comment"])):
        messages.success(request, "Reopened: it can be changed, and is to be signed again.")
        return redirect(request.path)
    return _page(request, statement, reopen=form)


def _page(
    request: HttpRequest,
    statement: AssuranceStatement,
    *,
    form: StatementForm | None = None,
    reopen: ReopenStatementForm | None = None,
) -> HttpResponse:
    user, year = signed_in(request), statement.assurance_round.financial_year
    shares = _shares(statement)
    if form is None and refusal(statement, STATEMENT_MOVES["save"], user) is None:
        form = _form(statement, shares, user, initial=StatementForm.initial_of(statement))
    if reopen is None and refusal(statement, STATEMENT_MOVES["reopen"], user) is None:
        reopen = ReopenStatementForm()
    managers = signatories([statement.service_id], clock.today())[statement.service_id]
    explained = {one.measure: one.explanation for one in statement.figures.all()}
    last = statement.transitions.order_by("-at", "-pk").first()
    context = {
        "crumbs": _crumbs(Link(str(year), reverse("assurance-year", args=[year])), Link(statement.service.name, "")),
        "statement": statement,
        "year": year,
        "state": statement_tag(statement, clock.today()),
        "notice": f"{last.who} reopened it on {day(last.at)}: {last.comment}"
        if last is not None and last.move == "reopen"
        else "",
        "facts": statement_facts(statement, managers),
        "figures": figure_rows(statement, shares, explained),
        "sections": [one for one in evidence(held_for(year, statement.service_id)) if one.rows],
        "explained": form is None and any(explained.values()),
        "form": form,
        "signable_from": day(year.next.first_day) if clock.today() <= year.last_day else "",
        "signatory": user.name,
        "reopen": reopen,
    }
    return render(request, "dataquality/assurance/statement.html", context)

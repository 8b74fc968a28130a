"""The gallery's pages. Every figure and name is invented."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.forms import formset_factory
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.loader import render_to_string

from hdcperf import ui
from tests.gallery.forms import EverythingForm, FilterForm, PieceForm, PieceFormSet, SignInForm

HERE = Path(__file__).parent
FRAME = {
    "navigation": (
        ui.Link("My tasks", "/", count=3, hint="things to do"),
        ui.Link("KPIs", "/kpis/", current=True),
        *(ui.Link(text, f"/{text.lower()}/") for text in ("Returns", "Board", "Import", "Audit", "Posts")),
    ),
    "signed_in_role": "Performance Team",
    "user": SimpleNamespace(is_authenticated=True, name="Example Reviewer"),
    "product_name": "Council performance",
    "council_name": "Example District Council",
    "demo_banner": "Example council: the people and figures are invented. Today is taken to be 5 November 2026.",
    "footer_links": (ui.Link("Accessibility statement", "/a/"), ui.Link("Privacy notice", "/p/")),
    "crumbs": (ui.Link("KPIs", "/kpis/"), ui.Link("Missed bins", "")),
}

RAGS = ("green", "amber", "red", "no_data", "not_judged", "not_due")
STATES = ("not_started", "draft", "submitted", "challenged", "accepted")
MARKS = (
    *("disputed", "escalated", "overdue", "late", "missing", "revised", "provisional", "imported", "locked"),
    *("covering", "awaiting_approval"),
)
MOVEMENTS = (
    ui.Movement("better", "up 2.1 points", "up"),
    ui.Movement("worse", "up 14", "up"),
    ui.Movement("worse", "down 3.5%", "down"),
    ui.Movement("same"),
    ui.Movement("none"),
)


def _page(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    template = engines["django"].from_string((HERE / f"{name}.html").read_text(encoding="utf-8"))
    return HttpResponse(template.render({**FRAME, **context}, request))


@login_not_required
def components(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        "components",
        rags=RAGS,
        states=STATES,
        marks=MARKS,
        movements=MOVEMENTS,
        pair=ui.Pair(ui.rag_tag("amber"), ui.rag_tag("green")),
        counts=[ui.Count(3 * n, ui.rag_tag(rag), f"?rag={rag}", rag == "amber") for n, rag in enumerate(RAGS)],
        state_counts=[ui.Count(5, ui.state_tag(state)) for state in STATES],
        progress=ui.Progress(27, 30, "returns in"),
        tasks=[
            ui.TaskRow(
                "Enter October 2026 for Missed bins",
                "/returns/2026-10/PI-10/",
                ui.state_tag("draft"),
                "Household waste",
                "Due 12 November 2026",
                (ui.mark_tag("covering"),),
            ),
            ui.TaskRow(
                "Answer a challenge on Days to process a new claim for housing benefit and council tax support",
                "/returns/2026-10/PI-3/",
                ui.state_tag("challenged"),
                "",
                "Overdue since 3 November 2026",
                (ui.mark_tag("overdue"), ui.mark_tag("disputed")),
            ),
        ],
        summary=[
            ui.SummaryRow("Service", "Waste and street scene", [ui.Link("Change", "/x/", "service")]),
            ui.SummaryRow("Now and forecast", ui.Pair(ui.rag_tag("red"), ui.rag_tag("amber"))),
            ui.SummaryRow("Target", ui.figure(Decimal("1234.5"), 1, "£")),
        ],
        lock=ui.Lock(
            "This page is read-only because October 2026 locked on 18 November 2026.",
            "The Performance Team can lift the lock for one return.",
        ),
        steps=[
            ui.Step("Accept", "/accept/", method="post", kind="primary", name="move", value="accept"),
            ui.Step(
                *("Raise a challenge", "/challenge/", "About the value, the commentary, the forecast or the whole."),
                kind="secondary",
            ),
            ui.Step("Escalate to the board", "/escalate/", method="post", kind="link"),
            ui.Step("See the KPI", "/kpis/PI-10/"),
        ],
        links=[ui.Link("Download as CSV", "/csv/"), ui.Link("Print", "/print/")],
        months=[ui.Link("October 2026", "?m=10", current=True, count=30), ui.Link("September 2026", "?m=9", count=0)],
        entries=[
            {"who": "Example Reviewer, Performance Team", "when": "3 November 2026 at 10:15am", "side": "team",
             "text": "October is ten times September.\nIs it a typing mistake?", "tag": ui.mark_tag("escalated")},
            {"who": "Example Owner", "when": "4 November 2026 at 9:02am", "side": "owner",
             "text": "Yes. 41, not 410. <script>alert(1)</script>"},
        ],
        messages=[Message(SUCCESS, "October 2026 is accepted."), Message(WARNING, "Two returns are still missing.")],
    )  # fmt: skip


@login_not_required
def table(request: HttpRequest) -> HttpResponse:
    rows = [
        {
            "code": f"KPI {n}",
            "name": name,
            "months": [ui.figure(Decimal(n * 37 - m * 11), 1) for m in range(7)],
            "now": ui.rag_tag(RAGS[n % 6]),
            "forecast": ui.rag_tag(RAGS[(n * 5) % 6]),
            "movement": MOVEMENTS[n % 5],
            "state": ui.state_tag(STATES[n % 5]),
            "marks": [ui.mark_tag(MARKS[n % 9])] if n % 3 == 0 else [],
        }
        for n, name in enumerate(
            ("Missed bins per 100,000", "Active Lifestyles attendance", "Staff sickness days") * 40, 1
        )
    ]
    sort = ui.chosen_sort(request, {"code", "name"}, "code")
    return _page(
        request,
        "table",
        page=ui.paginate(request, rows, 12),
        columns=ui.columns(
            request,
            [
                ("KPI", "name"), ("Code", "code"),
                *((month, "", "numeric") for month in ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct")),
                ("Now",), ("Year-end forecast",), ("Since September",), ("State",),
            ],
            sort,
        ),
        filter_form=FilterForm(request.GET),
        active=[ui.Link("Service: Waste", "?")],
    )  # fmt: skip


@login_not_required
def form(request: HttpRequest) -> HttpResponse:
    return _page(request, "form", form=EverythingForm(), formset=_owners())


@login_not_required
def form_errors(request: HttpRequest) -> HttpResponse:
    posted = {
        "value": "lots",
        "due_day": "31",
        "due_month": "",
        "due_year": "2026",
        "why": "x" * 260,
        "no_data": "no_data",
    }
    rows = {
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "0",
        "form-0-name": "A",
        "form-1-name": "A",
        "form-1-due_day": "9",
    }
    return _page(request, "form", form=EverythingForm(posted), formset=_owners(rows))


def _owners(data: dict[str, str] | None = None) -> PieceFormSet:
    return formset_factory(PieceForm, formset=PieceFormSet, extra=2)(data)  # type: ignore[return-value]


@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    accounts = [
        SimpleNamespace(email=f"{role.lower().replace(' ', '-')}@demo.example", role=role, name=f"Example {role}")
        for role in ("Performance Team", "KPI holder", "Service manager", "Portfolio holder", "Board member")
    ]
    context = {**FRAME, "user": SimpleNamespace(is_authenticated=False), "navigation": (), "crumbs": ()}
    context |= {"form": SignInForm(), "demo_accounts": accounts, "demo_password": "demo", "next": "/board/2026-10/"}
    return HttpResponse(render_to_string("organisation/sign_in.html", context, request))


@login_not_required
def expired(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("403_csrf.html", FRAME, request))


@login_not_required
def missing(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("404.html", FRAME, request))


PAGES = {
    "components": components,
    "table": table,
    "form": form,
    "form-errors": form_errors,
    "sign-in": sign_in,
    "expired": expired,
    "missing": missing,
}

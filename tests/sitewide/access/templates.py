"""Data quality templates: who reads, completes, confirms, signs and waives them (framework B.1, Appendix A)."""

from __future__ import annotations

from typing import Any

from dataquality.models import Comparator
from dataquality.operations.comparators import version_of_series
from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import LEADERSHIP, NAMED, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

SIGNS = people("service_manager", "delegate of service_manager", "head_of_service")
COMPLETES = people(TEAM, NAMED, SIGNS)
READS = people(COMPLETES, LEADERSHIP, "governance", "internal_audit")
"""Those who read the templates of the scene's service."""
READS_ELSEWHERE = people("another service_manager", "another head_of_service", "another KPI holder")
WAIVES = people("director")

YEAR = "/dataquality/2026-27/"
DRAFT, SENT, SIGNED = f"{YEAR}PI 1/", f"{YEAR}PI 2/", f"{YEAR}PI 3/"


def _page(address: str, may: frozenset[str] = READS) -> Page:
    return Page(address, {200: may, 403: READS - may}, rest=404)


PAGES = [
    Page("/dataquality/", {200: READS | READS_ELSEWHERE}, rest=403),
    _page(DRAFT),
    _page(f"{DRAFT}benchmarking/"),
    Page(f"{DRAFT}colour/", {404: READS}, rest=404),
    _page(f"{DRAFT}sign-off/"),
    _page(f"{DRAFT}document/"),
    _page(f"{SIGNED}changes/"),
    Page(f"{DRAFT}changes/", {404: READS}, rest=404),  # it began from nothing
    _page(f"{DRAFT}access/", people(NAMED, SIGNS, TEAM, "internal_audit")),
    _page(f"{DRAFT}discard/", COMPLETES),
    _page(f"{DRAFT}waiver/", WAIVES),
    _page(f"{SIGNED}begin/", COMPLETES),
    _page(f"{DRAFT}comparators/"),
    _page(f"{DRAFT}comparators/new/", COMPLETES),
    _page(f"{DRAFT}comparators/{{comparator}}/", COMPLETES),
    Page(f"{DRAFT}comparators/{{comparator}}/remove/", {405: SIGNED_IN}),
    Page(f"{DRAFT}begin/", {302: COMPLETES, 403: READS - COMPLETES}, rest=404, to="/dataquality/2026-27/PI%201/"),
]


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _form(address: str, may: frozenset[str], **how: Any) -> Form:
    return Form(address, {302: may, 403: READS - may}, 404, **how)


def _answer(scene: Scene) -> dict[str, Any]:
    return {"version": scene.fresh("draft template").version, "benchmarking": "The county publishes one."}


def _series(name: str, version: int) -> dict[str, Any]:
    said = {"group": "county", "source": "The county", "how_comparable": "Counted alike.", "values": "2024/25: 61.2"}
    return {**said, "name": name, "version": version}


FORMS = [
    _form(f"{DRAFT}comparators/new/", COMPLETES, button=("move", "save"), sends=_series("County", 0)),
    _form(
        f"{DRAFT}comparators/{{comparator}}/",
        COMPLETES,
        button=("move", "save"),
        sends=lambda scene: _series("England", version_of_series(Comparator.objects.get())),
    ),
    _form(f"{DRAFT}comparators/{{comparator}}/remove/", COMPLETES),
    # Without a file nothing is read, and the page says so; with one, nothing is saved either.
    Form(
        f"{DRAFT}comparators/new/",
        {200: COMPLETES, 403: READS - COMPLETES},
        404,
        button=("move", "read"),
        writes=False,
    ),
    Form(
        f"{DRAFT}comparators/{{comparator}}/",
        {200: COMPLETES, 403: READS - COMPLETES},
        404,
        button=("move", "read"),
        writes=False,
    ),
    _form(f"{DRAFT}benchmarking/", COMPLETES, button=("move", "save"), sends=_answer),
    _form(f"{DRAFT}benchmarking/", COMPLETES, button=("move", "save_back"), sends=_answer),
    _form(DRAFT, COMPLETES, button=("move", "submit")),
    _form(SENT, COMPLETES, button=("move", "take_back")),
    _form(f"{SENT}sign-off/", SIGNS, button=("move", "sign"), sends=_version("sent template")),
    _form(f"{SENT}sign-off/", SIGNS, button=("move", "send_back"), sends={"comment": "Name the spreadsheet."}),
    _form(f"{DRAFT}access/", NAMED, button=("move", "confirm")),
    # The stand-in has said so already, and waits for an answer.
    Form(
        f"{DRAFT}access/",
        {302: NAMED - {"stand-in"}, 200: people("stand-in"), 403: READS - NAMED},
        404,
        button=("move", "cannot"),
        sends={"system": "Example system", "words": "My account was closed."},
        idle=people("stand-in"),
    ),
    _form(
        f"{DRAFT}access/",
        SIGNS,
        button=("move", "answer:{problem}"),
        sends={"answer": "It is opened again."},
    ),
    _form(f"{DRAFT}discard/", COMPLETES, sends={"comment": "It was begun for the wrong KPI."}),
    _form(f"{SIGNED}begin/", COMPLETES, sends={"why": "Another team collects it."}),
    _form(
        f"{DRAFT}waiver/",
        WAIVES,
        button=("move", "allow"),
        sends={"expires_on_day": "18", "expires_on_month": "12", "expires_on_year": "2026", "reason": "It is late."},
    ),
    _form(f"{DRAFT}waiver/", WAIVES, button=("move", "end")),
]

"""Projects: the register everybody reads, who keeps it, and changes of their dates."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import ACCEPTED, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

KEEPS = people(TEAM, "strategic_insights")
RUNS = people("project manager")
ENTERS = KEEPS | RUNS
WORKS = ENTERS | people("service_manager", "delegate of service_manager", "head_of_service", "director")
SEES_REPORTS = WORKS | ACCEPTED

PAGES = [
    Page("/projects/", {200: SIGNED_IN}),
    Page("/projects/new/", {200: KEEPS}, rest=403),
    Page("/projects/changes/", {200: KEEPS}, rest=403),
    Page("/projects/changes/{change}/", {200: SEES_REPORTS}, rest=404),
    Page("/projects/changes/{change approved}/", {200: SIGNED_IN}),
    Page("/projects/changes/0/", {404: SIGNED_IN}),
    Page("/projects/PR 5/", {200: SIGNED_IN}),
    Page("/projects/pr5/", {302: SIGNED_IN}, to="/projects/PR%205/"),
    Page("/projects/PR 99/", {404: SIGNED_IN}),
    Page("/projects/PR 5/change/", {200: KEEPS}, rest=403),
    Page("/projects/PR 5/close/", {200: KEEPS}, rest=403),
    Page("/projects/PR 5/again/", {302: KEEPS}, rest=403, to="/projects/PR%205/"),
    Page("/projects/PR 10/again/", {200: KEEPS}, rest=403),
    Page("/projects/PR 5/dates/", {200: ENTERS}, rest=403),
    Page("/projects/PR 10/dates/", {302: ENTERS}, rest=403, to="/projects/PR%2010/"),
]


def _facts(scene: Scene) -> dict[str, Any]:
    project: Any = scene.fresh("report_accepted").project
    return {
        "code": project.code,
        "name": "Another name",
        "purpose": project.purpose,
        "outcome": project.outcome_id,
        "service": project.service_id,
        "portfolio": project.portfolio_id,
        "sponsor": project.sponsor_id,
        "manager": project.manager_id,
        "board": project.board,
        "version": project.version,
        "reason": "It is known by it.",
    }


def _dated(name: str, text: str) -> dict[str, str]:
    return dict(zip((f"{name}_day", f"{name}_month", f"{name}_year"), text.split(), strict=True))


def _new(scene: Scene) -> dict[str, Any]:
    return _facts(scene) | {"code": "PR 50"} | _dated("starts_on", "1 4 2026") | _dated("ends_on", "31 3 2028")


DECISION = {"words": "Agreed as asked.", **_dated("met_on", "2 11 2026")}

FORMS = [
    Form("/projects/new/", {302: KEEPS}, rest=403, sends=_new),
    Form("/projects/PR 5/change/", {302: KEEPS}, rest=403, sends=_facts),
    Form(
        "/projects/PR 5/close/",
        {302: KEEPS},
        rest=403,
        sends={"how": "completed", "why": "The works are done.", **_dated("on", "2 11 2026")},
    ),
    Form("/projects/PR 10/again/", {302: KEEPS}, rest=403, sends={"reason": "It was closed by mistake."}),
    Form(
        "/projects/PR 5/dates/",
        {302: ENTERS},
        rest=403,
        sends={"which": "end", "reason": "The roof is dearer.", **_dated("new_on", "30 6 2027")},
    ),
    Form(
        "/projects/changes/{change}/",
        {302: KEEPS, 403: SEES_REPORTS - KEEPS},
        rest=404,
        sends={"decided": "approve", **DECISION},
    ),
    Form(
        "/projects/changes/{change}/",
        {302: RUNS, 403: SEES_REPORTS - RUNS},
        rest=404,
        button=("decide", "withdraw"),
    ),
]

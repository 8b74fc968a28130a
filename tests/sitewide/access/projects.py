"""Projects: the register everybody reads, who keeps it, and changes of their dates."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import ACCEPTED, LEADERSHIP, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

KEEPS = people(TEAM, "strategic_insights")
RUNS = people("project manager")
ENTERS = KEEPS | RUNS
WORKS = ENTERS | people("service_manager", "delegate of service_manager", "head_of_service", "director")
SEES_REPORTS = WORKS | ACCEPTED
WORKS_ELSEWHERE = people("another service_manager", "another head_of_service", "another director")
READS_DISPUTED = WORKS | LEADERSHIP
RULES = people("board")

Q2 = "/projects/2026-27-Q2/"

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
    # A report in each state.
    Page(f"{Q2}PR 6/", {200: WORKS}, rest=404),  # not started
    Page(f"{Q2}PR 1/", {200: WORKS}, rest=404),  # a draft
    Page(f"{Q2}PR 2/", {200: WORKS}, rest=404),  # submitted
    Page(f"{Q2}PR 3/", {200: WORKS}, rest=404),  # challenged, between the two sides
    Page(f"{Q2}PR 4/", {200: READS_DISPUTED}, rest=404),
    Page(f"{Q2}PR 5/", {200: SEES_REPORTS}, rest=404),
    Page(f"{Q2}PR 99/", {404: SIGNED_IN}),
    Page("/projects/2026-27-Q3/PR 1/", {404: SIGNED_IN}),  # no report yet
    Page(f"{Q2}PR 1/preview/", {405: SIGNED_IN}),
    Page(f"{Q2}PR 2/review/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page(f"{Q2}PR 5/review/", {200: TEAM, 403: SEES_REPORTS - TEAM}, rest=404),
    Page(f"{Q2}PR 5/revise/", {200: ENTERS, 403: SEES_REPORTS - ENTERS}, rest=404),
    Page(f"{Q2}PR 1/revise/", {302: ENTERS, 403: WORKS - ENTERS}, rest=404, to="/projects/2026-27-Q2/PR%201/"),
    Page("/projects/revisions/", {200: WORKS | WORKS_ELSEWHERE}, rest=403),
    Page("/projects/revisions/{report_revision}/", {200: WORKS}, rest=404),
    Page("/projects/revisions/0/", {404: SIGNED_IN}),
    Page(f"{Q2}PR 4/dispute/", {200: READS_DISPUTED}, rest=404),
    Page(f"{Q2}PR 5/dispute/", {404: READS_DISPUTED, 403: SEES_REPORTS - READS_DISPUTED}, rest=404),
    Page(f"{Q2}PR 6/exception/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page("/projects/locks/{report_exception}/end/", {405: SIGNED_IN}),
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

EXCEPTION = {
    "asked_by": "Example Service",
    "reason": "The board met late.",
    **_dated("expires_on", "30 11 2026"),
}


def _typed(scene: Scene) -> dict[str, Any]:
    return {
        "version": scene.fresh("report_draft").version,
        "status": "green",
        "board": "Example Programme Board",
        "board_words": "Content with the works.",
        "progress": "Twelve examples were built between the bridge and the mill.",
        "risks": "The weather.",
        "next_steps": "The roof, by Christmas.",
        **_dated("met_on", "24 9 2026"),
    }


def _revise(scene: Scene) -> dict[str, Any]:
    return _typed(scene) | {
        "version": scene.fresh("report_to_revise").version,
        "kind": "correction",
        "reason": "One example was counted twice.",
    }


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
    # Entering.
    Form(f"{Q2}PR 1/", {200: ENTERS, 403: WORKS - ENTERS}, 404, button=("move", "check"), sends=_typed, writes=False),
    Form(f"{Q2}PR 1/", {302: ENTERS, 403: WORKS - ENTERS}, 404, button=("move", "save"), sends=_typed),
    Form(f"{Q2}PR 1/", {302: ENTERS, 403: WORKS - ENTERS}, 404, button=("move", "submit"), sends=_typed),
    Form(f"{Q2}PR 2/", {302: ENTERS, 403: WORKS - ENTERS}, 404, button=("move", "take_back")),
    Form(
        f"{Q2}PR 3/",
        {302: ENTERS, 403: WORKS - ENTERS},
        404,
        button=("move", "answer"),
        sends=lambda scene: {
            "version": scene.fresh("report_challenged").version,
            "risks": "A dearer roof takes a month.",
            f"words_{scene.id('report_challenge')}": "About a month.",
        },
    ),
    Form(
        f"{Q2}PR 3/",
        {302: ENTERS, 403: WORKS - ENTERS},
        404,
        button=("move", "escalate:{report_challenge}"),
        sends=lambda scene: {f"escalate-{scene.id('report_challenge')}-reason": "We cannot agree."},
    ),
    Form(f"{Q2}PR 1/preview/", {200: ENTERS, 403: WORKS - ENTERS}, 404, sends=_typed, writes=False),
    # Checking.
    Form(
        f"{Q2}PR 2/review/",
        {302: TEAM, 403: WORKS - TEAM},
        404,
        button=("decide", "accept"),
        sends=lambda scene: {"version": scene.fresh("report_submitted").version},
    ),
    Form(
        f"{Q2}PR 2/review/",
        {302: TEAM, 403: WORKS - TEAM},
        404,
        button=("decide", "return"),
        sends={"missing": ["risks"], "more": "Name them."},
    ),
    Form(
        f"{Q2}PR 2/review/",
        {302: TEAM, 403: WORKS - TEAM},
        404,
        button=("decide", "challenge"),
        sends={"about": "risks", "reason": "unclear", "question": "Which?"},
    ),
    Form(
        f"{Q2}PR 3/review/",
        {302: TEAM, 403: WORKS - TEAM},
        404,
        button=("decide", "escalate"),
        sends=lambda scene: {"challenge": scene.id("report_challenge"), "reason": "We cannot agree."},
    ),
    Form(
        f"{Q2}PR 4/dispute/",
        {302: RULES, 403: READS_DISPUTED - RULES},
        404,
        sends=lambda scene: {"challenge": scene.id("report_dispute"), "ruling": "stands", "words": "It stands."},
    ),
    Form(f"{Q2}PR 6/exception/", {302: TEAM, 403: WORKS - TEAM}, 404, sends=EXCEPTION),
    Form("/projects/locks/{report_exception}/end/", {302: TEAM}, 403),
    # Revisions.
    Form(
        f"{Q2}PR 8/revise/", {302: ENTERS, 403: SEES_REPORTS - ENTERS}, 404, button=("step", "propose"), sends=_revise
    ),
    Form(
        f"{Q2}PR 8/revise/",
        {200: ENTERS, 403: SEES_REPORTS - ENTERS},
        404,
        button=("step", "preview"),
        sends=_revise,
        writes=False,
    ),
    Form("/projects/revisions/{report_revision}/", {302: TEAM, 403: WORKS - TEAM}, 404, button=("decide", "accept")),
    Form(
        "/projects/revisions/{report_revision}/",
        {302: TEAM, 403: WORKS - TEAM},
        404,
        button=("decide", "decline"),
        sends={"reason": "It was counted once."},
    ),
    Form(
        "/projects/revisions/{report_revision}/", {302: RUNS, 403: WORKS - RUNS}, 404, button=("decide", "withdraw")
    ),
]

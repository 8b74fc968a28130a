"""The quarterly update: the updates of ``action_scene``, who reads, enters, checks and decides them."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import ACCEPTED, LEADERSHIP, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

ENTERS = people("action officer", "service_manager", "delegate of service_manager", TEAM)
WORKS = ENTERS | {"head_of_service", "director"}
WORKS_ELSEWHERE = people(
    "another action officer", "another service_manager", "another head_of_service", "another director"
)
ON_PROJECTS = people("project manager", "strategic_insights")
"""Those who work on reports of projects, which are listed beside the updates."""
READS_DISPUTED = WORKS | LEADERSHIP
READS_ACCEPTED = WORKS | ACCEPTED
RULES = people("board")

Q2 = "/actions/2026-27-Q2/"

PAGES = [
    # The Performance Team's own tools.
    Page("/quarters/", {200: TEAM}, rest=403),
    Page("/quarters/2026-27-Q2/", {200: TEAM}, rest=403),
    Page("/quarters/2027-28-Q1/", {200: TEAM}, rest=403),
    Page("/quarters/2026-27-Q2/open/", {405: SIGNED_IN}),
    Page("/quarters/locks/{update_exception}/end/", {405: SIGNED_IN}),
    Page(f"{Q2}CPA 6/exception/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page(f"{Q2}CPA 5/exception/", {200: TEAM, 403: READS_ACCEPTED - TEAM}, rest=404),
    # A round's list and the revisions: for those with a part in them, each seeing their own.
    Page(Q2, {200: WORKS | WORKS_ELSEWHERE | ON_PROJECTS}, rest=403),
    Page("/actions/2026-27-Q3/", {200: WORKS | WORKS_ELSEWHERE | ON_PROJECTS}, rest=403),  # not opened
    Page("/actions/revisions/", {200: WORKS | WORKS_ELSEWHERE}, rest=403),
    Page("/actions/revisions/{update_revision}/", {200: WORKS}, rest=404),
    Page("/actions/revisions/0/", {404: SIGNED_IN}),
    # An update in each state.
    Page(f"{Q2}CPA 6/", {200: WORKS}, rest=404),  # not started
    Page(f"{Q2}CPA 1/", {200: WORKS}, rest=404),  # a draft
    Page(f"{Q2}CPA 2/", {200: WORKS}, rest=404),  # submitted
    Page(f"{Q2}CPA 3/", {200: WORKS}, rest=404),  # challenged, between the two sides
    Page(f"{Q2}CPA 4/", {200: READS_DISPUTED}, rest=404),
    Page(f"{Q2}CPA 5/", {200: READS_ACCEPTED}, rest=404),
    Page(f"{Q2}CPA 99/", {404: SIGNED_IN}),
    Page("/actions/2026-27-Q3/CPA 1/", {404: SIGNED_IN}),  # no update yet
    Page(f"{Q2}CPA 1/preview/", {405: SIGNED_IN}),
    # Checking.
    Page(f"{Q2}CPA 2/review/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page(f"{Q2}CPA 3/review/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page(f"{Q2}CPA 5/review/", {200: TEAM, 403: READS_ACCEPTED - TEAM}, rest=404),
    # Revisions: the two sides propose one of what is accepted.
    Page(f"{Q2}CPA 5/revise/", {200: ENTERS, 403: READS_ACCEPTED - ENTERS}, rest=404),
    Page(
        f"{Q2}CPA 1/revise/",
        {302: ENTERS, 403: WORKS - ENTERS},
        rest=404,
        to="/actions/2026-27-Q2/CPA%201/",
    ),
    # The board's. Whoever reads an update but no disputes is not told whether there was one.
    Page(f"{Q2}CPA 4/dispute/", {200: READS_DISPUTED}, rest=404),
    Page(f"{Q2}CPA 5/dispute/", {404: READS_DISPUTED, 403: READS_ACCEPTED - READS_DISPUTED}, rest=404),
    Page(f"{Q2}CPA 1/dispute/", {404: SIGNED_IN}),
]


def _typed(name: str, **more: Any) -> Any:
    """The update's form as its page would send it."""

    def sends(scene: Scene) -> dict[str, Any]:
        return {
            "version": scene.fresh(name).version,
            "done": "Forty homes in two villages were insulated by a local firm this summer.",
            "rag": "green",
            "impact": "Bills of 40 households fell by about £90 a year each.",
            **more,
        }

    return sends


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _revise(scene: Scene) -> dict[str, Any]:
    return {
        "version": scene.fresh("update_to_revise").version,
        "kind": "correction",
        "rag": "green",
        "done": "Thirty-nine examples were followed.",
        "impact": "Waiting fell by 11 days.",
        "reason": "One example was counted twice.",
    }


EXCEPTION = {
    "asked_by": "Example Service",
    "reason": "The partner answered late.",
    **{"expires_on_day": "30", "expires_on_month": "11", "expires_on_year": "2026"},
}


def _dates(scene: Scene) -> dict[str, str]:
    form = scene.client("performance_team").get("/quarters/2026-27-Q2/").context["form"]
    offered = {one.html_name: one.value() for one in form if one.value() not in (None, False)}
    return offered | {"locks_on_2026-27-Q2": "27 November 2026", "reason": "The partner is late."}


ONLY_ENTERS: dict[str, Any] = {"rest": 404, "answers": {302: ENTERS, 403: WORKS - ENTERS}}
ONLY_TEAM: dict[str, Any] = {"rest": 404, "answers": {302: TEAM, 403: WORKS - TEAM}}
LOOKS: dict[str, Any] = {
    "rest": 404,
    "answers": {200: ENTERS, 403: WORKS - ENTERS},
    "writes": False,
}

FORMS = [
    # Entering.
    Form(f"{Q2}CPA 1/", **LOOKS, button=("move", "check"), sends=_typed("update_draft")),
    Form(f"{Q2}CPA 1/", **ONLY_ENTERS, button=("move", "save"), sends=_typed("update_draft")),
    Form(f"{Q2}CPA 1/", **ONLY_ENTERS, button=("move", "submit"), sends=_typed("update_draft")),
    Form(f"{Q2}CPA 2/", **ONLY_ENTERS, button=("move", "take_back")),
    Form(
        f"{Q2}CPA 3/",
        **ONLY_ENTERS,
        button=("move", "answer"),
        sends=lambda scene: {
            **_typed("update_challenged")(scene),
            f"words_{scene.id('update_challenge')}": "The bills were read in August.",
        },
    ),
    Form(
        f"{Q2}CPA 3/",
        **ONLY_ENTERS,
        button=("move", "escalate:{update_challenge}"),
        sends=lambda scene: {f"escalate-{scene.id('update_challenge')}-reason": "We cannot agree."},
    ),
    # Those who read an accepted update are refused as readers, whatever they send.
    *(
        Form(
            f"{Q2}CPA 5/",
            {403: READS_ACCEPTED - ENTERS, 409: ENTERS},
            404,
            button=("move", move),
            sends=_typed("update_accepted"),
            writes=False,
        )
        for move in ("save", "take_back", "answer")
    ),
    Form(f"{Q2}CPA 1/preview/", **LOOKS, sends=_typed("update_draft")),
    # Checking.
    Form(f"{Q2}CPA 2/review/", **ONLY_TEAM, button=("decide", "accept"), sends=_version("update_submitted")),
    Form(f"{Q2}CPA 2/review/", **ONLY_TEAM, button=("decide", "return"), sends={"missing": ["impact"], "more": ""}),
    Form(
        f"{Q2}CPA 2/review/",
        **ONLY_TEAM,
        button=("decide", "challenge"),
        sends={"about": "rag", "reason": "does_not_match", "question": "Is this green?"},
    ),
    Form(
        f"{Q2}CPA 3/review/",
        **ONLY_TEAM,
        button=("decide", "escalate"),
        sends=lambda scene: {"challenge": scene.id("update_challenge"), "reason": "We cannot agree."},
    ),
    # The board.
    Form(
        f"{Q2}CPA 4/dispute/",
        {302: RULES, 403: READS_DISPUTED - RULES},
        404,
        sends=lambda scene: {
            "challenge": scene.id("update_dispute"),
            "ruling": "stands",
            "words": "The impact is said well enough.",
        },
    ),
    # Revisions.
    Form(
        f"{Q2}CPA 8/revise/",
        {200: ENTERS, 403: READS_ACCEPTED - ENTERS},
        404,
        button=("step", "preview"),
        sends=_revise,
        writes=False,
    ),
    Form(
        f"{Q2}CPA 8/revise/",
        {302: ENTERS, 403: READS_ACCEPTED - ENTERS},
        404,
        button=("step", "propose"),
        sends=_revise,
    ),
    Form("/actions/revisions/{update_revision}/", **ONLY_TEAM, button=("decide", "accept")),
    Form(
        "/actions/revisions/{update_revision}/",
        **ONLY_TEAM,
        button=("decide", "decline"),
        sends={"reason": "It was right."},
    ),
    Form(
        "/actions/revisions/{update_revision}/",
        {302: people("action officer"), 403: WORKS - {"action officer"}},
        404,
        button=("decide", "withdraw"),
    ),
    # The Performance Team's own tools.
    Form("/quarters/2026-27-Q3/open/", {302: TEAM}, 403, today=date(2027, 1, 5)),
    Form("/quarters/2026-27-Q2/", {302: TEAM}, 403, sends=_dates),
    Form("/quarters/locks/{update_exception}/end/", {302: TEAM}, 403),
    Form(f"{Q2}CPA 6/exception/", **ONLY_TEAM, sends=EXCEPTION),
]

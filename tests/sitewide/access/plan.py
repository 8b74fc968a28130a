"""The Corporate Plan: who reads it, who proposes next year's set, who takes it through and who records decisions."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

PROPOSES = people(TEAM, "service_manager", "delegate of service_manager", "head_of_service", "director")
"""Those who propose what becomes of the scene's own actions."""
PROPOSES_ELSEWHERE = people("another service_manager", "another head_of_service", "another director")
RECORDS = people(TEAM, "democratic_services")
READS_PROPOSALS = people(
    PROPOSES,
    PROPOSES_ELSEWHERE,
    RECORDS,
    *("executive_leader", "portfolio_holder", "another portfolio_holder", "board", "strategic_insights"),
    *("section_151", "monitoring_officer"),
)
"""Those who read next year's set before it is adopted."""

ONLY_TEAM: dict[int, Any] = {200: TEAM}
NEXT, LATER = "/actions/plan/2027-28/", "/actions/plan/2028-29/"

PAGES = [
    # The plan is public among those who sign in; what updates say is not (see test_who_sees_updates).
    Page("/actions/", {200: SIGNED_IN}),
    Page("/actions/PLN 1/", {302: SIGNED_IN}, to="/actions/2026-27/PLN%201/"),
    Page("/actions/PLN 99/", {404: SIGNED_IN}),
    Page("/actions/2026-27/PLN 1/", {200: SIGNED_IN}),
    Page("/actions/2026-27/PLN 2/", {200: SIGNED_IN}),
    Page("/actions/2026-27/PLN 9/", {200: SIGNED_IN}),
    Page("/actions/2026-27/pln1/", {302: SIGNED_IN}, to="/actions/2026-27/PLN%201/"),
    Page("/actions/2027-28/PLN 20/", {404: SIGNED_IN}),  # not adopted
    Page("/actions/2026-27-Q2/portfolios/", {200: SIGNED_IN}),
    Page("/actions/2030-31-Q2/portfolios/", {404: SIGNED_IN}),
    # Between refreshes: who answers for an action is the service's to say, its words and its end the team's.
    Page("/actions/2026-27/PLN 1/officer/", {200: PROPOSES}, rest=403),
    Page("/actions/2026-27/PLN 1/words/", ONLY_TEAM, rest=403),
    Page("/actions/2026-27/PLN 1/end/", ONLY_TEAM, rest=403),
    Page("/actions/2026-27/PLN 2/again/", ONLY_TEAM, rest=403),
    Page("/actions/2026-27/PLN 1/again/", {302: TEAM}, rest=403, to="/actions/2026-27/PLN%201/"),
    # The refresh.
    Page("/actions/plan/", {200: SIGNED_IN}),
    Page("/actions/plan/begin/", {405: SIGNED_IN}),
    Page("/actions/plan/2026-27/", {200: SIGNED_IN}),
    Page("/actions/plan/2026-27/changes/", {200: SIGNED_IN}),
    Page(NEXT, {200: READS_PROPOSALS}, rest=404),
    Page(f"{NEXT}changes/", {200: READS_PROPOSALS}, rest=404),
    Page(LATER, {200: READS_PROPOSALS}, rest=404),
    Page("/actions/plan/2031-32/", {404: SIGNED_IN}),
    Page(f"{NEXT}carry/", {405: SIGNED_IN}),
    Page(
        f"{NEXT}new/",
        {200: PROPOSES | PROPOSES_ELSEWHERE, 403: READS_PROPOSALS - PROPOSES - PROPOSES_ELSEWHERE},
        rest=404,
    ),
    Page(f"{NEXT}codes/", {200: TEAM, 403: READS_PROPOSALS - TEAM}, rest=404),
    Page(f"{NEXT}actions/open/", {200: PROPOSES, 403: READS_PROPOSALS - PROPOSES}, rest=404),
    Page(f"{NEXT}actions/theirs/", {200: TEAM, 403: READS_PROPOSALS - TEAM}, rest=404),
    Page(f"{NEXT}actions/dropped/", {404: SIGNED_IN}),  # it ended
    Page(
        f"{NEXT}actions/new-one/",
        {302: PROPOSES, 403: READS_PROPOSALS - PROPOSES},
        rest=404,
        to=f"{NEXT}actions/new-one/amend/",
    ),
    Page(f"{NEXT}actions/new-one/amend/", {200: PROPOSES, 403: READS_PROPOSALS - PROPOSES}, rest=404),
    Page(f"{NEXT}actions/open/amend/", {200: PROPOSES, 403: READS_PROPOSALS - PROPOSES}, rest=404),
    Page(f"{NEXT}actions/ours/take-out/", {200: PROPOSES, 403: READS_PROPOSALS - PROPOSES}, rest=404),
    Page("/actions/plan/2026-27/actions/ours/", {404: SIGNED_IN}),  # it is the plan now
    # Once it is with its bodies, only the team changes it, and only as one of them decided.
    Page(f"{LATER}new/", {200: TEAM, 403: READS_PROPOSALS - TEAM}, rest=404),
    Page(f"{LATER}actions/later/amend/", {200: TEAM, 403: READS_PROPOSALS - TEAM}, rest=404),
    Page(f"{LATER}decision/", {200: RECORDS, 403: READS_PROPOSALS - RECORDS}, rest=404),
    Page(f"{NEXT}decision/", {302: RECORDS, 403: READS_PROPOSALS - RECORDS}, rest=404, to=NEXT),
    Page("/actions/portfolios/", {200: SIGNED_IN}),
]


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _offered(address: str, **changes: str) -> Any:
    """A form of the Performance Team's sent as its page offers it, but for ``changes``."""

    def sends(scene: Scene) -> dict[str, Any]:
        form = scene.client("performance_team").get(scene.address(address)).context["form"]
        offered: dict[str, Any] = {}
        for one in form:
            value = one.value()
            if hasattr(value, "year"):
                offered |= {
                    f"{one.html_name}_day": value.day,
                    f"{one.html_name}_month": value.month,
                    f"{one.html_name}_year": value.year,
                }
            elif value is not None:
                offered[one.html_name] = getattr(value, "pk", value)
        return offered | changes

    return sends


def _new(scene: Scene) -> dict[str, Any]:
    row = scene.fresh("open_action")
    offered: dict[str, Any] = _offered(f"{NEXT}new/")(scene)
    return {
        **offered,
        "code": "PLN 30",
        "title": "Proposed here",
        "wording": "Do as the example says.",
        "control": "do",
        "success": "More examples are followed.",
        "mtfs_line": "Examples",
        "service": row.service_id,
        "portfolio": row.portfolio_id,
        "outcome": row.outcome_id,
        "responsible": row.responsible_id,
    }


def _met(**more: str) -> dict[str, str]:
    return {
        "met_on_day": "3",
        "met_on_month": "11",
        "met_on_year": "2026",
        "minute": "41",
        "wording": "That it be so.",
        **more,
    }


CALL_IN = {"takes_effect_on_day": "12", "takes_effect_on_month": "11", "takes_effect_on_year": "2026"}
OURS: dict[str, Any] = {"answers": {302: PROPOSES, 403: READS_PROPOSALS - PROPOSES}, "rest": 404}
TEAMS: dict[str, Any] = {"answers": {302: TEAM, 403: READS_PROPOSALS - TEAM}, "rest": 404}

FORMS = [
    Form(
        "/actions/2026-27/PLN 1/officer/",
        {302: PROPOSES},
        403,
        sends=lambda scene: {
            "version": scene.fresh("action").version,
            "responsible": scene.people["stand-in"].pk,
        },
    ),
    Form(
        "/actions/2026-27/PLN 1/words/",
        {302: TEAM},
        403,
        sends=_offered("/actions/2026-27/PLN 1/words/", title="Our action, better said", reason="A slip."),
    ),
    Form("/actions/2026-27/PLN 1/end/", {302: TEAM}, 403, sends=_met(how="dropped", body="cabinet", **CALL_IN)),
    Form("/actions/2026-27/PLN 2/again/", {302: TEAM}, 403, sends={"reason": "Council found the money."}),
    Form("/actions/plan/begin/", {302: TEAM}, 403, button=("year", "2028-29"), writes=False),
    Form(f"{NEXT}carry/", **OURS, sends=lambda scene: {"action": scene.fresh("open_action").action_id}),
    Form(
        f"{NEXT}new/",
        {302: PROPOSES, 200: PROPOSES_ELSEWHERE, 403: READS_PROPOSALS - PROPOSES - PROPOSES_ELSEWHERE},
        404,
        sends=_new,
        idle=PROPOSES_ELSEWHERE,  # the service is not theirs to choose
    ),
    Form(f"{NEXT}codes/", **TEAMS, sends=lambda scene: _codes(scene)),
    Form(
        f"{NEXT}actions/open/",
        **OURS,
        sends={"version": "0", "proposal": "drop", "dropped_why": "The grant ended."},
    ),
    Form(
        f"{NEXT}actions/open/amend/",
        **OURS,
        sends=_offered(f"{NEXT}actions/open/amend/", proposal_reason="It is clearer.", mtfs_line="Examples"),
    ),
    Form(f"{NEXT}actions/ours/take-out/", **OURS, sends=_version("carried")),
    Form(
        f"{LATER}decision/",
        {302: RECORDS, 403: READS_PROPOSALS - RECORDS},
        404,
        sends=_met(kind="agreed"),
    ),
    Form(LATER, **TEAMS, button=("move", "to_cabinet"), sends=_version("with_scrutiny")),
    Form(
        LATER,
        **TEAMS,
        button=("move", "send_back"),
        sends=_version("with_scrutiny", comment="Too many actions."),
    ),
]


def _codes(scene: Scene) -> dict[str, Any]:
    rows = {f"code_{scene.id(name)}": code for name, code in (("carried", "PLN 20"), ("new_action", "PLN 1"))}
    return {"version": scene.fresh("drawn_up").version, **rows}

"""Setting KPIs: who reviews, proposes, agrees and signs off, who takes the set through, and who reads it."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import LEADERSHIP, NAMED, READS_BOARD, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

PROPOSES = people(TEAM, "service_manager", "delegate of service_manager", "head_of_service")
"""Those who propose what becomes of the scene's own KPIs."""
PROPOSES_ELSEWHERE = people("another service_manager", "another head_of_service")
REVIEWS = PROPOSES | NAMED
RECORDS = people(TEAM, "democratic_services")
READS = people(LEADERSHIP, PROPOSES, NAMED, "governance", "internal_audit", "portfolio_holder", "executive_leader")
"""Those who read what is proposed for the scene's own KPIs."""
IN_WINDOW = people(READS, READS_BOARD, PROPOSES_ELSEWHERE, RECORDS, "another KPI holder")
"""Those who find something in the window."""
BEFORE_SCRUTINY = people(LEADERSHIP, RECORDS, "governance", "internal_audit")
"""Those who read the page for the panel before it goes to scrutiny."""

SET, LATER = "/kpi-setting/2027-28/", "/kpi-setting/2028-29/"
HALF = "/kpi-setting/2026-27/half-year/"
FIRST, NEW = f"{SET}kpis/first/", f"{SET}kpis/brand-new/"


def _only(may: frozenset[str], among: frozenset[str], status: int = 200) -> dict[str, Any]:
    """``may`` are answered with ``status``, others of ``among`` with 403, and anybody else with 404."""
    return {"answers": {status: may, 403: among - may}, "rest": 404}


PAGES = [
    Page("/kpi-setting/", {200: IN_WINDOW}, rest=403),
    Page(SET, {200: IN_WINDOW}, rest=404),
    Page(LATER, {200: IN_WINDOW}, rest=404),
    Page("/kpi-setting/2031-32/", {404: SIGNED_IN}),
    Page(f"{SET}open/", {302: TEAM}, rest=403, to=SET),
    Page("/kpi-setting/2031-32/open/", {404: TEAM}, rest=403),
    Page(f"{SET}dates/", **_only(TEAM, IN_WINDOW)),
    Page(f"{SET}codes/", **_only(TEAM, IN_WINDOW)),
    Page(f"{LATER}decision/", **_only(RECORDS, IN_WINDOW)),
    Page(f"{SET}decision/", **_only(RECORDS, IN_WINDOW, 302), to=SET),
    Page(f"{SET}new/", **_only(PROPOSES | PROPOSES_ELSEWHERE, IN_WINDOW)),
    # The page for the panel is in its papers once the set goes to scrutiny.
    Page(f"{SET}panel/", {200: BEFORE_SCRUTINY}, rest=404),
    Page(f"{SET}panel.csv", {200: BEFORE_SCRUTINY}, rest=404),
    Page(f"{LATER}panel/", {200: SIGNED_IN}),
    Page(f"{LATER}panel.csv", {200: SIGNED_IN}),
    Page(FIRST, {200: READS}, rest=404),
    Page(f"{SET}kpis/nothing-of-the-kind/", {404: SIGNED_IN}),
    Page(f"{FIRST}review/", **_only(REVIEWS, READS)),
    Page(f"{NEW}review/", {404: SIGNED_IN}),
    Page(f"{FIRST}verdict/", **_only(PROPOSES, READS)),
    Page(f"{FIRST}facts/", **_only(PROPOSES, READS)),
    Page(f"{FIRST}target/", **_only(PROPOSES, READS)),
    Page(f"{NEW}withdraw/", {405: SIGNED_IN}),
    # The half-year review.
    Page(HALF, {200: IN_WINDOW}, rest=404),
    Page("/kpi-setting/2025-26/half-year/", {404: SIGNED_IN}),
    Page(f"{HALF}dates/", {200: TEAM}, rest=403),
    Page("/kpi-setting/2025-26/half-year/dates/", {404: TEAM}, rest=403),
    Page(f"{HALF}kpis/PI 2/", {200: READS}, rest=404),
    Page(f"{HALF}kpis/PI 1/", {404: SIGNED_IN}),
    Page(f"{HALF}kpis/PI 2/change/", **_only(PROPOSES, READS)),
]


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _day(name: str, day: int, month: int, year: int) -> dict[str, int]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def _facts(scene: Scene, **more: Any) -> dict[str, Any]:
    row = scene.fresh("kept").before
    return {
        "name": "Said better",
        "definition": "How many examples were counted.",
        "service": row.service_id,
        "portfolio": row.portfolio_id,
        "outcome": scene.id("outcome"),
        "control": "do",
        **more,
    }


def _new(scene: Scene) -> dict[str, Any]:
    more = {"code": "PI 71", "unit": "number", "decimals": 0, "direction": "higher", "frequency": "monthly"}
    more |= {"ytd_rule": "adds_up", "entry": "value", "criteria": ["is_local"], "proposed_why": "Residents ask."}
    return _facts(scene, **more)


def _codes(scene: Scene) -> dict[str, Any]:
    first, second = scene.fresh("kept").kpi_year, scene.fresh("proposed").kpi_year
    swapped = {f"code_{first.pk}": second.code, f"code_{second.pk}": first.code}
    kept = [scene.fresh(name).kpi_year for name in ("agreed_kpi", "new_kpi")]
    others = {f"code_{one.pk}": one.code for one in kept}
    return {"version": scene.fresh("window").version, **swapped, **others}


MET = {**_day("met_on", 3, 11, 2026), "minute": "41", "wording": "That it be so."}
DATES = {
    **_day("holders_from", 1, 10, 2026),
    **_day("services_from", 15, 10, 2026),
    **_day("closes_on", 18, 12, 2026),
}

CHANGE = {
    "start": "2026-12",
    "wanted": "yes",
    "target": "650000",
    "intervention": "300000",
    "profile": "flat",
    "reason_code": "beaten",
    "reason": "It is beaten.",
}

FORMS = [
    Form(f"{SET}open/", {302: TEAM}, 403, sends={**DATES, "version": "0"}, writes=False),
    Form(f"{SET}dates/", **_only(TEAM, IN_WINDOW, 302), sends=_version("window", **DATES)),
    Form(f"{SET}codes/", **_only(TEAM, IN_WINDOW, 302), sends=_codes),
    Form(f"{LATER}decision/", **_only(RECORDS, IN_WINDOW, 302), sends={**MET, "kind": "agreed"}),
    Form(
        f"{SET}new/",
        {302: PROPOSES, 200: PROPOSES_ELSEWHERE, 403: IN_WINDOW - PROPOSES - PROPOSES_ELSEWHERE},
        404,
        sends=_new,
        idle=PROPOSES_ELSEWHERE,  # the service is not theirs to choose
    ),
    Form(
        LATER,
        **_only(TEAM, IN_WINDOW, 302),
        button=("move", "send_back"),
        sends=_version("with_scrutiny_kpis", comment="No."),
    ),
    Form(
        f"{FIRST}review/",
        **_only(REVIEWS, READS, 302),
        sends=_version("kept", words="It is fine.", criteria=["is_local"]),
    ),
    Form(
        f"{FIRST}verdict/",
        **_only(PROPOSES, READS, 302),
        sends=_version("kept", verdict="drop", why="Nobody uses it."),
    ),
    Form(
        f"{FIRST}facts/",
        **_only(PROPOSES, READS, 302),
        sends=lambda scene: _facts(scene, code="PI 1", version=scene.fresh("kept").version),
    ),
    Form(
        f"{FIRST}target/",
        **_only(PROPOSES, READS, 302),
        button=("step", "save"),
        sends=_version("kept", method="other", target="700000", profile="flat", intervention_why="As last year."),
    ),
    Form(
        f"{FIRST}target/",
        **_only(PROPOSES, READS),
        button=("step", "preview"),
        sends=_version("kept", method="other", target="700000", profile="flat", intervention_why="As last year."),
        writes=False,
    ),
    Form(FIRST, **_only(PROPOSES, READS, 302), button=("move", "submit"), sends=_version("kept")),
    Form(
        f"{SET}kpis/second/",
        **_only(PROPOSES, READS, 302),
        button=("move", "take_back"),
        sends=_version("proposed"),
    ),
    Form(
        f"{SET}kpis/second/",
        **_only(people("head_of_service"), READS, 302),
        button=("move", "agree"),
        sends=_version("proposed"),
    ),
    Form(
        f"{SET}kpis/second/",
        **_only(people("head_of_service"), READS, 302),
        button=("move", "send_back"),
        sends=_version("proposed", comment="Say more."),
    ),
    Form(
        f"{SET}kpis/third/",
        **_only(people("director"), READS, 302),
        button=("move", "sign"),
        sends=_version("agreed_kpi"),
    ),
    Form(
        f"{SET}kpis/third/",
        **_only(people("director"), READS, 302),
        button=("move", "return"),
        sends=_version("agreed_kpi", comment="Say more."),
    ),
    Form(f"{NEW}withdraw/", **_only(PROPOSES, READS - NAMED, 302), sends=_version("new_kpi")),
    Form(
        f"{HALF}dates/", {302: TEAM}, 403, sends={**_day("opens_on", 1, 10, 2026), **_day("closes_on", 4, 12, 2026)}
    ),
    Form(
        f"{HALF}kpis/PI 2/",
        **_only(PROPOSES, READS, 302),
        button=("answer", "leave"),
        sends=_version("asked", reason_code="early", why="Two months are not enough to tell."),
    ),
    Form(
        f"{HALF}kpis/PI 3/",
        **_only(TEAM, READS, 302),
        button=("answer", "decide"),
        sends={**MET, "kind": "agreed", "body": "cabinet"},
    ),
    Form(
        f"{HALF}kpis/PI 2/change/",
        **_only(PROPOSES, READS, 302),
        button=("step", "propose"),
        sends=_version("asked", **CHANGE),
    ),
    Form(
        f"{HALF}kpis/PI 2/change/",
        **_only(PROPOSES, READS),
        button=("step", "preview"),
        sends=_version("asked", **CHANGE),
        writes=False,
    ),
]

"""The monthly cycle: the returns of ``scene``, who reads, enters, checks, decides and exports them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.models import KpiYear
from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import (
    ACCEPTED,
    ENTERS,
    LEADERSHIP,
    READS_BOARD,
    SIGNED_IN,
    TEAM,
    WORKS,
    WORKS_ELSEWHERE,
    people,
)
from tests.sitewide.access.scene import Scene

EXPORTS = people(TEAM, "internal_audit", "monitoring_officer")
RULES = people("board")
ENTERS_SOMETHING = ENTERS | {"another KPI holder", "another service_manager"}

PROPOSES = TEAM | people("service_manager", "delegate of service_manager", "head_of_service")
READS_DISPUTED = WORKS | LEADERSHIP
READS_ACCEPTED = WORKS | ACCEPTED
WITHOUT_ROWS = people(TEAM, "another service_manager")

PAGES = [
    # The register itself is no secret; the figures on it are (see test_who_sees_what).
    Page("/kpis/", {200: SIGNED_IN}),
    Page("/kpis/PI 1/", {302: SIGNED_IN}, to="/kpis/2026-27/PI%201/"),
    Page("/kpis/PI 99/", {404: SIGNED_IN}),
    Page("/kpis/2026-27/PI 1/", {200: SIGNED_IN}),
    Page("/kpis/2026-27/pi1/", {302: SIGNED_IN}, to="/kpis/2026-27/PI%201/"),
    Page("/kpis/2026-27/PI 99/", {404: SIGNED_IN}),
    Page("/kpis/2026-27/PI 1/export/", {200: EXPORTS}, rest=403),
    Page("/kpis/2026-27/PI 1/export/?file=zip", {200: EXPORTS}, rest=403),
    Page("/kpis/2026-27/PI 99/export/", {404: SIGNED_IN}),
    Page("/kpis/2026-27/PI 2/companion/", {200: TEAM}, rest=403),
    Page("/kpis/2026-27/PI 2/successor/", {200: TEAM}, rest=403),
    Page("/kpis/2026-27/PI 99/successor/", {404: SIGNED_IN}),
    # Targets: an approved one is no secret; one that waits is the officers' and whoever reads accepted figures.
    Page("/kpis/2026-27/PI 1/targets/", {200: SIGNED_IN}),
    Page("/kpis/2026-27/pi1/targets/", {302: SIGNED_IN}, to="/kpis/2026-27/PI%201/targets/"),
    Page("/kpis/2026-27/PI 99/targets/", {404: SIGNED_IN}),
    Page("/kpis/2026-27/PI 1/targets/new/", {302: PROPOSES}, rest=403, to="/kpis/2026-27/PI%201/targets/"),
    Page("/kpis/2026-27/PI 2/targets/new/", {200: PROPOSES}, rest=403),
    Page("/kpis/2026-27/PI 99/targets/new/", {404: SIGNED_IN}),
    Page("/kpis/targets/{target}/", {200: SIGNED_IN}),
    Page("/kpis/targets/{waiting_target}/", {200: READS_ACCEPTED}, rest=404),
    Page("/kpis/targets/{returned_target}/", {200: WORKS}, rest=404),
    Page("/kpis/targets/0/", {404: SIGNED_IN}),
    # A round's list, the grid, the revisions: for those with a part in them, each seeing their own.
    Page("/returns/2026-10/", {200: WORKS | WORKS_ELSEWHERE}, rest=403),
    Page("/returns/2027-10/", {200: WORKS | WORKS_ELSEWHERE}, rest=403),
    Page("/returns/2026-10/grid/", {200: ENTERS_SOMETHING}, rest=403),
    Page("/revisions/", {200: WORKS | WORKS_ELSEWHERE}, rest=403),
    # A return in each state.
    Page("/returns/2026-10/PI 3/", {200: WORKS}, rest=404),  # not started
    Page("/returns/2026-10/PI 1/", {200: WORKS}, rest=404),  # a draft
    Page("/returns/2026-10/PI 2/", {200: WORKS}, rest=404),  # submitted
    Page("/returns/2026-09/PI 2/", {200: WORKS}, rest=404),  # challenged, between the two sides
    Page("/returns/2026-09/PI 1/", {200: READS_DISPUTED}, rest=404),
    Page("/returns/2026-08/PI 1/", {200: READS_ACCEPTED}, rest=404),
    Page("/returns/2026-12/PI 1/", {404: SIGNED_IN}),  # no return yet
    Page("/returns/2026-10/PI 99/", {404: SIGNED_IN}),
    # Checking: the Performance Team's; a reader of the return is told so, nobody else that there is one.
    Page("/returns/2026-10/PI 2/review/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page("/returns/2026-09/PI 1/review/", {200: TEAM, 403: READS_DISPUTED - TEAM}, rest=404),
    Page("/returns/2026-08/PI 1/review/", {200: TEAM, 403: READS_ACCEPTED - TEAM}, rest=404),
    Page("/returns/2026-10/PI 1/preview/", {405: SIGNED_IN}),
    # Revisions: the two sides propose one of what is accepted, and read those of their returns.
    Page("/returns/2026-08/PI 1/revise/", {200: ENTERS, 403: READS_ACCEPTED - ENTERS}, rest=404),
    Page(
        "/returns/2026-10/PI 1/revise/",
        {302: ENTERS, 403: WORKS - ENTERS},
        rest=404,
        to="/returns/2026-10/PI%201/",
    ),
    Page("/revisions/{revision}/", {200: WORKS}, rest=404),
    Page("/revisions/0/", {404: SIGNED_IN}),
    # The board's: a month, and a dispute. Whoever reads a return but no disputes is not told whether there was one.
    Page("/board/2026-09/", {200: READS_BOARD}, rest=403),
    Page("/board/2027-01/", {404: READS_BOARD}, rest=403),
    Page("/board/2026-09/disputed/PI 1/", {200: READS_DISPUTED}, rest=404),
    Page("/board/2026-08/disputed/PI 1/", {200: READS_DISPUTED, 403: READS_ACCEPTED - READS_DISPUTED}, rest=404),
    Page("/board/2026-07/disputed/PI 1/", {404: READS_DISPUTED, 403: READS_ACCEPTED - READS_DISPUTED}, rest=404),
    Page("/board/2026-10/disputed/PI 1/", {404: SIGNED_IN}),
    # The Performance Team's own tools.
    Page("/periods/", {200: TEAM}, rest=403),
    Page("/periods/2026-10/", {200: TEAM}, rest=403),
    Page("/periods/2027-10/", {200: TEAM}, rest=403),
    Page("/periods/2026-10/open/", {405: SIGNED_IN}),
    Page("/periods/year/2026-27/", {200: TEAM}, rest=403),
    Page("/periods/exceptions/{exception}/end/", {405: SIGNED_IN}),
    Page("/returns/2026-09/PI 3/exception/", {200: TEAM, 403: WORKS - TEAM}, rest=404),
    Page("/returns/2026-08/PI 1/exception/", {200: TEAM, 403: READS_ACCEPTED - TEAM}, rest=404),
    Page("/events/", {200: TEAM}, rest=403),
    Page("/events/new/", {200: TEAM}, rest=403),
    Page("/events/{event}/", {200: TEAM}, rest=403),
    Page("/events/{event}/remove/", {200: TEAM}, rest=403),
    Page("/events/0/", {404: TEAM}, rest=403),
    Page("/import/", {200: TEAM}, rest=403),
    Page("/import/{file}/", {200: TEAM}, rest=403),
    Page("/import/{unread_file}/", {302: TEAM}, rest=403, to="/import/{unread_file}/columns/"),
    Page("/import/{file}/columns/", {200: TEAM}, rest=403),
    Page("/import/0/", {404: TEAM}, rest=403),
    Page("/import/{file}/apply/", {405: SIGNED_IN}),
    Page("/import/{file}/discard/", {405: SIGNED_IN}),
    # Internal audit and the governance committee.
]


def _typed(name: str, **more: Any) -> Any:
    """The return's form as its page would send it, over what is there now."""

    def sends(scene: Scene) -> dict[str, Any]:
        return {
            "version": scene.fresh(name).version,
            "value": "4445",
            "what_happened": "Fewer examples came in than in most months, from two of the three depots.",
            "why": "The supplier was closed for two weeks because its building flooded.",
            "being_done": "A second crew starts.",
            "done_by_day": "30",
            "done_by_month": "11",
            "done_by_year": "2026",
            "done_owner": "Example owner",
            "forecast": "240000",
            "forecast_method": "judgement",
            "forecast_confidence": "likely",
            **more,
        }

    return sends


def _grid(scene: Scene) -> dict[str, Any]:
    """A row each of ours and theirs: only one's own are read."""
    typed = {"value": "7", "what_happened": "Counted on the grid."}
    rows = [scene.fresh("not_started"), scene.fresh("their_october")]
    return {
        f"r{record.pk}-{name}": value
        for record in rows
        for name, value in {**typed, "version": record.version}.items()
    }


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _revise(scene: Scene) -> dict[str, Any]:
    return {
        "version": scene.fresh("july").version,
        "kind": "correction",
        "value": "6667",
        "reason": "One example was missed.",
    }


DATES = {"locks_on_2026-10": "27 November 2026", "reason": "The supplier's file is late."}
EXCEPTION = {
    "asked_by": "Example Service",
    "reason": "The supplier's file came late.",
    **{"expires_on_day": "30", "expires_on_month": "11", "expires_on_year": "2026"},
}
SUCCESSOR = {
    "last": "2027-03",
    "code": "PI 41",
    "name": "Example measured anew",
    "unit": "number",
    "entry": "value",
    "ytd_rule": "latest",
    "why": "It is counted another way.",
}
TARGET = {
    "start": "2026-11",
    "wanted": "yes",
    "profile": "flat",
    "target": "700000",
    "intervention": "350000",
    "reason": "The example grew.",
}
APPROVED_ON = ("approved_on_day", "approved_on_month", "approved_on_year")
EVENT = {"month": "2026-10", "sentence": "An example charge began.", "reach": "all"}


def _as_offered(address: str, **changes: str) -> Any:
    """A form of the Performance Team's sent as its page offers it, but for ``changes``."""

    def sends(scene: Scene) -> dict[str, Any]:
        form = scene.client("performance_team").get(scene.address(address)).context["form"]
        offered = {one.html_name: one.value() for one in form}
        return {name: value for name, value in offered.items() if value not in (None, False)} | changes

    return sends


RETURN = "/returns/2026-10/PI 1/"
ANSWERING = "/returns/2026-09/PI 2/"
CHECKING = "/returns/2026-10/PI 2/review/"
ONLY_ENTERS = {"rest": 404, "answers": {302: ENTERS, 403: WORKS - ENTERS}}
ONLY_TEAM: dict[str, Any] = {"rest": 404, "answers": {302: TEAM, 403: WORKS - TEAM}}


def _companion(_: Scene) -> dict[str, str]:
    """Another KPI of the year."""
    other = KpiYear.objects.filter(year=2026, is_live=True).exclude(code="PI 2").first()
    assert other is not None
    return {"companion": str(other.kpi_id)}


FORMS = [
    # Entering.
    Form(
        RETURN,
        {200: ENTERS, 403: WORKS - ENTERS},
        404,
        button=("move", "check"),
        sends=_typed("october"),
        writes=False,
    ),
    Form(
        RETURN,
        {200: ENTERS, 403: WORKS - ENTERS},
        404,
        button=("move", "use:as_planned"),
        sends=_typed("october"),
        writes=False,
    ),
    Form(RETURN, **ONLY_ENTERS, button=("move", "save"), sends=_typed("october")),
    Form(RETURN, **ONLY_ENTERS, button=("move", "submit"), sends=_typed("october")),
    Form("/returns/2026-10/PI 2/", **ONLY_ENTERS, button=("move", "take_back")),
    Form(
        "/returns/2026-10/PI 2/",
        **ONLY_ENTERS,
        button=("move", "undo_correction:{correction}"),
    ),
    Form(
        ANSWERING,
        **ONLY_ENTERS,
        button=("move", "answer"),
        sends=lambda scene: {
            **_typed("challenged", value="2020")(scene),
            f"words_{scene.id('challenge')}": "It was counted twice over.",
        },
    ),
    Form(
        ANSWERING,
        **ONLY_ENTERS,
        button=("move", "escalate:{challenge}"),
        sends=lambda scene: {f"escalate-{scene.id('challenge')}-reason": "We cannot agree."},
    ),
    Form(
        "/returns/2026-03/PI 3/",
        {302: ENTERS, 403: READS_ACCEPTED - ENTERS},
        404,
        button=("move", "confirm_outturn"),
    ),
    # Those who read an accepted or a disputed return are refused as readers, whatever they send.
    *(
        Form(
            "/returns/2026-08/PI 1/",
            {403: READS_ACCEPTED - ENTERS, status: ENTERS},
            404,
            button=("move", move),
            sends=_typed("august"),
            writes=False,
        )
        for move, status in (("save", 409), ("take_back", 409), ("answer", 409))
    ),
    Form(
        "/returns/2026-10/PI 1/preview/",
        {200: ENTERS, 403: WORKS - ENTERS},
        404,
        sends=_typed("october"),
        writes=False,
    ),
    # The team has no rows of its own on the grid, and the other service has no KPI.
    *(
        Form(
            "/returns/2026-10/grid/",
            {status: ENTERS_SOMETHING - WITHOUT_ROWS, 302: WITHOUT_ROWS}
            if status != 302
            else {302: ENTERS_SOMETHING},
            403,
            button=("move", move),
            sends=_grid,
            idle=WITHOUT_ROWS,
        )
        for move, status in (("save", 302), ("submit", 200))
    ),
    # Checking.
    Form(CHECKING, **ONLY_TEAM, button=("decide", "accept"), sends=_version("submitted")),
    Form(
        CHECKING,
        **ONLY_TEAM,
        button=("decide", "challenge"),
        sends={"about": "value", "reason": "looks_wrong", "question": "Is this right?"},
    ),
    Form(
        CHECKING,
        **ONLY_TEAM,
        button=("decide", "correct"),
        sends=_version("submitted", prompt="what_happened", after="What happened: a submited october."),
    ),
    Form(
        "/returns/2026-09/PI 2/review/",
        **ONLY_TEAM,
        button=("decide", "escalate"),
        sends=lambda scene: {"challenge": scene.id("challenge"), "reason": "We cannot agree."},
    ),
    Form(
        "/returns/2026-08/PI 1/review/",
        {302: TEAM, 403: READS_ACCEPTED - TEAM},
        404,
        button=("decide", "example"),
        sends={"why_good": "It names the cause."},
    ),
    # The board.
    Form(
        "/board/2026-09/disputed/PI 1/",
        {302: RULES, 403: READS_DISPUTED - RULES},
        404,
        sends=lambda scene: {
            "challenge": scene.id("dispute"),
            "ruling": "stands",
            "words": "The figure is right.",
        },
    ),
    # Revisions.
    Form(
        "/returns/2026-07/PI 1/revise/",
        {200: ENTERS, 403: READS_ACCEPTED - ENTERS},
        404,
        button=("step", "preview"),
        sends=_revise,
        writes=False,
    ),
    Form(
        "/returns/2026-07/PI 1/revise/",
        {302: ENTERS, 403: READS_ACCEPTED - ENTERS},
        404,
        button=("step", "propose"),
        sends=_revise,
    ),
    Form("/revisions/{revision}/", **ONLY_TEAM, button=("decide", "accept")),
    Form("/revisions/{revision}/", **ONLY_TEAM, button=("decide", "decline"), sends={"reason": "It was right."}),
    Form(
        "/revisions/{revision}/",
        {302: people("KPI holder"), 403: WORKS - {"KPI holder"}},
        404,
        button=("decide", "withdraw"),
    ),
    Form("/kpis/2026-27/PI 2/companion/", {302: TEAM}, 403, sends=_companion),
    Form("/kpis/2026-27/PI 2/successor/", {302: TEAM}, 403, sends=SUCCESSOR),
    # Targets. What one may not read is not there; what one reads and may not decide is refused.
    Form(
        "/kpis/2026-27/PI 2/targets/new/",
        {200: PROPOSES},
        403,
        button=("step", "preview"),
        sends=TARGET,
        writes=False,
    ),
    Form("/kpis/2026-27/PI 2/targets/new/", {302: PROPOSES}, 403, button=("step", "propose"), sends=TARGET),
    Form(
        "/kpis/targets/{waiting_target}/",
        {302: TEAM, 403: READS_ACCEPTED - TEAM},
        404,
        button=("decide", "approve"),
        sends={
            "approved_by": "Cabinet",
            "approved_body": "cabinet",
            **dict(zip(APPROVED_ON, ("3", "11", "2026"), strict=True)),
        },
    ),
    Form(
        "/kpis/targets/{waiting_target}/",
        {302: TEAM, 403: READS_ACCEPTED - TEAM},
        404,
        button=("decide", "send_back"),
        sends={"send_back-reason": "It is too easy."},
    ),
    Form(
        "/kpis/targets/{waiting_target}/",
        {302: people("service_manager"), 403: READS_ACCEPTED - {"service_manager"}},
        404,
        button=("decide", "take_back"),
        sends={"take_back-reason": "A figure was wrong."},
    ),
    # The Performance Team's own tools.
    Form("/periods/2026-11/open/", {302: TEAM}, 403, today=date(2026, 12, 1)),
    Form("/periods/2026-10/", {302: TEAM}, 403, sends=_as_offered("/periods/2026-10/", **DATES)),
    Form("/periods/year/2026-27/", {302: TEAM}, 403, sends=_as_offered("/periods/year/2026-27/", **DATES)),
    Form("/periods/year/2026-27/", {200: TEAM}, 403, button=("fill", "usual"), writes=False),
    Form("/periods/exceptions/{exception}/end/", {302: TEAM}, 403),
    Form("/returns/2026-09/PI 3/exception/", **ONLY_TEAM, sends=EXCEPTION),
    Form("/events/new/", {302: TEAM}, 403, sends=EVENT),
    Form("/events/{event}/", {302: TEAM}, 403, sends=EVENT),
    Form("/events/{event}/remove/", {302: TEAM}, 403),
    Form(
        "/import/",
        {302: TEAM},
        403,
        sends=lambda scene: {"file": SimpleUploadedFile("more.csv", b"Code,Name\nPI 5,Example\n")},
    ),
    Form("/import/{unread_file}/columns/", {302: TEAM}, 403, sends=_as_offered("/import/{unread_file}/columns/")),
    Form(
        "/import/{file}/apply/",
        {302: TEAM},
        403,
        sends=lambda scene: {"fingerprint": scene.fresh("file").preview["fingerprint"]},
    ),
    Form("/import/{file}/discard/", {302: TEAM}, 403),
]

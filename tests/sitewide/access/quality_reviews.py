"""Data quality reviews: who plans, carries out, answers, puts right, follows and reads them (framework B.1)."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import NAMED, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene
from tests.sitewide.access.templates import READS, READS_ELSEWHERE, SIGNS

REVIEWS = people(TEAM, "internal_audit")
READS_EARLY = people(REVIEWS, SIGNS, NAMED)
"""Those who read what was found before the review is finished, once the service has seen it."""

LIST = "/dataquality/reviews/"
PLANNED, SHARED = f"{LIST}{{planned review}}/", f"{LIST}{{shared review}}/"
WRITTEN, FINISHED = f"{LIST}{{written review}}/", f"{LIST}{{finished review}}/"
FOLLOWED = f"{LIST}{{followed review}}/"
NAMED_ACTION, OPEN, DONE = (
    f"{WRITTEN}actions/{{named action}}/",
    f"{FINISHED}actions/{{open action}}/",
    f"{FINISHED}actions/{{done action}}/",
)


def _page(address: str, may: frozenset[str] = READS, **how: Any) -> Page:
    return Page(address, {200: may, 403: READS - may}, rest=404, **how)


PAGES = [
    Page(LIST, {200: READS | READS_ELSEWHERE}, rest=403),
    Page(f"{LIST}by-risk/", {200: REVIEWS}, rest=403),
    Page(f"{LIST}actions/", {200: READS | READS_ELSEWHERE}, rest=403),
    _page(f"{LIST}plan/2025-26/PI 3/", TEAM),
    Page(f"{LIST}plan/2026-27/PI 1/", {302: TEAM, 403: READS - TEAM}, rest=404, to=PLANNED),
    _page(PLANNED),
    _page(SHARED),
    _page(WRITTEN),
    _page(FINISHED),
    Page(f"{LIST}999999/", {404: SIGNED_IN}),
    _page(f"{PLANNED}plan/", TEAM),
    Page(f"{FINISHED}plan/", {302: TEAM, 403: READS - TEAM}, rest=404, to=FINISHED),
    _page(f"{PLANNED}document/", REVIEWS),
    _page(f"{WRITTEN}document/", READS_EARLY),
    _page(f"{FINISHED}document/"),
    _page(f"{WRITTEN}method/", REVIEWS),
    Page(f"{PLANNED}method/", {302: REVIEWS, 403: READS - REVIEWS}, rest=404, to=PLANNED),
    Page(f"{WRITTEN}colour/", {404: SIGNED_IN}),
    _page(f"{WRITTEN}actions/new/", REVIEWS),
    Page(f"{SHARED}actions/new/", {302: REVIEWS, 403: READS - REVIEWS}, rest=404, to=SHARED),
    Page(NAMED_ACTION, {200: READS_EARLY}, rest=404),
    _page(OPEN),
    _page(DONE),
]


def _form(address: str, may: frozenset[str], move: str, **sends: Any) -> Form:
    return Form(address, {302: may, 403: READS - may}, 404, button=("move", move), sends=sends)


def _day(name: str, day: int, month: int, year: int) -> dict[str, int]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def _with(scene_record: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(scene_record).version, **more}


def _plan(scene: Scene) -> dict[str, Any]:
    reviewer = scene.people["internal_audit"].pk
    version = scene.fresh("planned review").version
    return {"reviewer": reviewer, "why": "Members ask.", "version": version, **_day("due_on", 18, 12, 2026)}


def _action(scene: Scene, **more: Any) -> dict[str, Any]:
    return {"what": "Keep the list.", "owner": scene.people["KPI holder"].pk, **_day("due_on", 18, 12, 2026), **more}


def _seen(address: str, may: frozenset[str], move: str, sends: Any) -> Form:
    return Form(address, {302: may, 403: READS - may}, 404, button=("move", move), sends=sends)


SECTION = _with("written review", choice="partly", words="Two of the three steps are followed.")

FORMS = [
    _seen(f"{LIST}plan/2025-26/PI 3/", TEAM, "plan", _plan),
    _seen(f"{PLANNED}plan/", TEAM, "replan", _plan),
    _form(f"{PLANNED}plan/", TEAM, "withdraw", why_not="The system changes."),
    _form(PLANNED, REVIEWS, "start"),
    _form(WRITTEN, REVIEWS, "share"),
    _form(WRITTEN, REVIEWS, "report"),
    _form(SHARED, REVIEWS, "take_back"),
    _form(SHARED, SIGNS, "agree"),
    _form(SHARED, SIGNS, "comment", words="June was counted once."),
    _form(FOLLOWED, REVIEWS, "close"),
    _seen(f"{WRITTEN}method/", REVIEWS, "save", SECTION),
    _seen(f"{WRITTEN}method/", REVIEWS, "save_back", SECTION),
    _seen(f"{WRITTEN}actions/new/", REVIEWS, "save", _action),
    Form(
        NAMED_ACTION,
        {302: REVIEWS},
        404,
        button=("move", "save"),
        sends=lambda scene: _action(scene, version=scene.fresh("named action").version),
    ),
    Form(NAMED_ACTION, {302: REVIEWS}, 404, button=("move", "remove")),
    _form(OPEN, people("KPI holder"), "done", done="It is in the folder."),
    _form(DONE, REVIEWS, "confirm"),
    _form(DONE, REVIEWS, "not_done", left="October’s is not there."),
    _form(DONE, REVIEWS, "drop", dropped="The system changes."),
    _seen(
        OPEN,
        REVIEWS,
        "amend",
        lambda scene: {
            "owner": scene.people["KPI holder"].pk,
            "why": "It takes longer.",
            "version": scene.fresh("open action").version,
            **_day("due_on", 18, 12, 2026),
        },
    ),
]

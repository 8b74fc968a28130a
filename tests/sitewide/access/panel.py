"""Meetings, the panel's questions, and the calendar with each person's own feed of it."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.panel_scene import FEED
from tests.sitewide.access.people import ACCEPTED, SERVICE, SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

KEEPER = people("democratic_services")
KEEPS = KEEPER | TEAM
ASKS = KEEPS | people("scrutiny")
SEES = people(ACCEPTED, SERVICE, ASKS)
"""Those told at once what is asked about PI 1; the others are once its answer is released."""
ANSWERS = people("KPI holder", "service_manager", "delegate of service_manager", "head_of_service")

MEETING = "/meetings/{panel_meeting}/"
OPEN = ("/questions/{question_asked}/", "/questions/{question_comment}/", "/questions/{question_assigned}/")
ASKED, COMMENT, ASSIGNED = OPEN
ANSWERED, RELEASED = "/questions/{question_answered}/", "/questions/{question_released}/"

PAGES = [
    Page("/questions/", {200: SIGNED_IN}),
    Page("/questions/?stands=overdue&kind=question&about=kpi_year", {200: SIGNED_IN}),
    Page("/questions/ask/", {200: ASKS}, rest=403),
    *(Page(address, {200: SEES}, rest=404) for address in (*OPEN, ANSWERED)),
    Page(RELEASED, {200: SIGNED_IN}),
    Page("/questions/999999/", {404: SIGNED_IN}),
    Page("/meetings/", {200: SIGNED_IN}),
    Page("/meetings/add/", {200: KEEPS}, rest=403),
    Page(MEETING, {200: SIGNED_IN}),
    Page(f"{MEETING}change/", {200: KEEPS}, rest=403),
    Page(f"{MEETING}cancel/", {200: KEEPS}, rest=403),
    Page("/meetings/999999/", {404: SIGNED_IN}),
    Page("/calendar/", {200: SIGNED_IN}),
    Page("/calendar/?show=mine", {200: SIGNED_IN}),
    Page("/calendar/2025-26/", {200: SIGNED_IN}),
    Page("/calendar/address/", {200: SIGNED_IN}),
    # Whoever has the address reads it, signed in or not; any other opens nothing.
    Page(f"/calendar/feed/{FEED}.ics", {200: SIGNED_IN}, public=200),
    Page("/calendar/feed/another-token.ics", {404: SIGNED_IN}, public=404),
]


def _date(name: str, day: int, month: int, year: int) -> dict[str, int]:
    return {f"{name}_day": day, f"{name}_month": month, f"{name}_year": year}


def _ask(scene: Scene) -> dict[str, Any]:
    meeting = scene.id("panel_meeting")
    words = {"kind": "question", "about": "", "meeting": meeting, "words": "Why?", "member": ""}
    return words | _date("asked_on", 5, 11, 2026)


def _assign(scene: Scene) -> dict[str, Any]:
    return {"owner": scene.people["service_manager"].pk, **_date("due_on", 19, 11, 2026)}


def _meeting(day: int) -> dict[str, Any]:
    return {"version": 0, "body": "cabinet", "starts_at": "7pm", "place": "Here", **_date("held_on", day, 12, 2026)}


def _change(scene: Scene) -> dict[str, Any]:
    record: Any = scene.fresh("panel_meeting")
    return _meeting(3) | {"version": record.history.count()}


def _of(address: str, move: str, may: Any, sends: Any = None, *, seen: Any = SEES) -> Form:
    """A button of a question: ``may`` press it, the others who see the question are refused, to the rest it is not
    there."""
    rest = None if seen == SIGNED_IN else 404
    return Form(address, {302: may, 403: seen - may}, rest=rest, sends=sends or {}, button=("move", move))


FORMS = [
    Form("/questions/ask/", {302: ASKS}, rest=403, sends=_ask, button=("move", "ask")),
    _of(ASKED, "assign", TEAM, _assign),
    _of(COMMENT, "note", TEAM),
    _of(ASKED, "withdraw", KEEPER, {"comment": "It was answered."}),
    _of(ASSIGNED, "answer", ANSWERS, {"words": "Two crews were short of staff."}),
    _of(ANSWERED, "return", TEAM, {"comment": "By when?"}),
    _of(ANSWERED, "release", TEAM),
    _of(RELEASED, "conclude", KEEPER, {"accepted": "yes", "words": ""}, seen=SIGNED_IN),
    _of(RELEASED, "reopen", TEAM, {"comment": "It changed since."}, seen=SIGNED_IN),
    Form("/meetings/add/", {302: KEEPS}, rest=403, sends=_meeting(2), button=("move", "save")),
    Form(f"{MEETING}change/", {302: KEEPS}, rest=403, sends=_change, button=("move", "save")),
    Form(f"{MEETING}cancel/", {302: KEEPS}, rest=403, sends={"because": "Snow"}, button=("move", "cancel")),
    Form("/calendar/address/", {302: SIGNED_IN}, button=("move", "make")),
    Form("/calendar/address/", {302: SIGNED_IN}, button=("move", "revoke")),
]

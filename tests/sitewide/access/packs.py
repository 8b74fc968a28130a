"""Packs: drafts are the team's and the sign-off chain's, and are not there for anybody else; what is published is
everybody's, signed in or not (C.2.3)."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import ELSEWHERE, LEADERSHIP, POSTS, SIGNED_IN, TEAM, people

SIGNS = people("director", "another director")
COMMENTS = people(
    SIGNS, "section_151", "monitoring_officer", "portfolio_holder", "another portfolio_holder", "executive_leader"
)
ISSUES = people(TEAM, "democratic_services")
IN_COMMENT = TEAM | COMMENTS
CHAIN = IN_COMMENT | ISSUES
"""Those who see a frozen pack before it is issued."""
HAS_A_POST = people(POSTS, ELSEWHERE, "delegate of service_manager")
"""Those who read what is issued to a body of members."""
READS_ALL = people(LEADERSHIP, "governance", "internal_audit", "executive_leader")
"""Those who see every accepted figure, and so what stays within the council."""
ENTITLED = people(TEAM, SIGNS, "scrutiny", "democratic_services", "monitoring_officer", "section_151")
"""Those who may have the exempt annex of what scrutiny is issued."""

DRAFT, CONSULTING, FROZEN = (f"/reports/2026-27-Q2/{one}/" for one in ("scrutiny", "leadership", "cabinet"))
SIGNED, BOARDS = "/reports/2026-09/board/", "/reports/2026-08/board/"
ISSUED, PUBLISHED = "/reports/2026-27-Q1/scrutiny/", "/reports/2026-27-Q1/cabinet/"
CHECK = "checks/places_and_dates/"


def _only(may: frozenset[str], among: frozenset[str], status: int = 200) -> dict[str, Any]:
    """``may`` are answered with ``status``, others of ``among`` with 403, and anybody else with 404."""
    return {"answers": {status: may, 403: among - may}, "rest": 404}


def _file(pack: str, kind: str) -> str:
    return f"{pack.rstrip('/')}.{kind}"


WRITING = ("cover/", "sections/", "meeting/", "annex/", CHECK)

PAGES = [
    Page("/reports/", {200: SIGNED_IN}, public=200),
    Page("/reports/begin/", {200: TEAM}, rest=403),
    Page(DRAFT, {200: TEAM}, rest=404),
    Page(CONSULTING, {200: IN_COMMENT}, rest=404),
    Page(FROZEN, {200: CHAIN}, rest=404),
    Page(SIGNED, {200: CHAIN}, rest=404),
    Page(ISSUED, {200: HAS_A_POST}, rest=404),
    Page(BOARDS, {200: READS_ALL}, rest=404),
    Page(PUBLISHED, {200: SIGNED_IN}, public=200),
    Page("/reports/2030-31-Q1/cabinet/", {404: SIGNED_IN}),
    # Drafts are printed marked as such, and have no other file; what is issued has the files that were made of it.
    Page(_file(DRAFT, "csv"), {404: SIGNED_IN}),
    Page(_file(FROZEN, "xlsx"), {404: SIGNED_IN}),
    Page(_file(ISSUED, "csv"), {503: HAS_A_POST}, rest=404),
    Page(_file(PUBLISHED, "xlsx"), {503: SIGNED_IN}, public=503),
    Page(f"{PUBLISHED}version-1.csv", {503: SIGNED_IN}, public=503),
    Page(f"{PUBLISHED}version-2.csv", {404: SIGNED_IN}),
    Page(f"{PUBLISHED}supplement-1.pdf", {503: SIGNED_IN}, public=503),
    Page(f"{ISSUED}annex-1.pdf", {503: ENTITLED}, rest=404),
    Page(f"{PUBLISHED}files/", {405: SIGNED_IN}),
    Page(f"{PUBLISHED}version-1/", {200: SIGNED_IN}, public=200),
    Page(f"{PUBLISHED}version-2/", {404: SIGNED_IN}),
    Page(f"{DRAFT}version-1/", {200: TEAM}, rest=404),
    Page(f"{DRAFT}preview/", {200: TEAM}, rest=404),
    Page(f"{CONSULTING}preview/", {200: IN_COMMENT}, rest=404),
    Page(f"{FROZEN}preview/", {302: CHAIN}, rest=404, to=FROZEN),
    *(Page(f"{DRAFT}{page}", {200: TEAM}, rest=404) for page in WRITING),
    *(Page(f"{CONSULTING}{page}", **_only(TEAM, IN_COMMENT)) for page in WRITING),
    *(Page(f"{FROZEN}{page}", **_only(TEAM, CHAIN, 302), to=FROZEN) for page in WRITING),
    Page(f"{DRAFT}checks/nothing/", {404: SIGNED_IN}),
    Page(f"{DRAFT}annex/remove/", {405: SIGNED_IN}),
    Page(f"{DRAFT}{CHECK}withdraw/", {405: SIGNED_IN}),
    Page(f"{PUBLISHED}correct/", {200: TEAM}, rest=403),
    Page(f"{DRAFT}correct/", {302: TEAM}, rest=404, to=DRAFT),
]


def _version(name: str, **more: Any) -> Any:
    return lambda scene: {"version": scene.fresh(name).version, **more}


def _move(address: str, act: str, record: str, answers: dict[str, Any], **more: Any) -> Form:
    return Form(address, **answers, button=("act", act), sends=_version(record, **more))


PLACES = {f"place_{key}": at for at, key in enumerate(("front", "items", "revised", "key", "checks"), start=1)}
ANNEX = {"title": "Annex", "paragraph": "3", "public_interest": "A contract is let.", "words": "The price."}

FORMS = [
    Form("/reports/begin/", {302: TEAM}, 403, sends={"audience": "yearly", "period": "2025-26"}),
    _move(DRAFT, "consult", "pack_draft", {"answers": {302: TEAM}, "rest": 404}),
    _move(CONSULTING, "take_back", "pack_consulting", _only(TEAM, IN_COMMENT, 302)),
    _move(CONSULTING, "freeze", "pack_consulting", _only(TEAM, IN_COMMENT, 302)),
    _move(CONSULTING, "comment", "pack_consulting", _only(COMMENTS, IN_COMMENT, 302), words="No cost."),
    _move(FROZEN, "unfreeze", "pack_frozen", _only(TEAM | SIGNS, CHAIN, 302), comment="It is late."),
    _move(FROZEN, "sign", "pack_frozen", _only(SIGNS, CHAIN, 302)),
    _move(SIGNED, "issue", "pack_signed", _only(ISSUES, CHAIN, 302)),
    Form(f"{FROZEN}files/", **_only(TEAM, CHAIN, 302), sends={}),
    Form(f"{DRAFT}files/", {404: SIGNED_IN}),
    _move(ISSUED, "publish", "pack_issued", _only(ISSUES, HAS_A_POST, 302)),
    # The day after scrutiny had the pack at its meeting.
    Form(PUBLISHED, {302: ISSUES}, 403, button=("act", "supplement"), sends={}, today=date(2026, 12, 2)),
    Form(f"{DRAFT}cover/", {302: TEAM}, 404, sends=_version("pack_draft", summary="It is well.")),
    Form(f"{DRAFT}sections/", {302: TEAM}, 404, sends=_version("pack_draft", orientation="portrait", **PLACES)),
    Form(f"{DRAFT}meeting/", {302: TEAM}, 404, sends=_version("pack_draft", meeting="", late_reason="")),
    Form(f"{DRAFT}{CHECK}", {302: TEAM}, 404, sends=_version("pack_draft", reason="Looked at.")),
    Form(f"{DRAFT}checks/missing/withdraw/", {302: TEAM}, 404, sends={}),
    Form(f"{DRAFT}annex/", {302: TEAM}, 404, sends=_version("pack_draft", **ANNEX)),
    Form(f"{DRAFT}annex/remove/", {302: TEAM}, 404, sends={}),
    Form(f"{PUBLISHED}correct/", {302: TEAM}, 403, sends={"reason": "A figure was wrong."}),
]

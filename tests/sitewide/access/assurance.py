"""Assurance on data quality: who states and signs, who asks and reports, who reads what when (Appendix A)."""

from __future__ import annotations

from typing import Any

from dataquality.rules.measures import Measure
from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.measures import BY_POST
from tests.sitewide.access.people import LEADERSHIP, TEAM, people
from tests.sitewide.access.scene import Scene

STATES = people("service_manager", "delegate of service_manager", "head_of_service")
AUDIT = people("internal_audit")
READS = people(STATES, LEADERSHIP, "governance", AUDIT)
"""Those who read what is signed of the scene's service."""
DRAFT_REPORT = READS - STATES - {"governance"}

OF = "/dataquality/assurance/"
YEAR, BEFORE, REPORTED = f"{OF}2025-26/", f"{OF}2024-25/", f"{OF}2023-24/"
OURS, SIGNED = f"{YEAR}{{our_service}}/", f"{BEFORE}{{our_service}}/"
FOUND = f"{OF}audit-findings/"

PAGES = [
    Page(OF, {200: BY_POST}, rest=403),
    Page(YEAR, {200: BY_POST}, rest=403),
    Page(f"{OF}2019-20/", {404: BY_POST}, rest=403),
    Page(f"{OF}2026-27/ask/", {200: TEAM}, rest=403),
    Page(f"{YEAR}due/", {200: TEAM}, rest=403),
    Page(OURS, {200: STATES | TEAM, 404: BY_POST - STATES - TEAM}, rest=403),
    Page(SIGNED, {200: READS, 404: BY_POST - READS}, rest=403),
    Page(f"{YEAR}report/", {200: DRAFT_REPORT, 404: BY_POST - DRAFT_REPORT}, rest=403),
    Page(f"{REPORTED}report/", {200: BY_POST}, rest=403),
    Page(FOUND, {200: BY_POST}, rest=403),
    Page(f"{FOUND}new/", {200: AUDIT}, rest=403),
    Page(f"{FOUND}{{finding}}/", {200: AUDIT, 403: READS - AUDIT}, rest=404),
]


def _stated(scene: Scene) -> dict[str, Any]:
    explained = {f"explain_{one.value}": "It was known." for one in Measure}
    return {"version": scene.fresh("statement").version, "level": "full", "words": "Two check each.", **explained}


def _day(name: str, year: int) -> dict[str, Any]:
    return {f"{name}_day": "30", f"{name}_month": "4", f"{name}_year": str(year)}


FINDING = {"audit": "Waste", "priority": "low", "finding": "One officer only.", **_day("reported_on", 2026)}

FORMS = [
    Form(f"{OF}2026-27/ask/", {302: TEAM}, 403, sends={"version": 0, **_day("due_on", 2027)}),
    Form(
        f"{YEAR}due/",
        {302: TEAM},
        403,
        sends=lambda scene: {"version": scene.fresh("assurance").version, **_day("due_on", 2027)},
    ),
    Form(OURS, {302: STATES, 403: TEAM, 404: BY_POST - STATES - TEAM}, 403, button=("move", "save"), sends=_stated),
    Form(OURS, {302: STATES, 403: TEAM, 404: BY_POST - STATES - TEAM}, 403, button=("move", "sign"), sends=_stated),
    Form(
        SIGNED,
        {302: STATES, 403: READS - STATES, 404: BY_POST - READS},
        403,
        button=("move", "reopen"),
        sends={"comment": "A figure was found to be wrong."},
    ),
    Form(
        f"{YEAR}report/",
        {302: TEAM, 403: DRAFT_REPORT - TEAM, 404: BY_POST - DRAFT_REPORT},
        403,
        button=("move", "report"),
        sends=lambda scene: {"version": scene.fresh("assurance").version, "words": "Noted."},
    ),
    Form(
        f"{REPORTED}report/",
        {302: TEAM},
        403,
        button=("move", "take_back"),
        sends={"comment": "A service signed since."},
    ),
    Form(f"{FOUND}new/", {302: AUDIT}, 403, button=("move", "save"), sends={"version": 0, **FINDING}),
    Form(
        f"{FOUND}{{finding}}/",
        {302: AUDIT, 403: READS - AUDIT},
        404,
        button=("move", "save"),
        sends=lambda scene: {"version": scene.fresh("finding").version, **FINDING},
    ),
    Form(
        f"{FOUND}{{finding}}/",
        {302: AUDIT, 403: READS - AUDIT},
        404,
        button=("move", "close"),
        sends={"words": "A second officer is trained."},
    ),
]

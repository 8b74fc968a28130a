"""Pages that draw on every part: the golden thread, national frameworks, and a person's own objectives."""

from __future__ import annotations

from typing import Any

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, TEAM, people
from tests.sitewide.access.scene import Scene

FEED = ("figures.csv", "figures.json", "dictionary.csv", "dictionary.json")
AUDITS = people("governance", "internal_audit")


def _objective(scene: Scene) -> dict[str, Any]:
    manager = scene.people["human_resources"].pk
    return {"words": "Answer calls sooner", "serves": f"outcome-{scene.id('outcome')}", "manager": manager}


PAGES = [
    Page("/", {200: SIGNED_IN}),
    Page("/audit/", {200: AUDITS}, rest=403),
    Page("/audit/export/", {200: AUDITS}, rest=403),
    Page("/feed/", {200: TEAM}, rest=403),
    Page("/feed/{feed_key}/revoke/", {405: SIGNED_IN}),
    # Whoever asks needs a key, signed in or not.
    *(Page(f"/feed/{name}", {401: SIGNED_IN}, public=401) for name in FEED),
    Page("/golden-thread/", {200: SIGNED_IN}),
    Page("/golden-thread/?about=PI 1", {200: SIGNED_IN}),
    Page("/golden-thread/best-value/", {200: SIGNED_IN}),
    Page("/golden-thread/nothing/", {404: SIGNED_IN}),
    Page("/golden-thread/objectives/", {200: SIGNED_IN}),
    Page("/golden-thread/objectives/{objective}/remove/", {405: SIGNED_IN}),
]

FORMS = [
    Form("/feed/", {200: TEAM}, rest=403, sends={"name": "Another dashboard"}),
    Form("/feed/{feed_key}/revoke/", {302: TEAM}, rest=403),
    # The manager named cannot be oneself: then the form comes back with its sentence.
    Form(
        "/golden-thread/objectives/",
        {302: SIGNED_IN - {"human_resources"}, 200: frozenset({"human_resources"})},
        sends=_objective,
        idle=frozenset({"human_resources"}),
    ),
    # Another person's objective is not there for anybody.
    Form("/golden-thread/objectives/{objective}/remove/", {302: people("officer")}, rest=404),
]

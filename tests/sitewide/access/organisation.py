"""Signing in, posts, delegates and the public statements."""

from __future__ import annotations

from typing import Any

from hdcperf.organisation.operations import plan_election
from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import KEEPERS, MEMBERS, SIGNED_IN, people
from tests.sitewide.access.scene import TODAY, Scene

OFFICERS = SIGNED_IN - MEMBERS
"""Everybody whose work can pass to a delegate; somebody without a post may be named on a KPI."""

DAYS = {
    "starts_on_day": "9",
    "starts_on_month": "11",
    "starts_on_year": "2026",
    "ends_on_day": "13",
    "ends_on_month": "11",
    "ends_on_year": "2026",
}


def _delegate(scene: Scene) -> dict[str, Any]:
    return {**DAYS, "person": scene.people["finance"].pk, "delegate": scene.people["human_resources"].pk}


def _election(scene: Scene) -> dict[str, Any]:
    day = {"starts_on_day": TODAY.day, "starts_on_month": TODAY.month, "starts_on_year": TODAY.year}
    return {**day, "shown": plan_election(TODAY, [], []).fingerprint}


PAGES = [
    Page("/sign-in/", {302: SIGNED_IN}, public=200, to="/"),
    Page("/sign-out/", {405: SIGNED_IN}, public=405),
    Page("/password/", {200: SIGNED_IN}),
    Page("/password/forgotten/", {200: SIGNED_IN}, public=200),
    Page("/password/forgotten/sent/", {200: SIGNED_IN}, public=200),
    Page("/password/new/NQ/not-what-was-sent/", {200: SIGNED_IN}, public=200),
    Page("/posts/", {200: KEEPERS}, rest=403),
    Page("/posts/delegates/", {200: OFFICERS}, rest=403),
    Page("/posts/councillors/", {200: KEEPERS}, rest=403),
    Page("/about/accessibility/", {200: SIGNED_IN}, public=200),
    Page("/about/privacy/", {200: SIGNED_IN}, public=200),
    Page("/about/nothing/", {404: SIGNED_IN}, public=404),
]

FORMS = [
    Form(
        "/sign-in/",
        {302: SIGNED_IN},
        public=302,
        sends=lambda scene: {"email": scene.people["finance"].email, "password": "demo"},
        writes=False,
    ),
    Form(
        "/password/",
        {302: SIGNED_IN},
        sends={
            "old_password": "demo",
            "new_password1": "wet purple harbour kettle",
            "new_password2": "wet purple harbour kettle",
        },
    ),
    Form(
        "/password/forgotten/",
        {302: SIGNED_IN},
        public=302,
        sends=lambda scene: {"email": scene.people["finance"].email},
        writes=False,
    ),
    Form(
        "/password/new/NQ/not-what-was-sent/",
        {200: SIGNED_IN},
        public=200,
        sends={"new_password1": "wet purple harbour kettle", "new_password2": "three plain example words"},
        writes=False,
    ),
    Form("/sign-out/", {302: SIGNED_IN}, public=302, writes=False),
    # Democratic services names anybody's delegate; everybody else their own, whatever person the form names.
    Form(
        "/posts/delegates/",
        {302: OFFICERS - {"human_resources"}, 200: people("human_resources")},
        rest=403,
        sends=_delegate,
        idle=people("human_resources"),  # who cannot be their own delegate
    ),
    Form(
        "/posts/delegates/",
        {302: KEEPERS | {"service_manager"}, 403: MEMBERS},
        rest=404,
        button=("end", "{delegation}"),
    ),
    Form("/posts/councillors/", {200: KEEPERS}, rest=403, sends=_election, writes=False),
    Form("/posts/councillors/", {200: KEEPERS}, rest=403, button=("step", "change"), sends=_election, writes=False),
    Form("/posts/councillors/", {302: KEEPERS}, rest=403, button=("step", "confirm"), sends=_election),
]

"""Work in the background: one's own, and all of it for administrators."""

from __future__ import annotations

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, TEAM, people

ADMINISTRATORS = people("superuser")
SEES = TEAM | ADMINISTRATORS

PAGES = [
    Page("/jobs/", {200: SIGNED_IN}),
    Page("/jobs/schedule/", {200: ADMINISTRATORS}, rest=403),
    Page("/jobs/{job}/", {200: SEES}, rest=404),
    Page("/jobs/0/", {404: SIGNED_IN}),
    Page("/jobs/{job}/again/", {405: SIGNED_IN}),
    Page("/jobs/{job}/cancel/", {405: SIGNED_IN}),
]

FORMS = [
    Form("/jobs/{job}/cancel/", {302: ADMINISTRATORS, 403: TEAM}, 404),
    Form("/jobs/{ended job}/again/", {302: ADMINISTRATORS, 403: TEAM}, 404),
]

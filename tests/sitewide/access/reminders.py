"""Reminders: everybody's own days; what everybody is sent, and who is late, for those who look after it."""

from __future__ import annotations

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, TEAM, people

PAGES = [
    Page("/reminders/", {200: SIGNED_IN}),
    Page("/reminders/preview/", {200: people(TEAM, "superuser")}, rest=403),
    Page("/reminders/late/", {200: TEAM}, rest=403),
    Page("/reminders/late/{service}/", {200: TEAM}, rest=403),
]

FORMS = [
    Form("/reminders/", {302: SIGNED_IN}, sends={"days": ["monday", "friday"]}),
    Form("/reminders/late/{service}/", {302: TEAM}, rest=403, sends={"message": "Please see that it is done."}),
]

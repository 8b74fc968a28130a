"""Outcome measures: everybody's to read, the Performance Team's to import."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import SIGNED_IN, TEAM
from tests.sitewide.access.scene import Scene

FILE = b"indicator,measure,unit,area_code,area_name,period,value\nWarm homes,Percentage,,E1,Here,2021,10\n"


def _file(scene: Scene) -> dict[str, Any]:
    sent = SimpleUploadedFile("measures.csv", FILE, "text/csv")
    return {"file": sent, "our_area": "Here", "source": "A source", "publisher": "A publisher"}


PAGES = [
    Page("/outcomes/", {200: SIGNED_IN}),
    Page("/outcomes/warm-homes/", {200: SIGNED_IN}),
    Page("/outcomes/nothing-of-the-kind/", {404: SIGNED_IN}),
    Page("/outcomes/import/", {200: TEAM}, rest=403),
    Page("/outcomes/import/{measure draft}/", {200: TEAM}, rest=403),
    Page("/outcomes/import/{measure draft}/apply/", {405: SIGNED_IN}),
    Page("/outcomes/import/{measure draft}/discard/", {405: SIGNED_IN}),
]

FORMS = [
    Form("/outcomes/import/", {302: TEAM}, rest=403, sends=_file),
    # Without the preview's own fingerprint nothing is imported, and the person is led back to the preview.
    Form("/outcomes/import/{measure draft}/apply/", {302: TEAM}, rest=403, writes=False),
    Form("/outcomes/import/{measure draft}/discard/", {302: TEAM}, rest=403),
]

"""Figures on data quality: read by whoever reads templates by their post (framework Appendix A)."""

from __future__ import annotations

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import LEADERSHIP, people

BY_POST = people(
    LEADERSHIP,
    *("governance", "internal_audit", "service_manager", "delegate of service_manager", "head_of_service"),
    *("another service_manager", "another head_of_service"),
)

PAGES = [
    Page("/dataquality/measures/", {200: BY_POST}, rest=403),
    Page("/dataquality/measures.csv", {200: BY_POST}, rest=403),
    Page("/dataquality/measures/missing-months/", {200: BY_POST}, rest=403),
    Page("/dataquality/measures/colour/", {}, rest=404),
]
FORMS: list[Form] = []

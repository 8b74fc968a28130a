"""The pages of data quality in the navigation bar: each for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from dataquality.queries.measures import sees_measures
from dataquality.queries.quality_reviews import has_a_part
from dataquality.queries.setting import sees_setting
from dataquality.queries.templates import reads_templates
from hdcperf.organisation.access import Standing
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    """The templates and reviews for those who read any; the setting and the figures for those who find any there."""
    reads = reads_templates(who)
    found = [Link("Templates", reverse("templates"))] if reads else []
    if reads or has_a_part(who):
        found.append(Link("Quality reviews", reverse("quality-reviews")))
    if sees_setting(who):
        found.append(Link("Setting KPIs", reverse("setting-rounds")))
    if sees_measures(who):
        found.append(Link("Figures", reverse("measures")))
        found.append(Link("Assurance", reverse("assurance")))
    return found

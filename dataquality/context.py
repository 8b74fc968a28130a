"""The pages of data quality in the navigation bar: each for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from dataquality.queries.measures import sees_measures
from dataquality.queries.setting import sees_setting
from dataquality.queries.templates import reads_templates
from hdcperf.organisation.access import Standing
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    """The templates for those who read any; the setting of KPIs for those who find something in it."""
    found = [Link("Templates", reverse("templates"))] if reads_templates(who) else []
    if sees_setting(who):
        found.append(Link("Setting KPIs", reverse("setting-rounds")))
    if sees_measures(who):
        found.append(Link("Figures", reverse("measures")))
    return found

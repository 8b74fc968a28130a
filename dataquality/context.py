"""The pages of data quality in the navigation bar: each for those who find something in it."""

from __future__ import annotations

from django.urls import reverse

from dataquality.queries.templates import reads_templates
from hdcperf.organisation.access import Standing
from hdcperf.ui import Link

__all__ = ["links"]


def links(who: Standing) -> list[Link]:
    """The templates for those who read any."""
    return [Link("Templates", reverse("templates"))] if reads_templates(who) else []

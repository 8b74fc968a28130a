"""The data quality templates of the scene: *PI 1* is a complete draft that nobody has confirmed their access to, and
is collected under a waiver; *PI 2* is with the service manager; *PI 3* is signed off, from last year's."""

from __future__ import annotations

from datetime import date
from typing import Any

from dataquality.models import AccessProblem, Comparator, Template, TemplatePerson
from kpis.models import KpiPerson, KpiYear
from tests.factories.templates import WaiverFactory, template_in

__all__ = ["add_templates"]


def add_templates(scene: Any, first: KpiYear, second: KpiYear, third: KpiYear, last_year: KpiYear) -> None:
    """Add the rows to ``scene``, after its people."""
    draft = template_in("draft", kpi_year=first, confirmed=False)
    for name, duty in (("KPI holder", KpiPerson.Duty.COLLECTS), ("stand-in", KpiPerson.Duty.STANDS_IN)):
        TemplatePerson.objects.create(template=draft, user=scene.people[name], duty=duty)
    before = template_in("signed", kpi_year=last_year)
    scene.records |= {
        "draft template": draft,
        "problem": AccessProblem.objects.create(
            template=draft,
            user=scene.people["stand-in"],
            system="Example system",
            words="No password.",
            said_on=date(2026, 11, 3),
        ),
        "comparator": Comparator.objects.create(
            kpi=first.kpi, group="england", name="England", source="An example", how_comparable="Alike."
        ),
        "sent template": template_in("submitted", kpi_year=second),
        "signed template": template_in("signed", kpi_year=third, began_from=before),
    }
    waiver = WaiverFactory(kpi_year=first, expires_on=date(2026, 11, 30))
    first.template_waived_until, first.template_waiver = waiver.expires_on, waiver.words
    first.save()
    assert Template.objects.count() == 4

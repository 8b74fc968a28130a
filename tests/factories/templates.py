"""Data quality templates, invented and looking it: complete, in any state, with the moves that led there."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from dataquality.models import DECLARATION, Template, TemplatePerson, TemplateSource, TemplateTransition, Waiver
from hdcperf import clock
from hdcperf.organisation.models import User
from kpis.models import KpiPerson
from tests.factories.kpis import KpiYearFactory
from tests.factories.organisation import UserFactory

__all__ = ["COMPLETE", "TemplateFactory", "WaiverFactory", "template_in"]

COMPLETE: dict[str, str] = {
    "frequency": "monthly",
    "method": "Run the example report on the first working day and count its rows.",
    "importance": "Residents ask about it.",
    "seasonal": "no",
    "minor_factors": "A week of sickness.",
    "significant_factors": "The example system is down for a month.",
    "remedies": "Borrow a colleague from another team.",
    "benchmarking": "None is published.",
}
"""Every question in words, answered."""

WAYS = {
    "draft": (),
    "submitted": (("submit", "draft", "submitted"),),
    "signed": (("submit", "draft", "submitted"), ("sign", "submitted", "signed")),
    "superseded": (
        ("submit", "draft", "submitted"),
        ("sign", "submitted", "signed"),
        ("supersede", "signed", "superseded"),
    ),
    "discarded": (("discard", "draft", "discarded"),),
}


class TemplateFactory(DjangoModelFactory[Template]):
    """A draft with nothing answered, of a KPI year whose template is not signed."""

    class Meta:
        model = Template

    kpi_year = factory.SubFactory(KpiYearFactory, template_signed_on=None)


class WaiverFactory(DjangoModelFactory[Waiver]):
    class Meta:
        model = Waiver

    kpi_year = factory.SubFactory(KpiYearFactory, template_signed_on=None)
    reason = "The example system changes hands."
    allowed_by = factory.SubFactory(UserFactory)
    allowed_by_name = factory.SelfAttribute("allowed_by.name")
    starts_on = date(2026, 10, 1)
    expires_on = date(2026, 11, 30)
    granted_at = factory.LazyFunction(clock.now)


def template_in(state: str, *, sent_by: User | None = None, confirmed: bool = True, **facts: Any) -> Template:
    """A complete template in ``state``, with its people and the moves that led there; ``sent_by`` submitted it."""
    signed = state in ("signed", "superseded")
    sender, signer = sent_by or UserFactory(), UserFactory()
    if signed:
        facts = {
            "declaration": DECLARATION,
            "signed_by": signer,
            "signed_by_name": signer.name,
            "signed_on": date(2026, 3, 12),
        } | facts
    made: Template = TemplateFactory(state=state, **(COMPLETE | facts))
    for duty in KpiPerson.Duty:
        TemplatePerson.objects.create(
            template=made,
            user=UserFactory(),
            duty=duty,
            access_confirmed_on=date(2026, 3, 3) if confirmed else None,
        )
    TemplateSource.objects.create(
        template=made, kind="system", name="Example system", link="https://example.test/system"
    )
    for move, source, target in WAYS[state]:
        person = sender if move in ("submit", "discard") else signer
        TemplateTransition.objects.create(
            template=made,
            move=move,
            from_state=source,
            to_state=target,
            by=person,
            by_name=person.name,
            at=clock.now(),
        )
    return made

"""Years of assurance, statements and audit findings, invented and looking it."""

from __future__ import annotations

from datetime import date
from typing import Any

import factory
from factory.django import DjangoModelFactory

from dataquality.models import (
    AssuranceFigure,
    AssuranceRound,
    AssuranceStatement,
    AssuranceStatementTransition,
    AuditFinding,
)
from dataquality.rules.frozen_report import Report, written
from dataquality.rules.measures import Measure
from hdcperf import clock
from tests.factories.organisation import ServiceFactory, UserFactory

__all__ = ["AssuranceRoundFactory", "AuditFindingFactory", "statement_in"]


class AssuranceRoundFactory(DjangoModelFactory[AssuranceRound]):
    """2025/26, open. The trait ``reported`` has an empty report."""

    class Meta:
        model = AssuranceRound
        django_get_or_create = ("year",)

    class Params:
        reported = factory.Trait(
            state="reported",
            words="That the figures can be relied on.",
            report=written(Report((), ())),
            reported_on=date(2026, 6, 22),
        )

    year = 2025
    due_on = factory.LazyAttribute(lambda row: date(row.year + 1, 5, 29))


class AuditFindingFactory(DjangoModelFactory[AuditFinding]):
    class Meta:
        model = AuditFinding

    audit = "An example audit"
    service = factory.SubFactory(ServiceFactory)
    reported_on = date(2026, 3, 9)
    priority = "medium"
    finding = "Nobody else can run the count."
    recorded_by_name = "Audrey Trail"


def statement_in(state: str, **facts: Any) -> AssuranceStatement:
    """A statement that says all it must: a draft that can be signed, or signed, with the move that led there."""
    signed: dict[str, Any] = {}
    if state == "signed":
        person = UserFactory()
        signed = {"signed_by": person, "signed_by_name": person.name, "signed_on": date(2026, 5, 11)}
    record = facts.pop("assurance_round", None) or AssuranceRoundFactory()
    service = facts.pop("service", None) or ServiceFactory()
    made = AssuranceStatement.objects.create(
        assurance_round=record,
        service=service,
        state=state,
        **{"level": "full", "words": "Two officers check each figure.", **signed, **facts},
    )
    for measure in Measure:
        AssuranceFigure.objects.create(statement=made, measure=measure.value, explanation="It was known.")
    if signed:
        AssuranceStatementTransition.objects.create(
            statement=made,
            move="sign",
            from_state="draft",
            to_state="signed",
            by=signed["signed_by"],
            by_name=signed["signed_by_name"],
            at=clock.now(),
        )
    return made

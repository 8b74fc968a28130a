"""Assurance in the scene: of 2025/26 our statement is a draft that can be signed and another service's is signed; of
2024/25 ours is signed; 2023/24 is reported. One audit finding is about our service, and is open."""

from __future__ import annotations

from typing import Any

from kpis.models import KpiYear
from tests.factories.assurance import AssuranceRoundFactory, AuditFindingFactory, statement_in

__all__ = ["add_assurance"]


def add_assurance(scene: Any, ours: KpiYear, other: KpiYear) -> None:
    """Add the rows to ``scene``."""
    running = AssuranceRoundFactory(year=2025)
    before = AssuranceRoundFactory(year=2024)
    statement_in("signed", assurance_round=running, service=other.service)
    scene.records |= {
        "our_service": ours.service,
        "their_service": other.service,
        "assurance": running,
        "reported_assurance": AssuranceRoundFactory(year=2023, reported=True),
        "statement": statement_in("draft", assurance_round=running, service=ours.service),
        "signed_statement": statement_in("signed", assurance_round=before, service=ours.service),
        "finding": AuditFindingFactory(service=ours.service),
    }

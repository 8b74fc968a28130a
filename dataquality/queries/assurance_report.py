"""What a year's report on assurance is drawn from: statements, waivers, revisions, reviews and audit findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dataquality.models import AssuranceRound, AssuranceStatement, AuditFinding, QualityReview, Waiver
from dataquality.queries.measures import Item, items_of
from dataquality.queries.template_list import signatories
from hdcperf.periods import FinancialYear
from kpis.models import KpiYear, Revision

__all__ = ["Held", "held_for", "held_of_year"]


@dataclass(frozen=True)
class Held:
    """Everything of one year, of the whole council or of one service."""

    waivers: list[Waiver]
    revisions: list[Revision]
    reviews: list[QualityReview]
    findings: list[AuditFinding]


@dataclass(frozen=True)
class YearHeld(Held):
    """The whole council's, with the statements, who should have signed them, and what the figures count."""

    statements: list[AssuranceStatement]
    managers: dict[int, list[str]]
    items: list[Item]


def held_for(year: FinancialYear, service: int | None = None) -> Held:
    """What the year left, in five queries; of one ``service`` alone, with what is about the council as a whole."""
    of_kpi = {"kpi_year__year": year.start_year}
    if service is not None:
        of_kpi["kpi_year__service"] = service
    of_return = {f"monthly_return__{way}": value for way, value in of_kpi.items()}
    findings = _findings(year)
    if service is not None:
        findings = findings & (Q(service=service) | Q(service__isnull=True))
    return Held(
        waivers=list(
            Waiver.objects.filter(**of_kpi)
            .select_related("kpi_year__service", "allowed_by")
            .order_by("kpi_year__code_key", "granted_at")
        ),
        revisions=list(
            Revision.objects.filter(state=Revision.State.ACCEPTED, **of_return)
            .select_related("monthly_return__kpi_year__service")
            .order_by("monthly_return__kpi_year__code_key", "monthly_return__month", "pk")
        ),
        reviews=list(
            QualityReview.objects.filter(**of_kpi)
            .exclude(state=QualityReview.State.WITHDRAWN)
            .select_related("kpi_year__service")
            .prefetch_related("actions")
            .order_by("kpi_year__code_key", "pk")
        ),
        findings=list(AuditFinding.objects.filter(findings).select_related("service").order_by("reported_on", "pk")),
    )


def _findings(year: FinancialYear) -> Q:
    """Reported by the end of the year, and not closed before it began."""
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=year.first_day)
    return Q(reported_on__lte=year.last_day) & still


def held_of_year(record: AssuranceRound, today: date) -> YearHeld:
    """All that the year's report is drawn from: the same queries for two services as for twenty."""
    year = record.financial_year
    statements = list(
        record.statements.select_related("service").prefetch_related("figures").order_by("service__name")
    )
    rows = KpiYear.objects.filter(year__in=(year.start_year, year.start_year - 1), is_live=True)
    return YearHeld(
        **vars(held_for(year)),
        statements=statements,
        managers=signatories({one.service_id for one in statements}, today),
        items=items_of(rows, today),
    )

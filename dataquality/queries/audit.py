"""What data quality tells the audit list of its tables (framework: audit and governance)."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.urls import reverse

from dataquality import models as tables
from dataquality.assurance_workflow import ASSURANCE_MOVES, STATEMENT_MOVES
from dataquality.models import Proposal, QualityReview, SettingRound, Template
from dataquality.review_workflow import ACTION_MOVES, REVIEW_MOVES
from dataquality.setting_workflow import PROPOSAL_MOVES, ROUND_MOVES
from dataquality.workflow import TEMPLATE_MOVES
from hdcperf.review.audit import Moves, Part, Source, Subject, nothing
from kpis.models import KpiYear

__all__ = ["MOVES_OF", "PART", "WAY_TO_KPI"]

WAY_TO_KPI: dict[type[models.Model], str] = {
    Template: "kpi_year__kpi",
    tables.TemplateTransition: "template__kpi_year__kpi",
    tables.TemplatePerson: "template__kpi_year__kpi",
    tables.TemplateSource: "template__kpi_year__kpi",
    tables.TemplateAuthor: "template__kpi_year__kpi",
    tables.AccessProblem: "template__kpi_year__kpi",
    tables.Waiver: "kpi_year__kpi",
    Proposal: "kpi",
    tables.ProposalTransition: "proposal__kpi",
    tables.ProposedMonth: "proposal__kpi",
    tables.TargetReviewItem: "kpi_year__kpi",
    tables.TargetDecision: "item__kpi_year__kpi",
    QualityReview: "kpi_year__kpi",
    tables.QualityReviewTransition: "review__kpi_year__kpi",
    tables.Comparison: "review__kpi_year__kpi",
    tables.Observation: "review__kpi_year__kpi",
    tables.QualityAction: "review__kpi_year__kpi",
    tables.QualityActionTransition: "action__review__kpi_year__kpi",
    tables.Comparator: "kpi",
    tables.ComparatorValue: "comparator__kpi",
}
"""The way from a row to its KPI."""


def _of_kpis(source: Source, kpis: Collection[int]) -> Q:
    path = WAY_TO_KPI.get(source.model if source.is_history else source.rows)
    return nothing() if path is None else Q(**{f"{path}__in": kpis})


def _of_service(source: Source, service: int) -> Q:
    table = source.model if source.is_history else source.rows
    if table is tables.AssuranceStatement:
        return Q(service=service)
    if table is tables.AssuranceStatementTransition:
        return Q(statement__service=service)
    if table is tables.AssuranceFigure:
        return Q(statement__service=service)
    if table is tables.AuditFinding:
        return Q(service=service)
    kpis = KpiYear.objects.filter(service=service).values_list("kpi_id", flat=True)
    return _of_kpis(source, kpis)  # type: ignore[arg-type]


def _signed_off(source: Source) -> Q:
    """The rows about what is signed off or finished: a template, a year's KPIs, a review, a statement."""
    signed = [Template.State.SIGNED.value, Template.State.SUPERSEDED.value]
    finished = [QualityReview.State.REPORTED.value, QualityReview.State.CLOSED.value]
    live = SettingRound.State.LIVE.value
    match source.model if source.is_history else source.rows:
        case tables.Template:
            return Q(state__in=signed)
        case tables.TemplateTransition | tables.TemplatePerson | tables.TemplateSource | tables.AccessProblem:
            return Q(template__state__in=signed)
        case tables.Proposal:
            return Q(setting_round__state=live)
        case tables.ProposalTransition | tables.ProposedMonth:
            return Q(proposal__setting_round__state=live)
        case tables.QualityReview:
            return Q(state__in=finished)
        case tables.QualityReviewTransition | tables.Comparison | tables.Observation | tables.QualityAction:
            return Q(review__state__in=finished)
        case tables.QualityActionTransition:
            return Q(action__review__state__in=finished)
        case tables.AssuranceStatement:
            return Q(state=tables.AssuranceStatement.State.SIGNED)
        case tables.AssuranceStatementTransition | tables.AssuranceFigure:
            return Q(statement__state=tables.AssuranceStatement.State.SIGNED)
        case tables.AssuranceRound:
            return Q(state=tables.AssuranceRound.State.REPORTED)
        case tables.AssuranceRoundTransition:
            return Q(assurance_round__state=tables.AssuranceRound.State.REPORTED)
    return Q()


def _kpi_year(record: models.Model) -> KpiYear | None:
    if isinstance(record, KpiYear):
        return record
    for way in ("kpi_year", "before", "template", "proposal", "review", "action"):
        found = record._state.fields_cache.get(way)
        if isinstance(found, models.Model) and (year := _kpi_year(found)) is not None:
            return year
    return None


def _subject(record: models.Model) -> Subject | None:
    found = _kpi_year(record)
    if found is None:
        return None
    # A year that is only proposed has no page yet.
    address = reverse("kpi", args=[found.financial_year, found.code]) if found.is_live else ""
    return Subject(found.code, found.name, address)


PART = Part(
    app="dataquality",
    moves=(
        Moves(
            "template-move",
            "Move of a template",
            tables.TemplateTransition,
            "template",
            TEMPLATE_MOVES,
            ("kpi_year",),
        ),
        Moves(
            "proposal-move",
            "Move of a KPI's proposal",
            tables.ProposalTransition,
            "proposal",
            PROPOSAL_MOVES,
            ("kpi", "kpi_year", "before"),
        ),
        Moves("setting-move", "Move of a year's KPIs", tables.SettingRoundTransition, "setting_round", ROUND_MOVES),
        Moves(
            "review-move",
            "Move of a quality review",
            tables.QualityReviewTransition,
            "review",
            REVIEW_MOVES,
            ("kpi_year",),
        ),
        Moves(
            "quality-action-move",
            "Move of an action of a quality review",
            tables.QualityActionTransition,
            "action",
            ACTION_MOVES,
            ("review__kpi_year",),
        ),
        Moves(
            "statement-move",
            "Move of a statement of assurance",
            tables.AssuranceStatementTransition,
            "statement",
            STATEMENT_MOVES,
            ("service", "assurance_round"),
        ),
        Moves(
            "assurance-move",
            "Move of a year of assurance",
            tables.AssuranceRoundTransition,
            "assurance_round",
            ASSURANCE_MOVES,
        ),
    ),
    needed={
        Template: ("kpi_year",),
        Proposal: ("kpi", "kpi_year", "before"),
        QualityReview: ("kpi_year",),
        tables.QualityAction: ("review__kpi_year",),
        tables.Comparator: ("kpi",),
        tables.AssuranceStatement: ("service", "assurance_round"),
    },
    accepted_only=_signed_off,
    of_subjects={"kpis": _of_kpis},
    of_service=_of_service,
    subject=_subject,
)

MOVES_OF = {one.rows: one for one in PART.moves}
"""What the moves of a record are called, by the table of its transitions."""

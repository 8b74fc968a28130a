"""What data quality holds on one KPI, for *everything held on it*: templates, waivers, comparisons, what was proposed
for it, its half-year reviews and its quality reviews."""

from __future__ import annotations

from dataquality import models as tables
from dataquality.queries.audit import MOVES_OF, WAY_TO_KPI
from kpis.queries.everything_held import Held

__all__ = ["HELD", "NOT_OF_A_KPI"]


def _held(model: type, title: str, *needs: str) -> Held:
    return Held(model, title, WAY_TO_KPI[model], needs=needs, moves=MOVES_OF.get(model))


HELD: tuple[Held, ...] = (
    _held(tables.Template, "Data quality templates", "kpi_year", "began_from__kpi_year"),
    _held(tables.TemplateTransition, "What was done with templates", "template__kpi_year"),
    _held(tables.TemplatePerson, "Who a template names", "template__kpi_year"),
    _held(tables.TemplateSource, "Systems a template names", "template__kpi_year"),
    _held(tables.TemplateAuthor, "Who answered a template", "template__kpi_year"),
    _held(tables.AccessProblem, "Problems with access", "template__kpi_year"),
    _held(tables.Waiver, "Waivers", "kpi_year"),
    _held(tables.Comparator, "What it is compared with", "kpi"),
    _held(tables.ComparatorValue, "Figures it is compared with", "comparator__kpi"),
    _held(
        tables.Proposal,
        "What was proposed for a year",
        *("setting_round", "kpi", "kpi_year", "before", "replaced_by__kpi"),
    ),
    _held(tables.ProposedMonth, "Months of proposed targets", "proposal__kpi"),
    _held(tables.ProposalTransition, "What was done with proposals", "proposal__kpi"),
    _held(tables.TargetReviewItem, "Half-year reviews of its target", "target_review", "kpi_year"),
    _held(tables.TargetDecision, "Decisions on its target", "item__kpi_year"),
    _held(tables.QualityReview, "Data quality reviews", "kpi_year", "template__kpi_year"),
    _held(tables.QualityReviewTransition, "What was done with reviews", "review__kpi_year"),
    _held(tables.Comparison, "What reviews compared", "review__kpi_year"),
    _held(tables.Observation, "What reviews observed", "review__kpi_year"),
    _held(tables.QualityAction, "Actions after reviews", "review__kpi_year"),
    _held(tables.QualityActionTransition, "What was done with actions", "action__review__kpi_year"),
)
"""Every table of data quality that holds something of a KPI, in the order of the document."""

NOT_OF_A_KPI = frozenset(
    {
        tables.SettingRound,
        tables.SettingRoundTransition,
        tables.SettingDecision,
        tables.TargetReview,
        tables.AssuranceRound,
        tables.AssuranceRoundTransition,
        tables.AssuranceStatement,
        tables.AssuranceStatementTransition,
        tables.AssuranceFigure,
        tables.AuditFinding,
    }
)
"""Tables about a year's whole set, or about a service."""

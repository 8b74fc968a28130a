"""The tables of data quality: templates and waivers, the setting of KPIs, reviews, assurance, comparators."""

from dataquality.models.assurance import (
    AssuranceFigure,
    AssuranceRound,
    AssuranceRoundTransition,
    AssuranceStatement,
    AssuranceStatementTransition,
    AuditFinding,
)
from dataquality.models.comparators import Comparator, ComparatorValue
from dataquality.models.quality_reviews import (
    Comparison,
    Observation,
    QualityAction,
    QualityActionTransition,
    QualityReview,
    QualityReviewTransition,
)
from dataquality.models.setting import (
    Proposal,
    ProposalTransition,
    ProposedMonth,
    SettingDecision,
    SettingRound,
    SettingRoundTransition,
    TargetDecision,
    TargetReview,
    TargetReviewItem,
)
from dataquality.models.templates import (
    DECLARATION,
    AccessProblem,
    Template,
    TemplateAuthor,
    TemplatePerson,
    TemplateSource,
    TemplateTransition,
    Waiver,
)

__all__ = [
    "DECLARATION",
    "AccessProblem",
    "AssuranceFigure",
    "AssuranceRound",
    "AssuranceRoundTransition",
    "AssuranceStatement",
    "AssuranceStatementTransition",
    "AuditFinding",
    "Comparator",
    "ComparatorValue",
    "Comparison",
    "Observation",
    "Proposal",
    "ProposalTransition",
    "ProposedMonth",
    "QualityAction",
    "QualityActionTransition",
    "QualityReview",
    "QualityReviewTransition",
    "SettingDecision",
    "SettingRound",
    "SettingRoundTransition",
    "TargetDecision",
    "TargetReview",
    "TargetReviewItem",
    "Template",
    "TemplateAuthor",
    "TemplatePerson",
    "TemplateSource",
    "TemplateTransition",
    "Waiver",
]

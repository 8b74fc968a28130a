"""KPIs, their targets, and the monthly return (framework C.2, E.1, "Performance Indicators")."""

from kpis.models.definitions import EventKpi, Kpi, KpiEvent, KpiPerson, KpiYear
from kpis.models.dialogue import Challenge, ChallengeMessage, Finding, LockException
from kpis.models.imports import ImportDraft, ImportMapping, ImportRun
from kpis.models.returns import (
    CommentaryExample,
    IssuedFigure,
    MonthlyReturn,
    MonthlyReturnTransition,
    RecoveryOutcome,
    ReturnAuthor,
    WordCorrection,
)
from kpis.models.revisions import DerivedChange, Revision, RevisionTransition
from kpis.models.tags import KpiTheme
from kpis.models.targets import MonthlyTarget, TargetSet, TargetSetTransition

__all__ = [
    "Challenge",
    "ChallengeMessage",
    "CommentaryExample",
    "DerivedChange",
    "EventKpi",
    "Finding",
    "ImportDraft",
    "ImportMapping",
    "ImportRun",
    "IssuedFigure",
    "Kpi",
    "KpiEvent",
    "KpiPerson",
    "KpiTheme",
    "KpiYear",
    "LockException",
    "MonthlyReturn",
    "MonthlyReturnTransition",
    "MonthlyTarget",
    "RecoveryOutcome",
    "ReturnAuthor",
    "Revision",
    "RevisionTransition",
    "TargetSet",
    "TargetSetTransition",
    "WordCorrection",
]

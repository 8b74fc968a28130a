"""The tables of the Corporate Plan's actions, its projects and the district's outcome measures."""

from actions.models.actions import Action, ActionYear, Milestone, ProposedMilestone
from actions.models.dialogue import Challenge, ChallengeMessage, Finding, LockException
from actions.models.drafts import MeasureDraft
from actions.models.issued_reports import IssuedReport
from actions.models.measures import OutcomeMeasure, OutcomeValue
from actions.models.plan import CorporatePlan, PlanDecision, PlanYear, PlanYearTransition
from actions.models.projects import (
    ChangeRequest,
    ChangeRequestTransition,
    Project,
    ProjectAction,
    ProjectMilestone,
)
from actions.models.recovery import RecoveryOutcome
from actions.models.reports import (
    ProjectReport,
    ProjectReportTransition,
    ReachedMilestone,
    ReportAuthor,
    ReportChallenge,
    ReportChallengeMessage,
    ReportFinding,
    ReportLockException,
    ReportRevision,
    ReportRevisionTransition,
)
from actions.models.revisions import Revision, RevisionTransition
from actions.models.tags import ActionTheme
from actions.models.updates import (
    ActionUpdate,
    ActionUpdateTransition,
    DateChange,
    IssuedUpdate,
    MilestoneReport,
    UpdateAuthor,
)

__all__ = [
    "Action",
    "ActionTheme",
    "ActionUpdate",
    "ActionUpdateTransition",
    "ActionYear",
    "Challenge",
    "ChallengeMessage",
    "ChangeRequest",
    "ChangeRequestTransition",
    "CorporatePlan",
    "DateChange",
    "Finding",
    "IssuedReport",
    "IssuedUpdate",
    "LockException",
    "MeasureDraft",
    "Milestone",
    "MilestoneReport",
    "OutcomeMeasure",
    "OutcomeValue",
    "PlanDecision",
    "PlanYear",
    "PlanYearTransition",
    "Project",
    "ProjectAction",
    "ProjectMilestone",
    "ProjectReport",
    "ProjectReportTransition",
    "ProposedMilestone",
    "ReachedMilestone",
    "RecoveryOutcome",
    "ReportAuthor",
    "ReportChallenge",
    "ReportChallengeMessage",
    "ReportFinding",
    "ReportLockException",
    "ReportRevision",
    "ReportRevisionTransition",
    "Revision",
    "RevisionTransition",
    "UpdateAuthor",
]

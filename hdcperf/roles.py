"""Roles, what each may do, and the scope a post is held in (framework Appendix A). Pure: no ORM."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["ADMINISTRATORS", "MEMBER_ROLES", "ROLES", "Permission", "Role", "ScopeKind", "roles_with"]


class ScopeKind(StrEnum):
    """What a post is held over."""

    COUNCIL = "council"
    DIRECTORATE = "directorate"
    SERVICE = "service"
    PORTFOLIO = "portfolio"


class Permission(StrEnum):
    """What a post lets its holder do, in the post's scope."""

    # A return is a KPI's for a month, or the update of an action or a project for a quarter.
    ENTER_RETURNS = "enter_returns"  # Enter and submit returns
    SEE_WORKING_RETURNS = "see_working_returns"  # See drafts, submitted returns and their dialogue
    REVIEW_RETURNS = "review_returns"  # Check, challenge and accept returns and revisions
    MANAGE_PERIODS = "manage_periods"  # Open a month or a quarter and lift its lock for one return
    PROPOSE_ACTIONS = "propose_actions"  # Propose actions for next year's plan
    MANAGE_PLAN = "manage_plan"  # Draw up a year's set of actions, take it through its bodies and adopt it
    RECORD_DECISIONS = "record_decisions"  # Record what a body decided in its meeting
    REPORT_PROJECTS = "report_projects"  # Register projects and report them each quarter
    COMPLETE_TEMPLATES = "complete_templates"  # Complete data quality templates and propose KPIs and their targets
    SIGN_TEMPLATES = "sign_templates"  # Sign off data quality templates and the yearly statement of assurance
    AGREE_PROPOSALS = "agree_proposals"  # Agree the KPIs proposed by a service, as its head
    SIGN_PROPOSALS = "sign_proposals"  # Sign off the KPIs proposed, as corporate leadership; allow a waiver
    MANAGE_SETTING = "manage_setting"  # Run the yearly setting of KPIs, the half-year review and quality reviews
    REVIEW_QUALITY = "review_quality"  # Carry out data quality reviews, and choose KPIs for them by risk
    RECORD_AUDIT_FINDINGS = "record_audit_findings"  # Record what internal audit found on data quality
    SEE_QUALITY = "see_quality"  # See templates, proposals, quality reviews and the figures on data quality
    SEE_PLAN_PROPOSALS = "see_plan_proposals"  # See next year's set of actions before it is adopted
    IMPORT_KPIS = "import_kpis"  # Import a register of KPIs and its history
    SEE_ACCEPTED = "see_accepted"  # See accepted figures
    SEE_DISPUTED = "see_disputed"  # See disputed figures, marked, with their dialogue
    RULE_ON_CHALLENGES = "rule_on_challenges"  # Decide a challenge that was escalated to the board
    SEE_HISTORY = "see_history"  # See who changed what, when and why, for all that is accepted
    SEE_WORKING_HISTORY = "see_working_history"  # See the history of what is not yet accepted as well
    EXPORT_KPI = "export_kpi"  # Export everything held on one KPI
    NOTE_EVENTS = "note_events"  # Note a dated event that shows on charts
    SEE_JOBS = "see_jobs"  # See all work in the background, cancel it and take it up again: administrators
    MANAGE_PEOPLE = "manage_people"  # Keep posts: vacancies, delegates, councillors after an election
    MANAGE_PACKS = "manage_packs"  # Put packs together, freeze them and answer for their checks
    COMMENT_PACKS = "comment_packs"  # Comment on packs that are out for comment, without changing them
    SIGN_PACKS = "sign_packs"  # Sign off a frozen pack, or send it back
    ISSUE_PACKS = "issue_packs"  # Issue a signed pack to its body, and publish it to everyone
    SEE_EXEMPT = "see_exempt"  # Read the exempt annexes of every pack
    MANAGE_FEED = "manage_feed"  # Make and revoke the keys to the feed of accepted figures
    SEE_MESSAGES = "see_messages"  # See what everybody was sent, and send again what failed: administrators
    SEE_ISSUED = "see_issued"  # See the figures of issued packs
    MANAGE_MEETINGS = "manage_meetings"  # Keep the dates of the bodies' meetings
    ASK_QUESTIONS = "ask_questions"  # Ask questions for the scrutiny panel
    MANAGE_QUESTIONS = "manage_questions"  # Give the panel's questions their owners and release the answers
    ANSWER_QUESTIONS = "answer_questions"  # Answer what the panel asks about the service, for its owner
    RECORD_QUESTIONS = "record_questions"  # Record what members asked, and whether they accepted an answer


class Role(StrEnum):
    """The posts of the framework's Appendix A."""

    COUNCILLOR = "councillor"
    EXECUTIVE_LEADER = "executive_leader"
    PORTFOLIO_HOLDER = "portfolio_holder"
    SCRUTINY = "scrutiny"
    GOVERNANCE = "governance"
    BOARD = "board"
    DIRECTOR = "director"
    HEAD_OF_SERVICE = "head_of_service"
    SERVICE_MANAGER = "service_manager"
    PERFORMANCE_TEAM = "performance_team"
    STRATEGIC_INSIGHTS = "strategic_insights"
    FINANCE = "finance"
    INTERNAL_AUDIT = "internal_audit"
    HUMAN_RESOURCES = "human_resources"
    SECTION_151 = "section_151"
    MONITORING_OFFICER = "monitoring_officer"
    DEMOCRATIC_SERVICES = "democratic_services"
    MANAGER = "manager"
    OFFICER = "officer"

    @property
    def label(self) -> str:
        """The post in words."""
        return ROLES[self].label

    @property
    def scope_kind(self) -> ScopeKind:
        """The kind of scope this post is held in."""
        return ROLES[self].scope_kind

    @property
    def permissions(self) -> frozenset[Permission]:
        return ROLES[self].permissions


@dataclass(frozen=True)
class RoleFacts:
    """A role in words, the kind of scope it is held in, and what it may do there."""

    label: str
    scope_kind: ScopeKind
    permissions: frozenset[Permission]


_P = Permission
_ISSUED = frozenset({_P.SEE_ISSUED})
_SERVICE = frozenset(
    {
        _P.SEE_WORKING_RETURNS,
        _P.SEE_ISSUED,
        _P.PROPOSE_ACTIONS,
        _P.SEE_PLAN_PROPOSALS,
        _P.COMPLETE_TEMPLATES,
        _P.SIGN_TEMPLATES,
        _P.SEE_QUALITY,
        _P.ANSWER_QUESTIONS,
    }
)
_LEADERSHIP = frozenset({_P.SEE_ACCEPTED, _P.SEE_DISPUTED, _P.SEE_ISSUED, _P.SEE_PLAN_PROPOSALS, _P.SEE_QUALITY})
# They comment on packs before members have them, exempt annexes included.
_STATUTORY = frozenset({_P.COMMENT_PACKS, _P.SEE_EXEMPT})

ROLES: dict[Role, RoleFacts] = {
    # Elected members are accountable to the electorate; they read what is put before a meeting.
    Role.COUNCILLOR: RoleFacts("Councillor", ScopeKind.COUNCIL, _ISSUED),
    # Has overall political accountability: as a portfolio holder for every portfolio.
    Role.EXECUTIVE_LEADER: RoleFacts(
        "Executive leader",
        ScopeKind.COUNCIL,
        frozenset({_P.SEE_ACCEPTED, _P.SEE_ISSUED, _P.SEE_PLAN_PROPOSALS, _P.COMMENT_PACKS}),
    ),
    # Reviews performance in relation to the portfolio: its accepted figures.
    Role.PORTFOLIO_HOLDER: RoleFacts(
        "Portfolio holder",
        ScopeKind.PORTFOLIO,
        frozenset({_P.SEE_ACCEPTED, _P.SEE_ISSUED, _P.SEE_PLAN_PROPOSALS, _P.COMMENT_PACKS}),
    ),
    # Receives the quarterly reports for discussion and comment.
    Role.SCRUTINY: RoleFacts("Scrutiny panel member", ScopeKind.COUNCIL, _ISSUED | {_P.ASK_QUESTIONS}),
    # Oversees control: all that is accepted, and its history.
    Role.GOVERNANCE: RoleFacts(
        "Governance committee member",
        ScopeKind.COUNCIL,
        frozenset({_P.SEE_ACCEPTED, _P.SEE_HISTORY, _P.SEE_ISSUED, _P.SEE_QUALITY}),
    ),
    # Reviews the KPIs each month and settles what the team and the service cannot (C.2, E.1).
    Role.BOARD: RoleFacts("Board member", ScopeKind.COUNCIL, _LEADERSHIP | {_P.RULE_ON_CHALLENGES}),
    # Sees the whole council's accepted figures through the corporate leadership team (see COUNCIL_WIDE) and the
    # working returns of its own directorate.
    Role.DIRECTOR: RoleFacts(
        "Director (corporate leadership team)",
        ScopeKind.DIRECTORATE,
        _LEADERSHIP | _STATUTORY | {_P.SEE_WORKING_RETURNS, _P.PROPOSE_ACTIONS, _P.SIGN_PROPOSALS, _P.SIGN_PACKS},
    ),
    Role.HEAD_OF_SERVICE: RoleFacts("Head of service", ScopeKind.SERVICE, _SERVICE | {_P.AGREE_PROPOSALS}),
    # Overall operational performance and the quality of data of the service; may enter for it.
    Role.SERVICE_MANAGER: RoleFacts("Service manager", ScopeKind.SERVICE, _SERVICE | {_P.ENTER_RETURNS}),
    # Collects, checks, challenges and presents; a return it typed is accepted by somebody else of the team.
    Role.PERFORMANCE_TEAM: RoleFacts(
        "Performance Team",
        ScopeKind.COUNCIL,
        _LEADERSHIP
        | {
            _P.ENTER_RETURNS,
            _P.SEE_WORKING_RETURNS,
            _P.REVIEW_RETURNS,
            _P.MANAGE_PERIODS,
            _P.IMPORT_KPIS,
            _P.EXPORT_KPI,
            _P.NOTE_EVENTS,
            _P.PROPOSE_ACTIONS,
            _P.MANAGE_PLAN,
            _P.RECORD_DECISIONS,
            _P.REPORT_PROJECTS,
            _P.COMPLETE_TEMPLATES,
            _P.MANAGE_SETTING,
            _P.MANAGE_MEETINGS,
            _P.MANAGE_PACKS,
            _P.MANAGE_FEED,
            _P.ISSUE_PACKS,
            _P.SEE_EXEMPT,
            _P.REVIEW_QUALITY,
            _P.MANAGE_QUESTIONS,
        },
    ),
    # Oversees the delivery and monitoring of corporate projects, and supports service planning.
    Role.STRATEGIC_INSIGHTS: RoleFacts(
        "Strategic insights and delivery team",
        ScopeKind.COUNCIL,
        frozenset({_P.REPORT_PROJECTS, _P.SEE_ISSUED, _P.SEE_PLAN_PROPOSALS}),
    ),
    Role.FINANCE: RoleFacts("Finance", ScopeKind.COUNCIL, _ISSUED),
    # Independent review of performance management and data quality.
    Role.INTERNAL_AUDIT: RoleFacts(
        "Internal audit",
        ScopeKind.COUNCIL,
        frozenset(
            {
                _P.SEE_ACCEPTED,
                _P.SEE_HISTORY,
                _P.SEE_WORKING_HISTORY,
                _P.EXPORT_KPI,
                _P.SEE_ISSUED,
                _P.REVIEW_QUALITY,
                _P.RECORD_AUDIT_FINDINGS,
                _P.SEE_QUALITY,
            }
        ),
    ),
    Role.HUMAN_RESOURCES: RoleFacts("Human resources", ScopeKind.COUNCIL, _ISSUED),
    # Statutory officers sit on the corporate leadership team; the monitoring officer answers information requests.
    Role.SECTION_151: RoleFacts("Section 151 officer", ScopeKind.COUNCIL, _LEADERSHIP | _STATUTORY),
    Role.MONITORING_OFFICER: RoleFacts(
        "Monitoring officer", ScopeKind.COUNCIL, _LEADERSHIP | _STATUTORY | {_P.EXPORT_KPI}
    ),
    Role.DEMOCRATIC_SERVICES: RoleFacts(
        "Democratic services",
        ScopeKind.COUNCIL,
        frozenset(
            {
                _P.MANAGE_PEOPLE,
                _P.RECORD_DECISIONS,
                _P.SEE_ISSUED,
                _P.SEE_PLAN_PROPOSALS,
                _P.MANAGE_MEETINGS,
                _P.ISSUE_PACKS,
                _P.SEE_EXEMPT,
                _P.RECORD_QUESTIONS,
            }
        ),
    ),
    Role.MANAGER: RoleFacts("Manager", ScopeKind.SERVICE, _ISSUED),
    Role.OFFICER: RoleFacts("Officer", ScopeKind.SERVICE, _ISSUED),
}

COUNCIL_WIDE: dict[Role, frozenset[Permission]] = {
    # A director is a member of the corporate leadership team, which sees every accepted figure.
    Role.DIRECTOR: _LEADERSHIP,
}
"""Permissions a post carries over the whole council although the post itself is held in a narrower scope."""

MEMBER_ROLES = frozenset(
    {Role.COUNCILLOR, Role.EXECUTIVE_LEADER, Role.PORTFOLIO_HOLDER, Role.SCRUTINY, Role.GOVERNANCE}
)
"""Posts of elected members: personal to the member, so a delegate does not receive them."""


ADMINISTRATORS = frozenset({Permission.MANAGE_PEOPLE, Permission.SEE_JOBS, Permission.SEE_MESSAGES})
"""What a superuser may do without a post. No post carries the running of the system."""


def roles_with(permission: Permission) -> frozenset[Role]:
    """Every role that carries ``permission``."""
    return frozenset(role for role, facts in ROLES.items() if permission in facts.permissions)

"""The window for 2027/28 as it is on 5 November 2026: holders have reviewed, the first proposals are on their way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dataquality.models import Proposal, SettingRound
from dataquality.operations.proposing import change_facts, decide, move, propose_new, review, set_target
from dataquality.operations.windows import Dates, open_window
from dataquality.queries.proposed_targets import Ground, TargetPlan, ground_of
from dataquality.rules.criteria import Criteria
from dataquality.rules.yearly_targets import Method, year_target
from hdcperf import clock
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.periods import FinancialYear, Month
from kpis.rules.profiles import Profile, monthly_levels
from kpis.rules.year_to_date import Levels

__all__ = ["managers", "set_next_year"]

YEAR = FinancialYear(2027)
DATES = Dates(date(2026, 10, 19), date(2026, 11, 2), date(2026, 12, 11))
REVIEWED, PROPOSED, AGREED, SIGNED = date(2026, 10, 22), date(2026, 11, 3), date(2026, 11, 4), date(2026, 11, 5)

STATUTORY = frozenset(
    {"planning-majors", "planning-minors", "planning-householder", "recycling-rate", "residual-waste", "fly-tips"}
)
LOCAL = frozenset({"missed-bins", "street-cleanliness", "community-groups", "call-wait", "complaints-on-time"})
NOT_REVIEWED = frozenset({"affordable-homes", "council-emissions", "sickness", "food-inspections"})


@dataclass(frozen=True)
class Idea:
    """What a service proposes for a KPI, and how far it has come by 5 November."""

    verdict: str
    why: str
    method: Method = Method.MAINTAIN
    percent: Decimal | None = None
    target: Decimal | None = None
    level: Callable[[Decimal], Decimal] | None = None
    beaten: str = ""
    until: str = "signed"
    profile: Profile = Profile.LAST_YEAR


def _share(percent: str) -> Callable[[Decimal], Decimal]:
    return lambda target: round(target * Decimal(percent) / 100, 1)


IDEAS: dict[str, Idea] = {
    "missed-bins": Idea(
        "keep",
        "Residents notice a missed bin before anything else the council does (example).",
        Method.OTHER,
        target=Decimal(38),
        level=_share("109"),
        until="submitted",
    ),
    "recycling-rate": Idea(
        "keep",
        "Reported to the government each quarter (example).",
        level=_share("94"),
        until="agreed",
    ),
    "street-cleanliness": Idea(
        "keep",
        "The survey is short, cheap and understood by members (example).",
        level=_share("92"),
        beaten="The survey moves to more villages in April, where streets are swept less often: the target is kept "
        "for one year and raised when there is a year of results to go by (example).",
        until="signed",
    ),
    "garden-waste": Idea(
        "keep",
        "The subscription pays for the service (example).",
        Method.GROWTH,
        Decimal(2),
        level=_share("96"),
        until="draft",
    ),
    "leisure-admissions": Idea(
        "keep",
        "The centres must cover their costs (example).",
        Method.GROWTH,
        Decimal(2),
        level=_share("95"),
        until="signed",
        profile=Profile.TWO_YEARS,
    ),
    "active-lifestyles": Idea(
        "amend",
        "Sessions online are attended as much as those in halls, and were not counted (example).",
        Method.GROWTH,
        Decimal(3),
        level=_share("90"),
        until="submitted",
        profile=Profile.TYPED,
    ),
    "community-groups": Idea(
        "drop",
        "It counts meetings and not what came of them: the KPI that replaces it says that (example).",
        until="agreed",
    ),
}
AMENDED = "Every attendance at a class, walk or referral session run by the team, in person or online."


def set_next_year() -> SettingRound:
    """Open the window, review most KPIs, and take the first proposals some of the way."""
    team = _user("performance-team@demo.example")
    with clock.taken_to_be(date(2026, 10, 12)):
        window = open_window(YEAR, DATES, by=team)
    proposals = {
        one.kpi.reference: one
        for one in window.proposals.select_related("kpi", "before", "service__directorate", "setting_round")
    }
    with clock.taken_to_be(REVIEWED):
        for reference, proposal in proposals.items():
            if reference not in NOT_REVIEWED:
                proposals[reference] = _review(proposal)
    replacement = _replacement_of(proposals["community-groups"])
    for reference, idea in IDEAS.items():
        _propose(proposals[reference], idea, replacement if idea.verdict == "drop" else None)
    _new_one(window)
    return window


def _user(email: str) -> User:
    found: User = User.objects.get(email=email)
    return found


def _criteria(reference: str) -> Criteria:
    return Criteria(
        is_statutory=reference in STATUTORY,
        is_political=reference in ("affordable-homes", "garden-waste", "council-emissions"),
        is_local=reference in LOCAL,
        is_important=reference not in ("community-groups",),
    )


def _review(proposal: Proposal) -> Proposal:
    assert proposal.before is not None
    holder = proposal.before.people.select_related("user").order_by("pk")[0].user
    words = "Still worth measuring, and the figures are easy to check (example)."
    if proposal.kpi.reference == "community-groups":
        words = "I can count the meetings, but nobody has used the figure this year (example)."
    return review(proposal, words, _criteria(proposal.kpi.reference), by=holder, version=proposal.version)


def _propose(proposal: Proposal, idea: Idea, replaced_by: Proposal | None) -> None:
    manager, head = managers(proposal.service)
    with clock.taken_to_be(PROPOSED):
        one = decide(
            proposal,
            idea.verdict,
            _criteria(proposal.kpi.reference),
            idea.why,
            by=manager,
            version=proposal.version,
            replaced_by=replaced_by,
        )
        if idea.verdict == "amend":
            one = change_facts(one, {"definition": AMENDED}, by=manager, version=one.version)
        if idea.verdict != "drop":
            one = set_target(one, _plan(one, idea), by=manager, version=one.version)
        if idea.until == "draft":
            return
        one = move(one, "submit", by=manager, version=one.version)
    if idea.until == "submitted":
        return
    with clock.taken_to_be(AGREED):
        one = move(one, "agree", by=head, version=one.version)
    if idea.until == "signed":
        with clock.taken_to_be(SIGNED):
            move(one, "sign", by=_director(one.service), version=one.version)


def managers(service: Service) -> tuple[User, User]:
    """The service's manager and its head."""
    if service.name == "Waste and Street Scene":
        return _user("service-manager@demo.example"), _user("head-of-service@demo.example")
    slug = service.name.lower().replace(" ", "-")
    return _user(f"{slug}-manager@example.example"), _user(f"{slug}-head@example.example")


def _director(service: Service) -> User:
    directorate = service.directorate
    found: User = User.objects.filter(appointments__role="director", appointments__directorate=directorate).get()
    return found


def _plan(one: Proposal, idea: Idea) -> TargetPlan:
    assert one.kpi_year is not None
    ground = ground_of(one.kpi_year)
    year = year_target(
        ground.measure,
        idea.method,
        percent=idea.percent,
        result=ground.past.result,
        this_year=ground.past.this_year,
        typed=Levels(target=idea.target),
    )
    assert year.target is not None
    level = idea.level(year.target) if idea.level is not None else None
    whole = Levels(year.target, level)
    profile = Profile.FLAT if ground.shape_year is None else idea.profile
    figures = ground.two_years_figures if profile is Profile.TWO_YEARS else ()
    return TargetPlan(
        method=idea.method,
        year=whole,
        percent=idea.percent,
        result=ground.past.result,
        profile=profile,
        shape_year=ground.shape_year if profile is Profile.LAST_YEAR else None,
        months=_months(ground, whole, profile),
        figures=figures,
        intervention_why="As far from the target as this year: past it, the head of service steps in (example).",
        beaten_why=idea.beaten,
    )


_TYPED_SHAPE = tuple(Decimal(share) for share in (9, 9, 9, 8, 5, 9, 9, 9, 6, 10, 9, 8))
"""Fewer sessions are held in August and December."""


def _months(ground: Ground, whole: Levels, profile: Profile) -> dict[Month, Levels]:
    """The months that are kept with the target: averaged, or as the service typed them."""
    if profile is Profile.TWO_YEARS:
        return ground.spread_averaged(whole, ground.two_years_figures)
    if profile is Profile.TYPED:
        return monthly_levels(ground.measure, ground.months, whole, _TYPED_SHAPE)
    return {}


def _new_one(window: SettingRound) -> None:
    """A KPI the year before did not have, taking the code of the one that is to be dropped."""
    service = Service.objects.get(name="Waste and Street Scene")
    manager, _ = managers(service)
    facts = {
        "code": "KPI 25",
        "name": "Food waste collected for each household",
        "definition": "Kilograms of food waste collected in the month, for each household with a caddy.",
        "unit": "number",
        "unit_label": "kg",
        "decimals": 1,
        "minimum": Decimal(0),
        "service": service,
        "portfolio": Portfolio.objects.get(name="Waste and Street Scene"),
        "outcome": Outcome.objects.get(number=6),
        "direction": "higher",
        "frequency": "monthly",
        "ytd_rule": "adds_up",
        "headline": "ytd",
        "entry": "value",
        "control": "enable",
        "why": "Weekly food waste collections begin in April (example).",
    }
    with clock.taken_to_be(PROPOSED):
        one = propose_new(
            window,
            facts,
            Criteria(is_statutory=True, is_political=True),
            "Separate food waste collections become a duty: members will want to see them used (example).",
            by=manager,
        )
        plan = TargetPlan(
            method=Method.OTHER,
            year=Levels(Decimal(48), Decimal(40)),
            intervention_why="What the trial rounds collected in their slowest months (example).",
        )
        set_target(one, plan, by=manager, version=one.version)


def _replacement_of(dropped: Proposal) -> Proposal:
    """The KPI that is to replace the one that is dropped: it says what came of the meetings the other counted."""
    before = dropped.before
    assert before is not None
    manager, _ = managers(dropped.service)
    names = ("service", "portfolio", "outcome", "control")
    facts = {name: getattr(before, name) for name in names} | {
        "code": "KPI 26",
        "name": "Community groups still running a year after our help",
        "definition": "Of the groups helped twelve months before, the share that still meet.",
        "unit": "percentage",
        "decimals": 0,
        "minimum": Decimal(0),
        "maximum": Decimal(100),
        "direction": "higher",
        "frequency": "quarterly",
        "ytd_rule": "mean",
        "headline": "ytd",
        "entry": "value",
        "why": "Help is worth giving when the group stands by itself afterwards (example).",
    }
    with clock.taken_to_be(PROPOSED):
        new = propose_new(
            dropped.setting_round,
            facts,
            Criteria(is_local=True),
            "It says what came of the meetings that the KPI it replaces only counted (example).",
            by=manager,
        )
        plan = TargetPlan(
            method=Method.OTHER,
            year=Levels(Decimal(80), Decimal(70)),
            intervention_why="Below it one group in three does not last, so the help itself is looked at (example).",
        )
        return set_target(new, plan, by=manager, version=new.version)

"""The Corporate Plan and its yearly sets, drawn up and taken through the bodies that decide."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions.example.reading import Line, decisions, lines
from actions.example.story import Story
from actions.models import ActionTheme, ActionYear, CorporatePlan, PlanDecision, PlanYear
from actions.operations.answering import answer
from actions.operations.deciding import advance, record_decision
from actions.operations.plan_years import renumber, start_refresh
from actions.operations.proposing import amend, propose_new
from actions.queries.proposals import Facts
from actions.rules.proposals import DatedStep
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import Portfolio, Theme
from hdcperf.periods import FinancialYear, working_days
from hdcperf.review.decisions import Decided

__all__ = ["draw_up", "make_plan", "tag", "take_through", "take_to_portfolio_holders"]

Kind = PlanDecision.Kind
THEMES: dict[str, tuple[str, ...]] = {
    "outcomes-framework/Homelessness and rough sleeping": ("landlords", "own-accommodation"),
    "outcomes-framework/Housing": ("affordable-homes", "warmer-homes", "local-plan"),
    "outcomes-framework/Multiple disadvantage": ("household-support", "newly-arrived"),
    "outcomes-framework/Health and wellbeing": ("active-villages", "prescribing"),
    "outcomes-framework/Neighbourhoods": ("evenings", "listening", "parking"),
    "outcomes-framework/Environment, circular economy and climate change": (
        "lower-emissions",
        "food-waste",
        "nature",
    ),
    "outcomes-framework/Economic prosperity and regeneration": ("market-towns", "wealth", "skills"),
    "best-value/Continuous improvement": ("automated-service", "e-bills"),
    "best-value/Use of resources": ("e-bills", "workforce"),
    "best-value/Service delivery": ("food-firms", "food-waste", "automated-service"),
    "best-value/Partnerships and community engagement": ("listening", "prescribing", "wealth"),
}
"""Which themes of the national frameworks an action is evidence for, by framework and theme."""


def make_plan(story: Story) -> None:
    """The Corporate Plan itself, as an administrator adds it."""
    plan = CorporatePlan(title="Corporate Plan 2023 to 2028 (example)", first_year=2023, last_year=2027)
    save_as(plan, by=story.cast.users["admin"], reason="Example")


def draw_up(story: Story, year: int) -> None:
    """Begin the set of ``year``, and say what becomes of every action of the year before; then what is new."""
    begun: date = decisions()[year]["begun"]
    with clock.taken_to_be(begun):
        plan_year = start_refresh(FinancialYear(year), by=story.team)
    with clock.taken_to_be(begun + timedelta(days=4)):
        for line in _in_order(lines().values()):
            if line.first_year == year:
                row = propose_new(plan_year, _facts(story, plan_year, line, dict(line.facts)), by=story.team)
                story.actions[line.key] = row.action
            elif line.first_year < year and story.goes_on(line.key, year - 1):
                _say_what_becomes(story, plan_year, line)
        _give_codes(story, plan_year)


def _in_order(found: Any) -> list[Line]:
    """Wholes before their parts."""
    return sorted(found, key=lambda line: bool(line.part_of))


def _say_what_becomes(story: Story, plan_year: PlanYear, line: Line) -> None:
    change, action = line.changes.get(plan_year.year, {}), story.actions[line.key]
    proposal = change.get("say", "carry")
    if proposal == "amend":
        before = action.years.get(plan_year__year=plan_year.year - 1)
        facts = _facts(story, plan_year, line, _as_it_is(story, line, before) | change)
        amend(plan_year, action, facts, reason=change["why"], by=story.team, version=0)
        return
    # A code that another action is to have is given out with all the others, once every action is answered for.
    answer(plan_year, action, proposal, by=story.team, version=0, reason=change.get("why", ""))


def _as_it_is(story: Story, line: Line, row: ActionYear) -> dict[str, Any]:
    """The facts of an action as they are in the year before, its dates as they have moved since."""
    open_steps = row.action.milestones.planned().filter(reached_on__isnull=True)
    steps = [(one.due_on, one.name) for one in open_steps]
    return {**line.facts, "title": row.title, "wording": row.wording, "due": row.due_on, "milestones": steps}


def _facts(story: Story, plan_year: PlanYear, line: Line, told: dict[str, Any]) -> Facts:
    left_out = told.get("without", ())
    steps = [*(one for one in told["milestones"] if one[1] not in left_out), *told.get("add", ())]
    whole = story.actions.get(line.part_of)
    known = plan_year.actions.filter(action=story.actions.get(line.key)).first()
    before = (
        story.actions[line.key].years.filter(plan_year__year=plan_year.year - 1).first()
        if line.key in story.actions
        else None
    )
    code = known.code if known else before.code if before else line.codes[plan_year.year]
    return Facts(
        code=code,
        title=told["title"],
        wording=told["wording"],
        success=told["success"],
        control=told["control"],
        outcome=story.cast.outcomes[told["outcome"]],
        service=story.cast.services[told["service"]],
        portfolio=story.cast.portfolios[told["portfolio"]],
        responsible=story.officer(line),
        starts_on=told["starts"],
        due_on=told["due"],
        mtfs_line=told["money"],
        parent=plan_year.actions.get(action=whole) if whole is not None else None,
        milestones=tuple(DatedStep(due_on, name) for due_on, name in steps),
    )


def _give_codes(story: Story, plan_year: PlanYear) -> None:
    codes = {
        row.pk: line.codes[plan_year.year]
        for line in lines().values()
        if plan_year.year in line.codes and line.key in story.actions
        for row in plan_year.actions.in_the_set().filter(action=story.actions[line.key])
    }
    plan_year.refresh_from_db()
    renumber(plan_year, codes, by=story.team, version=plan_year.version)


# The bodies


def take_to_portfolio_holders(story: Story, year: int) -> None:
    """Senior leadership agrees, and portfolio holders say what they think of their own actions."""
    told = decisions()[year]
    plan_year = PlanYear.objects.get(year=year)
    with clock.taken_to_be(working_days().add_working_days(told["leadership"]["met_on"], -3)):
        _advance(story, plan_year, "to_leadership")
    _decide(story, plan_year, told["leadership"])
    with clock.taken_to_be(working_days().add_working_days(told["leadership"]["met_on"], 2)):
        _advance(story, plan_year, "to_portfolio_holders")
    met_on: date = told["portfolio"]["met_on"]
    for number, (name, words) in enumerate(told["portfolio"].items()):
        if name != "met_on":
            spoken = {"met_on": met_on, "minute": f"PH {met_on:%y}/{30 + number}", "wording": words}
            _decide(story, plan_year, spoken, story.cast.portfolios[name])


def take_through(story: Story, year: int) -> None:
    """Scrutiny comments, cabinet and council resolve, and the set becomes the plan for the year."""
    told = decisions()[year]
    plan_year = PlanYear.objects.get(year=year)
    for body, move in (("scrutiny", "to_scrutiny"), ("cabinet", "to_cabinet"), ("council", "to_council")):
        with clock.taken_to_be(working_days().add_working_days(told[body]["met_on"], -4)):
            _advance(story, plan_year, move)
        _decide(story, plan_year, told[body])
    for days, move in ((2, "approved"), (4, "adopt")):
        with clock.taken_to_be(working_days().add_working_days(told["council"]["met_on"], days)):
            _advance(story, plan_year, move)


def _advance(story: Story, plan_year: PlanYear, move: str) -> None:
    plan_year.refresh_from_db()
    advance(plan_year, move, by=story.team, version=plan_year.version)


def _decide(story: Story, plan_year: PlanYear, told: dict[str, Any], portfolio: Portfolio | None = None) -> None:
    decided = Decided(
        kind=told.get("kind", Kind.AGREED.value),
        met_on=told["met_on"],
        minute=told["minute"],
        wording=told["wording"],
        takes_effect_on=told.get("takes_effect_on"),
    )
    with clock.taken_to_be(working_days().add_working_days(told["met_on"], 1)):
        recorder = story.cast.users["democratic-services"]
        record_decision(plan_year, decided, by=recorder, portfolio=portfolio)


def tag(story: Story) -> None:
    """Say which themes of the national frameworks the actions are evidence for, as an administrator does."""
    for named, keys in THEMES.items():
        slug, name = named.split("/")
        theme = Theme.objects.get(framework__slug=slug, name=name)
        for key in keys:
            made = ActionTheme(action=story.actions[key], theme=theme)
            save_as(made, by=story.cast.users["admin"], reason="Example")

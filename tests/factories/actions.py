"""The plan, its actions and their quarterly updates, invented and looking it. Every row is saved, with its history.

An update's traits put it in a state: ``ActionUpdateFactory(submitted=True)``; ``accepted`` freezes nothing but what
is given. Colours other than green bring what they need: ``rag="amber"`` has its recovery.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

from actions.models import (
    Action,
    ActionUpdate,
    ActionUpdateTransition,
    ActionYear,
    Challenge,
    CorporatePlan,
    Finding,
    LockException,
    Milestone,
    PlanYear,
    Revision,
    UpdateAuthor,
)
from actions.rules.colours import ActionRag
from hdcperf.control import Control
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import FinancialYear, Quarter
from tests.factories.organisation import (
    OutcomeFactory,
    PortfolioFactory,
    ReportingPeriodFactory,
    ServiceFactory,
    UserFactory,
)

__all__ = [
    "Q1",
    "Q2",
    "ActionFactory",
    "ActionUpdateFactory",
    "ActionYearFactory",
    "CorporatePlanFactory",
    "MilestoneFactory",
    "PlanYearFactory",
    "UpdateChallengeFactory",
    "UpdateFindingFactory",
    "UpdateLockExceptionFactory",
    "UpdateRevisionFactory",
    "round_of_quarter",
]

State = ActionUpdate.State
Q1, Q2 = Quarter(FinancialYear(2026), 1), Quarter(FinancialYear(2026), 2)
RAISED_AT = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)


class CorporatePlanFactory(DjangoModelFactory[CorporatePlan]):
    class Meta:
        model = CorporatePlan
        django_get_or_create = ("title",)

    title = "Example Corporate Plan 2023 to 2028"
    first_year = 2023
    last_year = 2027


class PlanYearFactory(DjangoModelFactory[PlanYear]):
    """The plan for 2026/27, adopted; once a year, however often it is asked for."""

    class Meta:
        model = PlanYear
        django_get_or_create = ("year",)

    plan = factory.SubFactory(CorporatePlanFactory)
    year = 2026
    state = PlanYear.State.ADOPTED


class ActionFactory(DjangoModelFactory[Action]):
    class Meta:
        model = Action

    reference = factory.Sequence(lambda n: f"example-action-{n}")


class ActionYearFactory(DjangoModelFactory[ActionYear]):
    """An action of 2026/27 from April to March, with somebody responsible for it. ``year=2025`` is another year's."""

    class Meta:
        model = ActionYear

    class Params:
        year = 2026

    action = factory.SubFactory(ActionFactory)
    plan_year = factory.SubFactory(PlanYearFactory, year=factory.SelfAttribute("..year"))
    code = factory.Sequence(lambda n: f"CPA {n + 1}")
    title = factory.Sequence(lambda n: f"Example action {n + 1}")
    wording = factory.LazyAttribute(lambda row: f"Do what the example says, in {row.title.lower()}.")
    success = "More examples are followed."
    control = Control.DO.value
    outcome = factory.SubFactory(OutcomeFactory)
    service = factory.SubFactory(ServiceFactory)
    portfolio = factory.SubFactory(PortfolioFactory)
    responsible = factory.SubFactory(UserFactory)
    starts_on = factory.LazyAttribute(lambda row: date(row.year, 4, 1))
    due_on = factory.LazyAttribute(lambda row: date(row.year + 1, 3, 31))


class MilestoneFactory(DjangoModelFactory[Milestone]):
    class Meta:
        model = Milestone

    action = factory.SubFactory(ActionFactory)
    name = factory.Sequence(lambda n: f"Example milestone {n + 1}")
    due_on = date(2026, 12, 18)


def round_of_quarter(quarter: Quarter = Q2) -> ReportingPeriod:
    """The round that collects the quarter, made once."""
    found = ReportingPeriod.objects.filter(kind=ReportingPeriod.QUARTER, starts_on=quarter.first_day).first()
    made: ReportingPeriod = found or ReportingPeriodFactory(
        month=quarter.last_month, kind=ReportingPeriod.QUARTER, starts_on=quarter.first_day
    )
    return made


class ActionUpdateFactory(DjangoModelFactory[ActionUpdate]):
    """The update of Q2 2026/27, not started. Traits: ``draft``, ``submitted``, ``challenged``, ``accepted``.

    ``submitted_by`` and ``accepted_by`` are named in the transitions and as author; somebody new unless given.
    """

    class Meta:
        model = ActionUpdate

    class Params:
        span = Q2
        draft = factory.Trait(state=State.DRAFT)
        submitted = factory.Trait(state=State.SUBMITTED)
        challenged = factory.Trait(state=State.CHALLENGED)
        accepted = factory.Trait(state=State.ACCEPTED)

    action_year = factory.SubFactory(ActionYearFactory)
    action = factory.SelfAttribute("action_year.action")
    quarter = factory.LazyAttribute(lambda row: row.span.first_day)
    period = factory.LazyAttribute(lambda row: round_of_quarter(row.span))
    state = State.NOT_STARTED
    rag = factory.LazyAttribute(lambda row: "" if row.state == State.NOT_STARTED else ActionRag.GREEN.value)
    done = factory.LazyAttribute(
        lambda row: "" if row.state == State.NOT_STARTED else f"Forty examples were followed in {row.span}."
    )
    impact = factory.LazyAttribute(
        lambda row: "" if row.state == State.NOT_STARTED else "Waiting fell by 12 days for those who followed them."
    )
    recovery = factory.LazyAttribute(lambda row: "A second team starts." if row.rag in ("amber", "red") else "")
    recovery_by = factory.LazyAttribute(lambda row: date(2026, 12, 1) if row.rag in ("amber", "red") else None)
    recovery_owner = factory.LazyAttribute(lambda row: "Example manager" if row.rag in ("amber", "red") else "")
    achieved = factory.LazyAttribute(lambda row: "Every example is followed." if row.rag == "completed" else "")

    @classmethod
    def _create(cls, model_class: type[ActionUpdate], *args: Any, **kwargs: Any) -> ActionUpdate:
        submitted_by, accepted_by = kwargs.pop("submitted_by", None), kwargs.pop("accepted_by", None)
        record = model_class(**kwargs)
        record.save()
        _lived_through(record, submitted_by, accepted_by)
        return record


def _lived_through(record: ActionUpdate, submitted_by: User | None, accepted_by: User | None) -> None:
    """The author and the transitions that lead to the state the update is in."""
    path = [("draft", State.DRAFT), ("submit", State.SUBMITTED)]
    path += {
        State.CHALLENGED.value: [("challenge", State.CHALLENGED)],
        State.ACCEPTED.value: [("accept", State.ACCEPTED)],
    }.get(str(record.state), [])
    states = [target.value for _, target in path]
    if record.state not in states:
        return
    author = submitted_by or record.action_year.responsible
    UpdateAuthor.objects.create(update=record, user=author)
    before = State.NOT_STARTED.value
    for name, target in path[: states.index(str(record.state)) + 1]:
        by = author if name in ("draft", "submit") else accepted_by or UserFactory()
        ActionUpdateTransition.objects.create(
            update=record,
            move=name,
            from_state=before,
            to_state=target.value,
            by=by,
            by_name=by.name,
            at=RAISED_AT,
        )
        before = target.value


class UpdateChallengeFactory(DjangoModelFactory[Challenge]):
    """An open challenge about the impact of a challenged update. Traits: ``escalated``, ``answered``."""

    class Meta:
        model = Challenge

    class Params:
        answered = factory.Trait(state=Challenge.State.ANSWERED)
        escalated = factory.Trait(escalated_at=RAISED_AT, escalation_reason="The two sides did not agree.")

    update = factory.SubFactory(ActionUpdateFactory, challenged=True)
    about = Challenge.About.IMPACT
    reason = Challenge.Reason.NO_IMPACT
    question = "What difference did it make?"
    raised_by = factory.SubFactory(UserFactory)
    raised_at = RAISED_AT
    due_on = date(2026, 10, 8)


class UpdateFindingFactory(DjangoModelFactory[Finding]):
    class Meta:
        model = Finding

    update = factory.SubFactory(ActionUpdateFactory, draft=True)
    code = factory.Sequence(lambda n: f"example_check_{n}")
    sentence = "It is called green, but a milestone is overdue."
    answer = "It was reached on the day this was written."
    answered_by = factory.SubFactory(UserFactory)
    answered_at = RAISED_AT


class UpdateLockExceptionFactory(DjangoModelFactory[LockException]):
    class Meta:
        model = LockException

    update = factory.SubFactory(ActionUpdateFactory)
    reason = "The partner answered late."
    asked_by = "Example Service"
    granted_by = factory.SubFactory(UserFactory)
    granted_at = RAISED_AT
    expires_on = date(2026, 11, 30)


class UpdateRevisionFactory(DjangoModelFactory[Revision]):
    """A proposed correction of an accepted update: its words, with the colour left as it is."""

    class Meta:
        model = Revision

    update = factory.SubFactory(ActionUpdateFactory, accepted=True)
    kind = Revision.Kind.CORRECTION
    reason = "One example was counted twice."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = RAISED_AT
    old_rag = factory.SelfAttribute("update.rag")
    new_rag = factory.SelfAttribute("old_rag")
    old_done = factory.SelfAttribute("update.done")
    new_done = "Thirty-nine examples were followed in the quarter."
    old_impact = factory.SelfAttribute("update.impact")
    new_impact = factory.SelfAttribute("old_impact")

"""KPIs, targets and monthly returns, invented and looking it. Every row is saved, so it has its history.

A return's traits put it in a state: ``MonthlyReturnFactory(submitted=True)``; ``accepted`` freezes the figures by the
targets there are, so make the ``TargetSetFactory`` of its KPI year first.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month
from hdcperf.rag import Direction
from kpis.models import (
    Challenge,
    Finding,
    Kpi,
    KpiPerson,
    KpiYear,
    LockException,
    MonthlyReturn,
    MonthlyReturnTransition,
    MonthlyTarget,
    ReturnAuthor,
    Revision,
    TargetSet,
)
from kpis.operations.freezing import freeze
from kpis.queries.years import levels_of
from kpis.rules.figures import Entry, Headline, Unit, YtdRule
from kpis.rules.forecasts import Measure
from kpis.rules.profiles import monthly_levels
from tests.factories.organisation import ReportingPeriodFactory, ServiceFactory, UserFactory

__all__ = [
    "ChallengeFactory",
    "FindingFactory",
    "KpiFactory",
    "KpiPersonFactory",
    "KpiYearFactory",
    "LockExceptionFactory",
    "MonthlyReturnFactory",
    "RevisionFactory",
    "TargetSetFactory",
]

State = MonthlyReturn.State
RAISED_AT = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)


class KpiFactory(DjangoModelFactory[Kpi]):
    class Meta:
        model = Kpi

    reference = factory.Sequence(lambda n: f"example-measure-{n}")


class KpiYearFactory(DjangoModelFactory[KpiYear]):
    """A count that adds up over 2026/27, higher is better. Traits: ``lower``, ``band``, ``context``, ``percentage``
    (from its two parts, weighted), ``latest``."""

    class Meta:
        model = KpiYear

    class Params:
        lower = factory.Trait(direction=Direction.LOWER.value)
        band = factory.Trait(direction=Direction.RANGE.value)
        context = factory.Trait(direction=Direction.NONE.value)
        latest = factory.Trait(ytd_rule=YtdRule.LATEST.value)
        percentage = factory.Trait(
            unit=Unit.PERCENTAGE.value,
            ytd_rule=YtdRule.WEIGHTED.value,
            entry=Entry.PARTS.value,
            numerator_label="Cases answered in time",
            denominator_label="Cases answered",
            minimum=Decimal(0),
            maximum=Decimal(100),
            decimals=1,
        )

    kpi = factory.SubFactory(KpiFactory)
    year = 2026
    code = factory.Sequence(lambda n: f"PI {n + 1}")
    name = factory.Sequence(lambda n: f"Example measure {n + 1}")
    definition = "How many examples were counted in the month."
    unit = Unit.NUMBER.value
    service = factory.SubFactory(ServiceFactory)
    direction = Direction.HIGHER.value
    ytd_rule = YtdRule.ADDS_UP.value
    headline = factory.LazyAttribute(lambda row: Headline.default(YtdRule(row.ytd_rule)).value)
    template_signed_on = factory.LazyAttribute(lambda row: date(row.year, 3, 15))


class KpiPersonFactory(DjangoModelFactory[KpiPerson]):
    class Meta:
        model = KpiPerson

    kpi_year = factory.SubFactory(KpiYearFactory)
    user = factory.SubFactory(UserFactory)
    duty = KpiPerson.Duty.COLLECTS


def as_decimals(given: dict[str, Any]) -> dict[str, Any]:
    """The same with whole numbers as figures, as the database would give them back."""
    return {
        name: Decimal(each) if type(each) is int and not name.endswith("_id") and name != "version" else each
        for name, each in given.items()
    }


class TargetSetFactory(DjangoModelFactory[TargetSet]):
    """An approved target from the start of the year, with a flat profile over all its months.

    ``awaiting=True`` is not yet approved. For a range give ``target_upper``; for none, ``target=None``.
    """

    class Meta:
        model = TargetSet

    class Params:
        awaiting = factory.Trait(state=TargetSet.State.AWAITING, approved_by="", approved_on=None)

    kpi_year = factory.SubFactory(KpiYearFactory)
    from_month = factory.LazyAttribute(lambda row: row.kpi_year.months[0].first_day)
    direction = factory.LazyAttribute(lambda row: row.kpi_year.direction)
    target = Decimal(120)
    state = TargetSet.State.APPROVED
    approved_by = "Example Cabinet, 12 February 2026"
    approved_on = date(2026, 2, 12)
    reason = "Invented for an example."

    @classmethod
    def _create(cls, model_class: type[TargetSet], *args: Any, **kwargs: Any) -> TargetSet:
        created: TargetSet = super()._create(model_class, *args, **as_decimals(kwargs))
        kpi_year = created.kpi_year
        measure = Measure(
            YtdRule(kpi_year.ytd_rule),
            unit=Unit(kpi_year.unit),
            rate_per=kpi_year.rate_per,
            decimals=kpi_year.decimals,
        )
        for month, levels in monthly_levels(measure, kpi_year.months, levels_of(created)).items():
            MonthlyTarget.objects.create(
                target_set=created,
                month=month.first_day,
                direction=created.direction,
                target=levels.target,
                target_upper=levels.target_upper,
                intervention=levels.intervention,
                intervention_upper=levels.intervention_upper,
            )
        return created


def round_of(month: date) -> ReportingPeriod:
    """The round that collects the month, made once."""
    found = ReportingPeriod.objects.months().filter(starts_on=month).first()
    made: ReportingPeriod = found or ReportingPeriodFactory(month=Month.from_date(month))
    return made


class MonthlyReturnFactory(DjangoModelFactory[MonthlyReturn]):
    """October 2026's return, not started. Traits: ``draft``, ``submitted``, ``challenged``, ``accepted``,
    ``imported_month``; ``no_data=True`` goes with one of them.

    ``submitted_by`` and ``accepted_by`` are named in the transitions and as author; somebody new unless given.
    """

    class Meta:
        model = MonthlyReturn

    class Params:
        draft = factory.Trait(state=State.DRAFT)
        submitted = factory.Trait(state=State.SUBMITTED)
        challenged = factory.Trait(state=State.CHALLENGED)
        accepted = factory.Trait(state=State.ACCEPTED)
        imported_month = factory.Trait(state=State.ACCEPTED, imported=True, period=None)

    kpi_year = factory.SubFactory(KpiYearFactory)
    kpi = factory.SelfAttribute("kpi_year.kpi")
    month = date(2026, 10, 1)
    period = factory.LazyAttribute(lambda row: round_of(row.month))
    state = State.NOT_STARTED
    outturn = factory.LazyAttribute(lambda row: MonthlyReturn.Outturn.PROVISIONAL if row.month.month == 3 else "")
    what_happened = factory.LazyAttribute(
        lambda row: "" if row.state == State.NOT_STARTED else "Examples were counted."
    )
    why = factory.LazyAttribute(lambda row: "" if row.state == State.NOT_STARTED else "It was an ordinary month.")
    no_data_reason = factory.LazyAttribute(lambda row: "The supplier is late." if row.no_data else "")
    no_data = False

    @classmethod
    def _create(cls, model_class: type[MonthlyReturn], *args: Any, **kwargs: Any) -> MonthlyReturn:
        submitted_by, accepted_by = kwargs.pop("submitted_by", None), kwargs.pop("accepted_by", None)
        given = {"value", "numerator", "denominator"} & set(kwargs)
        if kwargs["state"] != State.NOT_STARTED and not given and not kwargs["no_data"]:
            parts = kwargs["kpi_year"].entry == Entry.PARTS.value
            kwargs |= {"numerator": Decimal(84), "denominator": Decimal(100)} if parts else {"value": Decimal(10)}
        record = model_class(**as_decimals(kwargs))
        if record.is_accepted and not record.rag:
            freeze(record)
        record.save()
        if not record.imported:
            _lived_through(record, submitted_by, accepted_by)
        return record


def _lived_through(record: MonthlyReturn, submitted_by: User | None, accepted_by: User | None) -> None:
    """The author and the transitions that lead to the state the return is in."""
    path = [("draft", State.DRAFT), ("submit", State.SUBMITTED)]
    path += {
        State.CHALLENGED.value: [("challenge", State.CHALLENGED)],
        State.ACCEPTED.value: [("accept", State.ACCEPTED)],
    }.get(str(record.state), [])
    states = [target.value for _, target in path]
    if record.state not in states:
        return
    author = submitted_by or UserFactory()
    ReturnAuthor.objects.create(monthly_return=record, user=author)
    before = State.NOT_STARTED.value
    for name, target in path[: states.index(str(record.state)) + 1]:
        by = author if name in ("draft", "submit") else accepted_by or UserFactory()
        MonthlyReturnTransition.objects.create(
            monthly_return=record,
            move=name,
            from_state=before,
            to_state=target.value,
            by=by,
            by_name=by.name,
            at=RAISED_AT,
        )
        before = target.value


class ChallengeFactory(DjangoModelFactory[Challenge]):
    """An open challenge about the figure of a challenged return. Traits: ``escalated``, ``answered``."""

    class Meta:
        model = Challenge

    class Params:
        answered = factory.Trait(state=Challenge.State.ANSWERED)
        escalated = factory.Trait(escalated_at=RAISED_AT, escalation_reason="The two sides did not agree.")

    monthly_return = factory.SubFactory(MonthlyReturnFactory, challenged=True)
    about = Challenge.About.VALUE
    reason = Challenge.Reason.LOOKS_WRONG
    question = "Is this ten times the usual?"
    raised_by = factory.SubFactory(UserFactory)
    raised_at = RAISED_AT
    due_on = date(2026, 11, 10)


class FindingFactory(DjangoModelFactory[Finding]):
    class Meta:
        model = Finding

    monthly_return = factory.SubFactory(MonthlyReturnFactory, draft=True)
    code = factory.Sequence(lambda n: f"example_check_{n}")
    sentence = "The figure is ten times the usual."
    answer = "It was counted twice and is right."
    answered_by = factory.SubFactory(UserFactory)
    answered_at = RAISED_AT


class LockExceptionFactory(DjangoModelFactory[LockException]):
    class Meta:
        model = LockException

    monthly_return = factory.SubFactory(MonthlyReturnFactory)
    reason = "The supplier's file came late."
    asked_by = "Example Service"
    granted_by = factory.SubFactory(UserFactory)
    granted_at = RAISED_AT
    expires_on = date(2026, 11, 30)


class RevisionFactory(DjangoModelFactory[Revision]):
    """A proposed correction of an accepted return's value, from what it was to one more."""

    class Meta:
        model = Revision

    monthly_return = factory.SubFactory(MonthlyReturnFactory, accepted=True)
    kind = Revision.Kind.CORRECTION
    reason = "One example was missed."
    proposed_by = factory.SubFactory(UserFactory)
    proposed_at = RAISED_AT
    old_value = factory.SelfAttribute("monthly_return.value")
    old_figure = factory.SelfAttribute("monthly_return.month_figure")
    old_rag = factory.SelfAttribute("monthly_return.rag")
    new_value = factory.LazyAttribute(lambda row: None if row.old_value is None else row.old_value + 1)
    new_figure = factory.SelfAttribute("new_value")
    new_rag = factory.SelfAttribute("old_rag")

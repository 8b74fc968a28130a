"""The yearly window: opened with its dates, every KPI of the year before listed in it (framework C.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from dataquality.models import Proposal, SettingRound
from dataquality.rules.windows import window_problems
from dataquality.setting_workflow import MoveRefused, NotPermitted, StaleRecord, may_manage
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.problems import Problem, refuse
from kpis.models import KpiYear

__all__ = ["Dates", "change_dates", "held_round", "open_window"]


@dataclass(frozen=True)
class Dates:
    """When holders review, when services propose, and when it closes."""

    holders_from: date
    services_from: date
    closes_on: date


def held_round(pk: int) -> SettingRound:
    """The window, fresh, and held until the transaction ends: its proposals move one at a time."""
    found: SettingRound = SettingRound.objects.select_for_update().get(pk=pk)
    return found


def open_window(year: FinancialYear, dates: Dates, *, by: User) -> SettingRound:
    """Open the window of ``year`` and list the KPIs of the year before; one that is open is given back as it is.

    Raises NotPermitted, MoveRefused when the year before has no KPIs, or ProposalRefused on the dates.
    """
    if sentence := may_manage(None, by):
        raise NotPermitted(sentence, state="", move="open")
    there = SettingRound.objects.filter(year=year.start_year).first()
    if there is not None:
        return there
    if not _going_on(year.start_year).exists():
        sentence = f"{year.previous} has no KPIs, so there is nothing to set {year} from."
        raise MoveRefused(sentence, state="", move="open")
    _check(dates, year)
    made = SettingRound(year=year.start_year, **vars(dates))
    try:
        with transaction.atomic():
            save_as(made, by=by, reason=f"The window for {year} is opened")
            _list_missing(made, by)
    except IntegrityError:  # somebody opened it at the same moment: theirs is as good
        return SettingRound.objects.get(year=year.start_year)
    return made


def change_dates(record: SettingRound, dates: Dates, *, by: User, version: int) -> SettingRound:
    """Give the window other dates, and list the KPIs that were added to the year before since it opened.

    Raises NotPermitted, MoveRefused once the set has gone to its bodies, StaleRecord, or ProposalRefused.
    """
    with transaction.atomic():
        fresh = held_round(record.pk)
        if sentence := may_manage(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="dates")
        if fresh.version != version:
            raise StaleRecord(fresh)
        if fresh.state != SettingRound.State.PROPOSING:
            sentence = f"The set is {fresh.get_state_display().lower()}, so its window stays as it was."
            raise MoveRefused(sentence, state=fresh.state, move="dates")
        _check(dates, fresh.financial_year)
        for name, value in vars(dates).items():
            setattr(fresh, name, value)
        fresh.version += 1
        save_as(fresh, by=by, reason="Dates of the window changed")
        _list_missing(fresh, by)
    return fresh


def _check(dates: Dates, year: FinancialYear) -> None:
    found = window_problems(dates.holders_from, dates.services_from, dates.closes_on, year.first_day)
    refuse([Problem(field, sentence) for field, sentence in found.items()])


def _going_on(year: int) -> QuerySet[KpiYear]:
    """The KPIs of the year before that have not ended before ``year`` starts."""
    starts = FinancialYear(year).first_day
    ended = Q(kpi__ended_after__isnull=False, kpi__ended_after__lt=starts)
    return KpiYear.objects.filter(year=year - 1, is_live=True).exclude(ended)


def _list_missing(record: SettingRound, by: User) -> None:
    listed = record.proposals.values("kpi")
    for before in _going_on(record.year).exclude(kpi__in=listed).select_related("kpi").order_by("code_key"):
        proposal = Proposal(setting_round=record, kpi=before.kpi, service_id=before.service_id, before=before)
        save_as(proposal, by=by, reason=f"Listed in the window for {record.financial_year}")

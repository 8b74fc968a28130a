"""Letting a KPI be collected for a while without a signed template: dated, named and with its reason (B.1)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from dataquality.models import Waiver
from dataquality.workflow import MoveRefused, NotPermitted, may_waive
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from kpis.models import KpiYear
from kpis.operations.templates import template_waived

__all__ = ["end_waiver", "end_waivers", "waive"]


def waive(kpi_year: KpiYear, *, expires_on: date, reason: str, by: User) -> Waiver:
    """Allow the KPI to be collected until the end of ``expires_on``; an earlier waiver ends with it.

    The same again by the same person (a double click) is the one there is. Raises NotPermitted, and MoveRefused for
    a template that is signed off or a day that has passed.
    """
    with transaction.atomic():
        held = _hold(kpi_year, by)
        today = clock.today()
        if held.template_signed_on is not None:
            raise MoveRefused("The template is signed off, so no waiver is needed.", state="", move="waive")
        if expires_on < today:
            raise MoveRefused("The last day has passed: choose today or a later day.", state="", move="waive")
        same = held.waivers.filter(allowed_by=by, expires_on=expires_on, reason=reason, starts_on=today).first()
        if same is not None:
            return same
        _end(held, by)
        made = Waiver(
            kpi_year=held,
            reason=reason,
            allowed_by=by,
            allowed_by_name=_named(by),
            starts_on=today,
            expires_on=expires_on,
            granted_at=clock.now(),
        )
        save_as(made, by=by, reason="Waiver allowed")
        template_waived(held, until=expires_on, words=made.words, by=by)
    return made


def end_waiver(kpi_year: KpiYear, *, by: User) -> None:
    """End the waiver in force today. Raises NotPermitted."""
    with transaction.atomic():
        end_waivers(_hold(kpi_year, by), by=by)


def end_waivers(kpi_year: KpiYear, *, by: User) -> None:
    """End whatever waiver is in force, because its template is signed off or its leave is taken back."""
    if _end(kpi_year, by):
        template_waived(KpiYear.objects.get(pk=kpi_year.pk), until=None, words="", by=by)


def _hold(kpi_year: KpiYear, by: User) -> KpiYear:
    held = KpiYear.objects.select_for_update(of=("self",)).select_related("service").get(pk=kpi_year.pk)
    if sentence := may_waive(held, by):
        raise NotPermitted(sentence, state="", move="waive")
    return held


def _end(kpi_year: KpiYear, by: User) -> bool:
    """Yesterday was the last day of those in force (today, of one that began today)."""
    today = clock.today()
    rows = list(kpi_year.waivers.filter(starts_on__lte=today, expires_on__gte=today))
    for row in rows:
        row.expires_on = max(row.starts_on, today - timedelta(days=1))
        save_as(row, by=by, reason="Waiver ended")
    return bool(rows)


def _named(by: User) -> str:
    titles = "; ".join(standing(by).titles)
    return (f"{by.name}, {titles}" if titles else by.name)[:200]

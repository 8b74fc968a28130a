"""Keeping the series a KPI is compared with, and its unit cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from dataquality.models import Comparator, ComparatorValue
from dataquality.workflow import MoveRefused, NotPermitted, StaleRecord, may_begin
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from hdcperf.published_periods import PublishedPeriod
from kpis.models import KpiYear

__all__ = ["remove_series", "save_series", "version_of_series"]


def version_of_series(comparator: Comparator | None) -> int:
    """How often the series or a value of it was changed; 0 for one not saved yet."""
    if comparator is None:
        return 0
    values = ComparatorValue.history.filter(comparator_id=comparator.pk).count()
    return int(comparator.history.count() + values)


def save_series(
    kpi_year: KpiYear,
    comparator: Comparator | None,
    facts: Mapping[str, Any],
    values: Sequence[tuple[PublishedPeriod, Decimal]],
    *,
    by: User,
    version: int,
) -> Comparator:
    """Save a series with exactly these values; ``comparator`` None adds one.

    Raises NotPermitted, StaleRecord where it was changed since ``version``, and MoveRefused for a name that another
    series of the group has.
    """
    with transaction.atomic():
        _hold(kpi_year, by)
        if comparator is not None:
            comparator = Comparator.objects.select_for_update().get(pk=comparator.pk)
            if version_of_series(comparator) != version:
                raise StaleRecord(comparator)
        others = Comparator.objects.filter(kpi=kpi_year.kpi_id, group=facts["group"], name=facts["name"])
        if comparator is not None:
            others = others.exclude(pk=comparator.pk)
        if others.exists():
            raise MoveRefused("This KPI has a series of this group and name: open that one.", state="", move="save")
        found = comparator or Comparator(kpi_id=kpi_year.kpi_id)
        for name, value in facts.items():
            setattr(found, name, value)
        save_as(found, by=by, reason="Comparator series")
        _keep_values(found, values, by)
    return found


def remove_series(kpi_year: KpiYear, comparator: Comparator, *, by: User) -> None:
    """Take a series away; its history stays. Raises NotPermitted."""
    with transaction.atomic():
        _hold(kpi_year, by)
        for row in comparator.values.all():
            delete_as(row, by=by, reason="Series removed")
        delete_as(comparator, by=by, reason="Series removed")


def _hold(kpi_year: KpiYear, by: User) -> None:
    if sentence := may_begin(kpi_year, by):
        raise NotPermitted(sentence, state="", move="save")
    KpiYear.objects.select_for_update(of=("self",)).get(pk=kpi_year.pk)


def _keep_values(found: Comparator, values: Sequence[tuple[PublishedPeriod, Decimal]], by: User) -> None:
    held = {row.period: row for row in found.values.all()}
    wanted = {period.words: (period, figure) for period, figure in values}
    for words, row in held.items():
        if words not in wanted:
            delete_as(row, by=by, reason="Comparator series")
    for words, (period, figure) in wanted.items():
        row = held.get(words) or ComparatorValue(comparator=found, period=words, period_end=period.end)
        if row.pk is None or row.value != figure:
            row.value = figure
            save_as(row, by=by, reason="Comparator series")

"""Setting a year's target and spreading it over the months (framework C.1.2); a later set governs later months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import Month
from kpis.models import KpiYear, MonthlyTarget, TargetSet
from kpis.queries.findings import measure_of
from kpis.queries.targets import last_years_figures
from kpis.queries.years import expected_months, levels_of, load_years
from kpis.rules.profiles import Profile, monthly_levels, shape_of
from kpis.rules.year_to_date import Levels

__all__ = ["last_years_shape", "set_targets", "spread"]


def set_targets(
    kpi_year: KpiYear,
    year: Levels,
    *,
    from_month: Month,
    profile: Profile | str,
    reason: str,
    by: User | None,
    approved_by: str = "",
    approved_body: str = "",
    approved_on: date | None = None,
    months: Mapping[Month, Levels] | None = None,
    shape: Sequence[Decimal] | None = None,
) -> TargetSet:
    """Make a target set with its monthly rows from ``from_month`` on; earlier months keep the set they had.

    ``months`` are the typed levels of a typed profile; otherwise the year is spread flat or by ``shape`` (last year's
    own figures when none is given). Raises ValidationError with a sentence when a level is on the wrong side.
    """
    target_set = TargetSet(
        kpi_year=kpi_year,
        from_month=from_month.first_day,
        direction=kpi_year.direction,
        profile=profile,
        state=TargetSet.State.APPROVED if approved_on else TargetSet.State.AWAITING,
        approved_by=approved_by,
        approved_body=approved_body,
        approved_on=approved_on,
        reason=reason,
        set_by=by,
        **_columns(year),
    )
    target_set.full_clean(exclude=["kpi_year"])
    with transaction.atomic():
        save_as(target_set, by=by, reason=reason)
        spread(target_set, by=by, months=months, shape=shape)
    return target_set


def _columns(levels: Levels) -> dict[str, Decimal | None]:
    return {
        "target": levels.target,
        "target_upper": levels.target_upper,
        "intervention": levels.intervention,
        "intervention_upper": levels.intervention_upper,
    }


def spread(
    target_set: TargetSet,
    *,
    by: User | None,
    months: Mapping[Month, Levels] | None = None,
    shape: Sequence[Decimal] | None = None,
) -> list[MonthlyTarget]:
    """Make the monthly rows of ``target_set`` from the month it governs on, typed or spread by its profile.

    Of a sum, what the months before it are held to is taken off first: see ``monthly_levels``.
    """
    kpi_year = target_set.kpi_year
    facts = load_years([kpi_year])[kpi_year.pk]
    if months is None:
        if shape is None and target_set.profile == Profile.LAST_YEAR.value:
            shape = last_years_shape(kpi_year)
        kept = facts.kept_before(target_set.start)
        months = monthly_levels(measure_of(kpi_year), facts.expected, levels_of(target_set), shape, kept)
    governs = [month for month in facts.expected if month >= target_set.start and month in months]
    return [_make_row(target_set, month, months[month], by) for month in governs]


def _make_row(target_set: TargetSet, month: Month, levels: Levels, by: User | None) -> MonthlyTarget:
    row = MonthlyTarget(
        target_set=target_set, month=month.first_day, direction=target_set.direction, **_columns(levels)
    )
    try:
        row.full_clean(exclude=["target_set"])
    except ValidationError as found:
        raise ValidationError([f"{month}: {sentence}" for sentence in found.messages]) from found
    save_as(row, by=by, reason=target_set.reason)
    return row


def last_years_shape(kpi_year: KpiYear) -> list[Decimal] | None:
    """Last year's own monthly figures as proportions, or None when a month is missing."""
    return shape_of(measure_of(kpi_year), expected_months(kpi_year), last_years_figures(kpi_year))

"""What the monthly cycle needs of the data quality template, pushed down by whoever keeps the templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from hdcperf.history import delete_as, save_as
from hdcperf.organisation.models import User
from kpis.models import KpiPerson, KpiYear

__all__ = ["template_agreed", "template_signed", "template_waived"]

SIGNED = "Data quality template signed off"


def template_agreed(
    kpi_year: KpiYear, *, people: Iterable[tuple[int, str]], frequency: str, signed_on: date, by: User
) -> None:
    """The template is signed off: those it names (user id and duty) are the KPI year's people, and no others."""
    with transaction.atomic():
        agreed = set(people)
        for row in kpi_year.people.all():
            if (row.user_id, row.duty) in agreed:
                agreed.remove((row.user_id, row.duty))
            else:
                delete_as(row, by=by, reason=SIGNED)
        for user_id, duty in sorted(agreed):
            save_as(KpiPerson(kpi_year=kpi_year, user_id=user_id, duty=duty), by=by, reason=SIGNED)
        kpi_year.frequency = frequency
        template_signed(kpi_year, signed_on=signed_on, by=by)


def template_signed(kpi_year: KpiYear, *, signed_on: date | None, by: User) -> None:
    """Say that the KPI year's template is signed off, or (None) that it no longer is."""
    kpi_year.template_signed_on = signed_on
    save_as(kpi_year, by=by, reason=SIGNED if signed_on else "Template to be signed again")


def template_waived(kpi_year: KpiYear, *, until: date | None, words: str, by: User) -> None:
    """Let the KPI be collected until a day without a signed template; ``words`` name who allowed it, and why."""
    kpi_year.template_waived_until = until
    kpi_year.template_waiver = words if until else ""
    save_as(kpi_year, by=by, reason=words or "Waiver ended")

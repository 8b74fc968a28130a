"""Fetching a KPI's template in scope: what a person may not see does not exist for them (404)."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from dataquality.models import Template
from dataquality.queries.templates import find_kpi_year, newest
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.ui import Link
from kpis.models import KpiYear

__all__ = ["Held", "find_kpi", "find_template"]


@dataclass(frozen=True)
class Held:
    """A KPI's year, the newest version of its template (None before it is begun), and who asks."""

    kpi_year: KpiYear
    template: Template | None
    user: User
    who: Standing

    @property
    def place(self) -> list[object]:
        """The year and the code, as addresses have them."""
        return [self.kpi_year.financial_year, self.kpi_year.code]

    @property
    def name(self) -> str:
        return f"{self.kpi_year.code} {self.kpi_year.name}"

    @property
    def address(self) -> str:
        return reverse("template", args=self.place)

    def crumbs(self, *after: str) -> list[Link]:
        """The way here; ``after`` are the pages below the template's own."""
        year = self.kpi_year.financial_year
        found = [Link("Data quality templates", f"{reverse('templates')}?year={FinancialYear(year.start_year).slug}")]
        if not after:
            return [*found, Link(self.kpi_year.code, "")]
        return [*found, Link(self.kpi_year.code, self.address), *(Link(one, "") for one in after)]


def find_kpi(request: HttpRequest, year: FinancialYear, code: str) -> Held:
    """The KPI of that year, its template begun or not. Raises Http404 out of scope."""
    user = signed_in(request)
    who = standing(user)
    kpi_year = find_kpi_year(who, year.start_year, code)
    if kpi_year is None:
        raise Http404("There is no KPI with this code in this year whose template you can see.")
    return Held(kpi_year, newest(kpi_year), user, who)


def find_template(request: HttpRequest, year: FinancialYear, code: str) -> tuple[Held, Template]:
    """The newest version of the KPI's template. Raises Http404 before one is begun."""
    held = find_kpi(request, year, code)
    if held.template is None:
        raise Http404("The template of this KPI is not begun yet.")
    return held, held.template

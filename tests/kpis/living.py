"""A KPI's year being lived through month by month, its later months moving as earlier ones arrive or are revised."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hdcperf.organisation.models import User
from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import DerivedChange, KpiYear, MonthlyReturn, Revision
from kpis.operations.checking import accept
from kpis.operations.entering import Entry
from kpis.operations.revising import accept_revision, propose
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import holder

APRIL, MAY, JUNE, JULY = (Month(2026, month) for month in (4, 5, 6, 7))


@dataclass
class Year:
    """One KPI's year being lived through. Figures are whole numbers, or pairs where two parts are entered."""

    kpi_year: KpiYear
    team: User = field(default_factory=lambda: holder(Role.PERFORMANCE_TEAM))
    owner: User | None = None

    def __post_init__(self) -> None:
        self.owner = KpiPersonFactory(kpi_year=self.kpi_year).user

    def submit(self, month: Month, figure: object) -> MonthlyReturn:
        state: dict[str, Any] = {"submitted": True}
        made: MonthlyReturn = MonthlyReturnFactory(
            kpi_year=self.kpi_year, month=month.first_day, **state, **parts(figure)
        )
        return made

    def accept(self, month: Month, figure: object) -> MonthlyReturn:
        return accept(self.submit(month, figure), by=self.team)

    def accept_waiting(self, month: Month) -> MonthlyReturn:
        return accept(self.at(month), by=self.team)

    def revise(self, month: Month, figure: object) -> Revision:
        assert self.owner is not None
        given = {name: None if each is None else Decimal(each) for name, each in parts(figure).items()}
        made = propose(
            self.at(month), figures=Entry(**given), kind="correction", reason="It was miscounted.", by=self.owner
        )
        return accept_revision(made, by=self.team)

    def at(self, month: Month) -> MonthlyReturn:
        return MonthlyReturn.objects.get(kpi_year=self.kpi_year, month=month.first_day)

    def stands(self, month: Month) -> tuple[Decimal | None, Decimal | None, str]:
        """Its year to date, the target it is held to, and its RAG."""
        found = self.at(month)
        return (found.ytd_figure, found.target, found.rag)

    def listed(self) -> list[tuple[str, str, Decimal | None, Decimal | None, str, str]]:
        rows = DerivedChange.objects.order_by("pk")
        return [
            (
                str(row.cause.measured),
                str(row.monthly_return.measured),
                row.old_ytd,
                row.new_ytd,
                row.old_rag,
                row.new_rag,
            )
            for row in rows
        ]


def parts(figure: object) -> dict[str, Any]:
    if figure == "no data":
        return {"no_data": True}
    if isinstance(figure, tuple):
        return {"numerator": figure[0], "denominator": figure[1]}
    return {"value": figure}


def year(rule: str, *, target: int = 120, intervention: int = 108, **facts: Any) -> Year:
    """A year whose months each have a target of ten and a level of nine (cumulative for a running total)."""
    if rule in ("latest", "mean", "weighted"):
        target, intervention = (90, 80) if rule == "weighted" else (10, 9)
    given: dict[str, Any] = {"percentage": True} if rule == "weighted" else {"ytd_rule": rule}
    kpi_year = KpiYearFactory(**{**given, "headline": "ytd", **facts})
    TargetSetFactory(kpi_year=kpi_year, target=target, intervention=intervention)
    return Year(kpi_year)

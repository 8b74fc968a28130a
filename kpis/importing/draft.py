"""What an import would make of one KPI's year, gathered row by row before anything is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from hdcperf.importing import Change, Mapped, Problem
from hdcperf.periods import FinancialYear, Month
from kpis.models import Kpi, KpiPerson, KpiYear, MonthlyReturn, MonthlyTarget, TargetSet
from kpis.queries.years import YearFacts

__all__ = ["Located", "YearDraft", "exact"]


@dataclass(frozen=True)
class Located:
    """A row of the file, the year it is about, and the month (None for a row of the register alone)."""

    index: int
    mapped: Mapped
    year: FinancialYear
    month: Month | None
    code_key: str


@dataclass
class YearDraft:
    """One KPI's year as it is and as the file would have it. Nothing in it is saved until ``writing`` does."""

    kpi: Kpi
    kpi_year: KpiYear
    facts: YearFacts
    rows: list[Located]
    is_new: bool
    year_changed: bool = False
    target_set: TargetSet | None = None
    set_changed: bool = False
    targets: list[MonthlyTarget] = field(default_factory=list)
    returns: list[MonthlyReturn] = field(default_factory=list)
    corrected: list[MonthlyReturn] = field(default_factory=list)
    to_move: set[Month] = field(default_factory=set)
    people_new: list[KpiPerson] = field(default_factory=list)
    people_gone: list[KpiPerson] = field(default_factory=list)
    new_rows: set[int] = field(default_factory=set)
    changes: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    problems: dict[int, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    notes: dict[int, str] = field(default_factory=dict)

    def refuse(self, row: Located, name: str, sentence: str) -> None:
        """Refuse the cell of field ``name`` in ``row``."""
        self.problems[row.index].append(row.mapped.problem(name, sentence))

    def change(self, row: Located, what: str, before: str, after: str) -> None:
        if before != after:
            self.changes[row.index].append(Change(what, before, after))


def exact(value: Decimal | None) -> str:
    """A figure as it is kept, unrounded, without trailing noughts."""
    if value is None:
        return ""
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain

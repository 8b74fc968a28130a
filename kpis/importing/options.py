"""How the values of a file are read: kept with the mapping, since the same file comes every month."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from hdcperf.periods import APRIL
from kpis.rules.figures import Unit, YtdRule

__all__ = ["DEFAULT_RULES", "Options"]

DEFAULT_RULES: dict[str, str] = {
    Unit.NUMBER.value: YtdRule.ADDS_UP.value,
    Unit.CURRENCY.value: YtdRule.ADDS_UP.value,
    Unit.PERCENTAGE.value: YtdRule.MEAN.value,
    Unit.DAYS.value: YtdRule.MEAN.value,
    Unit.RATE.value: YtdRule.MEAN.value,
    Unit.RATIO.value: YtdRule.MEAN.value,
}
"""How the months of a new KPI make its year to date when the file does not say, by unit."""


@dataclass(frozen=True)
class Options:
    """``same_code_same_kpi``: a code belongs to one KPI in every year (else the same name is the same KPI).

    ``rule_from_published``: a new KPI takes the rule that comes nearest to the years to date in the file, before
    ``rules`` by unit. ``create_services_in`` names the directorate that services not known yet are made in; empty
    refuses them. ``sheet`` is the sheet of a workbook; ``words`` add to how units, directions and rules are written.
    """

    year_starts_in: int = APRIL
    nought_is_no_target: bool = False
    same_code_same_kpi: bool = False
    rule_from_published: bool = True
    create_services_in: str = ""
    sheet: str = ""
    rules: dict[str, str] = field(default_factory=lambda: dict(DEFAULT_RULES))
    words: dict[str, dict[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Options:
        """From what a mapping keeps; names it does not know (an older mapping's) are passed over."""
        known = {one.name for one in fields(cls)}
        found = cls(**{name: value for name, value in kept.items() if name in known})
        return cls(**{**asdict(found), "rules": {**DEFAULT_RULES, **found.rules}})

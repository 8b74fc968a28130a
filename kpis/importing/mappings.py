"""A mapping of columns with its options: guessed from a file's headings, or kept under a name and used again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hdcperf.history import save_as
from hdcperf.importing import guess, mapping_refusals
from hdcperf.organisation.models import User
from kpis.importing.fields import columns
from kpis.importing.options import Options
from kpis.importing.planning import month_headings
from kpis.models import ImportMapping

__all__ = ["Mapping", "keep_mapping", "suggested"]


@dataclass(frozen=True)
class Mapping:
    """Which heading holds which field, and how values are read."""

    columns: dict[str, str]
    options: Options = field(default_factory=Options)

    @classmethod
    def of(cls, kept: ImportMapping) -> Mapping:
        return cls(dict(kept.columns), Options.from_json(kept.options))

    def refusals(self, headings: Sequence[str]) -> dict[str, str]:
        """Why it does not fit a file with these headings: a sentence by field; empty when it fits."""
        found = mapping_refusals(columns(self.options), self.columns, headings)
        if "code" not in self.columns:
            found.setdefault("code", "Say which column holds the KPI's code.")
        has_time = {"month", "financial_year"} & set(self.columns) or month_headings(headings, self.columns)
        if not has_time:
            found.setdefault("month", "Say which column holds the month, or the financial year of a register.")
        return found


def suggested(headings: Sequence[str], options: Options | None = None) -> Mapping:
    """The mapping that the headings themselves suggest."""
    return Mapping(guess(columns(), headings), options or Options())


def keep_mapping(name: str, mapping: Mapping, *, by: User | None) -> ImportMapping:
    """Save a mapping under a name, over an earlier one of that name if it differs."""
    kept = ImportMapping.objects.filter(name=name).first() or ImportMapping(name=name, columns={})
    wanted = (mapping.columns, mapping.options.as_json())
    if kept.pk is None or (kept.columns, kept.options) != wanted:
        kept.columns, kept.options = wanted
        save_as(kept, by=by, reason="Column mapping of an import")
    return kept

"""Which KPI, which year and which month a row is about."""

from __future__ import annotations

from hdcperf.codes import code_key
from hdcperf.importing import Mapped
from hdcperf.periods import FinancialYear, Month
from kpis.importing.draft import Located
from kpis.importing.known import Codes
from kpis.importing.options import Options

__all__ = ["Identities", "Misplaced", "locate"]


class Misplaced(ValueError):
    """The row cannot be placed: the field whose cell says so, and the sentence."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


def locate(index: int, row: Mapped, options: Options) -> Located:
    """The year and month of a row. Raises Misplaced."""
    code = row["code"]
    if code is None:
        raise Misplaced("code", "The row has no code, so it is not known which KPI it is about.")
    month = _month(row, options)
    if month is not None:
        year = month.year_from(options.year_starts_in)
        if row["financial_year"] is not None and row["financial_year"] != year.start_year:
            raise Misplaced("financial_year", f"{month} is in {year}, not in the year of this column.")
    elif row["financial_year"] is not None:
        year = FinancialYear(row["financial_year"], options.year_starts_in)
    elif row["year"] is not None:
        raise Misplaced("month", "The row has a year but no month.")
    else:
        raise Misplaced("month", "The row has no month and no financial year, so it is not known when it is about.")
    return Located(index, row, year, month, code_key(code))


def _month(row: Mapped, options: Options) -> Month | None:
    found = row["month"]
    if found is None:
        return None
    if isinstance(found, Month):
        if row["year"] is not None and row["year"] != found.year:
            raise Misplaced("year", f"{found} is not in {row['year']}.")
        return found
    if row["year"] is not None:
        return Month(row["year"], found)
    if row["financial_year"] is not None:
        months = FinancialYear(row["financial_year"], options.year_starts_in).months
        return next(one for one in months if one.month == found)
    raise Misplaced("month", "The month has no year: map a column that holds it.")


class Identities:
    """Which KPI each row is about: the id of one there is, or a word that stands for one to be made.

    In its own year a code belongs to one KPI. Over the years a reference says which it is; without one, the same code
    (when the options say that codes are kept for life) or the same name.
    """

    def __init__(self, codes: Codes, options: Options) -> None:
        self.codes = codes
        self.options = options
        self._held: dict[tuple[int, str], int | str] = dict(codes.in_year)

    def of(self, row: Located) -> int | str:
        """Raises Misplaced when the code belongs to another KPI that year, or the row could be one of several."""
        found = self._find(row)
        held = self._held.setdefault((row.year.start_year, row.code_key), found)
        if held != found:
            raise Misplaced("code", f"The code {row.mapped['code']} belongs to another KPI in {row.year}.")
        return found

    def _find(self, row: Located) -> int | str:
        reference, name = row.mapped["reference"], row.mapped["name"]
        if reference is not None:
            return self.codes.by_reference.get(reference.casefold(), f"reference {reference.casefold()}")
        held = self._held.get((row.year.start_year, row.code_key))
        if held is not None:
            return held
        if self.options.same_code_same_kpi:
            return self._only(self.codes.by_code.get(row.code_key, set()), row) or f"code {row.code_key}"
        if name is None:
            raise Misplaced("code", f"No KPI has the code {row.mapped['code']} in {row.year}.")
        return self._only(self.codes.by_name.get(name.casefold(), set()), row) or f"name {name.casefold()}"

    def _only(self, candidates: set[int], row: Located) -> int | None:
        if len(candidates) > 1:
            raise Misplaced(
                "code",
                f"Several KPIs have had the code {row.mapped['code']}: add a column with each one's reference.",
            )
        return next(iter(candidates), None)

"""The same pages with one year of history and with many."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter

from django.urls import reverse

from hdcperf.periods import FinancialYear
from tests.bench.council import found_council
from tests.bench.pages import Cost, Page, cost_of, pages
from tests.bench.years import LAST_ROUND, add_kpis, add_years

__all__ = ["Compared", "compare", "table"]

SUSPECT = 1.25
"""How many times dearer a page may look before it is measured again."""


@dataclass(frozen=True)
class Compared:
    """One page with one year of history and with many, and a bare page of the same template for the same person."""

    page: str
    one_year: Cost
    many_years: Cost
    bare: Cost

    @property
    def ratio(self) -> float:
        """How many times dearer history makes the page."""
        return self.many_years.milliseconds / self.one_year.milliseconds

    @property
    def to_bare(self) -> float:
        """How many times dearer the page, with its history, is than a bare one."""
        return self.many_years.milliseconds / self.bare.milliseconds

    def is_dearer(self, threshold: float) -> bool:
        return self.one_year.queries != self.many_years.queries or self.ratio > threshold


def compare(kpis: int, years: int, requests: int, *, say: Callable[[str], None]) -> list[Compared]:
    """Measure every page with the year before this one as history, then with ``years`` of them."""
    bench, made = found_council(), add_kpis(kpis)
    this_year = LAST_ROUND.financial_year

    def load(words: str, first: int, last: int) -> None:
        started = perf_counter()
        add_years(bench, made, [FinancialYear(this_year.start_year - back) for back in range(first, last + 1)])
        say(f"Loaded {kpis} KPIs with {words} in {perf_counter() - started:.0f} s")

    load("this year and one year of history", 0, 1)
    measured = list(pages(bench))
    before = {page: cost_of(page, requests) for page in measured}
    load(f"{years} years of history", 2, years)
    after = {page: cost_of(page, requests) for page in measured}
    for page in measured:  # a busy moment of the machine looks like a dear page: only a second look settles it
        if after[page].milliseconds > SUSPECT * before[page].milliseconds:
            again = cost_of(page, requests)
            after[page] = min(after[page], again, key=lambda cost: cost.milliseconds)
    bare = {
        person: cost_of(Page("Bare page", person, reverse("bare")), requests)
        for person in {page.person for page in measured}
    }
    return [Compared(page.name, before[page], after[page], bare[page.person]) for page in measured]


def table(rows: Iterable[Compared], years: int) -> str:
    """The comparison as a table for a terminal; times are the median milliseconds of a request."""
    head = f"{'':26}{'Queries':>18}{'Milliseconds':>22}{'':>10}{'Bare':>8}{'Times':>8}"
    under = f"{'Page':26}{'1 year':>9}{f'{years} years':>9}{'1 year':>12}{f'{years} years':>10}"
    lines = [head, f"{under}{'Ratio':>10}{'page':>8}{'bare':>8}"]
    for one in rows:
        lines.append(
            f"{one.page:26}{one.one_year.queries:>9}{one.many_years.queries:>9}"
            f"{one.one_year.milliseconds:>12.0f}{one.many_years.milliseconds:>10.0f}"
            f"{one.ratio:>10.2f}{one.bare.milliseconds:>8.0f}{one.to_bare:>8.1f}"
        )
    return "\n".join(lines)

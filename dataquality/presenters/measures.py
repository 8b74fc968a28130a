"""The figures on data quality in rows: the council's, by service, by month, by year; and the list behind each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString

from dataquality.queries.measures import Item, of_measure
from dataquality.rules.measures import Measure, Share, grouped, parts, share_of
from hdcperf.charts import sparkline
from hdcperf.organisation.models import Service
from hdcperf.periods import FinancialYear, Month
from hdcperf.ui import Link, Tag, count_of, day, figure

__all__ = [
    "CSV_HEADING",
    "BehindRow",
    "Cell",
    "GroupRow",
    "MeasureRow",
    "behind_rows",
    "csv_rows",
    "measure_rows",
    "month_rows",
    "percent_words",
    "service_rows",
    "share_words",
    "year_rows",
]

FOLLOWED = tuple(one for one in Measure if one.by_month)
NOTHING = "Nothing to count"
Address = Callable[..., str]
"""Gives the address of the list behind a figure: ``address(measure, month=…, service=…, year=…)``."""


def percent_words(share: Share | None) -> str:
    """``98.2%``; nothing to count has no percentage."""
    if share is None or share.percent is None:
        return "–"
    return figure(share.percent, 0 if share.percent in (0, 100) else 1, suffix="%")


def share_words(share: Share, measure: Measure) -> str:
    """``41 of 52 KPIs``."""
    return f"{share.counted:,} of {count_of(share.of, *measure.noun)}" if share.of else NOTHING


@dataclass(frozen=True)
class MeasureRow:
    """One figure for the year: of how many, what it should be, last year's, and how it went by month."""

    label: str
    means: str
    words: Link
    percent: str
    should_be: str
    outside: Tag | None
    last_year: str
    trend: SafeString | None


def measure_rows(items: Sequence[Item], year: int, months: Sequence[Month], address: Address) -> list[MeasureRow]:
    """The year's figures, beside last year's."""
    return [_measure_row(of_measure(items, one), one, year, months, address) for one in Measure]


def _measure_row(
    items: list[Item], measure: Measure, year: int, months: Sequence[Month], address: Address
) -> MeasureRow:
    by_year = grouped(items, lambda item: item.year)
    share = by_year.get(year, Share(0, 0))
    words = share_words(share, measure)
    this_year = [item for item in items if item.year == year]
    return MeasureRow(
        label=measure.label,
        means=measure.means,
        words=Link(words, address(measure) if share.of else ""),
        percent=percent_words(share),
        should_be=measure.limit_words,
        outside=None if share.is_within(measure) else Tag("To be explained", "outline", "exclamation"),
        last_year=percent_words(by_year.get(year - 1)),
        trend=_trend(this_year, measure, months) if measure.by_month else None,
    )


def _trend(items: list[Item], measure: Measure, months: Sequence[Month]) -> SafeString:
    shares = [_in_month(items, measure, month) for month in months]
    values = [share.percent for share in shares]
    known = [(month, value) for month, value in zip(months, values, strict=True) if value is not None]
    if not known:
        return sparkline((), title="No months to compare yet")
    (first, begins), (last, ends) = known[0], known[-1]
    said = f"{measure.label}: {_percent(begins)} in {first}, {_percent(ends)} in {last}"
    return sparkline(values, title=said)


def _percent(value: Decimal) -> str:
    return figure(value, suffix="%")


def _in_month(items: Iterable[Item], measure: Measure, month: Month) -> Share:
    """Templates are counted as they stood at the month's end; everything else by the month it is about."""
    if measure is not Measure.SIGNED:
        return share_of(item for item in items if item.month == month)
    rows = list(items)
    return Share(sum(one.done is not None and one.done <= month.last_day for one in rows), len(rows))


@dataclass(frozen=True)
class Cell:
    """One figure of a table of many: its percentage, how many of how many, and the list behind it."""

    percent: str
    words: Link
    outside: bool


@dataclass(frozen=True)
class GroupRow:
    """A service, a month or a year with its figures."""

    name: str
    href: str
    cells: tuple[Cell, ...]


def _cell(share: Share, measure: Measure, group: str, href: str) -> Cell:
    words = f"{share.counted:,} of {share.of:,}" if share.of else NOTHING
    # Read out on its own, a link says of what and for whom.
    link = Link(words, href, hint=f"{measure.label}, {group}") if share.of and href else Link(words, "")
    return Cell(percent_words(share), link, not share.is_within(measure))


def service_rows(
    items: Sequence[Item], services: Iterable[Service], year: int, address: Address, page: Callable[[Service], str]
) -> list[GroupRow]:
    """Each service with every figure of the year."""
    shares = {one: grouped(_of(items, one, year), lambda item: item.service) for one in Measure}
    return [
        GroupRow(
            one.name,
            page(one),
            tuple(
                _cell(shares[measure].get(one.pk, Share(0, 0)), measure, one.name, address(measure, service=one.pk))
                for measure in Measure
            ),
        )
        for one in services
    ]


def month_rows(items: Sequence[Item], year: int, months: Sequence[Month], address: Address) -> list[GroupRow]:
    """Each month that has begun, the newest first, with the figures that are about months."""
    found = {one: _of(items, one, year) for one in FOLLOWED}
    return [
        GroupRow(
            str(month),
            "",
            tuple(
                _cell(
                    _in_month(found[measure], measure, month),
                    measure,
                    str(month),
                    # A list says how things stand today, so what stood at a month's end has none behind it.
                    "" if measure is Measure.SIGNED else address(measure, month=month.slug),
                )
                for measure in FOLLOWED
            ),
        )
        for month in reversed(months)
    ]


def year_rows(items: Sequence[Item], years: Iterable[int], address: Address) -> list[GroupRow]:
    """Each year with every figure."""
    shares = {one: grouped(of_measure(items, one), lambda item: item.year) for one in Measure}
    return [_year_row(shares, FinancialYear(year), address) for year in years]


def _year_row(shares: Mapping[Measure, Mapping[int, Share]], year: FinancialYear, address: Address) -> GroupRow:
    found = {one: shares[one].get(year.start_year, Share(0, 0)) for one in Measure}
    return GroupRow(
        str(year),
        "",
        tuple(_cell(share, one, str(year), address(one, year=year.slug)) for one, share in found.items()),
    )


def _of(items: Iterable[Item], measure: Measure, year: int) -> list[Item]:
    return [item for item in items if item.measure is measure and item.year == year]


# The list behind a figure


@dataclass(frozen=True)
class BehindRow:
    """One thing that was counted, and why it stands as it does."""

    kpi: Link
    service: str
    month: str
    person: str
    counts: Tag
    note: str


def behind_rows(items: Iterable[Item]) -> list[BehindRow]:
    return [_behind(item) for item in items]


def _behind(item: Item) -> BehindRow:
    one, measure = item.kpi_year, item.measure
    well = item.counts is measure.more_is_better
    return BehindRow(
        kpi=Link(f"{one.code} {one.name}", _address(item)),
        service=one.service.name,
        month=str(item.month) if item.month is not None else "",
        person=item.person,
        counts=Tag(_stands(item), "teal" if well else "solid"),
        note=_note(item),
    )


_STANDS = {
    Measure.SIGNED: ("Signed off", "Not signed off"),
    Measure.ON_TIME: ("On time", "Late"),
    Measure.FIRST_TIME: ("First time", "Challenged first"),
    Measure.REVISED: ("Revised", "As accepted"),
    Measure.MISSING: ("Missing", "Has its figure"),
    Measure.NEVER: ("Never entered a figure", "Has entered figures"),
    Measure.STAND_INS: ("Not confirmed", "Confirmed"),
}
"""How one thing stands: when it is counted, and when it is not."""


def _stands(item: Item) -> str:
    if item.measure is Measure.ON_TIME and not item.counts and item.done is None:
        return "Not sent"
    counted, other = _STANDS[item.measure]
    return counted if item.counts else other


def _address(item: Item) -> str:
    one = item.kpi_year
    if item.measure in (Measure.SIGNED, Measure.STAND_INS):
        return reverse("template", args=[one.financial_year, one.code])
    return reverse("kpi", args=[one.financial_year, one.code])


def _note(item: Item) -> str:
    match item.measure:
        case Measure.SIGNED:
            return f"First signed off on {day(item.done)}" if item.done else "Never signed off for this year"
        case Measure.ON_TIME:
            sent = f"sent on {day(item.done)}" if item.done else "sent" if item.counts else "not sent yet"
            return f"Due {day(item.due)}, {sent}"
        case Measure.MISSING:
            due = f", due {day(item.due)}" if item.due else ""
            return f"{item.why}{due}" if item.why else ""
    return item.why


# The file

CSV_HEADING = ("Measure", "Year", "Month", "Service", "Counted", "Of", "Percentage")


def csv_rows(items: Sequence[Item]) -> Iterator[tuple[object, ...]]:
    """Every figure of each year, for the council under *All* and by service; then those about months by month."""
    names = {item.service: item.kpi_year.service.name for item in items}
    for measure in Measure:
        found = of_measure(items, measure)
        for year, rows in parts(found, lambda item: item.year).items():
            yield _line(measure, year, "", "All", rows)
            for service, theirs in parts(rows, lambda item: item.service).items():
                yield _line(measure, year, "", names[service], theirs)
                for month, those in parts(theirs, lambda item: item.month).items():
                    if month is not None:
                        yield _line(measure, year, str(month), names[service], those)


def _line(measure: Measure, year: int, month: str, service: str, rows: Iterable[Item]) -> tuple[object, ...]:
    share = share_of(rows)
    percent = "" if share.percent is None else share.percent
    return (measure.label, str(FinancialYear(year)), month, service, share.counted, share.of, percent)

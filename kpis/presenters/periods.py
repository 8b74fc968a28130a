"""The rounds in words: what opening one would create, how each stands, the year end, and dates with their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month
from hdcperf.review.rounds.reading import Round
from hdcperf.review.rounds.words import ExceptionRow, dates_sentence, exception_row, state_of
from hdcperf.ui import Link, Progress, Tag, count_of, day
from kpis.models import KpiYear, LockException, MonthlyReturn
from kpis.queries.rounds import Opening, YearEnd, opening

__all__ = [
    "OpeningCard",
    "RoundLine",
    "YearEndCards",
    "exception_rows",
    "left_out_words",
    "opened_words",
    "opening_card",
    "round_line",
    "year_end_cards",
]


def opened_words(period: ReportingPeriod, made: int) -> str:
    """What opening a month did."""
    return f"{period} is open: {count_of(made, 'return')} created."


def left_out_words(without: Sequence[KpiYear]) -> str:
    """Which KPIs opening a month left out, and why; nothing for none."""
    codes = ", ".join(one.code for one in without)
    return f"Left out, because the data quality template is not signed off: {codes}." if codes else ""


@dataclass(frozen=True)
class Lacking:
    """KPIs that lack something before a month is opened."""

    label: str
    count: int
    kpis: str


@dataclass(frozen=True)
class OpeningCard:
    """A month that can be opened: its dates, what opening creates, what is lacking, and the button."""

    month: Month
    heading: str
    state: Tag
    dates: str
    creates: str
    lacking: Sequence[Lacking]
    button: str
    button_class: str
    note: str
    action: str
    dates_link: Link
    returns: Link | None = None
    progress: Progress | None = None
    outturns: str = ""


@dataclass(frozen=True)
class YearEndCards:
    """March's outturn and the new year's first month, side by side."""

    old: OpeningCard
    new: OpeningCard


@dataclass(frozen=True)
class RoundLine:
    """A round in the list."""

    period: ReportingPeriod
    href: str
    returns: str
    state: Tag
    progress: Progress | None


def opening_card(one: Round, heading: str = "") -> OpeningCard:
    """The card of a month: what opening it would create, or what has been added since it was opened."""
    found = opening(one.month)
    many = len(found.to_create)
    return OpeningCard(
        month=one.month,
        heading=heading or str(one.month),
        state=state_of(one),
        dates=dates_sentence(one),
        creates=_creates(one, many),
        lacking=_lacking(found),
        button=_button(one, many),
        button_class="govuk-button" if one.is_due else "govuk-button govuk-button--secondary",
        note=_note(one, many),
        action=reverse("period-open", args=[one.month]),
        dates_link=Link("Change its dates", reverse("period", args=[one.month]), f"of {one.month}"),
        returns=Link(f"{one.month} returns", reverse("returns", args=[one.month])) if one.is_opened else None,
    )


def _creates(one: Round, many: int) -> str:
    if not one.is_opened:
        return f"Opening it creates {count_of(many, 'return')}." if many else ""
    return f"{count_of(many, 'return')} can be added, of KPIs set up since it was opened." if many else ""


def _button(one: Round, many: int) -> str:
    if not many or one.month.first_day > one.today:
        return ""
    return f"Add {count_of(many, 'return')} to {one.month}" if one.is_opened else f"Open {one.month}"


def _note(one: Round, many: int) -> str:
    if one.is_opened:
        return ""
    if one.month.first_day > one.today:
        return f"It can be opened once {one.month} begins."
    if not many:
        return "No KPI is due in it, so there is nothing to open."
    if not one.is_due:
        return f"The month is not over. It can be opened early: returns are entered from {day(one.dates.opens_on)}."
    return ""


def _lacking(found: Opening) -> list[Lacking]:
    groups = (
        ("Left out, because the data quality template is not signed off", found.left_out),
        ("Nobody is named for", found.without_people),
        ("No approved target for the month", found.without_target),
        ("Collected last year and not set up for this one", found.not_set_up),
    )
    return [Lacking(label, len(kpis), _named(kpis)) for label, kpis in groups if kpis]


def _named(kpis: Sequence[KpiYear]) -> str:
    return ", ".join(f"{one.code} {one.name}" for one in kpis)


def year_end_cards(found: YearEnd) -> YearEndCards:
    """March's round with its outturns, and April's."""
    old = opening_card(found.march, f"{found.march.month}: the outturn of {found.march.month.financial_year}")
    new = opening_card(found.april, f"{found.april.month}: the first month of {found.april.month.financial_year}")
    if found.march.is_opened:
        return YearEndCards(_with_outturns(old, found), new)
    return YearEndCards(old, new)


def _with_outturns(card: OpeningCard, found: YearEnd) -> OpeningCard:
    said = (
        f"{found.accepted - found.provisional:,} final, {found.provisional:,} provisional: each is confirmed as "
        f"final, or revised, by its KPI’s people when {found.april.month} is collected."
    )
    progress = Progress(found.accepted, found.total, "outturns accepted")
    return replace(card, progress=progress, outturns=said if found.accepted else "")


def round_line(found: ReportingPeriod, today: date) -> RoundLine:
    """A line of the list; ``found`` carries ``wanted`` and ``accepted``, counted with it."""
    noted = vars(found)
    return RoundLine(
        period=found,
        href=reverse("period", args=[found.month]),
        returns=reverse("returns", args=[found.month]),
        state=state_of(Round(found.month, found, today)),
        progress=Progress(noted["accepted"], noted["wanted"], "accepted") if found.is_opened else None,
    )


def exception_rows(exceptions: Sequence[LockException], today: date) -> list[ExceptionRow]:
    """Locks lifted for one return, in force or over."""
    return [
        exception_row(one, one.monthly_return, _returns_page(one.monthly_return), today, "lock-exception-end")
        for one in exceptions
    ]


def _returns_page(record: MonthlyReturn) -> Link:
    address = reverse("return", args=[record.measured, record.kpi_year.code])
    return Link(f"{record.kpi_year.code} {record.kpi_year.name}, {record.measured}", address)

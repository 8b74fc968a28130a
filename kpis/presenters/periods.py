"""The rounds in words: what opening one would create, how each stands, the year end, and dates with their boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.forms import BoundField
from django.urls import reverse

from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Month, RoundDates, working_days
from hdcperf.ui import Link, Progress, Tag, count_of, day, moment
from kpis.forms.periods import DatesForm
from kpis.models import KpiYear, LockException, MonthlyReturn
from kpis.queries.rounds import Opening, Round, YearEnd, opening
from kpis.rules.rounds import DATES, LABELS

__all__ = [
    "DateCell",
    "ExceptionRow",
    "OpeningCard",
    "RoundLine",
    "RoundRow",
    "YearEndCards",
    "exception_rows",
    "opening_card",
    "round_line",
    "round_rows",
    "unusual_days",
    "year_end_cards",
]

OPEN, LOCKED, NOT_YET = Tag("Open", "blue"), Tag("Locked", "grey"), Tag("Not yet open", "outline")
DATES_SET, NOT_OPENED = Tag("Dates set", "outline"), Tag("Not opened", "outline")


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


@dataclass(frozen=True)
class DateCell:
    """One date of a round: its box, or the day that stands."""

    label: str
    box: BoundField | None
    day: str


@dataclass(frozen=True)
class RoundRow:
    """A round of a year with its three dates."""

    link: Link
    state: Tag
    cells: Sequence[DateCell]


@dataclass(frozen=True)
class ExceptionRow:
    """A lock that is lifted for one return, or was."""

    link: Link
    reason: str
    granted: str
    until: str
    in_force: bool
    end: str


def state_of(one: Round) -> Tag:
    if one.period is None or not one.is_opened:
        return NOT_OPENED if one.period is None else DATES_SET
    if one.period.is_locked(one.today):
        return LOCKED
    return OPEN if one.period.is_open(one.today) else NOT_YET


def dates_sentence(one: Round) -> str:
    dates = one.dates
    return f"It opens on {day(dates.opens_on)}, is due on {day(dates.due_on)} and locks after {day(dates.locks_on)}."


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


def round_rows(form: DatesForm, rounds: Sequence[Round]) -> list[RoundRow]:
    """The rounds of a year, each date with its box or as it stands."""
    rows = []
    for one in rounds:
        boxes = form.boxes(one)
        cells = [DateCell(LABELS[name], boxes.get(name), _stands(one, name)) for name in DATES]
        rows.append(RoundRow(Link(str(one.month), reverse("period", args=[one.month])), state_of(one), cells))
    return rows


def _stands(one: Round, name: str) -> str:
    return "" if one.period is None and one.is_over else day(getattr(one.dates, name))


def unusual_days(wanted: Mapping[Month, RoundDates]) -> str:
    """Which of the dates are not working days, in a sentence; nothing when all are."""
    calendar = working_days()
    off = [
        f"{month} {LABELS[name].lower()} {getattr(dates, name):%A} {day(getattr(dates, name))}"
        for month, dates in wanted.items()
        for name in DATES
        if not calendar.is_working_day(getattr(dates, name))
    ]
    return f"Not a working day: {'; '.join(off)}." if off else ""


def exception_rows(exceptions: Sequence[LockException], today: date) -> list[ExceptionRow]:
    """Locks lifted for one return, in force or over."""
    return [_exception(one, today) for one in exceptions]


def _exception(one: LockException, today: date) -> ExceptionRow:
    record: MonthlyReturn = one.monthly_return
    address = [record.measured, record.kpi_year.code]
    in_force = one.expires_on >= today and not record.is_accepted
    until = f"Open until {day(one.expires_on)}" if one.expires_on >= today else f"Ended after {day(one.expires_on)}"
    if one.ended_by is not None:
        until = f"Ended early by {one.ended_by.name}, {moment(one.ended_at)}"
    return ExceptionRow(
        link=Link(
            f"{record.kpi_year.code} {record.kpi_year.name}, {record.measured}", reverse("return", args=address)
        ),
        reason=one.reason,
        granted=f"Asked for by {one.asked_by}. Granted by {one.granted_by.name}, {day(one.granted_at)}.",
        until=until,
        in_force=in_force,
        end=reverse("lock-exception-end", args=[one.pk]) if in_force else "",
    )

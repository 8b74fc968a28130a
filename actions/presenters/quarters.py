"""Quarters in words: what opening one would create, how each stands, and the locks that are lifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from actions.models import ActionYear, LockException, ReportLockException
from actions.operations.quarters import Opened
from actions.presenters.update_page import name_of
from actions.queries.rounds import Opening, opening
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.periods import Quarter
from hdcperf.review.rounds.reading import Round
from hdcperf.review.rounds.words import ExceptionRow, dates_sentence, exception_row, state_of
from hdcperf.ui import Link, Progress, Tag, count_of, day

__all__ = [
    "OpeningCard",
    "RoundLine",
    "exception_rows",
    "opened_words",
    "opening_card",
    "report_exception_rows",
    "round_line",
]


def opened_words(opened: Opened) -> str:
    """What opening a quarter did."""
    reports = f" and {count_of(opened.reports, 'project report')}" if opened.reports else ""
    return f"{opened.period} is open: {count_of(opened.updates, 'update')}{reports} created."


@dataclass(frozen=True)
class OpeningCard:
    """A quarter that can be opened: its dates, what opening creates, what is lacking, and the button."""

    quarter: Quarter
    state: Tag
    dates: str
    creates: str
    lacking: Sequence[tuple[str, str]]
    button: str
    button_class: str
    note: str
    action: str
    dates_link: Link
    updates: Link | None


def opening_card(one: Round, quarter: Quarter) -> OpeningCard:
    """The card of a quarter: what opening it would create, or what has been added since it was opened."""
    found = opening(quarter)
    return OpeningCard(
        quarter=quarter,
        state=state_of(one),
        dates=dates_sentence(one),
        creates=_creates(one, found),
        lacking=_lacking(found),
        button=_button(one, quarter, found),
        button_class="govuk-button" if one.is_due else "govuk-button govuk-button--secondary",
        note=_note(one, quarter, found),
        action=reverse("quarter-open", args=[quarter]),
        dates_link=Link("Change its dates", reverse("quarter-dates", args=[quarter]), f"of {quarter}"),
        updates=Link(f"{quarter} updates", reverse("quarter", args=[quarter])) if one.is_opened else None,
    )


def _many(found: Opening) -> str:
    parts = [count_of(found.updates, "update")] if found.updates else []
    parts += [count_of(found.reports, "project report")] if found.reports else []
    return " and ".join(parts)


def _creates(one: Round, found: Opening) -> str:
    many = _many(found)
    if not many:
        return ""
    return (
        f"{many} can be added, of what began since it was opened." if one.is_opened else f"Opening it creates {many}."
    )


def _button(one: Round, quarter: Quarter, found: Opening) -> str:
    if not _many(found) or quarter.first_day > one.today:
        return ""
    return f"Add {_many(found)} to {quarter}" if one.is_opened else f"Open {quarter}"


def _note(one: Round, quarter: Quarter, found: Opening) -> str:
    if one.is_opened:
        return ""
    if quarter.first_day > one.today:
        return f"It can be opened once {quarter} begins."
    if not _many(found):
        return f"No action of the plan for {quarter.year} and no project is live in it, so there is nothing to open."
    if not one.is_due:
        return f"The quarter is not over. It can be opened early: updates are entered from {day(one.dates.opens_on)}."
    return ""


def _lacking(found: Opening) -> list[tuple[str, str]]:
    groups = (
        ("No milestone still to come", found.without_milestones),
        ("The officer responsible has no account any more", found.left),
    )
    return [(label, _named(rows)) for label, rows in groups if rows]


def _named(rows: Sequence[ActionYear]) -> str:
    return ", ".join(one.name for one in rows)


@dataclass(frozen=True)
class RoundLine:
    """A quarter in the list."""

    period: ReportingPeriod
    href: str
    updates: str
    state: Tag
    progress: Progress | None


def round_line(found: ReportingPeriod, today: date) -> RoundLine:
    """A line of the list; ``found`` carries ``wanted`` and ``accepted``, counted with it."""
    noted = vars(found)
    return RoundLine(
        period=found,
        href=reverse("quarter-dates", args=[found.span]),
        updates=reverse("quarter", args=[found.span]),
        state=state_of(Round(found.span, found, today)),
        progress=Progress(noted["accepted"], noted["wanted"], "accepted") if found.is_opened else None,
    )


def exception_rows(exceptions: Sequence[LockException], today: date) -> list[ExceptionRow]:
    """Locks lifted for one update, in force or over."""
    return [_exception(one, today) for one in exceptions]


def report_exception_rows(exceptions: Sequence[ReportLockException], today: date) -> list[ExceptionRow]:
    """The same for projects' reports."""
    return [_report_exception(one, today) for one in exceptions]


def _report_exception(one: ReportLockException, today: date) -> ExceptionRow:
    record = one.report
    address = reverse("project-report", args=[record.span, record.project.code])
    name = f"{record.project}, {record.span}"
    return exception_row(one, record, Link(name, address), today, "project-lock-exception-end")


def _exception(one: LockException, today: date) -> ExceptionRow:
    record = one.update
    address = reverse("action-update", args=[record.span, record.action_year.code])
    return exception_row(one, record, Link(name_of(record), address), today, "action-lock-exception-end")

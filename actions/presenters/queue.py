"""The quarter's list, ready for the page: rows, counts of colours now and before, and a service's own tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from actions.presenters.published import movement_of
from actions.queries.queue import Flag, RoundRow
from actions.rules.colours import ActionRag
from hdcperf.organisation.models import ReportingPeriod
from hdcperf.review.queue import is_in
from hdcperf.review.queue_page import Owed, task_rows
from hdcperf.ui import Dated, Link, Movement, Tag, TaskRow, day, mark_tag, rag_tag, state_tag

__all__ = [
    "ColourCount",
    "QueueRow",
    "colour_counts",
    "owed_by_service",
    "quarter_links",
    "queue_rows",
    "review_link",
]

NOT_IN = Tag("Not in yet", "outline")


@dataclass(frozen=True)
class QueueRow:
    """One update as the list prints it."""

    code: str
    title: str
    href: str
    service: str
    officer: str
    state: Tag
    marks: tuple[Tag, ...]
    rag: Tag
    before: Tag | None
    movement: Movement | None
    flags: tuple[Flag, ...]
    due: Dated
    sent: str


def queue_rows(rows: Iterable[RoundRow], *, reviews: bool, keep: str = "") -> list[QueueRow]:
    """Each row for the page; ``keep`` is the filter in the address, carried to the review page."""
    return [_row(row, reviews, keep) for row in rows]


def _row(row: RoundRow, reviews: bool, keep: str) -> QueueRow:
    record, action_year = row.record, row.record.action_year
    shows = is_in(record)
    address = [record.span, action_year.code]
    return QueueRow(
        code=action_year.code,
        title=action_year.title,
        href=reverse("action-review", args=address) + keep
        if reviews and shows
        else reverse("action-update", args=address),
        service=action_year.service.name,
        officer=action_year.responsible.name,
        state=state_tag(record.state),
        marks=tuple(mark_tag(name) for name in row.marks),
        rag=rag_tag(row.rag) if shows else NOT_IN,
        before=rag_tag(row.before) if row.before is not None else None,
        movement=movement_of(row.before, row.rag),
        flags=row.flags,
        due=Dated(record.due_on or action_year.due_on, row.context.old_dates(None)),
        sent=f"{row.sent.who}, {day(row.sent.on)}" if row.sent else "",
    )


def review_link(text: str, row: RoundRow, keep: str) -> Link:
    """The link to a row's review page."""
    record = row.record
    address = reverse("action-review", args=[record.span, record.action_year.code]) + keep
    return Link(text, address, hint=f"update to check: {record.action_year.name}")


@dataclass(frozen=True)
class ColourCount:
    """How many actions stand at a colour, and how many did the quarter before."""

    rag: Tag
    now: int
    before: int
    change: str
    href: str


def colour_counts(rows: Sequence[RoundRow], address: dict[str, str]) -> list[ColourCount]:
    """Each colour with its counts now and last quarter; ``address`` gives the link that shows it, by its value.

    An action without an update last quarter is in neither count of it.
    """
    now = Counter(row.rag for row in rows)
    before = Counter(row.before for row in rows if row.before is not None)
    return [
        ColourCount(rag_tag(one), now[one], before[one], _change(now[one] - before[one]), address[one.value])
        for one in ActionRag
    ]


def _change(number: int) -> str:
    return "No change" if number == 0 else f"{abs(number)} {'more' if number > 0 else 'fewer'}"


def owed_by_service(rows: Iterable[RoundRow], *, enters: frozenset[int]) -> list[TaskRow]:
    """What a service still has to do in the round.

    Of those that the reader does not enter (``enters`` are the ids of those they do), it says whom to ask.
    """
    return task_rows(
        (row for row in rows if not row.record.excused),
        lambda row: Owed(
            row.record.action_year.name,
            reverse("action-update", args=[row.record.span, row.record.action_year.code]),
            row.record.pk in enters,
            row.record.action_year.responsible.name,
        ),
    )


def quarter_links(rounds: Iterable[ReportingPeriod], current: ReportingPeriod | None) -> list[Link]:
    """The rounds beside this one, newest first."""
    return [
        Link(str(one), reverse("quarter", args=[one.span]), current=current is not None and one.pk == current.pk)
        for one in rounds
    ]

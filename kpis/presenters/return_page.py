"""The return page of one KPI: its heading, lock, dialogue and what can be done next (framework C.2.1, E.1)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from hdcperf import clock
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import User
from hdcperf.review.page import ask_for_the_lock, covering_words, due_words, lock_of, may_lift
from hdcperf.roles import Permission
from hdcperf.ui import (
    Link,
    Lock,
    Step,
    SummaryRow,
    Tag,
    day,
    figure,
    mark_tag,
    promise,
    rag_tag,
    state_tag,
)
from kpis.forms.entering import value_label
from kpis.models import MonthlyReturn, Revision
from kpis.queries.duties import who_enters
from kpis.rules.sentences import position_as_at
from kpis.workflow import MOVES, acts_for, entry_lock, may_enter, may_review, refusal

__all__ = [
    "Heading",
    "crumbs",
    "figure_rows",
    "forecast_rows",
    "heading",
    "lock",
    "name_of",
    "revision_rows",
    "steps",
    "words_rows",
]

State = MonthlyReturn.State


@dataclass(frozen=True)
class Heading:
    """The top of the page."""

    title: str
    name: str
    position: str
    tags: tuple[Tag, ...]
    due: str
    covering: str


def name_of(record: MonthlyReturn) -> str:
    """The KPI and the month, as messages name it."""
    return f"{record.kpi_year.code} {record.kpi_year.name}, {record.measured}"


def heading(record: MonthlyReturn, user: User, who: Standing, *, enters: bool) -> Heading:
    kpi_year, period = record.kpi_year, record.period
    collected = period.month if period is not None else record.measured
    # The Performance Team may enter any return, but calls only its own "yours".
    whose = "Your return" if enters and _is_theirs(record, who) else "Return"
    return Heading(
        title=f"{whose} for {collected}",
        name=f"{kpi_year.code} {kpi_year.name}",
        position=position_as_at(record.measured) if collected != record.measured else "",
        tags=_tags(record, who),
        due=due_words(record),
        covering=covering_words(acts_for(record, user), who) if enters else "",
    )


def _is_theirs(record: MonthlyReturn, who: Standing) -> bool:
    return record.kpi_year.people.filter(user__in=who.people).exists()


def _tags(record: MonthlyReturn, who: Standing) -> tuple[Tag, ...]:
    today = clock.today()
    reviews = who.may(Permission.REVIEW_RETURNS, record.scope)
    sent = [one.at for one in record.transitions.all() if one.move == "submit"]
    marks = {
        "late": record.is_late(today),
        # For the team, which keeps the round: whoever else reads the figure is not told how it came.
        "came in late": record.came_in_late(min(sent, default=None)) and reviews,
        "disputed": any(one.is_with_the_board for one in record.challenges.all()),
        "revised": any(one.state == Revision.State.ACCEPTED for one in record.revisions.all()),
        "provisional": record.is_accepted and record.outturn == MonthlyReturn.Outturn.PROVISIONAL,
        "imported": record.imported,
    }
    return (state_tag(record.state), *(mark_tag(name) for name, holds in marks.items() if holds))


def lock(record: MonthlyReturn, user: User, who: Standing) -> Lock | None:
    """Why the page is read-only, which lock applies and who can lift it; None while it is open to ``user``."""
    today = clock.today()
    refused = may_enter(record, user)
    if refused:
        entered = who_enters([record.kpi_year_id]).get(record.kpi_year_id, "")
        refused = f"{refused} It is entered by {entered}." if entered else refused
    return lock_of(
        record,
        noun="return",
        frozen="its figures are frozen",
        refused=refused,
        closed=entry_lock(record, today),
        contact=ask_for_the_lock(record, name_of(record), who),
        today=today,
    )


# What is entered, to be read


def figure_rows(record: MonthlyReturn) -> list[SummaryRow]:
    """The figure as it was entered."""
    kpi_year = record.kpi_year
    if record.no_data:
        until = f" Expected by {day(record.no_data_until)}." if record.no_data_until else ""
        return [SummaryRow("No figure this month", f"{record.no_data_reason}{until}")]
    if record.denominator is not None or record.numerator is not None:
        return [
            SummaryRow(kpi_year.numerator_label or "Numerator", _bare(record.numerator)),
            SummaryRow(kpi_year.denominator_label or "Denominator", _bare(record.denominator)),
        ]
    return [SummaryRow(value_label(kpi_year, record.measured), kpi_year.figure(record.value) or "Not entered")]


def _bare(value: Decimal | None) -> str:
    return "Not entered" if value is None else figure(value)


def words_rows(record: MonthlyReturn, *, working: bool) -> list[SummaryRow]:
    """The three prompts, with the date and owner; the internal note for the service and the team only."""
    rows = [
        SummaryRow("What happened", record.what_happened or "Nothing written"),
        SummaryRow("Why", record.why or "Nothing written"),
    ]
    if record.being_done or record.done_by or record.done_owner:
        words = promise(record.being_done, record.done_by, record.done_owner)
        rows.append(SummaryRow("What is being done", words))
    if working and record.internal_note:
        rows.append(SummaryRow("Internal note (not published)", record.internal_note))
    return rows


def forecast_rows(record: MonthlyReturn) -> list[SummaryRow]:
    kpi_year = record.kpi_year
    if record.forecast is None:
        return []
    label = "Outturn" if record.outturn else "Year-end forecast"
    rows = [SummaryRow(label, kpi_year.figure(record.forecast))]
    how = [record.get_forecast_method_display(), record.get_forecast_confidence_display().lower()]
    made = ", ".join(part for part in how if part)
    if made or record.forecast_note:
        rows.append(SummaryRow("How it was made", f"{made}. {record.forecast_note}".strip(". ") + "."))
    return rows


def revision_rows(record: MonthlyReturn, *, working: bool) -> list[SummaryRow]:
    """Revisions of the figure and moves of its year to date; for those outside the service only what was accepted."""
    kpi_year = record.kpi_year
    rows = []
    for one in record.revisions.all():
        if not (working or one.state == Revision.State.ACCEPTED):
            continue
        change = (
            f"{kpi_year.figure(one.old_figure) or 'No data'} ({rag_tag(one.old_rag).text}) to "
            f"{kpi_year.figure(one.new_figure) or 'No data'} ({rag_tag(one.new_rag).text})"
        )
        when = day(clock.local_day(one.proposed_at))
        words = f"{change}. {one.reason} Proposed by {one.proposed_by.name} on {when}."
        rows.append(SummaryRow(f"{one.get_kind_display()}: {one.get_state_display().lower()}", words))
    for moved in record.derived_changes.select_related("cause__kpi_year"):
        rows.append(
            SummaryRow(
                "Year to date moved",
                f"{kpi_year.figure(moved.old_ytd) or 'No data'} ({rag_tag(moved.old_rag).text}) to "
                f"{kpi_year.figure(moved.new_ytd) or 'No data'} ({rag_tag(moved.new_rag).text}), because "
                f"{moved.cause.measured} changed.",
            )
        )
    return rows


# What can be done next


def steps(record: MonthlyReturn, user: User, who: Standing) -> list[Step]:
    """What the person can do with a return that is only read."""
    address = [record.measured, record.kpi_year.code]
    here = reverse("return", args=address)
    found = []
    if refusal(record, MOVES["take_back"], user) is None:
        hint = "It becomes a draft again, and the Performance Team no longer sees it as submitted."
        found.append(Step("Take back", here, hint, "post", "move", "take_back", "secondary"))
    if refusal(record, MOVES["confirm_outturn"], user) is None:
        hint = "The provisional outturn becomes the year's final figure."
        found.append(Step("Confirm as the final outturn", here, hint, "post", "move", "confirm_outturn", "primary"))
    if may_review(record, user) is None and record.state in (State.SUBMITTED, State.CHALLENGED):
        found.append(Step("Check this return", reverse("return-review", args=address)))
    if may_lift(record, who):
        found.append(Step("Lift the lock for this return", reverse("lock-exception", args=address)))
    enters = may_enter(record, user) is None or may_review(record, user) is None
    if record.is_accepted and enters:
        found.append(Step("Propose a revision", reverse("revision-propose", args=address)))
    year = record.kpi_year.financial_year
    found.append(Step(f"See {record.kpi_year.name} over the year", reverse("kpi", args=[year, record.kpi_year.code])))
    return found


def crumbs(record: MonthlyReturn, *, working: bool) -> list[Link]:
    """The way back: to the round's list for those who have one, else to the KPI's page."""
    period = record.period
    collected = period.month if period is not None else record.measured
    if not working:
        place = [record.kpi_year.financial_year, record.kpi_year.code]
        return [
            Link("My tasks", reverse("home")),
            Link(record.kpi_year.code, reverse("kpi", args=place)),
            Link(f"Return for {collected}", ""),
        ]
    return [
        Link("My tasks", reverse("home")),
        Link(f"{collected} returns", reverse("returns", args=[collected])),
        Link(record.kpi_year.code, ""),
    ]

"""What a KPI is: definition, people, targets and why; and how its accepted figures were revised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from hdcperf.control import Control
from hdcperf.organisation.access import Standing
from hdcperf.periods import Month
from hdcperf.rag import Direction
from hdcperf.roles import MEMBER_ROLES
from hdcperf.ui import Link, SummaryRow, Tag, day, mark_tag, rag_tag
from kpis.models import DerivedChange, KpiYear, Revision, TargetSet
from kpis.presenters.figures import bare_figure
from kpis.presenters.standing import levels_words
from kpis.queries.kpi_page import KpiHistory
from kpis.queries.templates import LastReview, template_words
from kpis.queries.years import levels_of
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule

__all__ = ["DerivedRow", "RevisionRow", "TargetRow", "definition", "derived", "people", "revisions", "targets"]


def definition(kpi_year: KpiYear, today: date, review: LastReview | None) -> list[SummaryRow]:
    """What is measured, how it is judged, where it belongs, whether its template is signed off, its last review."""
    rows = [*_facts(kpi_year), ("Data quality template", template_words(kpi_year, today))]
    found = [SummaryRow(key, value) for key, value in rows if value]
    if review is not None:
        found.append(
            SummaryRow("Data quality review", Link(review.words, reverse("quality-review", args=[review.pk])))
        )
    return found


def _facts(kpi_year: KpiYear) -> Iterator[tuple[str, str]]:
    yield "Definition", kpi_year.definition
    yield "Why it is measured", kpi_year.why
    if kpi_year.entry == Entry.PARTS.value:
        yield "Worked out from", f"{kpi_year.numerator_label}, out of {_lower(kpi_year.denominator_label)}"
    per = f" ({kpi_year.rate_per:,})" if kpi_year.rate_per else ""
    yield "Unit", f"{Unit(kpi_year.unit).label}{per}{', ' + kpi_year.unit_label if kpi_year.unit_label else ''}"
    yield "Direction preferred", Direction(kpi_year.direction).label
    yield "How often", Frequency(kpi_year.frequency).label
    yield "How months make the year to date", YtdRule(kpi_year.ytd_rule).label
    yield "The figure the RAG judges", Headline(kpi_year.headline).label
    if kpi_year.months_in_arrears:
        yield "In arrears", f"{kpi_year.months_in_arrears} month{'s' if kpi_year.months_in_arrears > 1 else ''}"
    yield "Level of control", Control(kpi_year.control).label
    yield "Service", f"{kpi_year.service.name} ({kpi_year.service.directorate.name})"
    yield "Portfolio", kpi_year.portfolio.name if kpi_year.portfolio else ""
    if kpi_year.outcome is not None:
        yield "Outcome", kpi_year.outcome.name
        yield "Priority", kpi_year.outcome.priority.name


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def people(history: KpiHistory, who: Standing) -> list[SummaryRow]:
    """Who collects, forecasts, comments and stands in: by name for officers, not for members or the public."""
    if not any(role not in MEMBER_ROLES for role in who.roles):
        return []
    by_duty: dict[str, list[str]] = {}
    for row in history.people:
        by_duty.setdefault(row.get_duty_display(), []).append(row.user.name)
    return [SummaryRow(duty, ", ".join(names)) for duty, names in by_duty.items()]


@dataclass(frozen=True)
class TargetRow:
    """A dated target: from when, what, by whom it was approved, and why."""

    since: str
    target: str
    profile: str
    tag: Tag
    approved: str
    reason: str


def targets(history: KpiHistory) -> list[TargetRow]:
    """The year's targets, the newest first. One not yet approved shows its figure only within the council."""
    return [_target(history, one) for one in reversed(history.seen.facts.target_sets)]


def _target(history: KpiHistory, row: TargetSet) -> TargetRow:
    awaiting = row.state == TargetSet.State.AWAITING
    shown = not awaiting or history.sees_more_than_issued
    return TargetRow(
        since=f"{Month.from_date(row.from_month)}",
        target=levels_words(history.kpi_year, levels_of(row)) if shown else "Not shown until it is approved",
        profile=row.get_profile_display(),
        tag=mark_tag("awaiting approval") if awaiting else Tag("Approved", "teal"),
        approved="" if awaiting else f"{row.approved_by} ({day(row.approved_on)})",
        reason=row.reason if shown else "",
    )


@dataclass(frozen=True)
class RevisionRow:
    """A revision of an accepted figure: old and new figure and RAG, why, and how it was decided."""

    month: str
    kind: str
    old: str
    new: str
    old_rag: Tag
    new_rag: Tag
    reason: str
    note: str
    state: Tag
    when: str


_DECIDED = {"accepted": "teal", "proposed": "blue", "declined": "grey", "withdrawn": "grey"}


def revisions(history: KpiHistory) -> list[RevisionRow]:
    """Newest first; nothing for those who see figures only as they were issued."""
    return [_revision(history.kpi_year, one) for one in history.revisions]


def _revision(kpi_year: KpiYear, row: Revision) -> RevisionRow:
    last = list(row.transitions.all())[-1:]
    return RevisionRow(
        month=str(Month.from_date(row.monthly_return.month)),
        kind=row.get_kind_display(),
        old=bare_figure(kpi_year, row.old_figure),
        new=bare_figure(kpi_year, row.new_figure),
        old_rag=rag_tag(row.old_rag),
        new_rag=rag_tag(row.new_rag),
        reason=row.reason,
        note=row.new_commentary,
        state=Tag(row.get_state_display(), _DECIDED[row.state]),
        when=day(last[0].at if last else row.proposed_at),
    )


@dataclass(frozen=True)
class DerivedRow:
    """A year to date that moved because an earlier month did."""

    month: str
    cause: str
    old: str
    new: str
    old_rag: Tag
    new_rag: Tag
    when: str


def derived(history: KpiHistory) -> list[DerivedRow]:
    return [_derived(history.kpi_year, one) for one in history.derived]


def _derived(kpi_year: KpiYear, row: DerivedChange) -> DerivedRow:
    return DerivedRow(
        month=str(Month.from_date(row.monthly_return.month)),
        cause=str(Month.from_date(row.cause.month)),
        old=bare_figure(kpi_year, row.old_ytd),
        new=bare_figure(kpi_year, row.new_ytd),
        old_rag=rag_tag(row.old_rag),
        new_rag=rag_tag(row.new_rag),
        when=day(row.at),
    )

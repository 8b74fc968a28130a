"""The yearly report on assurance in words: by service how sure it is, then all that it is drawn from.

Members read it, so it names posts and not officers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from dataquality.models import AssuranceStatement, AuditFinding, QualityReview, Waiver
from dataquality.presenters.measures import percent_words, share_words
from dataquality.queries.assurance_report import Held, YearHeld
from dataquality.queries.measures import of_measure
from dataquality.rules.frozen_report import Report, Section
from dataquality.rules.measures import Measure, Share, grouped
from hdcperf.periods import FinancialYear
from hdcperf.ui import count_of, day, promise
from kpis.models import Revision

__all__ = ["done_about", "evidence", "report_of", "short_level"]

Level = AssuranceStatement.Level


def short_level(statement: AssuranceStatement) -> str:
    """*Substantial* of *Substantial: they work, with small gaps*."""
    return str(statement.get_level_display()).partition(":")[0]


def report_of(held: YearHeld, year: FinancialYear, today: date) -> Report:
    """The whole report as it would be given ``today``."""
    return Report(
        summary=tuple(_summary(held, today)),
        sections=(_statements(held), _exceptions(held), _figures(held, year), *evidence(held)),
    )


def _signed(held: YearHeld) -> list[AssuranceStatement]:
    return [one for one in held.statements if one.signed_on is not None]


def _summary(held: YearHeld, today: date) -> list[str]:
    signed = _signed(held)
    found = [f"{len(signed)} of {count_of(len(held.statements), 'service')} gave a statement of assurance."]
    levels = Counter(one.level for one in signed)
    said = [f"{levels[level]} {level.label.partition(':')[0].lower()}" for level in Level if levels[level]]
    if said:
        found.append(f"Assurance given: {', '.join(said)}.")
    open_findings = [one for one in held.findings if one.closed_on is None]
    overdue = [one for one in open_findings if one.due_on is not None and one.due_on < today]
    found.append(
        f"{count_of(len(held.waivers), 'waiver')}, {count_of(len(held.revisions), 'revision')} of accepted figures, "
        f"{count_of(len(held.reviews), 'data quality review')} and "
        f"{count_of(len(held.findings), 'audit finding')} in the year."
    )
    if open_findings:
        late = f", {len(overdue)} of them overdue" if overdue else ""
        found.append(f"{count_of(len(open_findings), 'audit finding is', 'audit findings are')} open{late}.")
    return found


def _statements(held: YearHeld) -> Section:
    rows = [
        (
            one.service.name,
            short_level(one),
            f"{one.signed_by_post}, {day(one.signed_on)}",
            one.words,
            one.gaps or "None",
        )
        if one.signed_on is not None
        else (
            one.service.name,
            "No statement",
            "Not signed" if held.managers[one.service_id] else "The post of service manager is vacant",
            "",
            "",
        )
        for one in held.statements
    ]
    return Section(
        "How sure each service is of the controls on its figures",
        "Each service manager, or head of service, states it once a year.",
        ("Service", "Assurance", "Signed by", "What it rests on", "Gaps, and what is done about them"),
        tuple(rows),
        "No service has KPIs in the year.",
    )


def _exceptions(held: YearHeld) -> Section:
    rows = [
        (
            one.service.name,
            Measure(figure.measure).label,
            f"{share_words(figure.share, Measure(figure.measure))} ({percent_words(figure.share)})",
            figure.explanation,
        )
        for one in _signed(held)
        for figure in one.figures.all()
        if not figure.share.is_within(Measure(figure.measure))
    ]
    return Section(
        "What the services explained",
        "Figures outside what they should be, as they stood when the statement was signed.",
        ("Service", "Figure", "Counted", "Why, and what is done about it"),
        tuple(rows),
        "Every figure in the signed statements was as it should be.",
    )


def _figures(held: YearHeld, year: FinancialYear) -> Section:
    rows = []
    for measure in Measure:
        by_year = grouped(of_measure(held.items, measure), lambda item: item.year)
        share = by_year.get(year.start_year, Share(0, 0))
        before = percent_words(by_year.get(year.start_year - 1))
        rows.append(
            (
                measure.label,
                percent_words(share),
                share_words(share, measure),
                measure.limit_words.capitalize(),
                before,
            )
        )
    return Section(
        "The council’s figures on data quality",
        "",
        ("Figure", "The year", "Counted", "Should be", "Year before"),
        tuple(rows),
        "",
    )


# What both the report and a service's statement rest on


def evidence(held: Held) -> tuple[Section, ...]:
    """Waivers, revisions, reviews and audit findings."""
    return (_waivers(held.waivers), _revisions(held.revisions), _reviews(held.reviews), _findings(held.findings))


def _waivers(waivers: Iterable[Waiver]) -> Section:
    rows = [
        (
            f"{one.kpi_year.code} {one.kpi_year.name}",
            one.kpi_year.service.name,
            f"{day(one.starts_on)} to {day(one.expires_on)}",
            one.allowed_by_name.removeprefix(f"{one.allowed_by.name}, "),
            one.reason,
        )
        for one in waivers
    ]
    return Section(
        "Waivers",
        "KPIs collected for a while without a signed data quality template.",
        ("KPI", "Service", "For", "Allowed by", "Why"),
        tuple(rows),
        "No KPI was collected without a signed template.",
    )


def _revisions(revisions: Iterable[Revision]) -> Section:
    rows = [
        (
            f"{one.monthly_return.kpi_year.code} {one.monthly_return.kpi_year.name}",
            one.monthly_return.kpi_year.service.name,
            str(one.monthly_return.measured),
            _change(one),
            f"{one.get_kind_display()}: {one.reason}",
        )
        for one in revisions
    ]
    return Section(
        "Revisions",
        "Accepted figures that were changed afterwards.",
        ("KPI", "Service", "Month", "Changed", "Why"),
        tuple(rows),
        "No accepted figure was revised.",
    )


def _change(one: Revision) -> str:
    kpi_year = one.monthly_return.kpi_year
    before, after = kpi_year.figure(one.old_figure), kpi_year.figure(one.new_figure)
    return f"{before or 'No data'} to {after or 'no data'}" if before != after else "The words, not the figure"


def _reviews(reviews: Iterable[QualityReview]) -> Section:
    rows = [
        (
            f"{one.kpi_year.code} {one.kpi_year.name}",
            one.kpi_year.service.name,
            str(one.get_rating_display() if one.reported_on else one.get_state_display()),
            one.found if one.reported_on else "Not finished yet",
            _actions(one),
        )
        for one in reviews
    ]
    return Section(
        "Data quality reviews",
        "What was agreed in a template, checked against what is done.",
        ("KPI", "Service", "Rating", "What was found", "Actions"),
        tuple(rows),
        "No KPI was reviewed.",
    )


def _actions(one: QualityReview) -> str:
    actions = list(one.actions.all())
    waiting = sum(action.closed_on is None for action in actions)
    if not actions:
        return "None"
    return f"{len(actions)}, {waiting} of them open" if waiting else f"{len(actions)}, all closed"


def _findings(findings: Iterable[AuditFinding]) -> Section:
    rows = [
        (
            f"{one.audit}, {day(one.reported_on)}",
            one.service.name if one.service is not None else "The council as a whole",
            one.get_priority_display(),
            one.finding,
            done_about(one),
        )
        for one in findings
    ]
    return Section(
        "Audit findings",
        "What internal audit found on data quality.",
        ("Audit", "About", "Priority", "What was found", "What is done about it"),
        tuple(rows),
        "Internal audit recorded no finding on data quality.",
    )


def done_about(one: AuditFinding) -> str:
    """What was done about a finding, or was agreed, by which post and when."""
    if one.closed_on is not None:
        return f"Closed on {day(one.closed_on)}: {one.closing_words}"
    return promise(one.response, one.due_on, one.owner) or "Nothing agreed yet"

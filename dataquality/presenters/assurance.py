"""The year's statements in rows, and one with its figures (framework Appendix A)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from dataquality.models import AssuranceRound, AssuranceStatement, AuditFinding
from dataquality.presenters.assurance_report import done_about, short_level
from dataquality.presenters.measures import percent_words, share_words
from dataquality.queries.assurance import StatementLine
from dataquality.rules.measures import Measure, Share
from hdcperf.ui import Count, Link, SummaryRow, Tag, day

__all__ = [
    "FigureRow",
    "FindingRow",
    "StatementRow",
    "figure_rows",
    "finding_rows",
    "round_tag",
    "statement_counts",
    "statement_facts",
    "statement_rows",
    "statement_tag",
]


def round_tag(record: AssuranceRound) -> Tag:
    reported = record.state == AssuranceRound.State.REPORTED
    return Tag(str(record.get_state_display()), "teal" if reported else "blue")


def statement_tag(statement: AssuranceStatement, today: date) -> Tag:
    if statement.state == AssuranceStatement.State.SIGNED:
        return Tag("Signed", "teal")
    if today > statement.assurance_round.due_on:
        return Tag("Overdue", "solid", "exclamation")
    return Tag("Begun", "blue") if statement.version > 1 else Tag("Not begun", "grey")


@dataclass(frozen=True)
class StatementRow:
    """One service: how its statement stands, what it says, and who must act."""

    service: Link
    state: Tag
    level: str
    explained: str
    signed: str
    who: str


def statement_rows(found: Iterable[StatementLine], today: date) -> list[StatementRow]:
    return [_row(line, today) for line in found]


def _row(line: StatementLine, today: date) -> StatementRow:
    one = line.statement
    year = one.assurance_round.financial_year
    href = reverse("assurance-statement", args=[year, one.service_id]) if line.may_read else ""
    outside = [row for row in one.figures.all() if not row.share.is_within(Measure(row.measure))]
    managers = ", ".join(line.managers) or "Nobody holds the post of service manager"
    return StatementRow(
        service=Link(one.service.name, href),
        state=statement_tag(one, today),
        level=short_level(one) if line.is_signed else "",
        explained=f"{len(outside)} explained" if line.is_signed and outside else "",
        signed=f"{one.signed_by_name}, {day(one.signed_on)}" if line.is_signed else "",
        who="" if line.is_signed else managers,
    )


def statement_counts(found: Iterable[StatementLine], today: date) -> list[Count]:
    """How many there are, are signed, and are overdue."""
    lines = list(found)
    signed = sum(line.is_signed for line in lines)
    late = sum(not line.is_signed and today > line.statement.assurance_round.due_on for line in lines)
    tiles = [Count(len(lines), "Services"), Count(signed, "Signed"), Count(len(lines) - signed, "Outstanding")]
    return [*tiles, Count(late, "Overdue")] if late else tiles


@dataclass(frozen=True)
class FigureRow:
    """A figure of the service, what it should be, and what explains it."""

    label: str
    percent: str
    words: Link
    should_be: str
    outside: Tag | None
    explanation: str


def figure_rows(
    statement: AssuranceStatement, shares: Mapping[Measure, Share], explanations: Mapping[str, str]
) -> list[FigureRow]:
    """The figures, each leading to the list behind it."""
    year = statement.assurance_round.financial_year
    query = urlencode({"year": year.slug, "service": statement.service_id})
    return [
        FigureRow(
            label=measure.label,
            percent=percent_words(share),
            words=Link(
                share_words(share, measure),
                f"{reverse('measure', args=[measure.value])}?{query}" if share.of else "",
                hint=measure.label if share.of else "",
            ),
            should_be=measure.limit_words.capitalize(),
            outside=None if share.is_within(measure) else Tag("To be explained", "outline", "exclamation"),
            explanation=explanations.get(measure.value, ""),
        )
        for measure, share in shares.items()
    ]


def statement_facts(statement: AssuranceStatement, managers: Iterable[str]) -> list[SummaryRow]:
    """What the statement says, and who signed it."""
    signed = ""
    if statement.signed_on is not None:
        post = f", {statement.signed_by_post}" if statement.signed_by_post else ""
        signed = f"{statement.signed_by_name}{post}, {day(statement.signed_on)}"
    rows = [
        ("Due on", day(statement.assurance_round.due_on)),
        ("Signed by", signed or ""),
        ("To be signed by", "" if signed else ", ".join(managers) or "Nobody holds the post of service manager"),
        ("How sure", str(statement.get_level_display()) if statement.level else ""),
        ("What it rests on", statement.words),
        ("Gaps, and what is being done", statement.gaps),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


@dataclass(frozen=True)
class FindingRow:
    """What an audit found: about whom, how pressing, what is done, and how it stands."""

    link: Link
    about: str
    priority: str
    finding: str
    response: str
    state: Tag
    dated: str


def finding_rows(findings: Iterable[AuditFinding], today: date, may_record: bool) -> list[FindingRow]:
    return [
        FindingRow(
            link=Link(
                f"{one.audit}, {day(one.reported_on)}",
                reverse("audit-finding", args=[one.pk]) if may_record else "",
            ),
            about=one.service.name if one.service is not None else "The council as a whole",
            priority=str(one.get_priority_display()),
            finding=one.finding,
            response=done_about(one),
            state=_finding_tag(one, today),
            dated="" if one.closed_on is not None or one.due_on is None else f"Due {day(one.due_on)}",
        )
        for one in findings
    ]


def _finding_tag(one: AuditFinding, today: date) -> Tag:
    if one.closed_on is not None:
        return Tag("Closed", "teal")
    late = one.due_on is not None and today > one.due_on
    return Tag("Overdue", "solid", "exclamation") if late else Tag("Open", "blue")

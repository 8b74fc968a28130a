"""The set as the panel reads it: every KPI with its target, intervention level, last year's, and the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dataquality.operations.going_live import approved_words
from dataquality.presenters.setting import replaced_words, verdict_tag
from dataquality.presenters.targets import ResultCell, level_words, result_cell, target_words, this_years_words
from dataquality.queries.setting import Line, criteria_of
from hdcperf.ui import Tag

__all__ = ["HEADING", "PanelRow", "PanelSection", "csv_rows", "panel_sections"]

HEADING = (
    "Portfolio",
    "Code",
    "KPI",
    "Service",
    "Proposed",
    "Replaces or replaced by",
    "Target this year",
    "Last year's result",
    "Target proposed",
    "Intervention level",
    "Last year's result beats it",
    "Reason",
    "Criteria",
)


@dataclass(frozen=True)
class PanelRow:
    """One KPI.

    ``was`` is its code this year where that differs; ``replaced`` what replaces it, or what it replaces;
    ``level_why`` why this intervention level.
    """

    code: str
    name: str
    was: str
    service: str
    verdict: Tag
    replaced: str
    this_year: str
    result: ResultCell
    target: str
    level: str
    level_why: str
    beaten: bool
    reason: str
    criteria: str


@dataclass(frozen=True)
class PanelSection:
    """A portfolio's KPIs."""

    id: str
    title: str
    rows: tuple[PanelRow, ...]


def panel_sections(found: Iterable[Line]) -> list[PanelSection]:
    """By portfolio, in the order of the codes."""
    by_portfolio: dict[str, list[PanelRow]] = {}
    for line in found:
        name = line.year.portfolio.name if line.year.portfolio is not None else "No portfolio"
        by_portfolio.setdefault(name, []).append(_row(line))
    return [
        PanelSection(f"portfolio-{number}", name, tuple(by_portfolio[name]))
        for number, name in enumerate(sorted(by_portfolio), start=1)
    ]


def _row(line: Line) -> PanelRow:
    proposal, year = line.proposal, line.year
    before = proposal.before
    goes_on = proposal.verdict not in ("", "drop")
    return PanelRow(
        code=year.code,
        name=year.name,
        was=before.code if before is not None and before.code != year.code else "",
        service=year.service.name,
        verdict=verdict_tag(proposal),
        replaced=replaced_words(proposal),
        this_year=this_years_words(line),
        result=result_cell(line),
        target=target_words(line) or ("Dropped" if proposal.verdict == "drop" else "Not proposed yet"),
        level=level_words(line) or "None",
        level_why=proposal.intervention_why,
        beaten=line.is_beaten,
        reason=approved_words(line.ground, proposal) if goes_on else proposal.why or "Nothing is proposed yet",
        criteria=", ".join(criteria_of(proposal).met) or "None",
    )


def csv_rows(sections: Iterable[PanelSection]) -> Iterator[tuple[str, ...]]:
    """The same rows as a file."""
    for section in sections:
        for row in section.rows:
            yield (
                *(section.title, row.code, row.name, row.service, row.verdict.text, row.replaced, row.this_year),
                *(row.result.text, row.target, row.level, "Yes" if row.beaten else "No", row.reason, row.criteria),
            )

"""Changes to figures you have seen: revisions, and the years to date that moved with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdcperf.periods import Month
from hdcperf.ui import Tag, rag_tag
from kpis.models import DerivedChange, RevisionTransition
from kpis.presenters.board import address
from kpis.presenters.figures import bare_figure

__all__ = ["ChangeRow", "moved_rows", "revised_rows"]


@dataclass(frozen=True)
class ChangeRow:
    """One figure that changed: from, to, and why."""

    code: str
    name: str
    href: str
    month: str
    old: str
    new: str
    old_rag: Tag
    new_rag: Tag
    why: str


def revised_rows(accepted: Iterable[RevisionTransition]) -> list[ChangeRow]:
    """The revisions accepted, in the order they were."""
    rows = []
    for transition in accepted:
        revision = transition.revision
        kpi_year = revision.monthly_return.kpi_year
        rows.append(
            ChangeRow(
                code=kpi_year.code,
                name=kpi_year.name,
                href=address(kpi_year),
                month=str(Month.from_date(revision.monthly_return.month)),
                old=bare_figure(kpi_year, revision.old_figure),
                new=bare_figure(kpi_year, revision.new_figure),
                old_rag=rag_tag(revision.old_rag),
                new_rag=rag_tag(revision.new_rag),
                why=f"{revision.get_kind_display()}: {revision.reason}",
            )
        )
    return rows


def moved_rows(moved: Iterable[DerivedChange]) -> list[ChangeRow]:
    """The years to date that moved because an earlier month did."""
    rows = []
    for change in moved:
        kpi_year = change.monthly_return.kpi_year
        rows.append(
            ChangeRow(
                code=kpi_year.code,
                name=kpi_year.name,
                href=address(kpi_year),
                month=f"Year to {Month.from_date(change.monthly_return.month)}",
                old=bare_figure(kpi_year, change.old_ytd),
                new=bare_figure(kpi_year, change.new_ytd),
                old_rag=rag_tag(change.old_rag),
                new_rag=rag_tag(change.new_rag),
                why=f"{Month.from_date(change.cause.month)} changed",
            )
        )
    return rows

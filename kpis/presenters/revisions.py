"""A revision in words: old and new figure and RAG, and the later years to date that move with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from hdcperf.review.revisions import RevisionRow, row_of
from hdcperf.ui import Tag, figure, rag_tag
from kpis.models import KpiYear, MonthlyReturn, Revision
from kpis.operations.freezing import LaterMonth
from kpis.operations.revising import NewFigures, try_out

__all__ = ["Change", "changes", "changes_if", "revision_row"]


@dataclass(frozen=True)
class Change:
    """One figure before and after. A RAG of None is not judged here (the parts of a figure)."""

    label: str
    old: str
    new: str
    old_rag: Tag | None = None
    new_rag: Tag | None = None


def changes_if(record: MonthlyReturn, figures: NewFigures) -> list[Change]:
    """What accepting ``figures`` would change: the parts, the headline with its RAG, the later years to date."""
    trial = try_out(record, figures)
    is_ytd, kpi_year = trial.found.headline_is_ytd, record.kpi_year
    old, new = (one.ytd_figure if is_ytd else one.month_figure for one in (record, trial.record))
    own = (record.value, record.numerator, record.denominator)
    return [
        *_entered(kpi_year, own, (figures.value, figures.numerator, figures.denominator)),
        Change(
            _headline(record, is_ytd),
            kpi_year.figure(old) or "No data",
            kpi_year.figure(new) or "No data",
            rag_tag(record.rag),
            rag_tag(trial.record.rag),
        ),
        *_later(kpi_year, trial.later()),
    ]


def changes(revision: Revision) -> list[Change]:
    """What a decided revision changed, or a waiting one would."""
    record = revision.monthly_return
    if revision.state == Revision.State.PROPOSED:
        figures = NewFigures(
            value=revision.new_value, numerator=revision.new_numerator, denominator=revision.new_denominator
        )
        return changes_if(record, figures)
    kpi_year = record.kpi_year
    old = (revision.old_value, revision.old_numerator, revision.old_denominator)
    new = (revision.new_value, revision.new_numerator, revision.new_denominator)
    rows = [
        *_entered(kpi_year, old, new),
        Change(
            _headline(record, kpi_year.headline == "ytd"),
            kpi_year.figure(revision.old_figure) or "No data",
            kpi_year.figure(revision.new_figure) or "No data",
            rag_tag(revision.old_rag),
            rag_tag(revision.new_rag),
        ),
    ]
    for one in revision.derived_changes.select_related("monthly_return").order_by("monthly_return__month"):
        rows.append(
            Change(
                f"Year to {one.monthly_return.measured}",
                kpi_year.figure(one.old_ytd) or "No data",
                kpi_year.figure(one.new_ytd) or "No data",
                rag_tag(one.old_rag),
                rag_tag(one.new_rag),
            )
        )
    return rows


def _headline(record: MonthlyReturn, is_ytd: bool) -> str:
    return f"Year to {record.measured}" if is_ytd else f"Figure for {record.measured}"


_Parts = tuple[Decimal | None, Decimal | None, Decimal | None]


def _entered(kpi_year: KpiYear, old: _Parts, new: _Parts) -> Iterable[Change]:
    labels = ("Entered", kpi_year.numerator_label or "Numerator", kpi_year.denominator_label or "Denominator")
    for label, before, after in zip(labels, old, new, strict=True):
        if before is not None or after is not None:
            yield Change(label, figure(before), figure(after))


def _later(kpi_year: KpiYear, later: Iterable[LaterMonth]) -> Iterable[Change]:
    for one in later:
        yield Change(
            f"Year to {one.record.measured}",
            kpi_year.figure(one.old_ytd) or "No data",
            kpi_year.figure(one.record.ytd_figure) or "No data",
            rag_tag(one.old_rag),
            rag_tag(one.record.rag),
        )


def revision_row(revision: Revision) -> RevisionRow:
    record = revision.monthly_return
    kpi_year = record.kpi_year
    return row_of(
        revision,
        href=reverse("revision", args=[revision.pk]),
        title=f"{kpi_year.code} {kpi_year.name}, {record.measured}",
        service=kpi_year.service.name,
        old=(kpi_year.figure(revision.old_figure) or "No data", rag_tag(revision.old_rag)),
        new=(kpi_year.figure(revision.new_figure) or "No data", rag_tag(revision.new_rag)),
    )

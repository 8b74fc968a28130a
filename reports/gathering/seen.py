"""Changes to figures members have already seen: listed, with old and new, whatever made them change (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone

from actions.rules.colours import ActionRag
from hdcperf.periods import Month
from hdcperf.rag import Rag
from kpis.models import IssuedFigure, KpiYear, Revision
from kpis.presenters.figures import bare_figure
from kpis.queries.board import Changes
from kpis.queries.figures import Figure
from kpis.queries.kpi_page import KpiHistory
from kpis.rules.figures import Headline
from kpis.rules.sentences import span
from reports.gathering.kpis import colour_of
from reports.gathering.reading import Sources
from reports.packs.pieces import Colour, Revised

__all__ = ["changed_since_seen"]


def changed_since_seen(sources: Sources) -> tuple[Revised, ...]:
    """What is different now from what the audience had before, KPIs first."""
    if sources.changes is not None:
        return tuple(_of_the_board(sources.changes))
    found = [row for read in sources.kpis for row in _of_kpi(read.past.history, sources.seen)]
    return (*found, *_of_updates(sources))


def _of_kpi(history: KpiHistory, seen: dict[int, IssuedFigure]) -> Iterator[Revised]:
    for kept in (history.before, history.seen):
        if kept is None:
            continue
        for month, figure in sorted(kept.by_month.items()):
            issued = seen.get(figure.record_id)
            if issued is not None and (change := _figure(history, kept.kpi_year, month, issued, figure)):
                yield change


def _figure(
    history: KpiHistory, kpi_year: KpiYear, month: Month, issued: IssuedFigure, now: Figure
) -> Revised | None:
    ytd = kpi_year.headline == Headline.YTD.value
    old, new = (issued.ytd_figure, now.ytd_figure) if ytd else (issued.month_figure, now.month_figure)
    if _same(old, new) and Rag(issued.rag) is now.rag:
        return None
    kind, reason, on = _because(history, now.record_id)
    return Revised(
        code=kpi_year.code,
        title=kpi_year.name,
        of=f"Year to {month}" if ytd else span(month, kpi_year.frequency),
        old=bare_figure(kpi_year, old),
        new=bare_figure(kpi_year, new),
        old_colour=colour_of(Rag(issued.rag)),
        new_colour=colour_of(now.rag),
        kind=kind,
        reason=reason,
        on=on,
    )


def _same(old: Decimal | None, new: Decimal | None) -> bool:
    return old == new


def _because(history: KpiHistory, record: int) -> tuple[str, str, date | None]:
    revision = next((one for one in history.revisions if one.monthly_return_id == record), None)
    if revision is not None:
        return revision.get_kind_display(), revision.reason, _accepted_on(revision)
    moved = next((one for one in history.derived if one.monthly_return_id == record), None)
    if moved is not None:
        cause = Month.from_date(moved.cause.month)
        return "Year to date moved", f"{cause} changed.", timezone.localdate(moved.at)
    return "Changed", "It was changed after it was issued.", None


def _accepted_on(revision: Revision) -> date | None:
    made = [one for one in revision.transitions.all() if one.move == "accept"]
    return timezone.localdate(made[-1].at) if made else None


def _of_updates(sources: Sources) -> Iterator[Revised]:
    for pk, issued in sources.seen_updates.items():
        now = sources.updates_now.get(pk)
        if now is None or (issued.rag == now.rag and issued.done == now.done and issued.impact == now.impact):
            continue
        moved = issued.rag != now.rag
        yield Revised(
            code=now.action_year.code,
            title=now.action_year.title,
            of=str(now.span),
            old=_label(issued.rag) if moved else "Words as issued",
            new=_label(now.rag) if moved else "Words revised",
            old_colour=_colour(issued.rag),
            new_colour=_colour(now.rag),
            kind="Revision of an update",
            reason=now.rag_reason if moved and now.rag_reason else "The update was revised after it was issued.",
        )


def _label(rag: str) -> str:
    return ActionRag(rag).label if rag else "No RAG"


def _colour(rag: str) -> Colour | None:
    return Colour(rag, ActionRag(rag).label) if rag else None


def _of_the_board(changes: Changes) -> Iterator[Revised]:
    """What was revised, and what moved with it, since the board's last month was locked."""
    for transition in changes.revised:
        row = transition.revision
        kpi_year = row.monthly_return.kpi_year
        yield Revised(
            code=kpi_year.code,
            title=kpi_year.name,
            of=span(Month.from_date(row.monthly_return.month), kpi_year.frequency),
            old=bare_figure(kpi_year, row.old_figure),
            new=bare_figure(kpi_year, row.new_figure),
            old_colour=colour_of(Rag(row.old_rag)),
            new_colour=colour_of(Rag(row.new_rag)),
            kind=row.get_kind_display(),
            reason=row.reason,
            on=timezone.localdate(transition.at),
        )
    for change in changes.moved:
        kpi_year = change.monthly_return.kpi_year
        yield Revised(
            code=kpi_year.code,
            title=kpi_year.name,
            of=f"Year to {Month.from_date(change.monthly_return.month)}",
            old=bare_figure(kpi_year, change.old_ytd),
            new=bare_figure(kpi_year, change.new_ytd),
            old_colour=colour_of(Rag(change.old_rag)),
            new_colour=colour_of(Rag(change.new_rag)),
            kind="Year to date moved",
            reason=f"{Month.from_date(change.cause.month)} changed.",
            on=timezone.localdate(change.at),
        )

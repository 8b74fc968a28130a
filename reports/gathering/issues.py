"""What a pack will push down to KPIs, actions and projects once it is issued, as it is when it is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from actions.models import ActionUpdate, ProjectReport
from hdcperf.periods import Month
from kpis.models import KpiYear, MonthlyReturn
from kpis.operations.entering import Entry
from kpis.presenters.standing import published_words
from reports.gathering.posts import Posts
from reports.gathering.reading import KpiRead, Sources
from reports.packs.issues import FigureIssue, FrozenIssues, ReportIssue, UpdateIssue
from reports.rules.suppression import to_hide

__all__ = ["issues_of"]


def issues_of(sources: Sources) -> FrozenIssues:
    """Every accepted figure of the year so far, and the quarter's updates and reports, as members will have them.

    Three queries more than were made for the pack. Nothing for a pack that stays within the council.
    """
    if not sources.audience.is_public:
        return FrozenIssues()
    updates, reports = _updates(sources), _reports(sources)
    return FrozenIssues(
        figures=tuple(row for read in sources.kpis for row in _figures(read, sources.posts)),
        updates=tuple(
            _columns(UpdateIssue, one, "update_id", sources.posts, one.action_year.service.name) for one in updates
        ),
        reports=tuple(
            _columns(ReportIssue, one, "report_id", sources.posts, one.project.service.name) for one in reports
        ),
    )


def _updates(sources: Sources) -> list[ActionUpdate]:
    ids = [line.update.update_id for line in sources.actions if line.update is not None and line.update.stands]
    return list(ActionUpdate.objects.filter(pk__in=ids).select_related("action_year__service").order_by("pk"))


def _reports(sources: Sources) -> list[ProjectReport]:
    ids = [line.report.record.pk for line in sources.projects if line.report is not None and line.report.record]
    rows = ProjectReport.objects.filter(pk__in=ids, state=ProjectReport.State.ACCEPTED)
    return list(rows.select_related("project__service").order_by("pk"))


def _columns(kind: Any, record: Any, key: str, posts: Posts, service: str) -> Any:
    """The columns of ``kind`` from the record they are named after, with a post in place of an officer's name."""
    names = [one.name for one in fields(kind) if one.name != key]
    made = kind(**{key: record.pk}, **{name: getattr(record, name) for name in names})
    return replace(made, recovery_owner=posts.in_place_of(made.recovery_owner, f"An officer of {service}"))


def _figures(read: KpiRead, posts: Posts) -> Iterator[FigureIssue]:
    history = read.past.history
    kpi_year = history.kpi_year
    records = [one for month, one in sorted(history.seen.facts.returns.items()) if _goes_out(month, one, read)]
    hidden = _hidden(records, kpi_year)
    for record in records:
        made = _figure(record, kpi_year, posts)
        yield _without_numbers(made, kpi_year, hide=record.measured in hidden)


def _goes_out(month: Month, record: MonthlyReturn, read: KpiRead) -> bool:
    return record.is_accepted and month <= read.board.measured


def _figure(record: MonthlyReturn, kpi_year: KpiYear, posts: Posts) -> FigureIssue:
    owner = posts.in_place_of(record.done_owner, f"An officer of {kpi_year.service.name}")
    words = published_words(replace(Entry.of(record), done_owner=owner))
    apart = ("monthly_return_id", "commentary", "done_owner")
    names = [one.name for one in fields(FigureIssue) if one.name not in apart]
    return FigureIssue(
        monthly_return_id=record.pk,
        commentary="\n\n".join(words),
        done_owner=owner,
        **{name: getattr(record, name) for name in names},
    )


def _hidden(records: list[MonthlyReturn], kpi_year: KpiYear) -> frozenset[Month]:
    below = kpi_year.suppress_below
    if below is None:
        return frozenset()
    labels = {str(one.measured): one.measured for one in records}
    found = to_hide([(str(one.measured), one.month_figure) for one in records], below)
    return frozenset(labels[label] for label in found)


def _without_numbers(made: FigureIssue, kpi_year: KpiYear, *, hide: bool) -> FigureIssue:
    """Numbers kept back are kept back on the KPI's page too."""
    below = kpi_year.suppress_below
    if below is None:
        return made

    def kept(value: Decimal | None, hide: bool = False) -> Decimal | None:
        return None if hide or (value is not None and 0 < value < below) else value

    return replace(
        made,
        month_figure=kept(made.month_figure, hide),
        ytd_figure=kept(made.ytd_figure),
        forecast=kept(made.forecast),
    )

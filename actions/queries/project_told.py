"""What projects' reports said, quarter by quarter, as one person may see them (``project_sight``).

The register, the page of a project, the page of an action and the golden thread all read through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from actions.models import Project, ProjectReport, ReportRevision
from actions.queries.project_sight import project_access, seen_reports
from actions.queries.sight import Access
from actions.queries.told import Source, opened_quarters
from actions.rules.colours import ActionRag
from actions.rules.projects import Life, project_stands_at
from actions.rules.standing import At, Ending
from hdcperf.organisation.access import Standing
from hdcperf.periods import Month, Quarter

__all__ = ["ProjectTold", "ReportTold", "told_of_projects"]

WORDS = ("progress", "risks", "next_steps", "board_words", "own_view_why", "recovery")
"""The long columns, read only where they are printed."""


@dataclass(frozen=True)
class ReportTold:
    """One quarter's report of one project; ``record`` is for its words, where they were read."""

    record: ProjectReport
    source: Source
    late: bool
    marks: tuple[str, ...]

    @property
    def quarter(self) -> Quarter:
        return self.record.span

    @property
    def status(self) -> ActionRag | None:
        return ActionRag(self.record.status) if self.record.status else None

    @property
    def stands(self) -> bool:
        """Accepted: it counts."""
        return self.source is Source.ACCEPTED

    @property
    def says_something(self) -> bool:
        return bool(self.record.status or self.record.progress)


@dataclass
class ProjectTold:
    """A project's reports by quarter as one person may see them."""

    project: Project
    opened: frozenset[Quarter]
    only_issued: bool
    works_on_it: bool
    owed: set[Quarter] = field(default_factory=set)
    by_quarter: dict[Quarter, ReportTold] = field(default_factory=dict)

    @property
    def life(self) -> Life:
        one = self.project
        ending = Ending(one.closed_on, one.closed_how) if one.closed_on is not None else None
        return Life(one.starts_on, ending)

    @property
    def known(self) -> dict[Quarter, ActionRag]:
        return {quarter: one.status for quarter, one in self.by_quarter.items() if one.stands and one.status}

    def at(self, quarter: Quarter) -> At:
        """How the project stands at the end of ``quarter``."""
        return project_stands_at(
            quarter,
            self.known,
            life=self.life,
            opened=self.opened,
            owed=self.owed,
            only_issued=self.only_issued,
        )

    def standing(self, until: Quarter) -> ReportTold | None:
        """The newest report that counts, up to ``until``."""
        found = [quarter for quarter, one in self.by_quarter.items() if one.stands and quarter <= until]
        return self.by_quarter[max(found)] if found else None


def told_of_projects(
    who: Standing, projects: Iterable[Project], *, words: bool = False, since: Quarter | None = None
) -> dict[int, ProjectTold]:
    """What ``who`` may see of each of ``projects`` (with ``service``), by id, in three queries however many.

    ``words`` brings what was written too; ``since`` leaves out earlier quarters.
    """
    held = {one.pk: one for one in projects}
    allowed = project_access(who, held.values())
    opened = opened_quarters(who.today)
    found = {
        pk: ProjectTold(one, opened, only_issued=pk in allowed.issued, works_on_it=pk in allowed.working)
        for pk, one in held.items()
    }
    first = since.first_day if since is not None else date.min
    made = ProjectReport.objects.filter(project__in=held, quarter__gte=first, excused="")
    for project, quarter in made.values_list("project", "quarter"):
        found[project].owed.add(Month.from_date(quarter).quarter)
    revised = ReportRevision.objects.filter(report=OuterRef("pk"), state=ReportRevision.State.ACCEPTED)
    rows = seen_reports(allowed).filter(quarter__gte=first).annotate(revised=Exists(revised))
    rows = rows.select_related("period").order_by("quarter")
    for report in rows if words else rows.defer(*WORDS):
        found[report.project_id].by_quarter[report.span] = _told(report, allowed, who.today)
    return found


def _told(report: ProjectReport, allowed: Access, today: date) -> ReportTold:
    noted = vars(report)
    if report.is_accepted:
        source = Source.ACCEPTED
    else:
        source = Source.WORKING if report.project_id in allowed.working else Source.DISPUTED
    marks = [name for name, holds in (("disputed", noted["with_board"]), ("revised", noted["revised"])) if holds]
    return ReportTold(report, source, report.is_late(today), tuple(marks))

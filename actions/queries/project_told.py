"""What projects' reports said, quarter by quarter, as one person may see them (``project_sight``).

The register, the page of a project, the page of an action and the golden thread all read through here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef

from actions.models import IssuedReport, Project, ProjectReport, ReportRevision
from actions.queries.project_sight import issued_reports, project_access, seen_reports
from actions.queries.sight import Access
from actions.queries.told import Source, opened_quarters
from actions.rules.colours import ActionRag
from actions.rules.projects import Life, project_stands_at
from actions.rules.standing import At, Ending
from hdcperf.organisation.access import Standing
from hdcperf.periods import Month, Quarter

__all__ = ["ProjectTold", "ReportTold", "told_of_projects"]

ISSUED_WORDS = ("progress", "risks", "next_steps", "board_words", "recovery")
WORDS = (*ISSUED_WORDS, "own_view_why")
"""The long columns, read only where they are printed."""


@dataclass(frozen=True)
class ReportTold:
    """One quarter's report of one project; ``said`` is for its words, where they were read."""

    said: ProjectReport | IssuedReport
    source: Source
    late: bool = False
    marks: tuple[str, ...] = ()

    @property
    def record(self) -> ProjectReport | None:
        """The report itself; None for whoever sees it as it was issued."""
        return self.said if isinstance(self.said, ProjectReport) else None

    @property
    def quarter(self) -> Quarter:
        return self.said.span

    @property
    def status(self) -> ActionRag | None:
        return ActionRag(self.said.status) if self.said.status else None

    @property
    def excused(self) -> str:
        """Why it is no longer owed."""
        return self.record.excused if self.record is not None else ""

    @property
    def issued_in(self) -> str:
        return self.said.pack if isinstance(self.said, IssuedReport) else ""

    @property
    def stands(self) -> bool:
        """Accepted, or issued: it counts."""
        return self.source in (Source.ACCEPTED, Source.ISSUED)

    @property
    def says_something(self) -> bool:
        return bool(self.said.status or self.said.progress)


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
    """What ``who`` may see of each of ``projects`` (with ``service``), by id, in four queries however many.

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
    for issue in _issued(allowed, first, words=words):
        # The newest issue comes last and wins.
        found[issue.report.project_id].by_quarter[issue.span] = ReportTold(issue, Source.ISSUED)
    return found


def _issued(allowed: Access, first: date, *, words: bool) -> Iterable[IssuedReport]:
    if not allowed.issued:
        return ()
    # Nothing an issue does not itself say is read of the report, which may have been revised since.
    rows = issued_reports(allowed).filter(report__quarter__gte=first).select_related("report")
    rows = rows.defer(*(f"report__{name}" for name in WORDS))
    return rows if words else rows.defer(*ISSUED_WORDS, *(f"report__{name}" for name in WORDS))


def _told(report: ProjectReport, allowed: Access, today: date) -> ReportTold:
    noted = vars(report)
    if report.is_accepted:
        source = Source.ACCEPTED
    else:
        source = Source.WORKING if report.project_id in allowed.working else Source.DISPUTED
    marks = [name for name, holds in (("disputed", noted["with_board"]), ("revised", noted["revised"])) if holds]
    return ReportTold(report, source, report.is_late(today), tuple(marks))

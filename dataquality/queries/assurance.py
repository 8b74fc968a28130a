"""Statements of assurance and audit findings as one person sees them, and what they have to do (Appendix A)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from dataquality.models import AssuranceRound, AssuranceStatement, AuditFinding
from dataquality.queries.template_list import signatories
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import MEMBER_ROLES, Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Reading, Task
from kpis.models import KpiYear

__all__ = [
    "StatementLine",
    "assurance_reading",
    "assurance_tasks",
    "find_assurance",
    "find_statement",
    "seen_findings",
    "sees_assurance",
    "sees_report",
    "statement_lines",
    "year_to_ask",
]

State = AssuranceStatement.State


def sees_assurance(who: Standing) -> bool:
    """Whoever sees templates and reviews by their post."""
    return who.may(Permission.SEE_QUALITY)


def find_assurance(year: FinancialYear) -> AssuranceRound | None:
    """The statements of a year, if they were asked for."""
    found: AssuranceRound | None = AssuranceRound.objects.filter(year=year.start_year).first()
    return found


def year_to_ask(who: Standing) -> FinancialYear | None:
    """The oldest year that has KPIs and was not asked for, as far as this year; None where there is none."""
    running = Month.from_date(who.today).financial_year.start_year
    asked = AssuranceRound.objects.values("year")
    years = KpiYear.objects.filter(is_live=True, year__lte=running).exclude(year__in=asked)
    first = years.order_by("year").values_list("year", flat=True).first()
    return None if first is None else FinancialYear(first)


def sees_report(who: Standing, record: AssuranceRound) -> bool:
    """Once it is reported, whoever sees data quality; before, the officers who see the whole council's."""
    if record.state == AssuranceRound.State.REPORTED:
        return sees_assurance(who)
    officers = Standing(who.user_id, who.today, tuple(post for post in who.posts if post.role not in MEMBER_ROLES))
    return officers.reach(Permission.SEE_QUALITY).council


@dataclass(frozen=True)
class StatementLine:
    """One service's statement: who must make it, and whether this person may read it yet."""

    statement: AssuranceStatement
    managers: tuple[str, ...]
    may_read: bool

    @property
    def is_signed(self) -> bool:
        return bool(self.statement.state == State.SIGNED)


def _of_reach(who: Standing, record: AssuranceRound) -> QuerySet[AssuranceStatement]:
    rows: QuerySet[AssuranceStatement] = record.statements.filter(
        who.reach(Permission.SEE_QUALITY).rows()
    ).select_related("service__directorate", "assurance_round")
    return rows


def _may_read(who: Standing, statement: AssuranceStatement) -> bool:
    """A draft is the service's and the Performance Team's; signed, it is for whoever sees the service's quality."""
    if statement.state == State.SIGNED or who.may(Permission.MANAGE_SETTING):
        return True
    return who.may(Permission.SIGN_TEMPLATES, statement.scope)


def statement_lines(who: Standing, record: AssuranceRound) -> list[StatementLine]:
    """The statements of the services this person sees, those still to be signed first; three queries."""
    rows = list(_of_reach(who, record).prefetch_related("figures"))
    managers = signatories({one.service_id for one in rows}, who.today)
    found = [StatementLine(one, tuple(managers[one.service_id]), _may_read(who, one)) for one in rows]
    return sorted(found, key=lambda line: (line.is_signed, line.statement.service.name))


def find_statement(who: Standing, year: FinancialYear, service: int) -> AssuranceStatement | None:
    """The statement of that service for the year, for somebody who may read it as it stands."""
    record = find_assurance(year)
    if record is None:
        return None
    found = _of_reach(who, record).filter(service=service).first()
    return found if found is not None and _may_read(who, found) else None


def seen_findings(who: Standing) -> QuerySet[AuditFinding]:
    """The findings about the services this person sees, and those about the council's own approach."""
    reach = who.reach(Permission.SEE_QUALITY)
    everywhere = Q(pk__in=[]) if not reach else Q(service__isnull=True)
    rows: QuerySet[AuditFinding] = AuditFinding.objects.filter(reach.rows() | everywhere).select_related("service")
    return rows


# What there is to do


def assurance_tasks(who: Standing) -> list[Task]:
    """Statements to make, and those the Performance Team waits for; as many queries whatever there is."""
    return [*_to_sign(who), *_to_report(who)]


def _to_sign(who: Standing) -> Iterator[Task]:
    reach = who.reach(Permission.SIGN_TEMPLATES)
    if not reach:
        return
    waiting = AssuranceStatement.objects.filter(
        reach.rows(), state=State.DRAFT, assurance_round__state=AssuranceRound.State.OPEN
    ).select_related("service", "assurance_round")
    for one in waiting:
        year, due = one.assurance_round.financial_year, one.assurance_round.due_on
        opens = year.next.first_day
        yield Task(
            title=f"Sign the statement of assurance of {one.service} for {year}",
            href=reverse("assurance-statement", args=[year, one.service_id]),
            due=due,
            hint=f"It can be begun now, and signed from {day(opens)}" if who.today < opens else "",
            late=who.today > due,
        )


def _to_report(who: Standing) -> Iterator[Task]:
    """For the Performance Team, once the year is over: who is outstanding, then the report."""
    if not who.may(Permission.MANAGE_SETTING):
        return
    for record in AssuranceRound.objects.filter(state=AssuranceRound.State.OPEN).prefetch_related("statements"):
        year = record.financial_year
        if who.today <= year.last_day:
            continue
        waiting = sum(one.state == State.DRAFT for one in record.statements.all())
        if waiting:
            yield Task(
                title=f"{count_of(waiting, 'statement')} of assurance for {year} outstanding",
                href=reverse("assurance-year", args=[year]),
                due=record.due_on,
                late=who.today > record.due_on,
            )
        else:
            yield Task(
                title=f"Report the assurance on data quality for {year} to the committee",
                href=reverse("assurance-report", args=[year]),
                hint="Every service has signed its statement",
            )


def assurance_reading(who: Standing) -> list[Reading]:
    """The newest report, for the committee that reads it."""
    if not (who.may(Permission.SEE_QUALITY) and who.roles & MEMBER_ROLES):
        return []
    record = AssuranceRound.objects.filter(state=AssuranceRound.State.REPORTED).first()
    if record is None:
        return []
    return [
        Reading(
            f"Assurance on data quality, {record.financial_year}",
            reverse("assurance-report", args=[record.financial_year]),
            f"The report for the Annual Governance Statement, of {day(record.reported_on)}",
        )
    ]

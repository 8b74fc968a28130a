"""Asking for a year's statements of assurance, making and signing them, and reporting them (framework Appendix A)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import IntegrityError, transaction

from dataquality.assurance_workflow import (
    MoveRefused,
    NotPermitted,
    may_ask,
    move_assurance,
    move_statement,
    refuse_stale,
)
from dataquality.models import AssuranceFigure, AssuranceRound, AssuranceStatement
from dataquality.queries.measures import shares_of_service
from dataquality.rules.measures import Measure
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Service, User
from hdcperf.periods import FinancialYear
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from kpis.models import KpiYear

__all__ = [
    "Stated",
    "ask",
    "change_due",
    "reopen_statement",
    "report",
    "save_statement",
    "sign_statement",
    "take_report_back",
]

LENGTH_OF_NAMES = 200


def ask(year: FinancialYear, due_on: date, *, by: User) -> AssuranceRound:
    """Ask every service with KPIs in ``year`` for its statement; a year that was asked is given back as it is.

    Raises NotPermitted, MoveRefused when the year has no KPIs, or ProposalRefused on the date.
    """
    if sentence := may_ask(None, by):
        raise NotPermitted(sentence, state="", move="ask")
    there = AssuranceRound.objects.filter(year=year.start_year).first()
    if there is not None:
        return there
    if not KpiYear.objects.filter(year=year.start_year, is_live=True).exists():
        raise MoveRefused(f"{year} has no KPIs, so there is nothing to be sure of.", state="", move="ask")
    _check(year, due_on)
    made = AssuranceRound(year=year.start_year, due_on=due_on)
    try:
        with transaction.atomic():
            save_as(made, by=by, reason=f"Statements of {year} asked for")
            _list_missing(made, by)
    except IntegrityError:  # a colleague asked at the same moment: theirs is as good
        return AssuranceRound.objects.get(year=year.start_year)
    return made


def change_due(record: AssuranceRound, due_on: date, *, by: User, version: int) -> AssuranceRound:
    """Set another date, and ask services that have KPIs in the year since. Raises as ``ask``, and StaleRecord."""
    if sentence := may_ask(record, by):
        raise NotPermitted(sentence, state=record.state, move="due")
    _check(record.financial_year, due_on)
    with transaction.atomic():
        fresh: AssuranceRound = AssuranceRound.objects.select_for_update().get(pk=record.pk)
        refuse_stale(fresh, version)
        if fresh.state != AssuranceRound.State.OPEN:
            raise MoveRefused("The year is reported already.", state=fresh.state, move="due")
        fresh.due_on = due_on
        fresh.version += 1
        save_as(fresh, by=by, reason=f"Statements due on {day(due_on)}")
        _list_missing(fresh, by)
    return fresh


def _check(year: FinancialYear, due_on: date) -> None:
    ends = year.last_day
    wrong = Problem("due_on", f"A statement is about the whole year: enter a date after {day(ends)}")
    refuse([wrong] if due_on <= ends else [])


def _list_missing(record: AssuranceRound, by: User) -> None:
    measured = KpiYear.objects.filter(year=record.year, is_live=True).values("service")
    for service in Service.objects.filter(pk__in=measured).exclude(pk__in=record.statements.values("service")):
        statement = AssuranceStatement(assurance_round=record, service=service)
        save_as(statement, by=by, reason=f"Asked for, due on {day(record.due_on)}")


# One statement


@dataclass(frozen=True)
class Stated:
    """What a statement says: how sure, on what it rests, the gaps, and what explains each figure."""

    level: str = ""
    words: str = ""
    gaps: str = ""
    explanations: Mapping[Measure, str] = field(default_factory=dict)


def save_statement(record: AssuranceStatement, stated: Stated, *, by: User, version: int) -> AssuranceStatement:
    """Keep what is typed, with the service's figures as they are now.

    Raises StaleRecord, and the errors of ``move_statement``.
    """

    def change(fresh: AssuranceStatement) -> None:
        refuse_stale(fresh, version)
        fresh.level, fresh.words, fresh.gaps = stated.level, stated.words, stated.gaps
        fresh.version += 1

    with transaction.atomic():
        saved = move_statement(record, "save", by=by, change=change)
        _keep_figures(saved, stated.explanations, by)
    return saved


def _keep_figures(record: AssuranceStatement, explanations: Mapping[Measure, str], by: User) -> None:
    """The figures as they stand, each with its explanation; a figure that is as it should be needs none."""
    held = {one.measure: one for one in record.figures.all()}
    for measure, share in shares_of_service(record.service_id, record.assurance_round.year, clock.today()).items():
        row = held.get(measure.value) or AssuranceFigure(statement=record, measure=measure.value)
        said = "" if share.is_within(measure) else explanations.get(measure, row.explanation)
        if row.pk is None or (row.share, row.explanation) != (share, said):
            row.counted, row.of, row.explanation = share.counted, share.of, said
            save_as(row, by=by, reason="As it stood when the statement was saved")


def sign_statement(record: AssuranceStatement, stated: Stated, *, by: User, version: int) -> AssuranceStatement:
    """Save and sign: the figures are kept as they stand. All or nothing; raises as ``save_statement``."""

    def sign(fresh: AssuranceStatement) -> None:
        fresh.signed_by, fresh.signed_by_name = by, by.name
        fresh.signed_by_post = "; ".join(standing(by).titles)[:LENGTH_OF_NAMES]
        fresh.signed_on = clock.today()

    with transaction.atomic():
        saved = save_statement(record, stated, by=by, version=version)
        return move_statement(saved, "sign", by=by, change=sign)


def reopen_statement(record: AssuranceStatement, *, by: User, comment: str) -> AssuranceStatement:
    """Make a signed statement a draft again, saying what changed. Raises the errors of ``move_statement``."""

    def reopen(fresh: AssuranceStatement) -> None:
        fresh.signed_by, fresh.signed_by_name, fresh.signed_by_post, fresh.signed_on = None, "", "", None
        fresh.version += 1

    return move_statement(record, "reopen", by=by, comment=comment, change=reopen)


# The report


def report(record: AssuranceRound, words: str, contents: str, *, by: User, version: int) -> AssuranceRound:
    """Give the year's report to the committee: ``contents`` is kept as it is, whatever changes later.

    Services without a signed statement are named in it. Raises StaleRecord and the errors of ``move_assurance``.
    """

    def change(fresh: AssuranceRound) -> None:
        refuse_stale(fresh, version)
        fresh.words, fresh.report, fresh.reported_on = words, contents, clock.today()
        fresh.version += 1

    return move_assurance(record, "report", by=by, change=change)


def take_report_back(record: AssuranceRound, *, by: User, comment: str) -> AssuranceRound:
    """Take the report back, so that statements can be corrected and it is drawn again; history keeps what it said."""

    def change(fresh: AssuranceRound) -> None:
        fresh.report, fresh.reported_on = "", None
        fresh.version += 1

    return move_assurance(record, "take_back", by=by, comment=comment, change=change)

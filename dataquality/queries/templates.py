"""Reads of data quality templates: what is answered, what is missing, whose they are, and a year of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from dataquality.models import Template
from dataquality.rules.templates import QUESTIONS, Answer, Kind, Question, SourceLine, unanswered
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from kpis.models import KpiPerson, KpiYear

__all__ = [
    "answer_to",
    "answers_of",
    "changed_since",
    "current",
    "find_kpi_year",
    "in_hand",
    "missing",
    "newest",
    "reads_templates",
    "seen_kpi_years",
    "to_begin_from",
    "with_rows",
]

State = Template.State
IN_HAND = (State.DRAFT, State.SUBMITTED)


def with_rows(templates: QuerySet[Template]) -> QuerySet[Template]:
    """The templates with all that their answers are read from."""
    return templates.select_related("kpi_year__service", "kpi_year__kpi", "signed_by").prefetch_related(
        "people__user", "sources", "transitions", "access_problems__user"
    )


def answer_to(template: Template, question: Question) -> Answer:
    """What is answered to one question now."""
    match question.kind:
        case Kind.PEOPLE:
            named = (row.user_id for row in template.people.all() if row.duty == question.duty)
            return {"people": tuple(named)}
        case Kind.SOURCES:
            lines = (SourceLine(row.kind, row.name, row.link) for row in template.sources.all())
            return {"sources": tuple(lines)}
        case _:
            return {column: getattr(template, column) for column in question.columns}


def answers_of(template: Template) -> dict[str, Answer]:
    """Every answer, by the question's key."""
    return {question.key: answer_to(template, question) for question in QUESTIONS}


def missing(template: Template) -> list[Question]:
    """The questions still to be answered, in their order."""
    return unanswered(answers_of(template))


def changed_since(template: Template, question: Question, version: int) -> Any:
    """The history row of the last time the question was answered after ``version``; None if it was not."""
    rows = template.history.filter(history_change_reason=question.reason, version__gt=version)
    return rows.order_by("-version").first()


# Whose templates


def _named_on(who: Standing) -> QuerySet[Any]:
    return KpiPerson.objects.filter(user__in=who.people).values("kpi_year")


def seen_kpi_years(who: Standing) -> QuerySet[KpiYear]:
    """The KPI years whose templates the person may read: by their post, or because they are named."""
    of_templates = Template.objects.filter(people__user__in=who.people).values("kpi_year")
    seen = who.reach(Permission.SEE_QUALITY).rows() | Q(pk__in=_named_on(who)) | Q(pk__in=of_templates)
    found: QuerySet[KpiYear] = KpiYear.objects.filter(seen).select_related("kpi", "service", "portfolio")
    return found


def reads_templates(who: Standing) -> bool:
    """Whether the list of templates is for this person at all."""
    if who.may(Permission.SEE_QUALITY):
        return True
    named = Template.objects.filter(people__user__in=who.people)
    return _named_on(who).exists() or named.exists()


def find_kpi_year(who: Standing, start_year: int, code: str) -> KpiYear | None:
    """The KPI of that year and code, for somebody who may read its template."""
    rows = seen_kpi_years(who).filter(year=start_year, code_key=code_key(code))
    return rows.first()


# Which version


def newest(kpi_year: KpiYear) -> Template | None:
    """The latest version of the year that was not discarded, with all it holds."""
    rows = Template.objects.filter(kpi_year=kpi_year).exclude(state=State.DISCARDED)
    return with_rows(rows).order_by("-number").first()


def in_hand(kpi_year: KpiYear) -> Template | None:
    """The version being completed or with the service manager."""
    return Template.objects.filter(kpi_year=kpi_year, state__in=IN_HAND).first()


def current(kpi_year: KpiYear) -> Template | None:
    """The version signed off last."""
    return with_rows(Template.objects.filter(kpi_year=kpi_year, state=State.SIGNED)).first()


def to_begin_from(kpi_year: KpiYear) -> Template | None:
    """What a new version starts from: this year's signed one, else the last signed of an earlier year."""
    signed = Template.objects.filter(
        kpi_year__kpi=kpi_year.kpi_id, kpi_year__year__lte=kpi_year.year, state=State.SIGNED
    )
    return with_rows(signed).order_by("-kpi_year__year", "-number").first()


def by_key(templates: Iterable[Template]) -> Mapping[int, Template]:
    """The newest version of each KPI year, by the year's id."""
    found: dict[int, Template] = {}
    for one in sorted(templates, key=lambda row: row.number):
        found[one.kpi_year_id] = one
    return found

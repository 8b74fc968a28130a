"""What a person has to do about templates: answer, confirm access, sign, put right (framework B.1)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from dataquality.models import AccessProblem, Template, TemplatePerson
from dataquality.queries.template_list import stage_of
from dataquality.queries.templates import missing, with_rows
from dataquality.rules.templates import Stage
from hdcperf.organisation.access import Standing
from hdcperf.periods import FinancialYear, Month
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Task
from kpis.models import KpiPerson, KpiYear

__all__ = ["template_tasks"]

State = Template.State
LISTED = 3
"""More templates to begin than this are one task with a count."""


def template_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do about templates, own and covered; as many queries whatever there is."""
    return [*_to_begin(who), *_to_complete(who), *_to_confirm(who), *_to_answer(who), *_to_sign(who), *_left_out(who)]


def _address(template: Template) -> list[object]:
    return [template.kpi_year.financial_year, template.kpi_year.code]


def _title(template: Template) -> str:
    return f"the data quality template of {template.kpi_year.code} {template.kpi_year.name}"


def _to_begin(who: Standing) -> Iterator[Task]:
    """KPIs of this year, or proposed for the next, that have no template at all: their people begin it."""
    mine = KpiPerson.objects.filter(user__in=who.people).exclude(duty=KpiPerson.Duty.STANDS_IN).values("kpi_year")
    begun = Template.objects.exclude(state=State.DISCARDED).values("kpi_year")
    waiting = _unsigned(who).filter(pk__in=mine).exclude(pk__in=begun).order_by("year", "code_key")
    for year, rows in groupby(waiting, key=lambda row: row.year):
        yield from _begin(FinancialYear(year), list(rows))


def _begin(year: FinancialYear, waiting: list[KpiYear]) -> Iterator[Task]:
    """A task for each; more than a few are one task with a count."""
    hint = f"Without one that is signed off, a KPI’s months of {year} are not opened"
    if len(waiting) > LISTED:
        yield Task(
            title=f"Begin {count_of(len(waiting), 'data quality template')} of {year}",
            href=f"{reverse('templates')}?year={year.slug}&stage={Stage.NONE.value}",
            hint=hint,
        )
        return
    for one in waiting:
        yield Task(
            title=f"Begin the data quality template of {one.code} {one.name} for {year}",
            href=reverse("template", args=[one.financial_year, one.code]),
            hint=hint,
        )


def _unsigned(who: Standing) -> QuerySet[KpiYear]:
    """The KPIs of this year and later whose template is not signed off."""
    running = Month.from_date(who.today).financial_year.start_year
    return KpiYear.objects.filter(year__gte=running, template_signed_on__isnull=True)


def _left_out(who: Standing) -> Iterator[Task]:
    """For the Performance Team: how many KPIs of the year would be left out of a month that is opened today."""
    if not who.may(Permission.MANAGE_PERIODS):
        return
    year = Month.from_date(who.today).financial_year
    waived = Q(template_waived_until__gte=who.today)
    many = _unsigned(who).filter(year=year.start_year, is_live=True).exclude(waived).count()
    if many:
        yield Task(
            title=f"{count_of(many, 'KPI')} cannot be opened for collection",
            href=f"{reverse('templates')}?year={year.slug}&collected=not_collected",
            hint="The data quality template is not signed off",
        )


def _to_complete(who: Standing) -> Iterator[Task]:
    """Those being completed, for the KPI's people and those the template names; sent back comes first."""
    mine = KpiPerson.objects.filter(user__in=who.people).exclude(duty=KpiPerson.Duty.STANDS_IN).values("kpi_year")
    named = TemplatePerson.objects.filter(user__in=who.people).exclude(duty=KpiPerson.Duty.STANDS_IN)
    held = Template.objects.filter(state=State.DRAFT).filter(
        Q(kpi_year__in=mine) | Q(pk__in=named.values("template"))
    )
    for template in with_rows(held).order_by("kpi_year__year", "kpi_year__code_key"):
        left, sent_back = len(missing(template)), stage_of(template) is Stage.SENT_BACK
        last = list(template.transitions.all())[-1:]
        verb = "Put right" if sent_back else "Complete" if left else "Send for sign-off"
        yield Task(
            title=f"{verb} {_title(template)}",
            href=reverse("template", args=_address(template)),
            hint=f"{last[0].who} sent it back on {day(last[0].at)}: {last[0].comment}"
            if sent_back
            else f"{count_of(left, 'question')} to answer"
            if left
            else "Every question is answered",
            urgent=sent_back,
        )


def _to_confirm(who: Standing) -> Iterator[Task]:
    """One's own access, which nobody confirms for somebody else."""
    waiting = Template.objects.filter(
        state__in=(State.DRAFT, State.SUBMITTED),
        people__in=TemplatePerson.objects.filter(user=who.user_id, access_confirmed_on__isnull=True),
    ).select_related("kpi_year")
    said = AccessProblem.objects.filter(user=who.user_id)
    for template in (
        waiting.prefetch_related(Prefetch("access_problems", said))
        .distinct()
        .order_by("kpi_year__year", "kpi_year__code_key")
    ):
        problems = list(template.access_problems.all())
        if problems and problems[-1].answered_on is None:
            continue  # they have said that they cannot: their manager answers first
        yield Task(
            title=f"Confirm that you can get into the systems of {template.kpi_year.code} {template.kpi_year.name}",
            href=reverse("template-access", args=_address(template)),
            hint=f"{problems[-1].answered_by_name} answered: {problems[-1].answer}"
            if problems
            else f"You are named in its data quality template of {template.kpi_year.financial_year}",
        )


def _to_answer(who: Standing) -> Iterator[Task]:
    """Somebody cannot get into a system of a template one signs off."""
    reach = who.reach(Permission.SIGN_TEMPLATES)
    if not reach:
        return
    waiting = AccessProblem.objects.filter(
        reach.rows("template__kpi_year__"),
        answered_on__isnull=True,
        template__state__in=(State.DRAFT, State.SUBMITTED),
    ).select_related("template__kpi_year", "user")
    for one in waiting.order_by("said_on", "pk"):
        yield Task(
            title=f"Answer {one.user.name}, who cannot get into {one.system}",
            href=reverse("template-access", args=_address(one.template)),
            hint=f"For {_title(one.template)}: {one.words}",
            urgent=True,
        )


def _to_sign(who: Standing) -> Iterator[Task]:
    """Those with the service manager, for whoever may sign them and did not send them."""
    reach = who.reach(Permission.SIGN_TEMPLATES)
    if not reach:
        return
    waiting = (
        Template.objects.filter(reach.rows("kpi_year__"), state=State.SUBMITTED)
        .select_related("kpi_year")
        .prefetch_related("transitions", Prefetch("people", TemplatePerson.objects.select_related("user")))
    )
    for template in waiting.order_by("kpi_year__year", "kpi_year__code_key"):
        sent = [one for one in template.transitions.all() if one.move == "submit"][-1:]
        if sent and sent[0].by_id in who.people:
            continue
        not_in = sorted({row.user.name for row in template.people.all() if row.access_confirmed_on is None})
        yield Task(
            title=f"Sign off {_title(template)}",
            href=reverse("template-sign", args=_address(template)),
            hint=f"Waits for access to be confirmed by {', '.join(not_in)}"
            if not_in
            else f"Sent by {sent[0].who} on {day(sent[0].at)}"
            if sent
            else "",
            urgent=not not_in,
        )

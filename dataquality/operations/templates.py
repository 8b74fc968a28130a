"""Beginning a data quality template, answering it, confirming access, and signing it off (framework B.1, B.2).

What the monthly cycle needs of it is pushed down through ``kpis.operations.templates`` in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from dataquality.models import DECLARATION, Template, TemplatePerson, TemplateSource
from dataquality.operations.template_waivers import end_waivers
from dataquality.queries.templates import answer_to, answers_of, changed_since, current, in_hand, to_begin_from
from dataquality.rules.templates import QUESTIONS, Answer, Kind, Question, question_called, reopens
from dataquality.workflow import (
    MoveRefused,
    NotPermitted,
    StaleRecord,
    may_begin,
    move_template,
    refuse_stale,
)
from hdcperf import clock
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.review.moves import name_author
from kpis.models import KpiYear
from kpis.operations.templates import template_agreed, template_signed

__all__ = [
    "answer",
    "begin",
    "discard",
    "send_back",
    "sign",
    "submit",
    "take_back",
]

_COLUMNS = tuple(
    column
    for question in QUESTIONS
    if question.kind not in (Kind.PEOPLE, Kind.SOURCES)
    for column in question.columns
)


def begin(kpi_year: KpiYear, *, by: User, why: str = "") -> Template:
    """Begin a version: from this year's signed one (``why`` is then needed), else last year's, else from nothing.

    A version in hand is given back as it is, so a double click begins one. Raises NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        held = KpiYear.objects.select_for_update(of=("self",)).select_related("service", "kpi").get(pk=kpi_year.pk)
        if sentence := may_begin(held, by):
            raise NotPermitted(sentence, state="", move="begin")
        if (there := in_hand(held)) is not None:
            return there
        before = to_begin_from(held)
        again = before is not None and before.kpi_year_id == held.pk
        if again and not why.strip():
            raise MoveRefused("Say what is to change, and why.", state="", move="begin")
        made = Template(
            kpi_year=held,
            number=Template.objects.filter(kpi_year=held).count() + 1,
            began_from=before,
            reopened_why=why.strip() if again else "",
            **({column: getattr(before, column) for column in _COLUMNS} if before is not None else {}),
        )
        if before is None:
            made.frequency = held.frequency
        save_as(made, by=by, reason=f"Begun: {why.strip()}" if again else "Begun")
        _begin_rows(made, before, by)
    return made


def _begin_rows(made: Template, before: Template | None, by: User) -> None:
    """People and sources as they were. A new year asks everybody anew whether they can get in."""
    if before is None:
        for named in made.kpi_year.people.all():
            save_as(TemplatePerson(template=made, user_id=named.user_id, duty=named.duty), by=by, reason="Begun")
        return
    same_year = before.kpi_year_id == made.kpi_year_id
    for row in before.people.all():
        confirmed = row.access_confirmed_on if same_year else None
        person = TemplatePerson(template=made, user_id=row.user_id, duty=row.duty, access_confirmed_on=confirmed)
        save_as(person, by=by, reason="Begun")
    for line in before.sources.all():
        source = TemplateSource(template=made, kind=line.kind, name=line.name, link=line.link)
        save_as(source, by=by, reason="Begun")


def answer(template: Template, answers: Mapping[str, Answer], *, by: User, version: int | None = None) -> Template:
    """Save what is answered to questions, by their keys; what is answered already is left alone.

    ``version`` is that of the template as it was seen: somebody else's other answer to the same question since then
    raises StaleRecord, while answers to other questions are no obstacle. Raises the errors of ``move_template``.
    """
    asked = [(question, given) for key, given in answers.items() if (question := question_called(key)) is not None]
    with transaction.atomic():
        seen = Template.objects.select_for_update().get(pk=template.pk)
        changed = [(question, given) for question, given in asked if answer_to(seen, question) != given]
        if not changed:
            return seen
        if version is not None:
            _refuse_stale_answers(seen, [question for question, _ in changed], version)
        fresh = move_template(
            seen,
            "save",
            by=by,
            comment="; ".join(question.reason for question, _ in changed),
            change=lambda record: _set_columns(record, changed),
        )
        _write_rows(fresh, changed, by)
        name_author(fresh, [by])
        _push_standing(fresh, by)
    return fresh


def _refuse_stale_answers(seen: Template, questions: list[Question], version: int) -> None:
    if any(changed_since(seen, question, version) is not None for question in questions):
        raise StaleRecord(seen)


def _set_columns(record: Template, changed: list[tuple[Question, Answer]]) -> None:
    for question, given in changed:
        if question.kind not in (Kind.PEOPLE, Kind.SOURCES):
            for column, value in given.items():
                setattr(record, column, value)
    record.version += 1


def _write_rows(template: Template, changed: list[tuple[Question, Answer]], by: User) -> None:
    for question, given in changed:
        if question.kind is Kind.PEOPLE:
            _name_people(template, question, given, by)
        elif question.kind is Kind.SOURCES:
            _list_sources(template, question, given, by)


def _name_people(template: Template, question: Question, given: Answer, by: User) -> None:
    confirmed = dict(
        TemplatePerson.objects.filter(template=template, access_confirmed_on__isnull=False).values_list(
            "user", "access_confirmed_on"
        )
    )
    held = {row.user_id: row for row in template.people.filter(duty=question.duty)}
    for pk, row in held.items():
        if pk not in given["people"]:
            delete_as(row, by=by, reason=question.reason)
    for pk in given["people"]:
        if pk not in held:
            row = TemplatePerson(
                template=template, user_id=pk, duty=question.duty, access_confirmed_on=confirmed.get(pk)
            )
            save_as(row, by=by, reason=question.reason)


def _list_sources(template: Template, question: Question, given: Answer, by: User) -> None:
    """The list as it was typed. Who could get into the old ones is asked about the new ones."""
    for row in template.sources.all():
        delete_as(row, by=by, reason=question.reason)
    for line in given["sources"]:
        source = TemplateSource(template=template, kind=line.kind, name=line.name, link=line.link)
        save_as(source, by=by, reason=question.reason)
    for person in template.people.filter(access_confirmed_on__isnull=False):
        person.access_confirmed_on = None
        save_as(person, by=by, reason="The systems changed")


def _push_standing(template: Template, by: User) -> None:
    """A change of collector or method in the year unsigns the KPI's template; changing it back undoes that."""
    signed = current(template.kpi_year)
    if signed is None:
        return
    fresh = Template.objects.prefetch_related("people", "sources").get(pk=template.pk)
    now, before = answers_of(fresh), answers_of(signed)
    is_reopened = reopens(question for question in QUESTIONS if now[question.key] != before[question.key])
    wanted = None if is_reopened else signed.signed_on
    kpi_year = KpiYear.objects.get(pk=template.kpi_year_id)
    if kpi_year.template_signed_on != wanted:
        template_signed(kpi_year, signed_on=wanted, by=by)


def discard(template: Template, *, by: User, comment: str) -> Template:
    """Discard a version begun by mistake, saying why; what was signed before it stands again. Never a signed one.

    Raises the errors of ``move_template``.
    """
    with transaction.atomic():
        gone = move_template(template, "discard", by=by, comment=comment)
        kpi_year = KpiYear.objects.get(pk=gone.kpi_year_id)
        signed = current(kpi_year)
        wanted = signed.signed_on if signed is not None else None
        if kpi_year.template_signed_on != wanted:
            template_signed(kpi_year, signed_on=wanted, by=by)
    return gone


def submit(template: Template, *, by: User) -> Template:
    """Send it to the Service Manager. Raises MoveRefused while a question is unanswered."""
    return move_template(template, "submit", by=by)


def take_back(template: Template, *, by: User) -> Template:
    """Take it back from the Service Manager to change it."""
    return move_template(template, "take_back", by=by)


def send_back(template: Template, *, by: User, comment: str) -> Template:
    """Send it back to be completed, saying what is missing or must change."""
    return move_template(template, "send_back", by=by, comment=comment)


def sign(template: Template, *, by: User, version: int) -> Template:
    """Sign it off with the declaration of B.2: its people and frequency become the KPI year's, in one transaction.

    ``version`` is what was read before signing. The version signed before it is superseded. Raises StaleRecord and
    the errors of ``move_template``.
    """

    def agree(record: Template) -> None:
        refuse_stale(record, version)
        before = Template.objects.filter(kpi_year=record.kpi_year_id, state=Template.State.SIGNED).first()
        if before is not None:
            move_template(before, "supersede", by=by)
        record.declaration = DECLARATION
        record.signed_by, record.signed_by_name = by, by.name
        record.signed_by_post = "; ".join(standing(by).titles)[:200]
        record.signed_on = clock.today()
        template_agreed(
            KpiYear.objects.get(pk=record.kpi_year_id),
            people=record.people.values_list("user", "duty"),
            frequency=record.frequency,
            signed_on=record.signed_on,
            by=by,
        )
        end_waivers(record.kpi_year, by=by)

    return move_template(template, "sign", by=by, change=agree)

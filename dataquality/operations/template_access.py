"""Whether the people a template names can get into its systems: they confirm it, or say that they cannot (B.2)."""

from __future__ import annotations

from django.db import transaction

from dataquality.models import AccessProblem, Template, TemplatePerson
from dataquality.workflow import MoveRefused, NotPermitted, may_answer_problems
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User

__all__ = ["answer_problem", "confirm_access", "report_problem"]

IN_HAND = (Template.State.DRAFT, Template.State.SUBMITTED)


def confirm_access(template: Template, *, by: User) -> Template:
    """Say that one can get into every system the template names. Nobody confirms it for somebody else.

    What they said they could not get into is settled with it. Raises MoveRefused once it is signed off, and
    NotPermitted for whoever it does not name.
    """
    with transaction.atomic():
        fresh, rows = _held(template, by, "confirm")
        for row in rows:
            if row.access_confirmed_on is None:
                row.access_confirmed_on = clock.today()
                save_as(row, by=by, reason="Confirmed their access")
        for problem in fresh.access_problems.filter(user=by, answered_on__isnull=True):
            _settle(problem, "They can get in now.", by)
    return fresh


def report_problem(template: Template, system: str, words: str, *, by: User) -> AccessProblem:
    """Say that one cannot get into ``system``, and what happened; it is not signed off until that is answered.

    The same again (a double click) is the one there is. Raises MoveRefused where another is still to be answered or
    the version is signed off, and NotPermitted for whoever it does not name.
    """
    with transaction.atomic():
        fresh, rows = _held(template, by, "report")
        there: AccessProblem | None = fresh.access_problems.filter(user=by, answered_on__isnull=True).first()
        if there is not None and (there.system, there.words) == (system, words):
            return there
        if there is not None:
            sentence = f"You have said that you cannot get into {there.system}: that is to be answered first."
            raise MoveRefused(sentence, state=fresh.state, move="report")
        for row in rows:
            if row.access_confirmed_on is not None:
                row.access_confirmed_on = None
                save_as(row, by=by, reason=f"Cannot get into {system}")
        made = AccessProblem(template=fresh, user=by, system=system, words=words, said_on=clock.today())
        save_as(made, by=by, reason=f"Cannot get into {system}")
    return made


def answer_problem(problem: AccessProblem, answer: str, *, by: User) -> AccessProblem:
    """The service's manager says what is done about it; the person is then asked again. Raises NotPermitted, or
    MoveRefused for what is answered already."""
    with transaction.atomic():
        fresh: AccessProblem = (
            AccessProblem.objects.select_for_update(of=("self",))
            .select_related("template__kpi_year__service", "user")
            .get(pk=problem.pk)
        )
        if sentence := may_answer_problems(fresh.template, by):
            raise NotPermitted(sentence, state="", move="answer")
        if fresh.answered_on is not None:
            if (fresh.answer, fresh.answered_by_name) == (answer, by.name):
                return fresh
            sentence = f"{fresh.answered_by_name} has answered already: {fresh.answer}"
            raise MoveRefused(sentence, state="", move="answer")
        _settle(fresh, answer, by)
    return fresh


def _held(template: Template, by: User, move: str) -> tuple[Template, list[TemplatePerson]]:
    """The version in hand, locked, and the rows that name ``by``."""
    fresh: Template = Template.objects.select_for_update().get(pk=template.pk)
    rows = list(fresh.people.filter(user=by))
    if not rows:
        raise NotPermitted("Only the people this template names confirm their access.", state="", move=move)
    if fresh.state not in IN_HAND:
        raise MoveRefused("This version is signed off already.", state=fresh.state, move=move)
    return fresh, rows


def _settle(problem: AccessProblem, answer: str, by: User) -> None:
    problem.answer, problem.answered_by_name, problem.answered_on = answer, by.name, clock.today()
    save_as(problem, by=by, reason=answer)

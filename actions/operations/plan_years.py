"""A year's set as a whole: beginning it, and giving its actions other codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, models, transaction
from django.db.models import Value
from django.db.models.functions import Concat

from actions.models import ActionYear, CorporatePlan, PlanYear
from actions.operations.the_set import held, move_on, refuse
from actions.plan_workflow import may_manage
from actions.rules.proposals import code_problem
from hdcperf.codes import code_key
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.review.problems import Problem
from hdcperf.workflow import MoveRefused, NotPermitted, StaleRecord

__all__ = ["renumber", "start_refresh"]


def start_refresh(year: FinancialYear, *, by: User) -> PlanYear:
    """Begin to draw up the set of ``year``; one that is begun already is given back as it is.

    Raises NotPermitted, or MoveRefused when no Corporate Plan covers the year or an earlier set is not adopted yet.
    """
    if sentence := may_manage(None, by):
        raise NotPermitted(sentence, state="", move="start")
    there = PlanYear.objects.filter(year=year.start_year).first()
    if there is not None:
        return there
    plan = CorporatePlan.objects.filter(first_year__lte=year.start_year, last_year__gte=year.start_year).first()
    if plan is None:
        sentence = f"No Corporate Plan covers {year}: an administrator adds it in the admin first."
        raise MoveRefused(sentence, state="", move="start")
    waiting = PlanYear.objects.exclude(state=PlanYear.State.ADOPTED).order_by("year").first()
    if waiting is not None:
        sentence = f"The set of {waiting.financial_year} is not adopted yet: one set is drawn up at a time."
        raise MoveRefused(sentence, state=waiting.state, move="start")
    made = PlanYear(plan=plan, year=year.start_year)
    try:
        with transaction.atomic():
            save_as(made, by=by, reason=f"The set of {year} is begun")
    except IntegrityError:  # somebody began it at the same moment: theirs is as good
        return PlanYear.objects.get(year=year.start_year)
    return made


def renumber(plan_year: PlanYear, codes: Mapping[int, str], *, by: User, version: int) -> int:
    """Give actions of the set (by the id of their row) other codes, in one go: two may swap theirs.

    Returns how many changed. Raises ProposalRefused (the field is the row's id), StaleRecord, NotPermitted or
    MoveRefused.
    """
    with transaction.atomic():
        fresh = held(plan_year)
        if sentence := may_manage(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="renumber")
        if fresh.is_adopted:
            raise MoveRefused("This is the plan now: its codes stay.", state=fresh.state, move="renumber")
        if fresh.version != version:
            raise StaleRecord(fresh)
        rows = list(ActionYear.objects.in_the_set().filter(plan_year=fresh).order_by("code_key", "pk"))
        wanted = {row.pk: codes.get(row.pk, row.code).strip() for row in rows}
        refuse(_clashes(wanted))
        changed = [row for row in rows if wanted[row.pk] != row.code]
        # Out of each other's way first, for the database checks each row as it is saved. It is only a look-up key.
        models.QuerySet(ActionYear).filter(pk__in=[row.pk for row in changed]).update(
            code_key=Concat(Value("~"), models.F("pk"), output_field=models.CharField())
        )
        for row in changed:
            reason = f"Renumbered from {row.code} to {wanted[row.pk]}"
            row.code = wanted[row.pk]
            row.version += 1
            save_as(row, by=by, reason=reason)
        if changed:
            move_on(fresh)
    return len(changed)


def _clashes(wanted: Mapping[int, str]) -> list[Problem]:
    found = [Problem(str(pk), sentence) for pk, code in wanted.items() if (sentence := code_problem(code))]
    by_key: dict[str, list[int]] = {}
    for pk, code in wanted.items():
        by_key.setdefault(code_key(code), []).append(pk)
    for pks in by_key.values():
        found += [Problem(str(pk), f"{wanted[pk]} is given to two actions.") for pk in pks[1:]]
    return found

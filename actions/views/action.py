"""An action found by its code, and its own page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from actions.models import ActionUpdate, ActionYear, PlanYear
from actions.operations.mid_year import may_correct, may_hand_over
from actions.plan_workflow import may_propose
from actions.presenters.action import (
    is_to_be_entered,
    parts,
    promises,
    quarters,
    stand,
    steps,
    updates,
    working_update,
)
from actions.presenters.action_facts import changes, facts, is_officer, questions, revisions
from actions.presenters.links import review_address, update_address
from actions.presenters.projects import serving_rows
from actions.queries.action_page import ActionHistory, find_row, history_of, newest_row
from actions.rules.colours import ActionRag
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.review.decisions import decision_rows
from hdcperf.roles import Permission
from hdcperf.ui import Link, Step

__all__ = ["action", "action_find", "not_found"]


@require_safe
def action_find(request: HttpRequest, code: str) -> HttpResponse:
    """``/actions/CPA 12/``: the newest plan that has the code, whatever its case and spaces."""
    found = newest_row(code_key(code), Month.from_date(clock.today()).financial_year.start_year)
    if found is None:
        return not_found(request, code)
    return redirect("action", found.plan_year.financial_year, found.code)


def not_found(request: HttpRequest, code: str, year: FinancialYear | None = None) -> HttpResponse:
    """A page that says what was looked for and where to look instead."""
    links = [Link("Search all actions", reverse("action-list"))]
    if year is not None:
        links.append(Link(f"Find {code} in another year", reverse("action-find", args=[code])))
    context = {"code": code, "year": year, "links": links}
    return render(request, "actions/action_missing.html", context, status=404)


@require_safe
def action(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """One action in one year: how it stands, quarter by quarter, what was written, what it is."""
    user = signed_in(request)
    who = standing(user)
    row = find_row(year.start_year, code_key(code))
    if row is None:
        return not_found(request, code, year)
    if row.code != code:
        return redirect("action", row.plan_year.financial_year, row.code)
    history = history_of(who, row)
    sentence, part_rows = parts(history)
    context = {
        "crumbs": (Link("Actions", reverse("action-list")), Link(row.code, "")),
        "row": row,
        "year": year,
        "years": _years(history),
        "stand": stand(history),
        "quarters": quarters(history),
        "whole": _whole(row),
        "parts_sentence": sentence,
        "parts": part_rows,
        "steps": _steps(history, user, who),
        "facts": facts(history, who),
        "milestones": steps(history),
        "updates": updates(history),
        "promises": promises(history),
        "disputes": questions(history.disputes),
        "dialogue": questions(history.dialogue),
        "projects": serving_rows(history.projects),
        "revisions": revisions(history.revisions),
        "decisions": decision_rows(history.decisions, is_officer(who)),
        "changes": changes(history.changes, who),
        "meanings": [(one, one.meaning) for one in ActionRag],
    }
    return render(request, "actions/action.html", context)


def _years(history: ActionHistory) -> list[Link]:
    """The same action in other years, by the code it had then."""
    if len(history.years) < 2:
        return []
    return [
        Link(
            str(one.plan_year.financial_year) + (f" ({one.code})" if one.code != history.row.code else ""),
            reverse("action", args=[one.plan_year.financial_year, one.code]),
            current=one.pk == history.row.pk,
        )
        for one in history.years
    ]


def _whole(row: ActionYear) -> Link | None:
    if row.parent is None:
        return None
    return Link(row.parent.name, reverse("action", args=[row.plan_year.financial_year, row.parent.code]))


def _steps(history: ActionHistory, user: User, who: Standing) -> list[Step]:
    """What the person can do from here."""
    row = history.row
    place = [row.plan_year.financial_year, row.code]
    found = _update_steps(history, who)
    ended = row.action.ended_on is not None
    if (answer := _next_year_step(row, user)) is not None and not ended:
        found.append(answer)
    if may_hand_over(row, user) is None and not ended:
        found.append(Step("Name another responsible officer", reverse("action-officer", args=place)))
    if may_correct(row, user) is None:
        found.append(Step("Correct its words", reverse("action-words", args=place)))
        if ended:
            found.append(Step("Put it back into the plan", reverse("action-again", args=place)))
        else:
            found.append(Step("Record that it was completed or dropped", reverse("action-end", args=place)))
    return found


def _update_steps(history: ActionHistory, who: Standing) -> list[Step]:
    update = working_update(history)
    if update is None or not history.works_on_it:
        return []
    address, row = update_address(update.quarter, update.code), history.row
    may_review = who.may(Permission.REVIEW_RETURNS, row.scope)
    if update.state == ActionUpdate.State.SUBMITTED and may_review:
        review = review_address(update.quarter, update.code)
        return [Step(f"Check the update for {update.quarter}", review, kind="secondary")]
    verb = "Enter" if is_to_be_entered(update) else "Open"
    return [Step(f"{verb} the update for {update.quarter}", address, kind="secondary")]


def _next_year_step(row: ActionYear, user: User) -> Step | None:
    """To next year's set, while it is drawn up and for those who may say what becomes of the action."""
    following = PlanYear.objects.filter(year=row.plan_year.year + 1, state=PlanYear.State.DRAWING_UP).first()
    if following is None or may_propose(row.scope, user):
        return None
    place = [following.financial_year, row.action.reference]
    return Step(f"Say what becomes of it in {following.financial_year}", reverse("plan-action", args=place))

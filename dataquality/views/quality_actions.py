"""The actions of a data quality review: named while it is written; done, confirmed, sent back or dropped after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from dataquality.forms.quality_actions import AmendForm, DoneForm, DropForm, NameActionForm, NotDoneForm
from dataquality.forms.quality_reviews import weeks_ahead
from dataquality.models import QualityAction
from dataquality.operations.quality_actions import (
    Asked,
    amend,
    confirm,
    drop,
    name_action,
    not_done,
    remove_action,
    say_done,
)
from dataquality.presenters.quality_review_page import may_follow, said_of_action
from dataquality.presenters.quality_reviews import action_tag
from dataquality.queries.quality_reviews import action_owners
from dataquality.review_workflow import REVIEW_MOVES, MoveRefused, StaleRecord, may_review, refusal
from dataquality.views.quality_fetching import HeldReview, find_review
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt, with_version
from hdcperf.review.posting import refuse
from hdcperf.ui import SummaryRow, day

__all__ = ["quality_action", "quality_action_new"]

METHODS = ["GET", "HEAD", "POST"]
STALE = (
    "A colleague changed this action after you opened the page. Yours is not saved: save again to put it in place."
)


@require_http_methods(METHODS)
def quality_action_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Name something to be put right, with its owner and date."""
    held = find_review(request, pk)
    refuse(may_review(held.review, held.user))
    if sentence := refusal(held.review, REVIEW_MOVES["save"], held.user):
        messages.warning(request, sentence)
        return redirect(held.address)
    start = {"due_on": weeks_ahead(8)}
    form = _name_form(held, start, request.POST or None)
    if request.method == "POST" and attempt(form, lambda: _named(held, None, form)):
        messages.success(request, "The action is saved. Its owner is asked once the review is finished.")
        return redirect(held.address)
    return _page_of_form(request, held, form, "Add an action")


def _name_form(held: HeldReview, start: dict[str, Any], data: Any = None) -> NameActionForm:
    people = _owners(held)
    return NameActionForm(data, initial=start, people=people, back=held.address)


def _owners(held: HeldReview, owner: int | None = None) -> QuerySet[User]:
    """Who can have an action: those it concerns, and whoever has it now."""
    people = action_owners(held.review, held.who.today)
    return User.objects.filter(Q(pk__in=people.values("pk")) | Q(pk=owner)) if owner is not None else people


def _named(held: HeldReview, action: QualityAction | None, form: NameActionForm) -> None:
    typed = form.cleaned_data
    asked = Asked(typed["what"], typed["owner"], typed["due_on"])
    name_action(held.review, action, asked, by=held.user, version=typed.get("version") or 0)


def _page_of_form(
    request: HttpRequest, held: HeldReview, form: BaseForm, heading: str, remove: str = ""
) -> HttpResponse:
    context = {
        "crumbs": held.crumbs(heading),
        "kpi_year": held.review.kpi_year,
        "heading": heading,
        "form": form,
        "remove": remove,
    }
    return render(request, "dataquality/reviews/name_action.html", context)


@require_http_methods(METHODS)
def quality_action(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """One action: changed while the review is written; afterwards its owner says it is done, the reviewer follows."""
    held = find_review(request, pk)
    record = next((one for one in held.review.actions.all() if one.pk == action), None)
    if record is None or not held.reads:
        raise Http404("There is no such action in this review that you can see.")
    record.review = held.review
    if refusal(held.review, REVIEW_MOVES["save"], held.user) is None:
        return _while_written(request, held, record)
    if request.method == "POST":
        return _follow(request, held, record)
    return _show(request, held, record)


def _while_written(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    if request.method == "POST" and request.POST.get("move") == "remove":
        remove_action(record, by=held.user)
        messages.success(request, "The action is taken out.")
        return redirect(held.address)
    start = {
        "what": record.what,
        "owner": record.owner_id,
        "due_on": record.due_on,
        "version": record.version,
    }
    form = _name_form(held, start, request.POST or None)
    try:
        if request.method == "POST" and attempt(form, lambda: _named(held, record, form)):
            messages.success(request, "The action is saved.")
            return redirect(held.address)
    except StaleRecord as stale:
        form = _name_form(held, start, with_version(request.POST, stale.fresh.version))
        form.add_error(None, STALE)
    return _page_of_form(request, held, form, "Change the action", remove=request.path)


# Followed to closure


def _follow(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    answers: dict[str, Callable[[HttpRequest, HeldReview, QualityAction], HttpResponse]] = {
        "done": _done,
        "confirm": _confirm,
        "not_done": _not_done,
        "drop": _drop,
        "amend": _amend,
    }
    answer = answers.get(request.POST.get("move", ""))
    if answer is None:
        raise Http404("There is no such button.")
    return answer(request, held, record)


def _taken(request: HttpRequest, held: HeldReview, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(held.address)


def _done(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    form = DoneForm(request.POST)
    if attempt(form, lambda: say_done(record, by=held.user, words=form.cleaned_data["done"])):
        return _taken(request, held, "Thank you. The reviewer looks at it, and confirms that it is done.")
    return _show(request, held, record, done=form)


def _confirm(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    try:
        confirm(record, by=held.user)
    except MoveRefused as refused:
        messages.warning(request, str(refused))
        return redirect(held.address)
    return _taken(request, held, "Confirmed: the action is done.")


def _not_done(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    form = NotDoneForm(request.POST)
    if attempt(form, lambda: not_done(record, by=held.user, why=form.cleaned_data["left"])):
        return _taken(request, held, f"Sent back to {record.owner.name}.")
    return _show(request, held, record, not_done=form)


def _drop(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    form = DropForm(request.POST)
    if attempt(form, lambda: drop(record, by=held.user, why=form.cleaned_data["dropped"])):
        return _taken(request, held, "Dropped.")
    return _show(request, held, record, drop=form)


def _amend(request: HttpRequest, held: HeldReview, record: QualityAction) -> HttpResponse:
    form = _amend_form(held, record, request.POST)

    def act() -> None:
        typed = form.cleaned_data
        amend(record, typed["owner"], typed["due_on"], by=held.user, why=typed["why"], version=typed["version"])

    try:
        if attempt(form, act):
            return _taken(request, held, "The action is changed.")
    except StaleRecord as stale:
        form = _amend_form(held, record, with_version(request.POST, stale.fresh.version))
        form.add_error(None, STALE)
    return _show(request, held, record, amend=form)


def _amend_form(held: HeldReview, record: QualityAction, data: Any = None) -> AmendForm:
    start = {"owner": record.owner_id, "due_on": record.due_on, "version": record.version}
    return AmendForm(data, initial=start, people=_owners(held, record.owner_id))


def _show(request: HttpRequest, held: HeldReview, record: QualityAction, **forms: BaseForm) -> HttpResponse:
    """The action with a form for each move the person may make; ``forms`` are those that were refused."""
    made: dict[str, Callable[[], BaseForm]] = {
        "done": DoneForm,
        "not_done": NotDoneForm,
        "drop": DropForm,
        "amend": lambda: _amend_form(held, record),
    }
    shown = {
        name: forms.get(name) or (make() if may_follow(record, name, held.user) else None)
        for name, make in made.items()
    }
    kpi_year = held.review.kpi_year
    context = {
        "crumbs": held.crumbs("Action"),
        "kpi_year": kpi_year,
        "action": record,
        "tag": action_tag(record),
        "facts": _facts(record),
        "said": said_of_action(record),
        "may_confirm": may_follow(record, "confirm", held.user),
        "back_to": reverse("quality-review", args=[held.review.pk]),
        **shown,
    }
    return render(request, "dataquality/reviews/action.html", context)


def _facts(record: QualityAction) -> list[SummaryRow]:
    rows = [SummaryRow("Who does it", record.owner.name), SummaryRow("By when", day(record.due_on))]
    if record.done_words:
        rows.append(SummaryRow("What was done, and where that can be seen", record.done_words))
    if record.dropped_why:
        rows.append(SummaryRow("Why it was dropped", record.dropped_why))
    return rows

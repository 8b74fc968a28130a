"""One question: its answers, what was done with it, and what the person can do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from hdcperf import clock
from hdcperf.forms import GdsForm
from hdcperf.organisation.access import Standing, signed_in, standing
from hdcperf.organisation.models import User
from hdcperf.review.attempting import attempt
from hdcperf.review.posting import handler, refuse
from hdcperf.ui import Link, Step
from hdcperf.workflow import MoveRefused
from reports.forms.questions import AnswerForm, AssignForm, ConcludeForm, ReasonForm
from reports.models import PanelQuestion
from reports.operations.questions import (
    answer,
    assign,
    conclude,
    note,
    release,
    reopen,
    return_answer,
    withdraw,
)
from reports.presenters.questions import answer_rows, move_rows, question_facts, question_rows, state_for
from reports.queries.asking import owners
from reports.queries.questions import questions_seen_by, with_answers
from reports.question_workflow import QUESTION_MOVES, refusal
from reports.rules.questions import answer_due
from reports.views.questions import QUESTIONS

__all__ = ["question"]

State = PanelQuestion.State


@dataclass
class Opened:
    """A question as one person opened it."""

    record: PanelQuestion
    user: User
    who: Standing

    def may(self, move: str) -> bool:
        return refusal(self.record, QUESTION_MOVES[move], self.user) is None


@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question with its answers. Raises Http404 for one the person may not see."""
    user = signed_in(request)
    who = standing(user)
    opened = Opened(get_object_or_404(with_answers(questions_seen_by(who)), pk=pk), user, who)
    if request.method == "POST":
        return handler(_MOVES, request.POST.get("move", ""))(request, opened)
    return _page(request, opened)


# What the buttons do


def _with_form(name: str, said: str, act: Callable[[Opened, GdsForm], object]) -> Callable[..., HttpResponse]:
    """Answers a button whose form is ``_FORMS[name]``; ``said`` is what the next page says."""

    def move(request: HttpRequest, opened: Opened) -> HttpResponse:
        refuse(_no_leave(opened, name))
        form = _FORMS[name](opened, request.POST)
        if form.is_valid() and attempt(form, lambda: act(opened, form)):
            messages.success(request, said)
            return redirect(opened.record)
        return _page(request, opened, {name: form})

    return move


def _plain(name: str, said: str, act: Callable[[Opened], object]) -> Callable[..., HttpResponse]:
    """Answers a button that needs no words."""

    def move(request: HttpRequest, opened: Opened) -> HttpResponse:
        refuse(_no_leave(opened, name))
        try:
            act(opened)
            messages.success(request, said)
        except MoveRefused as refused:
            messages.warning(request, str(refused))
        return redirect(opened.record)

    return move


def _no_leave(opened: Opened, name: str) -> str | None:
    """Why the person may not make this move in any state."""
    move = QUESTION_MOVES["accept" if name == "conclude" else name]
    return move.permitted(opened.record, opened.user)


def _assign(opened: Opened, form: GdsForm) -> object:
    owner = User.objects.get(pk=int(form.cleaned_data["owner"]))
    return assign(opened.record, owner=owner, due_on=form.cleaned_data["due_on"], by=opened.user)


def _answer(opened: Opened, form: GdsForm) -> object:
    typed = form.cleaned_data
    return answer(opened.record, typed["words"], by=opened.user, response=typed.get("response", ""))


def _conclude(opened: Opened, form: GdsForm) -> object:
    typed = form.cleaned_data
    return conclude(opened.record, accepted=typed["accepted"] == "yes", words=typed["words"], by=opened.user)


_MOVES: dict[str, Callable[[HttpRequest, Opened], HttpResponse]] = {
    "assign": _with_form("assign", "Given to its owner.", _assign),
    "answer": _with_form("answer", "Sent to the Performance Team, which releases it.", _answer),
    "return": _with_form(
        "return",
        "Sent back to its owner.",
        lambda opened, form: return_answer(opened.record, form.cleaned_data["comment"], by=opened.user),
    ),
    "conclude": _with_form("conclude", "Recorded.", _conclude),
    "reopen": _with_form(
        "reopen",
        "A revised answer is asked for. The answers before stay.",
        lambda opened, form: reopen(opened.record, form.cleaned_data["comment"], by=opened.user),
    ),
    "withdraw": _with_form(
        "withdraw",
        "Withdrawn.",
        lambda opened, form: withdraw(opened.record, form.cleaned_data["comment"], by=opened.user),
    ),
    "note": _plain("note", "Noted.", lambda opened: note(opened.record, by=opened.user)),
    "release": _plain(
        "release", "Released: the panel reads it now.", lambda opened: release(opened.record, by=opened.user)
    ),
}


# Its forms


def _assign_form(opened: Opened, data: QueryDict | None = None) -> AssignForm:
    record, today = opened.record, clock.today()
    initial = {"owner": record.owner_id or "", "due_on": record.due_on or answer_due(today)}
    return AssignForm(data, initial=initial, owners=owners(record, today))


def _answer_form(opened: Opened, data: QueryDict | None = None) -> AnswerForm:
    return AnswerForm(data, recommendation=opened.record.kind == PanelQuestion.Kind.RECOMMENDATION)


def _reason(move: str, label: str) -> Callable[..., ReasonForm]:
    def make(opened: Opened, data: QueryDict | None = None) -> ReasonForm:
        return ReasonForm(data, move=move, label=label, button=QUESTION_MOVES[move].label)

    return make


_FORMS: dict[str, Callable[..., GdsForm]] = {
    "assign": _assign_form,
    "answer": _answer_form,
    "return": _reason("return", "Say what the answer still lacks"),
    "conclude": lambda opened, data=None: ConcludeForm(data),
    "reopen": _reason("reopen", "Say why the answer is to be revised"),
    "withdraw": _reason("withdraw", "Say why it is withdrawn"),
}
_FIRST = ("answer", "conclude")
"""Forms that stand open: what the person came for."""


@dataclass(frozen=True)
class Offered:
    """A form the person may send, under its heading; ``is_open`` says it is not folded away."""

    heading: str
    form: GdsForm
    is_open: bool


@dataclass
class Offers:
    steps: list[Step] = field(default_factory=list)
    forms: list[Offered] = field(default_factory=list)


_HEADINGS = {
    "assign": "Give it to its owner",
    "answer": "Answer it",
    "return": "Send the answer back",
    "conclude": "What the panel made of the answer",
    "reopen": "Ask for a revised answer",
    "withdraw": "Withdraw it",
}


def _offers(opened: Opened, sent: dict[str, GdsForm]) -> Offers:
    found = Offers()
    address = opened.record.get_absolute_url()
    for name in ("release", "note"):
        if opened.may(name):
            label = QUESTION_MOVES[name].label
            found.steps.append(Step(label, address, method="post", name="move", value=name, kind="primary"))
    for name, make in _FORMS.items():
        if name in sent or opened.may("accept" if name == "conclude" else name):
            first = name in _FIRST or (name == "assign" and opened.record.state == State.ASKED)
            form = sent.get(name) or make(opened)
            found.forms.append(Offered(_HEADINGS[name], form, first or name in sent))
    return found


def _page(request: HttpRequest, opened: Opened, sent: dict[str, GdsForm] | None = None) -> HttpResponse:
    record, who = opened.record, opened.who
    offers = _offers(opened, sent or {})
    moves = record.transitions.order_by("at", "pk")
    context = {
        "crumbs": [QUESTIONS, Link(f"{record.get_kind_display()} {record.pk}", "")],
        "question": record,
        "called": f"{record.get_kind_display()} {record.pk}",
        "tags": question_rows([record], who)[0].tags,
        "facts": question_facts(record, who),
        "answers": answer_rows(record, who),
        "waits": _waits(opened),
        "moves": move_rows(moves, record, who),
        "steps": offers.steps,
        "forms": offers.forms,
        "sent": list((sent or {}).values()),  # for the error summary, which looks for forms
    }
    return render(request, "reports/questions/question.html", context)


def _waits(opened: Opened) -> str:
    """What it waits for, in a sentence."""
    match state_for(opened.record, opened.who):
        case State.ASKED:
            return "The Performance Team has not given it to anybody yet."
        case State.ASSIGNED:
            return "Its owner has not answered yet."
        case State.ANSWERED:
            return "The Performance Team reads the answer and releases it. The panel does not see it before."
        case State.RELEASED:
            return "Democratic services records whether the panel accepts the answer."
    return ""

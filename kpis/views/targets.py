"""A KPI year's targets: what governs when, a new one proposed, and the approval recorded (framework C.1.2)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.forms import GdsForm
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month
from hdcperf.rag import Direction
from hdcperf.roles import MEMBER_ROLES
from hdcperf.ui import Link, Step
from kpis.forms.targets import ApprovalForm, GoesBackForm, TargetForm, starting_from
from kpis.models import KpiYear, TargetSet
from kpis.operations.target_setting import approve_target, propose_target, send_target_back, take_target_back
from kpis.presenters.targets import (
    facts_of_set,
    month_rows,
    preview,
    said,
    set_rows,
    set_tag,
    year_words,
)
from kpis.queries.kpi_page import find_year
from kpis.queries.sight import Access, access
from kpis.queries.targets import TargetGround, sets_of, target_ground
from kpis.queries.years import levels_of
from kpis.views.fetching import signed_in
from kpis.workflow import TARGET_MOVES, MoveRefused, may_propose_target, refusal

__all__ = ["target_propose", "target_set", "targets"]


@dataclass(frozen=True)
class Reader:
    """Who reads a KPI year's targets, and how much of them: one not approved is not everybody's."""

    user: User
    who: Standing
    allowed: Access

    @classmethod
    def of(cls, request: HttpRequest, kpi_year: KpiYear) -> Reader:
        user = signed_in(request)
        who = standing(user)
        return cls(user, who, access(who, [kpi_year]))

    @property
    def is_officer(self) -> bool:
        """Officers are named to each other, not to members."""
        return any(role not in MEMBER_ROLES for role in self.who.roles)

    def sees(self, one: TargetSet) -> bool:
        """An approved target is public; what goes back between officers is for those who work on the KPI."""
        if one.state in (TargetSet.State.APPROVED, TargetSet.State.REPLACED):
            return True
        if one.state == TargetSet.State.AWAITING:
            return self.allowed.sees_more_than_issued(one.kpi_year_id)
        return one.kpi_year_id in self.allowed.working


def _find(year: FinancialYear, code: str) -> KpiYear:
    found = find_year(year.start_year, code_key(code))
    if found is None:
        raise Http404("There is no KPI with this code in this year.")
    return found


def _place(kpi_year: KpiYear) -> list[object]:
    return [kpi_year.financial_year, kpi_year.code]


def _crumbs(kpi_year: KpiYear, *last: Link) -> list[Link]:
    return [
        Link("KPIs", f"{reverse('kpi-list')}?year={kpi_year.year}"),
        Link(kpi_year.code, reverse("kpi", args=_place(kpi_year))),
        *last,
    ]


@require_safe
def targets(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """``/kpis/<year>/<code>/targets/``: the sets in order, and the months each governs."""
    kpi_year = _find(year, code)
    if (kpi_year.code, kpi_year.financial_year) != (code, year):
        return redirect("targets", *_place(kpi_year))
    reader, ground = Reader.of(request, kpi_year), target_ground(kpi_year)
    facts = ground.facts
    sets = [one for one in sets_of(kpi_year) if reader.sees(one)]
    standing_now = [one for one in reversed(sets) if one.stands]
    context = {
        "kpi_year": kpi_year,
        "sentence": year_words(facts, Month.from_date(clock.today())),
        "sets": set_rows(kpi_year, standing_now, facts.expected),
        "past": set_rows(kpi_year, [one for one in sets if not one.stands], facts.expected),
        "months": month_rows(facts, judged=reader.allowed.sees_more_than_issued(kpi_year.pk)),
        "has_target": any(facts.governing(month) for month in facts.expected),
        "awaiting": [
            Link(f"From {one.start}", _address(one)) for one in sets if one.state == TargetSet.State.AWAITING
        ],
        "steps": _steps(ground, reader),
        "crumbs": _crumbs(kpi_year, Link("Targets", "")),
    }
    return render(request, "kpis/targets/targets.html", context)


def _address(one: TargetSet) -> str:
    return reverse("target-set", args=[one.pk])


def _steps(ground: TargetGround, reader: Reader) -> list[Step]:
    """Propose, where one may and a month is left to govern."""
    kpi_year = ground.kpi_year
    if may_propose_target(kpi_year, reader.user) or _why_none(ground):
        return []
    return [Step("Propose a new target", reverse("target-propose", args=_place(kpi_year)), kind="secondary")]


def _why_none(ground: TargetGround) -> str:
    """Why no target can be proposed now, in a sentence."""
    if ground.direction is Direction.NONE:
        return "This KPI is context only, so it has no target."
    if ground.awaiting is not None:
        return "A target is awaiting approval: it must be approved, sent back or taken back first."
    return "" if ground.starts else "Every month of this year is judged, so its target can no longer change."


@require_http_methods(["GET", "HEAD", "POST"])
def target_propose(request: HttpRequest, year: FinancialYear, code: str) -> HttpResponse:
    """``/kpis/<year>/<code>/targets/new/``: the year's target, its spread, and what last year would have got."""
    kpi_year = _find(year, code)
    user = signed_in(request)
    if sentence := may_propose_target(kpi_year, user):
        raise PermissionDenied(sentence)
    ground = target_ground(kpi_year)
    if not ground.starts or ground.direction is Direction.NONE or (ground.awaiting and request.method != "POST"):
        messages.warning(request, _why_none(ground))
        return redirect("targets", *_place(kpi_year))
    back = reverse("targets", args=_place(kpi_year))
    if request.method != "POST":
        form = TargetForm(initial=starting_from(ground, _begun(request, kpi_year)), ground=ground, back=back)
        return _form_page(request, ground, form)
    form = TargetForm(request.POST, ground=ground, back=back)
    if form.is_valid() and form.proposal is not None and request.POST.get("step") == "propose":
        try:
            made = propose_target(kpi_year, form.proposal, by=user)
        except (MoveRefused, ValidationError) as refused:
            form.add_error(None, refused if isinstance(refused, ValidationError) else str(refused))
            return _form_page(request, ground, form)
        messages.success(request, "The target is proposed. It governs once somebody else records its approval.")
        return redirect("target-set", made.pk)
    return _form_page(request, ground, form)


def _begun(request: HttpRequest, kpi_year: KpiYear) -> TargetSet | None:
    """The set the form begins with: one that went back, named in the address, else the newest approved."""
    asked = request.GET.get("again", "")
    sets = sets_of(kpi_year)
    went_back = (TargetSet.State.SENT_BACK, TargetSet.State.TAKEN_BACK)
    chosen = next((one for one in sets if str(one.pk) == asked and one.state in went_back), None)
    return chosen or next((one for one in sets if one.state == TargetSet.State.APPROVED), None)


def _form_page(request: HttpRequest, ground: TargetGround, form: TargetForm) -> HttpResponse:
    kpi_year, shown = ground.kpi_year, form.proposal if form.is_bound else None
    context = {
        "kpi_year": kpi_year,
        "form": form,
        "no_shape": ground.shape is None,
        "preview": preview(ground, shown.start, shown.year, shown.profile, shown.months) if shown else None,
        "action": request.path,
        "crumbs": _crumbs(
            kpi_year, Link("Targets", reverse("targets", args=_place(kpi_year))), Link("Propose a target", "")
        ),
    }
    return render(request, "kpis/targets/propose.html", context)


def _fetch(pk: int) -> TargetSet:
    rows = TargetSet.objects.select_related("kpi_year__service", "kpi_year__kpi", "set_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no target here that you can see.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def target_set(request: HttpRequest, pk: int) -> HttpResponse:
    """``/kpis/targets/<pk>/``: one set, its months against last year's results, and what can be decided about it."""
    found = _fetch(pk)
    reader = Reader.of(request, found.kpi_year)
    if not reader.sees(found):
        raise Http404("There is no target here that you can see.")
    if request.method != "POST":
        return _set_page(request, reader, found, {})
    return _decide(request, reader, found)


def _forms(data: QueryDict | None = None) -> dict[str, GdsForm]:
    """The form of each decision, by the name of its move."""
    return {
        "approve": ApprovalForm(data),
        **{move: GoesBackForm(data, move=move) for move in ("send_back", "take_back")},
    }


def _decide(request: HttpRequest, reader: Reader, found: TargetSet) -> HttpResponse:
    name = request.POST.get("decide", "")
    form = _forms(request.POST).get(name)
    if form is None:
        raise Http404("There is no such button.")
    if sentence := TARGET_MOVES[name].permitted(found, reader.user):
        raise PermissionDenied(sentence)
    if form.is_valid():
        try:
            _make(found, name, form, reader.user)
        except MoveRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _MADE[name])
            return redirect("target-set", found.pk)
    return _set_page(request, reader, _fetch(found.pk), {name: form})


_MADE = {
    "approve": "The approval is recorded: it governs from its month on, and months judged before keep their target.",
    "send_back": "The target is sent back, and whoever proposed it can read why.",
    "take_back": "The target is taken back.",
}


def _make(found: TargetSet, name: str, form: GdsForm, by: User) -> None:
    typed = form.cleaned_data
    if name == "approve":
        assert isinstance(form, ApprovalForm)
        who, on = typed["approved_by"], typed["approved_on"]
        approve_target(found, approved_by=who, approved_on=on, approved_body=form.body(), by=by)
    elif name == "send_back":
        send_target_back(found, reason=typed["reason"], by=by)
    else:
        take_target_back(found, reason=typed["reason"], by=by)


def _set_page(request: HttpRequest, reader: Reader, found: TargetSet, typed: dict[str, GdsForm]) -> HttpResponse:
    """``typed`` is the form that was refused, by its move: what was typed stays in it."""
    kpi_year = found.kpi_year
    ground = target_ground(kpi_year)
    sets = [one for one in sets_of(kpi_year) if reader.sees(one)]
    works, waits = kpi_year.pk in reader.allowed.working, found.state == TargetSet.State.AWAITING
    months = {Month.from_date(row.month): levels_of(row) for row in found.months.all()}
    # Last year's results may hold some not yet accepted, so only those who work on the KPI see them here.
    shown = ground if works else TargetGround(ground.facts, ())
    offered = {
        name: form
        for name, form in (_forms() | typed).items()
        if refusal(found, TARGET_MOVES[name], reader.user) is None
    }
    context = {
        "kpi_year": kpi_year,
        "start": found.start,
        "tag": set_tag(found),
        "facts": facts_of_set(kpi_year, found, sets, ground.facts.expected, names=reader.is_officer),
        "preview": preview(shown, found.start, levels_of(found), found.profile, months),
        "said": said(next(one for one in sets if one.pk == found.pk)) if works else (),
        "why_not": refusal(found, TARGET_MOVES["approve"], reader.user) if waits and works else "",
        "approve": offered.pop("approve", None),
        "others": tuple(offered.values()),
        "refused": tuple(typed.values()),
        "steps": _again(found, ground, reader),
        "action": request.path,
        "crumbs": _crumbs(
            kpi_year, Link("Targets", reverse("targets", args=_place(kpi_year))), Link(f"From {found.start}", "")
        ),
    }
    return render(request, "kpis/targets/set.html", context)


def _again(found: TargetSet, ground: TargetGround, reader: Reader) -> list[Step]:
    """What went back can be put right and proposed again."""
    kpi_year = ground.kpi_year
    went_back = found.state in (TargetSet.State.SENT_BACK, TargetSet.State.TAKEN_BACK)
    if not went_back or may_propose_target(kpi_year, reader.user) or _why_none(ground):
        return []
    address = f"{reverse('target-propose', args=_place(kpi_year))}?again={found.pk}"
    return [Step("Put it right and propose it again", address, kind="secondary")]

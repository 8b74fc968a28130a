"""What is proposed for one KPI: its holder's review, keep, amend, drop or new, and next year's target (C.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from dataquality.models import Proposal, ProposedMonth, SettingRound
from dataquality.operations.next_years import (
    begin_next_year,
    give_up_next_year,
    next_year_like,
    reference_for,
)
from dataquality.operations.replacing import replaced_of, replacement_problems
from dataquality.operations.windows import held_round
from dataquality.queries.proposed_targets import TargetPlan, plan_problems
from dataquality.rules.criteria import Criteria, verdict_problems
from dataquality.setting_workflow import (
    PROPOSAL_MOVES,
    MoveRefused,
    NotPermitted,
    StaleRecord,
    move_proposal,
    refusal,
)
from hdcperf import clock
from hdcperf.codes import code_key
from hdcperf.history import delete_as, save_as
from hdcperf.organisation.access import Scope, standing
from hdcperf.organisation.models import User
from hdcperf.review.problems import Problem, refuse
from hdcperf.roles import Permission
from kpis.models import Kpi, KpiYear

__all__ = ["change_facts", "decide", "move", "propose_new", "review", "set_target", "withdraw_new"]

Verdict = Proposal.Verdict


def _moved(
    proposal: Proposal,
    name: str,
    *,
    by: User,
    version: int,
    comment: str = "",
    change: Callable[[Proposal], None] | None = None,
) -> Proposal:
    """Make the move with the window held, so that no proposal changes while its set goes on."""
    with transaction.atomic():
        held_round(proposal.setting_round_id)
        return move_proposal(proposal, name, by=by, version=version, comment=comment, change=change)


def move(proposal: Proposal, name: str, *, by: User, version: int, comment: str = "") -> Proposal:
    """Make a move that changes nothing but the state: submit, agree, sign and the ways back.

    Raises StaleRecord and the errors of ``hdcperf.workflow.perform``.
    """
    return _moved(proposal, name, by=by, version=version, comment=comment)


def review(proposal: Proposal, words: str, criteria: Criteria, *, by: User, version: int) -> Proposal:
    """Keep what the KPI's holder found on reviewing it, and which criteria it meets (framework C.1)."""

    def change(fresh: Proposal) -> None:
        refuse([] if words.strip() else [Problem("words", "Say what you found on reviewing it")])
        fresh.holder_words = words
        fresh.reviewed_on, fresh.reviewed_by_name = clock.today(), by.name
        _set_criteria(fresh, criteria)

    return _moved(proposal, "review", by=by, version=version, comment="Reviewed by its holder", change=change)


def _set_criteria(fresh: Proposal, criteria: Criteria) -> None:
    for name, value in vars(criteria).items():
        setattr(fresh, name, value)


def decide(
    proposal: Proposal,
    verdict: str,
    criteria: Criteria,
    why: str,
    *,
    by: User,
    version: int,
    replaced_by: Proposal | None = None,
) -> Proposal:
    """Propose that the KPI is kept, amended or dropped; a new one stays new. Its next year is made or given up.

    A KPI that is kept after it was amended is as this year's again. ``replaced_by`` is the new one of the window that
    replaces a KPI that is dropped. Raises ProposalRefused, StaleRecord and the errors of
    ``hdcperf.workflow.perform``.
    """
    given_up: list[KpiYear] = []

    def change(fresh: Proposal) -> None:
        problems = verdict_problems(verdict, criteria, why, is_new=fresh.before_id is None)
        refuse([*problems, *replacement_problems(fresh, verdict, replaced_by)])
        if verdict in (Verdict.KEEP, Verdict.AMEND):
            fresh.kpi_year = begin_next_year(fresh, by)
            if verdict == Verdict.KEEP and fresh.verdict == Verdict.AMEND:
                _as_this_year(fresh, by)
        elif verdict == Verdict.DROP:
            if fresh.kpi_year is not None:
                given_up.append(fresh.kpi_year)
            fresh.kpi_year = None
            _no_target(fresh, by)
        fresh.verdict, fresh.why, fresh.replaced_by = verdict, why, replaced_by
        _set_criteria(fresh, criteria)

    with transaction.atomic():
        moved = _moved(proposal, "save", by=by, version=version, comment=why, change=change)
        for next_year in given_up:
            give_up_next_year(next_year, by)
    return moved


def _as_this_year(fresh: Proposal, by: User) -> None:
    assert fresh.kpi_year is not None
    assert fresh.before is not None
    next_year_like(fresh.kpi_year, fresh.before)
    fresh.service_id = fresh.before.service_id
    save_as(fresh.kpi_year, by=by, reason="Kept as it is after all")


_FIGURES = ("target", "target_upper", "intervention", "intervention_upper")


def _no_target(fresh: Proposal, by: User) -> None:
    for row in fresh.months.all():
        delete_as(row, by=by, reason="The target is set anew")
    for name in (*_FIGURES, "percent", "last_result", "shape_year"):
        setattr(fresh, name, None)
    for name in ("method", "last_result_from", "intervention_why", "beaten_why"):
        setattr(fresh, name, "")
    fresh.profile = "flat"


def change_facts(proposal: Proposal, facts: Mapping[str, Any], *, by: User, version: int) -> Proposal:
    """Give the KPI's next year other words or another place. What was to be kept is amended then.

    ``facts`` are fields of KpiYear. Raises ProposalRefused, StaleRecord and the errors of ``perform``.
    """

    def change(fresh: Proposal) -> None:
        next_year = fresh.kpi_year
        if next_year is None:
            sentence = "Say first that the KPI goes on: keep it or amend it."
            raise MoveRefused(sentence, state=fresh.state, move="save")
        refuse([*_code_problems(next_year.year, facts.get("code", next_year.code), next_year.pk), *_place(facts, by)])
        for name, value in facts.items():
            setattr(next_year, name, value)
        save_as(next_year, by=by, reason=f"Amended for {next_year.financial_year}")
        fresh.service_id = next_year.service_id
        if fresh.verdict == Verdict.KEEP:
            fresh.verdict = Verdict.AMEND

    return _moved(proposal, "save", by=by, version=version, comment="Wording or place changed", change=change)


def _code_problems(year: int, code: str, own: int | None = None) -> list[Problem]:
    other = KpiYear.objects.filter(year=year, code_key=code_key(code)).first()
    if other is None or other.pk == own:
        return []
    return [Problem("code", f"{other.code} is the code of “{other.name}” in {other.financial_year}.")]


def _place(facts: Mapping[str, Any], by: User) -> list[Problem]:
    """Nobody moves a KPI to a service for which they may not propose."""
    service = facts.get("service")
    if service is None or standing(by).may(Permission.COMPLETE_TEMPLATES, Scope(service.pk, service.directorate_id)):
        return []
    return [Problem("service", f"Only the managers of {service.name} and the Performance Team propose for it.")]


def set_target(proposal: Proposal, plan: TargetPlan, *, by: User, version: int) -> Proposal:
    """Keep how next year's target is set, with the figures of its arithmetic as they stood (framework C.1.2).

    Raises ProposalRefused, StaleRecord and the errors of ``perform``.
    """

    def change(fresh: Proposal) -> None:
        if fresh.kpi_year is None:
            sentence = "Say first that the KPI goes on: keep it or amend it."
            raise MoveRefused(sentence, state=fresh.state, move="save")
        refuse(plan_problems(fresh.kpi_year, plan))
        _no_target(fresh, by)
        fresh.method, fresh.percent = plan.method.value, plan.percent
        for name in _FIGURES:
            setattr(fresh, name, getattr(plan.year, name))
        fresh.profile, fresh.shape_year = plan.profile.value, plan.shape_year
        fresh.intervention_why, fresh.beaten_why = plan.intervention_why, plan.beaten_why
        if plan.result is not None:
            # A quotient may have more decimals than the column keeps.
            fresh.last_result, fresh.last_result_from = round(plan.result.value, 6), plan.result.words
        _keep_months(fresh, plan, by)

    return _moved(proposal, "save", by=by, version=version, comment="Target proposed", change=change)


def _keep_months(fresh: Proposal, plan: TargetPlan, by: User) -> None:
    """Keep months that were typed or averaged, with the figures they were averaged from."""
    assert fresh.kpi_year is not None
    figures = {one.month: one for one in plan.figures}
    for month, levels in sorted(plan.months.items()):
        row = ProposedMonth(
            proposal=fresh,
            month=month.first_day,
            direction=fresh.kpi_year.direction,
            **{name: getattr(levels, name) for name in _FIGURES},
        )
        if (found := figures.get(month)) is not None:
            row.latest, row.before = _kept(found.latest), _kept(found.before)
        save_as(row, by=by, reason="Target proposed")


def _kept(value: Decimal | None) -> Decimal | None:
    """As the column keeps it: a quotient may have more decimals."""
    return None if value is None else round(value, 6)


def propose_new(
    record: SettingRound, facts: Mapping[str, Any], criteria: Criteria, why: str, *, by: User
) -> Proposal:
    """Propose a KPI the year before did not have. The same again by the same person (a double click) adds nothing.

    Raises ProposalRefused, NotPermitted or MoveRefused.
    """
    with transaction.atomic():
        fresh = held_round(record.pk)
        if (same := _just_proposed(fresh, facts, by)) is not None:
            return same
        kpi = Kpi(reference=reference_for(facts["name"]))
        next_year = KpiYear(year=fresh.year, is_live=False, **facts)
        made = Proposal(setting_round=fresh, verdict=Verdict.NEW, why=why, service=next_year.service)
        made.kpi_year, made.kpi = next_year, kpi
        _set_criteria(made, criteria)
        save = PROPOSAL_MOVES["save"]
        if sentence := save.permitted(made, by):
            raise NotPermitted(sentence, state=fresh.state, move="new")
        if sentence := refusal(made, save, by):
            raise MoveRefused(sentence, state=fresh.state, move="new")
        problems = verdict_problems(Verdict.NEW, criteria, why, is_new=True)
        refuse([*problems, *_code_problems(fresh.year, facts["code"])])
        reason = f"Proposed for {fresh.financial_year}"
        save_as(kpi, by=by, reason=reason)
        next_year.kpi = kpi
        save_as(next_year, by=by, reason=reason)
        made.kpi_year, made.kpi = next_year, kpi
        save_as(made, by=by, reason=why)
    return made


def _just_proposed(fresh: SettingRound, facts: Mapping[str, Any], by: User) -> Proposal | None:
    """This very proposal, when it is the second half of a double click."""
    rows = fresh.proposals.filter(verdict=Verdict.NEW, kpi_year__name=facts["name"], version=1)
    found: Proposal | None = rows.filter(kpi_year__code_key=code_key(facts["code"])).first()
    if found is None:
        return None
    first = found.history.last()
    return found if first is not None and first.history_user_id == by.pk else None


def withdraw_new(proposal: Proposal, *, by: User, version: int) -> None:
    """Take a new KPI out of the window while it is a draft that was never proposed: only its history is left.

    Raises NotPermitted, MoveRefused, StaleRecord, or ProposalRefused when its template has been begun.
    """
    with transaction.atomic():
        held_round(proposal.setting_round_id)
        fresh: Proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        save = PROPOSAL_MOVES["save"]
        if sentence := save.permitted(fresh, by):
            raise NotPermitted(sentence, state=fresh.state, move="withdraw")
        if fresh.version != version:
            raise StaleRecord(fresh)
        if sentence := refusal(fresh, save, by) or _stays(fresh):
            raise MoveRefused(sentence, state=fresh.state, move="withdraw")
        next_year, kpi = fresh.kpi_year, fresh.kpi
        assert next_year is not None
        delete_as(fresh, by=by, reason="Withdrawn")
        give_up_next_year(next_year, by)
        delete_as(kpi, by=by, reason="Withdrawn before it was proposed")


def _stays(fresh: Proposal) -> str:
    if fresh.before_id is not None:
        return "Only a new KPI is withdrawn: propose to drop this one."
    if fresh.transitions.exists():
        return "It has been proposed before, so it stays on record: leave it as a draft, or propose something else."
    if (dropped := replaced_of(fresh)) is not None and dropped.before is not None:
        name = f"{dropped.before.code} {dropped.before.name}"
        return f"It is to replace {name}: say on that one’s page that it does not before you withdraw it."
    return ""

"""The half-year review: opened with its dates; each target left, because, or changed by the body that approved it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction

from dataquality.models import TargetReview, TargetReviewItem
from dataquality.rules.half_year import body_refusal, is_stretch, window_sentence
from dataquality.setting_workflow import MoveRefused, NotPermitted, StaleRecord, may_manage
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction
from hdcperf.review.decisions import Decided, decision_problems, keep_once
from hdcperf.review.models import AbstractDecision
from hdcperf.review.problems import Problem, refuse
from hdcperf.ui import day
from kpis.models import KpiYear, TargetSet
from kpis.operations.target_setting import Proposal, approve_target, propose_target, send_target_back
from kpis.queries.years import NO_LEVELS, levels_of, load_years
from kpis.rules.year_to_date import Levels
from kpis.workflow import may_propose_target

__all__ = [
    "change_review",
    "leave",
    "may_answer",
    "note_approved",
    "open_review",
    "propose_change",
    "record_authority",
]

Verdict = TargetReviewItem.Verdict
Kind = AbstractDecision.Kind


def open_review(year: FinancialYear, opens_on: date, closes_on: date, *, by: User) -> TargetReview:
    """Open the review of ``year`` and list every KPI that can have a target; one that is open is given back as it is.

    Raises NotPermitted or ProposalRefused.
    """
    if sentence := may_manage(None, by):
        raise NotPermitted(sentence, state="", move="open")
    there = TargetReview.objects.filter(year=year.start_year).first()
    if there is not None:
        return there
    _check(opens_on, closes_on)
    made = TargetReview(year=year.start_year, opens_on=opens_on, closes_on=closes_on)
    try:
        with transaction.atomic():
            save_as(made, by=by, reason=f"The half-year review of {year} is opened")
            _list_missing(made, by)
    except IntegrityError:  # somebody opened it at the same moment: theirs is as good
        return TargetReview.objects.get(year=year.start_year)
    return made


def change_review(record: TargetReview, opens_on: date, closes_on: date, *, by: User) -> TargetReview:
    """Give the review other dates, and list the KPIs that came since. Raises NotPermitted or ProposalRefused."""
    if sentence := may_manage(record, by):
        raise NotPermitted(sentence, state="", move="dates")
    _check(opens_on, closes_on)
    with transaction.atomic():
        fresh: TargetReview = TargetReview.objects.select_for_update().get(pk=record.pk)
        fresh.opens_on, fresh.closes_on = opens_on, closes_on
        save_as(fresh, by=by, reason="Dates of the half-year review changed")
        _list_missing(fresh, by)
    return fresh


def _check(opens_on: date, closes_on: date) -> None:
    wrong = [Problem("closes_on", f"It closes after it opens: enter {day(opens_on)} or later")]
    refuse(wrong if closes_on < opens_on else [])


def _list_missing(record: TargetReview, by: User) -> None:
    """Every KPI of the year but those that are context only, which have no target to review."""
    rows = KpiYear.objects.filter(year=record.year, is_live=True).exclude(direction=Direction.NONE.value)
    for kpi_year in rows.exclude(pk__in=record.items.values("kpi_year")).order_by("code_key"):
        item = TargetReviewItem(target_review=record, kpi_year=kpi_year)
        _note_change(item)
        save_as(item, by=by, reason="Listed in the half-year review")


def _note_change(item: TargetReviewItem) -> None:
    """A target that was changed in the year before the review opened is listed with its change."""
    sets = load_years([item.kpi_year])[item.kpi_year_id].target_sets
    approved = [one for one in sets if one.state == TargetSet.State.APPROVED]
    if len(approved) < 2:
        return
    before, made = approved[-2], approved[-1]
    item.target_set = made
    item.verdict = _verdict(levels_of(before), made)
    stretched = item.verdict == Verdict.STRETCHED
    item.reason = TargetReviewItem.Reason.BEATEN if stretched else TargetReviewItem.Reason.OTHER
    item.why = made.reason
    item.authority = f"{made.approved_by}, {day(made.approved_on)}"
    item.decided_on = made.approved_on


def note_approved(target_set: TargetSet, *, by: User) -> None:
    """A target approved on its KPI's own page while the year's review is open is that review's answer.

    Whatever was answered before it gives way; a review that is closed stays as it is.
    """
    today = clock.today()
    item: TargetReviewItem | None = (
        TargetReviewItem.objects.select_for_update(of=("self",))
        .filter(kpi_year=target_set.kpi_year_id, target_review__opens_on__lte=today)
        .filter(target_review__closes_on__gte=today)
        .select_related("kpi_year__service", "target_review")
        .first()
    )
    if item is None:
        return
    _note_change(item)
    if item.target_set_id != target_set.pk:
        return  # the year's first target, which changes none
    item.decided_by_name, item.decided_on = by.name, today
    item.version += 1
    save_as(item, by=by, reason=f"{item.get_verdict_display()} on the KPI’s own page: {item.why}")


def _verdict(before: Levels, made: TargetSet) -> str:
    harder = is_stretch(before, levels_of(made), Direction(made.kpi_year.direction))
    return str(Verdict.STRETCHED if harder else Verdict.CHANGED)


def _awaiting(kpi_year: KpiYear) -> TargetSet | None:
    """The KPI's target that waits for a decision, wherever it was proposed."""
    found: TargetSet | None = (
        TargetSet.objects.filter(kpi_year=kpi_year, state=TargetSet.State.AWAITING).select_related("kpi_year").first()
    )
    return found


def may_answer(item: TargetReviewItem, by: User) -> str | None:
    """The KPI's service and the Performance Team say whether its target is stretched."""
    return may_propose_target(item.kpi_year, by)


def _held(item: TargetReviewItem) -> TargetReviewItem:
    found: TargetReviewItem = (
        TargetReviewItem.objects.select_for_update(of=("self",))
        .select_related("kpi_year__service", "target_review", "target_set")
        .get(pk=item.pk)
    )
    return found


def _answerable(item: TargetReviewItem, by: User, version: int) -> TargetReviewItem:
    """The item, held, when ``by`` may answer it now. Raises NotPermitted, MoveRefused or StaleRecord."""
    fresh = _held(item)
    if sentence := may_answer(fresh, by):
        raise NotPermitted(sentence, state=fresh.verdict, move="answer")
    if fresh.version != version:
        raise StaleRecord(fresh)
    window = fresh.target_review
    if sentence := window_sentence(window.opens_on, window.closes_on, clock.today()):
        raise MoveRefused(sentence, state=fresh.verdict, move="answer")
    if fresh.verdict in (Verdict.STRETCHED, Verdict.CHANGED):
        raise MoveRefused("Its target was changed in this review already.", state=fresh.verdict, move="answer")
    if (waiting := _awaiting(fresh.kpi_year)) is not None:
        raise MoveRefused(
            f"A target from {waiting.start} is proposed and waits for its decision.",
            state=fresh.verdict,
            move="answer",
        )
    return fresh


def leave(item: TargetReviewItem, reason: str, why: str, *, by: User, version: int) -> TargetReviewItem:
    """Leave the target as it is, because. Raises NotPermitted, MoveRefused, StaleRecord or ProposalRefused."""
    refuse(_unsaid(reason, why))
    with transaction.atomic():
        fresh = _answerable(item, by, version)
        fresh.verdict, fresh.reason, fresh.why = Verdict.LEFT, reason, why
        fresh.target_set, fresh.authority = None, ""
        fresh.decided_by_name, fresh.decided_on = by.name, clock.today()
        fresh.version += 1
        save_as(fresh, by=by, reason=why)
    return fresh


def _unsaid(reason: str, why: str) -> list[Problem]:
    found = [] if reason in TargetReviewItem.Reason.values else [Problem("reason_code", "Select a reason")]
    return found if why.strip() else [*found, Problem("why", "Say why in words")]


def propose_change(
    item: TargetReviewItem, reason: str, proposal: Proposal, *, by: User, version: int
) -> TargetReviewItem:
    """Propose another target from a month on; it governs once its body's decision is recorded.

    Earlier months stay judged by the old one. Raises NotPermitted, MoveRefused, StaleRecord or ProposalRefused.
    """
    refuse(_unsaid(reason, proposal.reason))
    with transaction.atomic():
        fresh = _answerable(item, by, version)
        words = f"{TargetReviewItem.Reason(reason).label}: {proposal.reason}"
        fresh.target_set = propose_target(fresh.kpi_year, replace(proposal, reason=words), by=by)
        fresh.verdict, fresh.reason, fresh.why = "", reason, proposal.reason
        fresh.decided_by_name, fresh.decided_on, fresh.authority = "", None, ""
        fresh.version += 1
        save_as(fresh, by=by, reason=f"Another target from {proposal.start} proposed: {words}")
    return fresh


def record_authority(
    item: TargetReviewItem, body: str, decided: Decided, *, delegated_to: str = "", by: User
) -> TargetReviewItem:
    """Record what the body that approved the target decided, or the delegation by which it was changed.

    Agreed, the new target governs from its month; not agreed, it goes back with the wording. Raises NotPermitted,
    MoveRefused (nothing waits, or ``by`` proposed it) or ProposalRefused.
    """
    if sentence := may_manage(item, by):
        raise NotPermitted(sentence, state=item.verdict, move="record")
    with transaction.atomic():
        fresh = _held(item)
        waiting = _awaiting(fresh.kpi_year)
        if waiting is None:
            raise MoveRefused("No target of this KPI waits for a decision.", state=fresh.verdict, move="record")
        governing = load_years([fresh.kpi_year])[fresh.kpi_year_id].governing(waiting.start)
        wrong = decision_problems(body, replace(decided, takes_effect_on=decided.met_on), ())
        if governing is not None:
            sentence = body_refusal(governing.approved_body, governing.approved_by, body)
            wrong += [Problem("body", sentence)] if sentence else []
        refuse(wrong)
        made, _ = keep_once(fresh.decisions, decided, by=by, body=body, delegated_to=delegated_to)
        if decided.kind == Kind.AGREED:
            who = f"{delegated_to}, by delegation of {made}" if delegated_to else str(made)
            fresh.target_set = approve_target(
                waiting,
                approved_by=who[:200],
                approved_on=decided.met_on,
                by=by,
                approved_body=body,
                followed=False,
            )
            before = levels_of(governing) if governing is not None else NO_LEVELS
            fresh.verdict = _verdict(before, waiting)
            fresh.reason = fresh.reason or TargetReviewItem.Reason.OTHER
            fresh.why = fresh.why or waiting.reason
            fresh.authority = f"{who}: {decided.wording}"
            fresh.decided_by_name, fresh.decided_on = by.name, clock.today()
        else:
            fresh.target_set = send_target_back(waiting, reason=f"{made}: {decided.wording}", by=by)
        fresh.version += 1
        save_as(fresh, by=by, reason=f"Recorded: {made}")
    return fresh

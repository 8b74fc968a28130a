"""What people are reminded of about templates, proposals, targets and assurance, and told at once (B.1, C.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from dataquality.models import (
    Proposal,
    ProposalTransition,
    SettingRound,
    TargetReviewItem,
    Template,
    TemplatePerson,
    TemplateTransition,
)
from dataquality.queries.quality_reminders import QUALITY_KINDS
from hdcperf import clock
from hdcperf.organisation.queries import Holders, holders
from hdcperf.periods import working_days
from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece
from hdcperf.roles import Permission
from kpis.models import KpiPerson, KpiYear, TargetSet

__all__ = ["KINDS", "NOTICES"]

SIGNED_WITHIN = 5
"""Working days a service manager has to sign a template off once it is sent."""
CONFIRMED_WITHIN = 5
"""Working days somebody named in a template has to confirm their access."""
HALF_YEAR_SHOWN = timedelta(days=60)
"""How long after the half-year review closed an unanswered target is still asked for."""


def _after(start: date, days: int) -> date:
    return working_days().add_working_days(start, days)


# Templates


def to_sign(today: date) -> Iterator[Piece]:
    """Templates sent for sign-off, for the managers of their service but whoever sent them; four queries."""
    sent = TemplateTransition.objects.filter(template=OuterRef("pk"), move="submit").order_by("-at", "-pk")
    rows = Template.objects.filter(state=Template.State.SUBMITTED).annotate(
        sent_at=Subquery(sent.values("at")[:1]), sent_by=Subquery(sent.values("by")[:1])
    )
    signs = holders(Permission.SIGN_TEMPLATES, today)
    for row in rows.select_related("kpi_year__service"):
        opened = clock.local_day(row.sent_at)
        if opened > today:
            continue
        yield Piece(
            subject=f"template-sign-off-{row.pk}",
            title=f"The data quality template of {_named(row.kpi_year)}",
            href=reverse("template-sign", args=[row.kpi_year.financial_year, row.kpi_year.code]),
            opened=opened,
            due=_after(opened, SIGNED_WITHIN),
            actors=signs.of(row.kpi_year.service) - {row.sent_by},
            service=row.kpi_year.service_id,
        )


def _named(kpi_year: KpiYear) -> str:
    return f"{kpi_year.code} {kpi_year.name}, {kpi_year.financial_year}"


def to_confirm(today: date) -> Iterator[Piece]:
    """Access that people named in a template have not confirmed: each confirms their own; two queries."""
    history = TemplatePerson.history.model
    named = history.objects.filter(id=OuterRef("pk"), history_type="+").order_by("history_id")
    rows = TemplatePerson.objects.filter(
        access_confirmed_on__isnull=True, template__state__in=(Template.State.DRAFT, Template.State.SUBMITTED)
    ).annotate(named_at=Subquery(named.values("history_date")[:1]))
    seen = set()
    for row in rows.select_related("template__kpi_year").order_by("named_at", "pk"):
        if row.named_at is None or (row.template_id, row.user_id) in seen:
            continue  # somebody named for two duties confirms once
        seen.add((row.template_id, row.user_id))
        kpi_year, opened = row.template.kpi_year, clock.local_day(row.named_at)
        if opened <= today:
            yield Piece(
                subject=f"access-{row.template_id}-{row.user_id}",
                title=f"Your access to the systems of {_named(kpi_year)}",
                href=reverse("template-access", args=[kpi_year.financial_year, kpi_year.code]),
                opened=opened,
                due=_after(opened, CONFIRMED_WITHIN),
                actors=frozenset({row.user_id}),
                service=kpi_year.service_id,
            )


# The yearly setting of KPIs

ROUND = "setting_round"


def _proposals(**where: object) -> QuerySet[Proposal]:
    rows: QuerySet[Proposal] = Proposal.objects.filter(
        setting_round__state=SettingRound.State.PROPOSING, **where
    ).select_related(ROUND, "service", "kpi", "kpi_year", "before")
    return rows


def _proposal(one: Proposal, page: str, opened: date, due: date, actors: frozenset[int], step: str) -> Piece:
    kpi_year = one.kpi_year or one.before
    year = one.setting_round.financial_year
    name = f"{kpi_year.code} {kpi_year.name}" if kpi_year is not None else one.kpi.reference
    return Piece(
        subject=f"proposal-{step}-{one.pk}",
        title=f"{name}, for {year}",
        href=reverse(page, args=[year, one.kpi.reference]),
        opened=opened,
        due=due,
        actors=actors,
        service=one.service_id,
    )


def to_review(today: date) -> Iterator[Piece]:
    """KPIs their holders have not reviewed, from the day holders review until services propose; two queries."""
    rows = _proposals(state="draft", reviewed_on__isnull=True, before__isnull=False)
    for one in rows.filter(setting_round__holders_from__lte=today).prefetch_related("before__people"):
        assert one.before is not None
        named = one.before.people.all()
        actors = frozenset(row.user_id for row in named if row.duty != KpiPerson.Duty.STANDS_IN)
        window = one.setting_round
        yield _proposal(one, "proposal-review", window.holders_from, window.services_from, actors, "review")


def to_propose(today: date) -> Iterator[Piece]:
    """KPIs of which the service has not said what becomes of them, while services propose; two queries."""
    proposes = holders(Permission.COMPLETE_TEMPLATES, today)
    for one in _proposals(state="draft").filter(setting_round__services_from__lte=today):
        window = one.setting_round
        actors = proposes.of(one.service)
        yield _proposal(one, "proposal", window.services_from, window.closes_on, actors, "verdict")


def _signed_by(permission: Permission, state: str, move: str) -> Callable[[date], Iterator[Piece]]:
    """Proposals that wait for the sign-off that ``permission`` gives; two queries."""

    def waiting(today: date) -> Iterator[Piece]:
        held = holders(permission, today)
        rows = _proposals(state=state).annotate(since=Max("transitions__at", filter=Q(transitions__move=move)))
        for one in rows.exclude(since=None):
            opened = clock.local_day(one.since)
            yield _proposal(one, "proposal", opened, one.setting_round.closes_on, held.of(one.service), move)

    return waiting


# The half-year review


def to_answer_for(today: date) -> Iterator[Piece]:
    """Targets of which nobody said whether they are stretched; three queries."""
    waits = TargetSet.objects.filter(kpi_year=OuterRef("kpi_year"), state=TargetSet.State.AWAITING)
    rows = TargetReviewItem.objects.filter(
        verdict="", target_review__opens_on__lte=today, target_review__closes_on__gte=today - HALF_YEAR_SHOWN
    ).exclude(Exists(waits))
    answers = holders(Permission.COMPLETE_TEMPLATES, today)
    for row in rows.select_related("target_review", "kpi_year__service"):
        window, kpi_year = row.target_review, row.kpi_year
        yield Piece(
            subject=f"half-year-{row.pk}",
            title=f"The target of {kpi_year.code} {kpi_year.name}",
            href=reverse("half-year-item", args=[window.financial_year, kpi_year.code]),
            opened=window.opens_on,
            due=window.closes_on,
            actors=answers.of(kpi_year.service),
            service=kpi_year.service_id,
        )


_WITHOUT_TEMPLATE = "the KPI’s months are not opened, because no template is signed off (framework B.1)."
_NOT_IN_SET = "the KPI does not go to portfolio holders, scrutiny and cabinet with the year’s set."
_CRITERIA = (
    "Keep, amend or drop it by the four criteria, and say why.",
    "Set the target by growth, maintaining or reducing, and say how. Where last year’s result beats it, say why it "
    "is not raised.",
)

KINDS = (
    Kind(
        code="template-sign-off",
        one="data quality template to sign off",
        many="data quality templates to sign off",
        open_work=to_sign,
        missed=_WITHOUT_TEMPLATE,
        guidelines=(
            "Sign only a procedure that is robust, and that another officer could follow in somebody’s absence.",
            "Send it back, saying what must change, if it is not.",
        ),
        told_at_once=True,
    ),
    Kind(
        code="access-confirmation",
        one="access to confirm",
        many="accesses to confirm",
        open_work=to_confirm,
        missed="the template cannot be signed off, so the KPI’s months are not opened.",
        guidelines=(
            "Sign in to each system and database the template names, then confirm. Nobody can confirm it for you.",
        ),
    ),
    Kind(
        code="kpi-review",
        one="KPI to review for next year",
        many="KPIs to review for next year",
        open_work=to_review,
        missed="the service decides what becomes of the KPI without your review.",
        guidelines=("Say what you found: is it still worth measuring, and is it measured well?",),
    ),
    Kind(
        code="kpi-proposal",
        one="KPI to propose for next year",
        many="KPIs to propose for next year",
        open_work=to_propose,
        missed=_NOT_IN_SET,
        guidelines=_CRITERIA,
    ),
    Kind(
        code="kpi-agreement",
        one="proposed KPI to agree",
        many="proposed KPIs to agree",
        open_work=_signed_by(Permission.AGREE_PROPOSALS, "submitted", "submit"),
        missed=_NOT_IN_SET,
        guidelines=_CRITERIA,
        told_at_once=True,
    ),
    Kind(
        code="kpi-sign-off",
        one="proposed KPI to sign off",
        many="proposed KPIs to sign off",
        open_work=_signed_by(Permission.SIGN_PROPOSALS, "agreed", "agree"),
        missed=_NOT_IN_SET,
        guidelines=_CRITERIA,
        told_at_once=True,
    ),
    Kind(
        code="half-year-target",
        one="target to review at half year",
        many="targets to review at half year",
        open_work=to_answer_for,
        missed="the half-year review is reported without an answer for the target.",
        guidelines=(
            "Stretch a target that is beaten, or say why it is left as it is.",
            "A target members approved changes only by their decision.",
        ),
    ),
    *QUALITY_KINDS,
)


# Told at once


def _template_moves(moment: datetime) -> Iterator[Notice]:
    """A template that waits for sign-off, to whoever may sign it; one sent back, to its people."""
    rows = TemplateTransition.objects.filter(at__gt=moment, move__in=("submit", "send_back"))
    rows = rows.select_related("template__kpi_year__service").prefetch_related("template__kpi_year__people")
    signs: Holders | None = None
    for row in _last_moves(rows.order_by("at", "pk"), "template_id"):
        kpi_year = row.template.kpi_year
        address = [kpi_year.financial_year, kpi_year.code]
        if row.move == "submit" and row.template.state == Template.State.SUBMITTED:
            signs = signs or holders(Permission.SIGN_TEMPLATES, clock.today())
            yield Notice(
                subject=f"template-move-{row.pk}",
                on=clock.local_day(row.at),
                title=f"Sign off the data quality template of {_named(kpi_year)}",
                href=reverse("template-sign", args=address),
                recipients=signs.of(kpi_year.service),
                service=kpi_year.service_id,
                but_not=frozenset({row.by_id}),
            )
        elif row.move == "send_back" and row.template.state == Template.State.DRAFT:
            named = kpi_year.people.all()
            yield Notice(
                subject=f"template-move-{row.pk}",
                on=clock.local_day(row.at),
                title=f"The data quality template of {_named(kpi_year)} was sent back",
                href=reverse("template", args=address),
                recipients=frozenset(one.user_id for one in named if one.duty != KpiPerson.Duty.STANDS_IN),
                stand_ins=frozenset(one.user_id for one in named if one.duty == KpiPerson.Duty.STANDS_IN),
                service=kpi_year.service_id,
                but_not=frozenset({row.by_id}),
            )


def _last_moves(rows: QuerySet[TemplateTransition], key: str) -> list[TemplateTransition]:
    """The last move of each record: an earlier one no longer holds."""
    return list({getattr(row, key): row for row in rows}.values())


def _proposal_moves(moment: datetime) -> Iterator[Notice]:
    """A proposal that waits to be agreed or signed off, or that was sent back to the service."""
    rows = ProposalTransition.objects.filter(at__gt=moment).select_related(
        "proposal__setting_round", "proposal__service", "proposal__kpi", "proposal__kpi_year", "proposal__before"
    )
    told = {
        "submit": (Permission.AGREE_PROPOSALS, "Agree what is proposed for"),
        "agree": (Permission.SIGN_PROPOSALS, "Sign off what is proposed for"),
        "send_back": (Permission.COMPLETE_TEMPLATES, "Sent back to your service: what is proposed for"),
        "return": (Permission.COMPLETE_TEMPLATES, "Sent back to your service: what is proposed for"),
    }
    today = clock.today()
    held: dict[Permission, Holders] = {}
    for row in {row.proposal_id: row for row in rows.order_by("at", "pk")}.values():
        if row.move not in told:
            continue
        permission, words = told[row.move]
        if permission not in held:
            held[permission] = holders(permission, today)
        piece = _proposal(row.proposal, "proposal", today, today, frozenset(), row.move)
        yield Notice(
            subject=f"proposal-move-{row.pk}",
            on=clock.local_day(row.at),
            title=f"{words} {piece.title}",
            href=piece.href,
            recipients=held[permission].of(row.proposal.service),
            service=row.proposal.service_id,
            but_not=frozenset({row.by_id}),
        )


NOTICES = (
    NoticeSource("template-move", "A data quality template waits for sign-off, or was sent back", _template_moves),
    NoticeSource(
        "proposal-move", "A proposed KPI waits for agreement or sign-off, or was sent back", _proposal_moves
    ),
)

"""Open work on assurance and after quality reviews: statements to make, actions to put right (Appendix A)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from dataquality.models import AssuranceRound, AssuranceStatement, QualityAction
from dataquality.queries.quality_reviews import FINISHED
from hdcperf import clock
from hdcperf.organisation.queries import holders
from hdcperf.periods import working_days
from hdcperf.reminders.kinds import Kind, Piece
from hdcperf.roles import Permission
from hdcperf.ui import day

__all__ = ["QUALITY_KINDS", "asked_on"]

CONFIRMED_WITHIN = 5
"""Working days a reviewer has to confirm that an action is done."""


def asked_on() -> Subquery:
    """When a year's statements were asked for, to annotate rounds with: the moment its row was made."""
    made = AssuranceRound.history.model.objects.filter(id=OuterRef("pk"), history_type="+")
    return Subquery(made.order_by("history_id").values("history_date")[:1])


def to_state(today: date) -> Iterator[Piece]:
    """Statements not signed, from the day they were asked for, or can be signed if that is later; three queries."""
    rounds = AssuranceRound.objects.filter(state=AssuranceRound.State.OPEN).annotate(asked=asked_on())
    opened = {
        one.pk: max(clock.local_day(one.asked), one.financial_year.next.first_day) for one in rounds if one.asked
    }
    begun = [pk for pk, on in opened.items() if on <= today]
    rows = AssuranceStatement.objects.filter(state=AssuranceStatement.State.DRAFT, assurance_round__in=begun)
    states = holders(Permission.SIGN_TEMPLATES, today)
    for row in rows.select_related("assurance_round", "service"):
        year = row.assurance_round.financial_year
        yield Piece(
            subject=f"assurance-statement-{row.pk}",
            title=f"The statement of assurance of {row.service.name} for {year}",
            href=reverse("assurance-statement", args=[year, row.service_id]),
            opened=opened[row.assurance_round_id],
            due=row.assurance_round.due_on,
            actors=states.of(row.service),
            service=row.service_id,
        )


def to_put_right(today: date) -> Iterator[Piece]:
    """Actions of finished quality reviews that are open, for their owners; two queries."""
    rows = QualityAction.objects.filter(
        state=QualityAction.State.OPEN, review__state__in=FINISHED, review__reported_on__lte=today
    )
    for row in rows.select_related("review__kpi_year").prefetch_related("transitions"):
        kpi_year, last = row.review.kpi_year, list(row.transitions.all())[-1:]
        assert row.review.reported_on is not None  # a finished review says when
        sent_back = bool(last) and last[0].move == "not_done"
        yield Piece(
            subject=f"quality-action-{row.pk}",
            title=f"{row.what.rstrip('.')}, after the quality review of {kpi_year.code} {kpi_year.name}",
            href=reverse("quality-action", args=[row.review_id, row.pk]),
            opened=row.review.reported_on,
            due=row.due_on,
            actors=frozenset({row.owner_id}),
            service=kpi_year.service_id,
            note=f"{last[0].who} sent it back on {day(last[0].at)}: {last[0].comment}" if sent_back else "",
        )


def to_confirm(today: date) -> Iterator[Piece]:
    """Actions said to be done, for the reviewer; for the team where the reviewer owns it or has left; two queries."""
    rows = QualityAction.objects.filter(state=QualityAction.State.DONE, done_on__lte=today)
    team = holders(Permission.MANAGE_SETTING, today).council
    for row in rows.select_related("owner", "review__kpi_year", "review__reviewer"):
        reviewer, kpi_year = row.review.reviewer, row.review.kpi_year
        theirs = reviewer.is_active and reviewer.pk != row.owner_id
        assert row.done_on is not None  # what is said to be done says when
        yield Piece(
            subject=f"quality-action-confirm-{row.pk}-{row.done_on}",
            title=f"{row.what.rstrip('.')}, after the quality review of {kpi_year.code} {kpi_year.name}",
            href=reverse("quality-action", args=[row.review_id, row.pk]),
            opened=row.done_on,
            due=working_days().add_working_days(row.done_on, CONFIRMED_WITHIN),
            actors=frozenset({reviewer.pk}) if theirs else team - {row.owner_id},
            note=f"{row.owner.name} says it is done.",
        )


QUALITY_KINDS = (
    Kind(
        code="assurance-statement",
        one="statement of assurance to make",
        many="statements of assurance to make",
        open_work=to_state,
        missed="the report for the Annual Governance Statement goes to the Corporate Governance Committee without "
        "your service’s statement.",
        guidelines=(
            "Service managers provide assurance on the effectiveness of the controls in place in their service.",
            "They ensure the quality of all data collected and reported within their areas of responsibility: say "
            "how sure you are, what this rests on, and what is done about the gaps.",
        ),
    ),
    Kind(
        code="quality-action",
        one="action after a quality review to put right",
        many="actions after quality reviews to put right",
        open_work=to_put_right,
        missed="the review stays open, and the figures on data quality and the assurance report show it as overdue.",
        guidelines=(
            "All performance information should be underpinned by good data quality, to a consistently high standard "
            "across all service areas.",
            "Say what was done, and where that can be seen: somebody else confirms it before the review is closed.",
        ),
    ),
    Kind(
        code="quality-action-confirm",
        one="action after a quality review to confirm",
        many="actions after quality reviews to confirm",
        open_work=to_confirm,
        missed="the review cannot be closed, though the work is said to be done.",
        guidelines=(
            "See for yourself that it is done, then confirm it.",
            "Send it back, saying what is still to be done, if it is not.",
        ),
    ),
)

"""What a person has to do about data quality reviews: carry out, comment, put right, confirm, close (B.1)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from dataquality.models import QualityAction, QualityReview
from dataquality.queries.quality_reviews import FINISHED, IN_HAND
from dataquality.queries.review_sections import left_of
from hdcperf.organisation.access import Standing
from hdcperf.roles import Permission
from hdcperf.ui import count_of, day
from hdcperf.ui.home_tasks import Task

__all__ = ["review_tasks"]

State, ActionState = QualityReview.State, QualityAction.State


def review_tasks(who: Standing) -> list[Task]:
    """Everything ``who`` has to do about quality reviews, own and covered; as many queries whatever there is."""
    return [*_to_carry_out(who), *_to_answer(who), *_to_do(who), *_to_confirm(who), *_to_close(who)]


def _called(review: QualityReview) -> str:
    return f"the data quality review of {review.kpi_year.code} {review.kpi_year.name}"


def _href(review: QualityReview) -> str:
    return reverse("quality-review", args=[review.pk])


def _to_carry_out(who: Standing) -> Iterator[Task]:
    """The reviewer's: one with the service is asked for again once its days are past."""
    rows = QualityReview.objects.filter(reviewer__in=who.people, state__in=IN_HAND).select_related("kpi_year")
    for review in rows.prefetch_related("comparisons", "observations", "transitions").order_by("due_on", "pk"):
        answers = [one for one in review.transitions.all() if one.move in ("agree", "comment")]
        if review.state == State.SHARED:
            if review.answer_by is None or review.answer_by >= who.today:
                continue
            verb, hint = "Finish", f"The service did not comment by {day(review.answer_by)}"
        elif answers:
            verb, hint = "Finish", f"{answers[-1].who} answered for the service on {day(answers[-1].at)}"
        elif review.state == State.PLANNED:
            verb, hint = "Start", review.picked_why
        else:
            left = len(left_of(review))
            verb, hint = ("Carry out", f"{count_of(left, 'part')} to write") if left else ("Share", "All is written")
        yield Task(
            title=f"{verb} {_called(review)}",
            href=_href(review),
            due=review.due_on,
            hint=hint,
            late=review.due_on < who.today,
            acting_for=who.acting_for(review.reviewer_id),
        )


def _to_answer(who: Standing) -> Iterator[Task]:
    """The service manager's: is what was found accurate?"""
    reach = who.reach(Permission.SIGN_TEMPLATES)
    if not reach:
        return
    rows = QualityReview.objects.filter(reach.rows("kpi_year__"), state=State.SHARED)
    for review in rows.select_related("kpi_year", "reviewer").order_by("answer_by", "pk"):
        yield Task(
            title=f"Say whether {_called(review)} is accurate",
            href=_href(review),
            due=review.answer_by,
            hint=f"{review.reviewer.name} finishes it after that",
            late=review.answer_by is not None and review.answer_by < who.today,
        )


def _to_do(who: Standing) -> Iterator[Task]:
    """An owner's actions, those sent back with what is still to be done."""
    rows = QualityAction.objects.filter(
        owner__in=who.people, state=ActionState.OPEN, review__state__in=FINISHED
    ).select_related("review__kpi_year")
    for action in rows.prefetch_related("transitions").order_by("due_on", "pk"):
        last = list(action.transitions.all())[-1:]
        yield Task(
            title=f"Put right: {action.what}",
            href=_action_href(action),
            due=action.due_on,
            hint=f"{last[0].who} sent it back on {day(last[0].at)}: {last[0].comment}"
            if last and last[0].move == "not_done"
            else f"After {_called(action.review)}",
            late=action.due_on < who.today,
            acting_for=who.acting_for(action.owner_id),
        )


def _action_href(action: QualityAction) -> str:
    return reverse("quality-action", args=[action.review_id, action.pk])


def _to_confirm(who: Standing) -> Iterator[Task]:
    """Those said to be done: for the reviewer, or for the team where the reviewer owns it or has left."""
    mine = Q(review__reviewer__in=who.people)
    if who.may(Permission.MANAGE_SETTING):
        mine |= Q(owner=F("review__reviewer")) | Q(review__reviewer__is_active=False)
    rows = QualityAction.objects.filter(mine, state=ActionState.DONE).exclude(owner__in=who.people)
    for action in rows.select_related("owner", "review__kpi_year").order_by("done_on", "pk"):
        yield Task(
            title=f"Confirm that it is done: {action.what}",
            href=_action_href(action),
            hint=f"{action.owner.name} said so on {day(action.done_on)}, after {_called(action.review)}",
            urgent=True,
        )


def _to_close(who: Standing) -> Iterator[Task]:
    """Finished reviews of which every action is done or dropped."""
    waiting = QualityAction.objects.filter(review=OuterRef("pk"), state__in=(ActionState.OPEN, ActionState.DONE))
    rows = QualityReview.objects.filter(~Exists(waiting), reviewer__in=who.people, state=State.REPORTED)
    for review in rows.select_related("kpi_year").order_by("reported_on", "pk"):
        yield Task(title=f"Close {_called(review)}", href=_href(review), hint="Every action is done or dropped")

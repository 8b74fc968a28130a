"""What members of a body ask, say and recommend about what they read, and what became of it.

A question belongs to its body: it outlives whoever asked it, and is printed by their post. Answers are kept as they
were written; a revised one stands beside the first.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions.models import ActionYear, Project
from hdcperf.history import AppendOnlyModel, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User
from hdcperf.workflow import Transition
from kpis.models import KpiYear
from reports.models.meetings import Meeting
from reports.rules.questions import ITEMS, When, when_asked

__all__ = ["Answer", "AnswerRelease", "PanelQuestion", "PanelQuestionTransition"]


_OPEN = ("asked", "assigned", "answered")
"""States in which an answer is still owed."""


class PanelQuestionQuerySet(TrackedQuerySet["PanelQuestion"]):
    def with_items(self) -> PanelQuestionQuerySet:
        """With what their pages print, in one query."""
        return self.select_related(
            *("meeting", "owner", "asked_by", "project__service"),
            *("kpi_year__service", "action_year__service", "action_year__plan_year"),
        )


PanelQuestionManager = models.Manager.from_queryset(PanelQuestionQuerySet)


def _about_one_thing_at_most() -> Q:
    found = Q(**{f"{item}__isnull": True for item in ITEMS})
    for chosen in ITEMS:
        found |= Q(**{f"{item}__isnull": item != chosen for item in ITEMS})
    return found


class PanelQuestion(models.Model):
    """A question, a comment or a recommendation of a body, about a KPI's year, an action, a project or the report."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        COMMENT = "comment", "Comment"
        RECOMMENDATION = "recommendation", "Recommendation"

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ASSIGNED = "assigned", "With its owner"
        ANSWERED = "answered", "Answer to be released"
        RELEASED = "released", "Answered"
        ACCEPTED = "accepted", "Answer accepted"
        NOTED = "noted", "Noted"
        WITHDRAWN = "withdrawn", "Withdrawn"

    kind = models.CharField(max_length=14, choices=Kind.choices, default=Kind.QUESTION)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="questions", verbose_name="meeting it was asked for"
    )
    kpi_year = models.ForeignKey(
        KpiYear, on_delete=models.PROTECT, null=True, blank=True, related_name="panel_questions"
    )
    action_year = models.ForeignKey(
        ActionYear, on_delete=models.PROTECT, null=True, blank=True, related_name="panel_questions"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="panel_questions"
    )
    words = models.TextField("in the member's words")
    asked_on = models.DateField("asked on")
    asked_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="panel_questions_asked",
        help_text="Empty where the body asked as a whole.",
    )
    asked_by_post = models.CharField("post of who asked", max_length=200)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="panel_questions_owned"
    )
    owner_post = models.CharField("post of its owner", max_length=200, blank=True)
    due_on = models.DateField("answer due on", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)

    history = tracked()
    objects = PanelQuestionManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["-meeting__held_on", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="panel_question_has_words"),
            models.CheckConstraint(condition=~Q(asked_by_post=""), name="panel_question_is_asked_by_a_post"),
            models.CheckConstraint(condition=_about_one_thing_at_most(), name="panel_question_is_about_one_thing"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["asked", "assigned", "answered", "released", "accepted", "noted", "withdrawn"]
                ),
                name="panel_question_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True, owner_post="", due_on__isnull=True)
                | (Q(owner__isnull=False, due_on__isnull=False) & ~Q(owner_post="")),
                name="panel_question_owner_has_post_and_due_date",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(state__in=["assigned", "answered", "released", "accepted"]),
                name="panel_question_under_way_has_an_owner",
            ),
            models.CheckConstraint(
                condition=Q(kind="comment") | ~Q(state="noted"), name="only_a_panel_comment_is_noted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}, {self.meeting}"

    def get_absolute_url(self) -> str:
        return reverse("question", args=[self.pk])

    @property
    def item(self) -> KpiYear | ActionYear | Project | None:
        """What it is about; None for the report as a whole."""
        return self.kpi_year or self.action_year or self.project

    @property
    def scope(self) -> Scope | None:
        """Where it belongs, for access; None for the report as a whole. Select the item's service with it."""
        return self.item.scope if self.item is not None else None

    @property
    def is_open(self) -> bool:
        """An answer is still owed."""
        return self.state in _OPEN

    @property
    def when(self) -> When:
        return when_asked(self.asked_on, self.meeting.held_on)


class PanelQuestionTransition(Transition):
    question = models.ForeignKey(PanelQuestion, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class Answer(AppendOnlyModel):
    """An answer as it was written, by whom and in which post; the first is number 1, a revised one the next."""

    class Response(models.TextChoices):
        AGREED = "agreed", "Agreed"
        PARTLY = "partly", "Agreed in part"
        NOT_AGREED = "not_agreed", "Not agreed"

    question = models.ForeignKey(PanelQuestion, on_delete=models.PROTECT, related_name="answers")
    number = models.PositiveSmallIntegerField()
    words = models.TextField()
    response = models.CharField("response to a recommendation", max_length=10, choices=Response.choices, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_by_name = models.CharField(max_length=200)
    answered_by_post = models.CharField(max_length=200)
    answered_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="panel_answers_are_numbered"),
            models.CheckConstraint(condition=~Q(words=""), name="panel_answer_has_words"),
            models.CheckConstraint(condition=~Q(answered_by_post=""), name="panel_answer_is_given_by_a_post"),
        ]

    def __str__(self) -> str:
        return f"Answer {self.number} to {self.question}"


class AnswerRelease(AppendOnlyModel):
    """An answer was given to the body that asked: from then on it is read, and printed in its next report."""

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="release")
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    released_by_name = models.CharField(max_length=200)
    released_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer}, released"

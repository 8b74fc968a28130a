"""Challenges and their dialogue, answered findings, and lock exceptions of an action's update (framework E.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from actions.models.updates import ActionUpdate
from hdcperf.history import tracked
from hdcperf.review.models import (
    AbstractChallenge,
    AbstractFinding,
    AbstractLockException,
    AbstractMessage,
    ChallengeManager,
)


class Challenge(AbstractChallenge):
    """A question about an update, or the update returned, saying what is missing."""

    class About(models.TextChoices):
        UPDATE = "update", "What was done"
        RAG = "rag", "The RAG and what will be done"
        IMPACT = "impact", "The impact"
        MILESTONES = "milestones", "The milestones and dates"
        WHOLE = "whole", "The whole update"

    class Reason(models.TextChoices):
        MISSING = "missing", "Something is missing"
        DOES_NOT_MATCH = "does_not_match", "The words do not match the RAG"
        UNCLEAR = "unclear", "The words are not clear"
        NO_IMPACT = "no_impact", "The impact only repeats the update"
        LOOKS_WRONG = "looks_wrong", "A fact looks wrong"
        SPELLING = "spelling", "Spelling or grammar"
        OTHER = "other", "Something else"

    about = models.CharField(max_length=12, choices=About.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="challenges")

    history = tracked()
    objects = ChallengeManager()

    class Meta(AbstractChallenge.Meta):
        constraints = [
            *AbstractChallenge.Meta.constraints,
            models.UniqueConstraint(
                fields=["update", "about"],
                condition=~Q(state="closed"),
                name="one_open_challenge_about_a_part_of_an_update",
                violation_error_message="There is already an open challenge about this part of the update.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_reason_display()}"


class ChallengeMessage(AbstractMessage):
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="messages")


class Finding(AbstractFinding):
    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="findings")

    history = tracked()

    class Meta(AbstractFinding.Meta):
        constraints = [
            *AbstractFinding.Meta.constraints,
            models.UniqueConstraint(fields=["update", "code"], name="update_finding_answered_once"),
        ]


class LockException(AbstractLockException):
    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="lock_exceptions")

    history = tracked()

    class Meta(AbstractLockException.Meta):
        pass

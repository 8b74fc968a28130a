"""Challenges and their dialogue, answered findings, and lock exceptions of a monthly return (framework E.1)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from hdcperf.history import tracked
from hdcperf.review.models import (
    AbstractChallenge,
    AbstractFinding,
    AbstractLockException,
    AbstractMessage,
    ChallengeManager,
)
from kpis.models.returns import MonthlyReturn


class Challenge(AbstractChallenge):
    class About(models.TextChoices):
        VALUE = "value", "The figure"
        COMMENTARY = "commentary", "The commentary"
        FORECAST = "forecast", "The forecast"
        WHOLE = "whole", "The whole return"

    class Reason(models.TextChoices):
        LOOKS_WRONG = "looks_wrong", "It looks wrong"
        UNEXPLAINED = "unexplained", "A change is not explained"
        UNCLEAR = "unclear", "The commentary is not clear"
        DOES_NOT_MATCH = "does_not_match", "The words do not match the RAG"
        FORECAST = "forecast", "The forecast is hard to believe"
        SPELLING = "spelling", "Spelling or grammar"
        OTHER = "other", "Something else"

    about = models.CharField(max_length=12, choices=About.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices)
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="challenges")

    history = tracked()
    objects = ChallengeManager()

    class Meta(AbstractChallenge.Meta):
        constraints = [
            *AbstractChallenge.Meta.constraints,
            models.UniqueConstraint(
                fields=["monthly_return", "about"],
                condition=~Q(state="closed"),
                name="one_open_challenge_about_a_part",
                violation_error_message="There is already an open challenge about this part of the return.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_about_display()}: {self.get_reason_display()}"


class ChallengeMessage(AbstractMessage):
    challenge = models.ForeignKey(Challenge, on_delete=models.PROTECT, related_name="messages")


class Finding(AbstractFinding):
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="findings")

    history = tracked()

    class Meta(AbstractFinding.Meta):
        constraints = [
            *AbstractFinding.Meta.constraints,
            models.UniqueConstraint(fields=["monthly_return", "code"], name="finding_answered_once"),
        ]


class LockException(AbstractLockException):
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="lock_exceptions")

    history = tracked()

    class Meta(AbstractLockException.Meta):
        pass

"""What sign-offs share: authors, a challenge and its dialogue, a finding, a lock exception, a revision, a decision,
what came of a promise.

Abstract: each app makes its own tables (design note), adding the foreign key to its own record.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q

from hdcperf.history import AppendOnlyModel, TrackedManager, TrackedQuerySet
from hdcperf.organisation.models import User
from hdcperf.ui import day

__all__ = [
    "AbstractAuthor",
    "AbstractChallenge",
    "AbstractDecision",
    "AbstractFinding",
    "AbstractLockException",
    "AbstractMessage",
    "AbstractRecoveryOutcome",
    "AbstractRevision",
    "ChallengeManager",
    "ChallengeQuerySet",
    "paired",
]


C = TypeVar("C", bound=models.Model)


def paired(*columns: str) -> Q:
    """All of ``columns`` are empty, or none is: who and when belong together."""
    none = Q(**{f"{column}__isnull": True for column in columns})
    every = Q(**{f"{column}__isnull": False for column in columns})
    return none | every


class ChallengeQuerySet(TrackedQuerySet[C]):
    def not_closed(self) -> Self:
        return self.exclude(state="closed")

    def with_the_board(self) -> Self:
        """Escalated, and the board has not ruled: the record is *disputed*."""
        return self.not_closed().filter(escalated_at__isnull=False, ruling="")


ChallengeManager = models.Manager.from_queryset(ChallengeQuerySet)


class AbstractChallenge(models.Model):
    """A question the Performance Team puts to a stakeholder (framework E.1: open dialogue, then the board)."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    class Ruling(models.TextChoices):
        STANDS = "stands", "It stands as it is"
        CORRECT = "correct", "The service must correct it"

    # What can be asked about, and for what reasons, is each app's own: its table names the choices.
    about = models.CharField(max_length=12)
    reason = models.CharField(max_length=20)
    question = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    due_on = models.DateField("answer due on")
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    escalation_reason = models.TextField(blank=True)
    ruling = models.CharField(max_length=10, choices=Ruling.choices, blank=True)
    ruled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ruled_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    figure_changed = models.BooleanField(default=False)
    lesson = models.TextField("what will be done differently", blank=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ["raised_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "answered", "closed"]),
                name="%(app_label)s_%(class)s_state_known",
            ),
            models.CheckConstraint(
                condition=paired("closed_by", "closed_at")
                & (Q(state="closed", closed_at__isnull=False) | ~Q(state="closed") & Q(closed_at__isnull=True)),
                name="%(app_label)s_%(class)s_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=paired("ruled_by", "ruled_at")
                & (Q(ruling="", ruled_at__isnull=True) | ~Q(ruling="") & Q(ruled_at__isnull=False)),
                name="%(app_label)s_%(class)s_ruled_by_somebody",
            ),
            # By itself at the lock there is no person, but there is always a time and a reason.
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True, escalated_by__isnull=True, escalation_reason="")
                | Q(escalated_at__isnull=False) & ~Q(escalation_reason=""),
                name="%(app_label)s_%(class)s_escalated_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed", figure_changed=True, lesson=""),
                name="%(app_label)s_%(class)s_changed_figure_leaves_a_lesson",
            ),
        ]

    @property
    def is_with_the_board(self) -> bool:
        """Escalated, and the board has not ruled."""
        return self.escalated_at is not None and not self.ruling and self.state != self.State.CLOSED


class AbstractMessage(AppendOnlyModel):
    """One thing said in the dialogue of a challenge. Kept as it was said; it may be disclosed."""

    class Kind(models.TextChoices):
        QUESTION = "question", "Question"
        ANSWER = "answer", "Answer"
        ESCALATION = "escalation", "Escalated to the board"
        RULING = "ruling", "The board's decision"
        CLOSING = "closing", "Closed"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    words = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=420)
    at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.words


class AbstractAuthor(AppendOnlyModel):
    """Somebody who typed into a record, or for whom it was typed: they cannot accept it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.user)


class AbstractDecision(AppendOnlyModel):
    """What a body decided in its meeting, as an officer recorded it: bodies do not decide by clicking.

    Kept as it was recorded; one recorded wrongly is followed by another, which says so.
    """

    class Body(models.TextChoices):
        LEADERSHIP = "leadership", "Senior leadership team"
        PORTFOLIO = "portfolio", "Portfolio holder"
        SCRUTINY = "scrutiny", "Overview and scrutiny"
        CABINET = "cabinet", "Cabinet"
        COUNCIL = "council", "Council"

    class Kind(models.TextChoices):
        AGREED = "agreed", "Agreed"
        COMMENTED = "commented", "Commented"
        NOT_AGREED = "not_agreed", "Not agreed"

    body = models.CharField(max_length=12, choices=Body.choices)
    kind = models.CharField("what was decided", max_length=12, choices=Kind.choices)
    met_on = models.DateField("date of the meeting")
    minute = models.CharField("minute number", max_length=60)
    wording = models.TextField("the decision or comment, as minuted")
    takes_effect_on = models.DateField(null=True, blank=True, help_text="After any call-in.")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(wording=""), name="%(app_label)s_%(class)s_has_its_wording"),
            models.CheckConstraint(condition=~Q(minute=""), name="%(app_label)s_%(class)s_has_its_minute"),
            models.CheckConstraint(
                condition=Q(takes_effect_on__isnull=True) | Q(takes_effect_on__gte=F("met_on")),
                name="%(app_label)s_%(class)s_takes_effect_after_the_meeting",
                violation_error_message="A decision cannot take effect before the meeting that made it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.Body(self.body).label}, {day(self.met_on)}, minute {self.minute}"


class AbstractFinding(models.Model):
    """What a check asked, and the sentence that answered it: kept, so that nobody is asked twice (C.2.2)."""

    code = models.CharField(max_length=40)
    field = models.CharField(max_length=40, blank=True)
    sentence = models.TextField()
    answer = models.TextField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects = TrackedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(answer=""), name="%(app_label)s_%(class)s_is_answered"),
        ]

    def __str__(self) -> str:
        return self.sentence


class AbstractLockException(models.Model):
    """Leave to change one locked record until a date, with its reason, asked for and granted by somebody named."""

    reason = models.TextField()
    asked_by = models.CharField("asked for by", max_length=200)
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    expires_on = models.DateField("last day")
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("ended early", null=True, blank=True)

    objects = TrackedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
            models.CheckConstraint(
                condition=paired("ended_by", "ended_at"), name="%(app_label)s_%(class)s_ended_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"Open until {day(self.expires_on)}: {self.reason}"


class AbstractRevision(models.Model):
    """A change to an accepted figure, with its kind and reason, signed off like a return (official practice)."""

    class Kind(models.TextChoices):
        LATE_DATA = "late_data", "Late data"
        CORRECTION = "correction", "Correction"
        METHOD = "method", "Change of method"

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    objects = TrackedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "accepted", "declined", "withdrawn"]),
                name="%(app_label)s_%(class)s_state_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class AbstractRecoveryOutcome(models.Model):
    """Whether what was promised with an amber or a red was done, and what came of it.

    It is told with a later record (``told_with``), and is as much a draft as that one: until that is accepted others
    do not see it.
    """

    class Result(models.TextChoices):
        DONE = "done", "Done"
        PART = "part", "Partly done"
        NOT_DONE = "not_done", "Not done"

    told_with: models.ForeignKey[Any, Any]

    result = models.CharField(max_length=8, choices=Result.choices)
    words = models.TextField("what came of it")
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    objects = TrackedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.get_result_display()}. {self.words}"

    @property
    def is_a_draft(self) -> bool:
        """Told with a record that is not accepted yet."""
        return self.told_with is not None and self.told_with.state != "accepted"

"""A long job with its claim and heartbeat, and one run of a scheduled task. Times are real: see ``hdcperf.clock``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from hdcperf.organisation.models import User

__all__ = ["Job", "Run"]


class JobQuerySet(models.QuerySet["Job"]):
    def open(self) -> Self:
        """Waiting or running."""
        return self.filter(state__in=Job.OPEN)

    def stale(self, now: datetime) -> Self:
        """Running, with no sign of life for ``settings.JOBS_STALE_SECONDS``: the process that ran it has died."""
        return self.filter(state=Job.State.RUNNING, beat_at__lt=now - timedelta(seconds=settings.JOBS_STALE_SECONDS))

    def never_taken(self, now: datetime) -> Self:
        """Waiting so long that what was put into the queue may be lost."""
        return self.filter(
            state=Job.State.WAITING, queued_at__lt=now - timedelta(seconds=settings.JOBS_STALE_SECONDS)
        )


class Job(models.Model):
    """Long work that somebody started. Changed by ``operations`` and ``running`` alone, under its claim."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (State.WAITING, State.RUNNING)

    kind = models.CharField(max_length=60, help_text="A key of settings.JOB_KINDS.")
    key = models.CharField(
        max_length=200, blank=True, help_text="What it is about: one open job of its kind for each."
    )
    label = models.CharField(max_length=200, help_text="What it does, in words, for example: Open October 2026.")
    arguments = models.JSONField(default=dict)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: by itself.")
    by_name = models.CharField(max_length=200, blank=True)

    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    token = models.UUIDField(null=True, help_text="The claim of the process that runs it.")
    beat_at = models.DateTimeField(null=True, help_text="That process's last sign of life.")
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="Parts done.")
    of = models.PositiveIntegerField(default=0, help_text="Parts there are; 0 while nobody knows.")

    outcome = models.TextField(blank=True, help_text="What came of it, in words for whoever started it.")
    href = models.CharField(max_length=300, blank=True, help_text="The address of what came of it.")
    error = models.TextField(blank=True, help_text="Why it failed, in words for whoever started it.")
    detail = models.TextField(blank=True, help_text="Why it failed, for administrators.")

    asked_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(default=timezone.now, help_text="When it was last handed to the workers.")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(JobQuerySet)()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes = [models.Index(fields=["state", "queued_at"], name="job_state_queued")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", token__isnull=True, beat_at__isnull=True, ended_at__isnull=True)
                | Q(
                    state="running",
                    token__isnull=False,
                    beat_at__isnull=False,
                    started_at__isnull=False,
                    ended_at__isnull=True,
                    attempts__gte=1,
                )
                | Q(state__in=["done", "failed", "cancelled"], token__isnull=True, ended_at__isnull=False),
                name="a_job_is_claimed_while_it_runs_and_ends_once",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(error="") | ~Q(state="failed") & Q(error="", detail=""),
                name="a_failed_job_says_why",
            ),
            models.CheckConstraint(
                condition=Q(of=0) | Q(done__lte=F("of")), name="no_more_parts_done_than_there_are"
            ),
            models.UniqueConstraint(
                fields=["kind", "key"],
                condition=Q(state__in=["waiting", "running"]) & ~Q(key=""),
                name="one_open_job_about_a_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class Run(models.Model):
    """One run of a scheduled task: what ran, when, how long, how many things it did, and what failed and why."""

    name = models.CharField(max_length=100, help_text="The task in words, as in the schedule.")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, help_text="None while it runs, or where its process died.")
    count = models.PositiveIntegerField(null=True, help_text="How many things it did.")
    error = models.TextField(blank=True)
    detail = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["name", "started_at"], name="run_name_started")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, count__isnull=True, error="")
                | Q(ended_at__isnull=False, count__isnull=False, error="")
                | Q(ended_at__isnull=False, count__isnull=True) & ~Q(error=""),
                name="a_run_that_ended_says_how_many_or_why_not",
            )
        ]

    def __str__(self) -> str:
        return self.name

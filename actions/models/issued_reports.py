"""What a project's report says, and the report as it was issued (framework, *Quarterly Reporting*)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from actions.models.updates import RAG_CHOICES, IssuedUpdate
from hdcperf.history import AppendOnlyModel
from hdcperf.periods import Month, Quarter


class ToldOfProject(models.Model):
    """What a report says: entered on the report, and copied when it is issued."""

    status = models.CharField("status set by its board", max_length=12, choices=RAG_CHOICES, blank=True)
    board = models.CharField("board that set it", max_length=200, blank=True)
    met_on = models.DateField("date the board set it", null=True, blank=True)
    board_words = models.TextField("what the board said", blank=True)
    progress = models.TextField("what was done", blank=True)
    risks = models.TextField("risks", blank=True)
    next_steps = models.TextField("what comes next", blank=True)
    recovery = models.TextField("what will be done", blank=True)
    recovery_by = models.DateField("by when", null=True, blank=True)
    recovery_owner = models.CharField("by whom", max_length=200, blank=True)
    # Frozen when the report is accepted: what it was read beside.
    status_before = models.CharField("status the quarter before", max_length=12, blank=True)
    ends_on = models.DateField("project ends on", null=True, blank=True)
    next_milestone = models.CharField("next milestone", max_length=200, blank=True)
    next_milestone_on = models.DateField("next milestone due on", null=True, blank=True)

    class Meta:
        abstract = True


class IssuedReport(ToldOfProject, AppendOnlyModel):
    """A report as it went into an issued pack: what scrutiny and the public may see.

    The officers' own view is no part of it: a pack says what the board said.
    """

    report = models.ForeignKey("actions.ProjectReport", on_delete=models.PROTECT, related_name="issued")
    audience = models.CharField(max_length=8, choices=IssuedUpdate.Audience.choices)
    pack = models.CharField(max_length=200)
    issued_on = models.DateField()

    class Meta:
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "audience", "pack"], name="report_issued_once_a_pack"),
            models.CheckConstraint(
                condition=Q(status__in=[value for value, _ in RAG_CHOICES]), name="issued_report_has_its_status"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} in {self.pack}"

    @property
    def span(self) -> Quarter:
        return Month.from_date(self.report.quarter).quarter

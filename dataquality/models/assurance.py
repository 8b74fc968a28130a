"""The yearly statements of assurance on data quality, what internal audit found, and the report drawn from them
(framework Appendix A: service managers provide assurance on their controls; audit informs the Annual Governance
Statement)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from dataquality.rules.measures import Measure, Share
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Service, User
from hdcperf.periods import FinancialYear
from hdcperf.review.models import paired
from hdcperf.workflow import Transition


class AssuranceRound(models.Model):
    """A year's statements: asked of every service, then drawn together into one report for the committee.

    The report is kept as the committee was given it: ``report`` holds its words, and pages print those alone.
    """

    class State(models.TextChoices):
        OPEN = "open", "Statements being made"
        REPORTED = "reported", "Reported to the committee"

    year = models.PositiveSmallIntegerField("financial year starting in", unique=True)
    due_on = models.DateField("statements due on")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    words = models.TextField("what the committee is asked to note", blank=True)
    report = models.TextField("the report as it was given", blank=True)
    reported_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year"]
        verbose_name = "year of assurance"
        verbose_name_plural = "years of assurance"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", report="", reported_on__isnull=True)
                | Q(state="reported", reported_on__isnull=False) & ~Q(report="") & ~Q(words=""),
                name="a_reported_year_of_assurance_keeps_its_report",
            ),
        ]

    def __str__(self) -> str:
        return f"Assurance on data quality, {self.financial_year}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @property
    def scope(self) -> Scope:
        """The whole council."""
        return Scope()


class AssuranceRoundTransition(Transition):
    assurance_round = models.ForeignKey(AssuranceRound, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class AssuranceStatement(models.Model):
    """Once a year a service manager states how sure they are of the controls on their figures (Appendix A)."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SIGNED = "signed", "Signed"

    class Level(models.TextChoices):
        FULL = "full", "Full: the controls work and were tested"
        SUBSTANTIAL = "substantial", "Substantial: they work, with small gaps"
        LIMITED = "limited", "Limited: there are gaps that matter"
        NONE = "none", "None: I cannot rely on them"

    assurance_round = models.ForeignKey(AssuranceRound, on_delete=models.PROTECT, related_name="statements")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="assurance_statements")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    words = models.TextField("what this rests on", blank=True)
    gaps = models.TextField("gaps, and what is being done about them", blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    signed_by_post = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-assurance_round__year", "service__name"]
        constraints = [
            models.UniqueConstraint(fields=["assurance_round", "service"], name="one_statement_of_a_service_a_year"),
            models.CheckConstraint(
                condition=paired("signed_by", "signed_on")
                & (
                    Q(state="draft", signed_on__isnull=True)
                    | Q(state="signed", signed_on__isnull=False) & ~Q(level="") & ~Q(words="")
                ),
                name="a_signed_statement_says_how_sure_and_why",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(level="full") | ~Q(gaps=""),
                name="a_statement_that_is_not_full_names_its_gaps",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.assurance_round.financial_year}"

    @property
    def scope(self) -> Scope:
        return Scope(service=self.service_id, directorate=self.service.directorate_id)


class AssuranceStatementTransition(Transition):
    statement = models.ForeignKey(AssuranceStatement, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class AssuranceFigure(models.Model):
    """One figure on the service's data quality as it stood when the statement was saved, and what explains it."""

    statement = models.ForeignKey(AssuranceStatement, on_delete=models.CASCADE, related_name="figures")
    measure = models.CharField(max_length=20, choices=[(one.value, one.label) for one in Measure])
    counted = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    explanation = models.TextField("why, and what is done about it", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["pk"]
        verbose_name = "figure in a statement of assurance"
        verbose_name_plural = "figures in statements of assurance"
        constraints = [
            models.UniqueConstraint(fields=["statement", "measure"], name="figure_stated_once"),
            models.CheckConstraint(condition=Q(counted__lte=F("of")), name="no_more_counted_than_there_are"),
        ]

    def __str__(self) -> str:
        return f"{Measure(self.measure).label}: {self.counted} of {self.of}"

    @property
    def share(self) -> Share:
        return Share(self.counted, self.of)

    @property
    def is_explained(self) -> bool:
        """Whether it is as it should be, or its explanation is given."""
        return self.share.is_within(Measure(self.measure)) or bool(self.explanation)


class AuditFinding(models.Model):
    """What internal audit found on data quality, followed until it is closed (Appendix A: raised in its report)."""

    class Priority(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    audit = models.CharField("audit", max_length=200)
    service = models.ForeignKey(
        Service,
        on_delete=models.PROTECT,
        related_name="audit_findings",
        null=True,
        blank=True,
        help_text="Leave empty where it is about the council’s own approach.",
    )
    reported_on = models.DateField("date of the audit report")
    priority = models.CharField(max_length=8, choices=Priority.choices)
    finding = models.TextField("what was found")
    response = models.TextField("what was agreed to be done", blank=True)
    owner = models.CharField("post that does it", max_length=200, blank=True)
    due_on = models.DateField("by when", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closing_words = models.TextField("what was done", blank=True)
    recorded_by_name = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-reported_on", "-pk"]
        verbose_name = "audit finding on data quality"
        verbose_name_plural = "audit findings on data quality"
        constraints = [
            models.CheckConstraint(condition=~Q(finding="") & ~Q(audit=""), name="audit_finding_says_what"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, closing_words="")
                | Q(closed_on__isnull=False) & ~Q(closing_words=""),
                name="a_closed_audit_finding_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("reported_on")),
                name="audit_finding_closed_after_it_was_reported",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.audit}: {self.finding}"[:120]

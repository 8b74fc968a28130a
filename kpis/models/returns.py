"""The monthly return: a figure, its commentary and forecast, from not started to accepted (framework C.2, E.1)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from hdcperf.history import AppendOnlyModel, TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.access import Scope, Standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month
from hdcperf.rag import Rag
from hdcperf.review.models import AbstractAuthor, AbstractRecoveryOutcome
from hdcperf.roles import Permission
from hdcperf.workflow import Transition
from kpis.models.definitions import Kpi, KpiYear, figure_column

RAG_CHOICES = [(one.value, one.label) for one in Rag]
COMMENTARY_LENGTH = 4000
"""Characters a prompt of the commentary can hold; said in the hint and in the error, never cut."""


class Judgement(models.Model):
    """The figures as they were judged: frozen onto a return when it is accepted, and copied when it is issued."""

    month_figure = figure_column("the month's figure")
    ytd_figure = figure_column("year to date")
    target = figure_column("target judged by")
    target_upper = figure_column()
    intervention = figure_column("intervention level judged by")
    intervention_upper = figure_column()
    rag = models.CharField("RAG", max_length=12, choices=RAG_CHOICES, blank=True)
    forecast = figure_column("year-end forecast")
    year_target = figure_column("year's target")
    year_target_upper = figure_column("upper edge of the year's target")
    year_intervention = figure_column("year's intervention level")
    year_intervention_upper = figure_column("upper edge of the year's intervention level")
    forecast_rag = models.CharField("year-end forecast RAG", max_length=12, choices=RAG_CHOICES, blank=True)

    class Meta:
        abstract = True


class MonthlyReturnQuerySet(TrackedQuerySet["MonthlyReturn"]):
    def for_people(self, people: frozenset[int]) -> MonthlyReturnQuerySet:
        """The returns of KPIs these people collect, forecast, comment on or stand in for."""
        duties = KpiYear.objects.filter(people__user__in=people)
        return self.filter(kpi_year__in=duties.values("pk"))

    def with_the_board(self) -> MonthlyReturnQuerySet:
        """Disputed: a challenge was escalated and the board has not ruled on it."""
        from kpis.models.dialogue import Challenge  # the two modules name each other

        return self.filter(Exists(Challenge.objects.with_the_board().filter(monthly_return=OuterRef("pk"))))

    def working_for(self, who: Standing) -> MonthlyReturnQuerySet:
        """The returns whose drafts and dialogue ``who`` may see: the service's and the Performance Team's.

        What else of a return may be seen, and by whom, is in ``queries.sight``.
        """
        reach = who.reach(Permission.SEE_WORKING_RETURNS).rows("kpi_year__")
        mine = KpiYear.objects.filter(people__user__in=who.people).values("pk")
        return self.filter(reach | Q(kpi_year__in=mine))


MonthlyReturnManager = models.Manager.from_queryset(MonthlyReturnQuerySet)


class MonthlyReturn(Judgement):
    """One KPI's return for the month it measures. Locked, escalated, no data, imported: facts beside its state."""

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted"
        CHALLENGED = "challenged", "Challenged"
        ACCEPTED = "accepted", "Accepted"

    class Method(models.TextChoices):
        AS_PLANNED = "as_planned", "As planned"
        RUN_RATE = "run_rate", "From the rate so far"
        SHAPE = "shape", "From last year's shape"
        JUDGEMENT = "judgement", "Judgement"

    class Confidence(models.TextChoices):
        SURE = "sure", "Sure"
        LIKELY = "likely", "Likely"
        UNSURE = "unsure", "Unsure"

    class Outturn(models.TextChoices):
        NONE = "", "Not the end of a year"
        PROVISIONAL = "provisional", "Provisional outturn"
        FINAL = "final", "Final outturn"

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="returns", verbose_name="KPI")
    kpi_year = models.ForeignKey(KpiYear, on_delete=models.PROTECT, related_name="returns", verbose_name="KPI year")
    month = models.DateField("first day of the month measured")
    period = models.ForeignKey(
        ReportingPeriod, on_delete=models.PROTECT, related_name="returns", null=True, blank=True
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    imported = models.BooleanField(default=False)
    outturn = models.CharField(max_length=12, choices=Outturn.choices, blank=True, default=Outturn.NONE)

    value = figure_column()
    numerator = figure_column()
    denominator = figure_column()
    no_data = models.BooleanField(default=False)
    no_data_reason = models.TextField(blank=True)
    no_data_until = models.DateField("figure expected on", null=True, blank=True)

    what_happened = models.TextField(blank=True)
    why = models.TextField(blank=True)
    being_done = models.TextField("what is being done", blank=True)
    done_by = models.DateField("by when", null=True, blank=True)
    done_owner = models.CharField("owner", max_length=200, blank=True)
    internal_note = models.TextField(blank=True)

    forecast_method = models.CharField(max_length=12, choices=Method.choices, blank=True)
    forecast_confidence = models.CharField(max_length=8, choices=Confidence.choices, blank=True)
    forecast_note = models.TextField("how the forecast was made", blank=True)

    history = tracked()
    objects = MonthlyReturnManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-month", "kpi_year__code_key"]
        constraints = [
            models.UniqueConstraint(fields=["kpi", "month"], name="one_return_for_a_kpi_and_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="return_measures_a_month"),
            models.CheckConstraint(
                condition=Q(state__in=["not_started", "draft", "submitted", "challenged", "accepted"]),
                name="return_state_known",
            ),
            models.CheckConstraint(
                condition=Q(no_data=False) | Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True),
                name="no_data_has_no_figure",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(numerator__isnull=True, denominator__isnull=True),
                name="a_value_or_its_parts",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "challenged", "accepted"])
                | Q(value__isnull=False)
                | Q(numerator__isnull=False, denominator__isnull=False)
                | Q(no_data=True) & ~Q(no_data_reason=""),
                name="submitted_return_has_a_figure_or_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted") & ~Q(rag="") | ~Q(state="accepted") & Q(rag=""),
                name="accepted_return_is_judged_and_no_other",
            ),
            models.CheckConstraint(
                condition=Q(period__isnull=False) | Q(imported=True),
                name="return_has_a_round_or_was_imported",
            ),
            models.CheckConstraint(
                condition=Q(imported=False) | Q(state="accepted"), name="imported_return_is_accepted"
            ),
            models.CheckConstraint(condition=Q(outturn="") | Q(month__month=3), name="only_march_has_an_outturn"),
        ]
        # Pages ask what is still to be done; nearly every row was accepted long ago.
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "period"], condition=~Q(state="accepted"), name="unfinished_returns"),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_year.code} {self.measured}"

    @property
    def measured(self) -> Month:
        """The month the figure is about (not the month it was collected in)."""
        return Month.from_date(self.month)

    @property
    def scope(self) -> Scope:
        return self.kpi_year.scope

    @property
    def is_accepted(self) -> bool:
        return self.state == self.State.ACCEPTED

    @property
    def nothing_to_measure(self) -> bool:
        """A nought denominator: there was nothing to measure this month, which is not 0%."""
        return self.denominator == Decimal(0)

    def is_late(self, today: date) -> bool:
        """Not with the Performance Team after the due date of its round."""
        waiting = self.state in (self.State.NOT_STARTED, self.State.DRAFT)
        return waiting and self.period is not None and today > self.period.due_on

    def came_in_late(self, first_sent: datetime | None) -> bool:
        """With the Performance Team or accepted, and first submitted after the due date of its round."""
        waiting = self.state in (self.State.NOT_STARTED, self.State.DRAFT)
        if waiting or self.period is None or first_sent is None:
            return False
        return timezone.localdate(first_sent) > self.period.due_on


class MonthlyReturnTransition(Transition):
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class ReturnAuthor(AbstractAuthor):
    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="authors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["monthly_return", "user"], name="author_named_once")]


class WordCorrection(models.Model):
    """A typing mistake a reviewer corrected in the words: shown to the owner, who can undo it."""

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="word_corrections")
    prompt = models.CharField(max_length=20)
    before = models.TextField()
    after = models.TextField()
    corrected_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField()
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["corrected_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="correction_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"


class RecoveryOutcome(AbstractRecoveryOutcome):
    """Whether the recovery action a return promised was done, and what came of it."""

    monthly_return = models.OneToOneField(MonthlyReturn, on_delete=models.PROTECT, related_name="recovery_outcome")
    told_with = models.ForeignKey(
        MonthlyReturn, on_delete=models.PROTECT, null=True, blank=True, related_name="recoveries_told"
    )

    history = tracked()

    class Meta(AbstractRecoveryOutcome.Meta):
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="recovery_outcome_has_words")]


class CommentaryExample(models.Model):
    """An accepted commentary the Performance Team shows to others as a good one, and why it is good."""

    monthly_return = models.OneToOneField(MonthlyReturn, on_delete=models.PROTECT, related_name="as_example")
    why_good = models.CharField(max_length=300)
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"

    def __str__(self) -> str:
        return self.why_good


class IssuedFigure(Judgement, AppendOnlyModel):
    """A figure as it went into an issued pack, pushed down by ``reports``: what scrutiny and the public may see."""

    class Audience(models.TextChoices):
        PANEL = "panel", "Issued to the panel"
        PUBLIC = "public", "Published"

    monthly_return = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="issued")
    audience = models.CharField(max_length=8, choices=Audience.choices)
    pack = models.CharField(max_length=200)
    issued_on = models.DateField()
    commentary = models.TextField(blank=True)
    # The promise within the commentary, so that members too can see whether it was kept.
    being_done = models.TextField("what is being done", blank=True)
    done_by = models.DateField("by when", null=True, blank=True)
    done_owner = models.CharField("by whom", max_length=200, blank=True)

    class Meta:
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["monthly_return", "audience", "pack"], name="figure_issued_once_a_pack"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["issued_on"])]

    def __str__(self) -> str:
        return f"{self.monthly_return} in {self.pack}"

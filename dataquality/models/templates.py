"""The data quality template: every box of the framework's Appendix B.2, in versions, signed off each year (B.1)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import User
from hdcperf.review.models import AbstractAuthor, paired
from hdcperf.ui.words import day
from hdcperf.workflow import Transition
from kpis.models import KpiPerson, KpiYear
from kpis.rules.figures import Frequency

DECLARATION = (
    "I confirm that the above documented procedure is an appropriate and robust procedure that will ensure that the "
    "produced results are accurate and reliable for this indicator. I also confirm that the instructions are "
    "detailed enough for another officer to be able to generate the same result in the event of an absence."
)
"""The Service Manager's declaration, in the words of B.2; the words signed are kept with the signature."""

LONG = 5000
"""Characters a box of the template can hold; said in the hint and in the error, never cut."""


class Template(models.Model):
    """One version of a KPI's template for a year. The one signed off last is current."""

    class State(models.TextChoices):
        DRAFT = "draft", "Being completed"
        SUBMITTED = "submitted", "With the service manager"
        SIGNED = "signed", "Signed off"
        SUPERSEDED = "superseded", "Superseded"
        DISCARDED = "discarded", "Discarded"

    class Seasonal(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"

    kpi_year = models.ForeignKey(KpiYear, on_delete=models.PROTECT, related_name="templates", verbose_name="KPI year")
    number = models.PositiveSmallIntegerField("version of the template", default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    began_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="continued_by", null=True, blank=True
    )
    reopened_why = models.TextField("why it was reopened", blank=True)

    frequency = models.CharField(
        "how often it is reported", max_length=10, choices=[(one.value, one.label) for one in Frequency], blank=True
    )
    method = models.TextField("how the data is collected and the result is calculated", blank=True)
    method_link = models.CharField("link to a document that details this", max_length=500, blank=True)
    importance = models.TextField("why it matters to residents and members", blank=True)
    seasonal = models.CharField("will seasonality affect it", max_length=4, choices=Seasonal.choices, blank=True)
    seasonality = models.TextField("why seasonality affects it", blank=True)
    minor_factors = models.TextField("smaller factors that may put it at amber", blank=True)
    significant_factors = models.TextField("significant factors that could put it at red", blank=True)
    remedies = models.TextField("what can be done if it stays below the intervention level", blank=True)
    benchmarking = models.TextField("benchmarking data available", blank=True)

    declaration = models.TextField(blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    signed_by_name = models.CharField(max_length=200, blank=True)
    signed_by_post = models.CharField(max_length=200, blank=True)
    signed_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kpi_year", "-number"]
        verbose_name = "data quality template"
        constraints = [
            models.UniqueConstraint(fields=["kpi_year", "number"], name="template_numbered_once"),
            models.UniqueConstraint(
                fields=["kpi_year"],
                condition=Q(state__in=["draft", "submitted"]),
                name="one_template_in_hand",
                violation_error_message="A new version of this template is being completed already.",
            ),
            models.UniqueConstraint(
                fields=["kpi_year"], condition=Q(state="signed"), name="one_current_template_a_year"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "signed", "superseded", "discarded"]),
                name="template_state_known",
            ),
            models.CheckConstraint(
                condition=paired("signed_by", "signed_on")
                & (
                    Q(state__in=["draft", "submitted", "discarded"], signed_on__isnull=True)
                    | Q(state__in=["signed", "superseded"], signed_on__isnull=False)
                    & ~Q(declaration="")
                    & ~Q(signed_by_name="")
                ),
                name="a_signed_template_says_who_when_and_what",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"])
                | ~Q(frequency="") & ~Q(importance="") & ~Q(seasonal=""),
                name="a_submitted_template_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | ~Q(method="") | ~Q(method_link=""),
                name="a_submitted_template_says_how",
                violation_error_message="Say how the data is collected, or link to a document that does.",
            ),
        ]

    def __str__(self) -> str:
        return f"Data quality template of {self.kpi_year}, version {self.number}"

    @property
    def scope(self) -> Scope:
        return self.kpi_year.scope


class TemplateTransition(Transition):
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]


class TemplateAuthor(AbstractAuthor):
    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="authors")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template", "user"], name="template_author_named_once")]


class TemplatePerson(models.Model):
    """Who collects, forecasts, comments or stands in: a person with an account, who confirms their own access."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="template_duties")
    duty = models.CharField(max_length=10, choices=KpiPerson.Duty.choices)
    access_confirmed_on = models.DateField("confirmed their access on", null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["template", "user", "duty"], name="template_duty_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_duty_display()}"


class AccessProblem(models.Model):
    """Somebody a template names cannot get into a system: which, and what happened; and what their manager did."""

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="access_problems")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    system = models.CharField("which system", max_length=200)
    words = models.TextField("what happened")
    said_on = models.DateField()
    answer = models.TextField("what is done about it", blank=True)
    answered_by_name = models.CharField(max_length=200, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]
        verbose_name = "problem with access"
        verbose_name_plural = "problems with access"
        constraints = [
            models.UniqueConstraint(
                fields=["template", "user"],
                condition=Q(answered_on__isnull=True),
                name="one_open_access_problem_a_person",
                violation_error_message="You have said already that you cannot get in: your manager will answer.",
            ),
            models.CheckConstraint(condition=~Q(system="") & ~Q(words=""), name="access_problem_says_what_happened"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | Q(answered_on__isnull=False) & ~Q(answer="") & ~Q(answered_by_name=""),
                name="an_answered_access_problem_says_what_is_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} cannot get into {self.system}"


class TemplateSource(models.Model):
    """A system, database or spreadsheet the figure is collected from, with its link."""

    class Kind(models.TextChoices):
        SYSTEM = "system", "System"
        DATABASE = "database", "Database"
        SPREADSHEET = "spreadsheet", "Spreadsheet"
        EXTERNAL = "external", "External source"

    template = models.ForeignKey(Template, on_delete=models.CASCADE, related_name="sources")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    link = models.CharField("link or location", max_length=500, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Waiver(models.Model):
    """Leave to collect a KPI for a while without a signed template: who allowed it, why and until when."""

    kpi_year = models.ForeignKey(KpiYear, on_delete=models.PROTECT, related_name="waivers", verbose_name="KPI year")
    reason = models.TextField()
    allowed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    allowed_by_name = models.CharField(max_length=200)
    starts_on = models.DateField("from")
    expires_on = models.DateField("last day")
    granted_at = models.DateTimeField()

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="waiver_has_a_reason"),
            models.CheckConstraint(
                condition=Q(expires_on__gte=models.F("starts_on")),
                name="waiver_ends_after_it_starts",
                violation_error_message="A waiver cannot end before it starts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_year.code}: waived until {self.expires_on:%-d %B %Y}"

    @property
    def words(self) -> str:
        """What shows on the KPI's page and on every return collected under it: until when, by whose leave and why."""
        return (
            f"Collected without a signed data quality template until {day(self.expires_on)}, "
            f"allowed by {self.allowed_by_name}: {self.reason}"
        )

    def is_in_force(self, today: date) -> bool:
        return self.starts_on <= today <= self.expires_on

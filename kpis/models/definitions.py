"""A KPI keeps its identity for many years; everything that changes each year sits on its year (framework C.1)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from hdcperf.codes import code_key
from hdcperf.control import Control
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Outcome, Portfolio, Service, User
from hdcperf.periods import APRIL, MONTH_NAMES, FinancialYear, Month
from hdcperf.rag import Direction
from kpis.rules.figures import Entry, Frequency, Headline, Unit, YtdRule, format_figure

DIGITS = 19
PLACES = 6
"""Figures hold 13 digits before the point and 6 after; entry takes at most 15 in all."""


def figure_column(label: str | None = None) -> models.DecimalField[Decimal | None, Decimal | None]:
    """A figure that may be missing. Missing is never nought."""
    return models.DecimalField(label, max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)


class Kpi(models.Model):
    """The permanent identity of a measure. Codes are renumbered and re-used, so identity is never the code."""

    reference = models.SlugField(
        max_length=60, unique=True, help_text="Kept for life and never re-used, for example missed-bins."
    )
    predecessor = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        help_text="The measure this one replaced when its method or unit changed.",
    )
    ended_after = models.DateField(
        "ended after the month starting", null=True, blank=True, help_text="The first day of its last month."
    )

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["reference"]
        verbose_name = "KPI"
        verbose_name_plural = "KPIs"

    def __str__(self) -> str:
        return self.reference

    def is_measured_in(self, month: Month) -> bool:
        """Whether ``month`` comes after its predecessor's last and not after its own. Select ``predecessor`` too."""
        before = self.predecessor.ended_after if self.predecessor is not None else None
        begun = before is None or month.first_day > before
        return begun and (self.ended_after is None or month.first_day <= self.ended_after)


class KpiYear(models.Model):
    """A KPI as it is for one financial year: code, wording, type, people. ``year`` is the year it starts in."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="years", verbose_name="KPI")
    year = models.PositiveSmallIntegerField("financial year starting in")
    year_starts_in = models.PositiveSmallIntegerField(
        "month the year starts in",
        choices=list(enumerate(MONTH_NAMES, start=1)),
        default=APRIL,
        help_text="April, unless another body publishes the figure by a year of its own.",
    )
    code = models.CharField(max_length=20)
    code_key = models.CharField(max_length=80, editable=False)
    name = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    unit = models.CharField(max_length=12, choices=[(unit.value, unit.label) for unit in Unit])
    unit_label = models.CharField(
        max_length=60, blank=True, help_text="Printed after the figure, for example per 100,000 collections."
    )
    rate_per = models.PositiveIntegerField("a rate per", null=True, blank=True)
    minimum = figure_column("smallest possible")
    maximum = figure_column("largest possible")
    decimals = models.PositiveSmallIntegerField("decimals shown", default=0)
    suppress_below = models.PositiveSmallIntegerField(
        "not printed in public below",
        null=True,
        blank=True,
        help_text="A number of people small enough to tell who they are, for example 5. Empty where none is.",
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="kpi_years")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="kpi_years", null=True, blank=True)
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, related_name="kpi_years", null=True, blank=True
    )
    direction = models.CharField(
        "direction preferred", max_length=8, choices=[(one.value, one.label) for one in Direction]
    )
    frequency = models.CharField(
        max_length=10,
        choices=[(one.value, one.label) for one in Frequency],
        default=Frequency.MONTHLY.value,
    )
    months_in_arrears = models.PositiveSmallIntegerField(default=0)
    ytd_rule = models.CharField(
        "how months make the year to date", max_length=14, choices=[(one.value, one.label) for one in YtdRule]
    )
    headline = models.CharField(
        "figure the RAG judges", max_length=6, choices=[(one.value, one.label) for one in Headline]
    )
    entry = models.CharField(
        "what is entered",
        max_length=6,
        choices=[(one.value, one.label) for one in Entry],
        default=Entry.VALUE.value,
    )
    numerator_label = models.CharField(max_length=120, blank=True)
    denominator_label = models.CharField(max_length=120, blank=True)
    control = models.CharField(
        "level of control",
        max_length=10,
        choices=[(one.value, one.label) for one in Control],
        default=Control.DO.value,
    )
    why = models.TextField("why it is measured", blank=True)
    companion = models.ForeignKey(
        Kpi,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="KPI printed beside it",
        help_text="What gives its figure context: the backlog beside a count, the pounds beside a percentage.",
    )
    is_live = models.BooleanField(
        "one of the year's KPIs", default=True, help_text="Not yet, while it is proposed for a year to come."
    )
    # What the data quality template says, pushed down by whoever keeps the templates (framework B.1).
    template_signed_on = models.DateField("data quality template signed off on", null=True, blank=True)
    template_waived_until = models.DateField("collected without a template until", null=True, blank=True)
    template_waiver = models.TextField("who allowed that, and why", blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year", "code_key"]
        verbose_name = "KPI year"
        constraints = [
            models.UniqueConstraint(fields=["kpi", "year"], name="kpi_has_one_set_of_facts_a_year"),
            models.UniqueConstraint(
                fields=["year", "code_key"],
                name="code_means_one_kpi_in_a_year",
                violation_error_message="Another KPI has this code in this year.",
            ),
            models.CheckConstraint(
                condition=~Q(unit=Unit.PERCENTAGE.value, ytd_rule=YtdRule.ADDS_UP.value),
                name="percentages_do_not_add_up",
                violation_error_message="A percentage cannot add up over the year: choose latest, mean or weighted.",
            ),
            models.CheckConstraint(
                condition=~Q(ytd_rule=YtdRule.WEIGHTED.value) | Q(entry=Entry.PARTS.value),
                name="weighting_needs_the_parts",
                violation_error_message="Weighting needs the numerator and denominator to be entered.",
            ),
            models.CheckConstraint(
                # Said that it is there: a comparison with nothing is neither true nor false, and would pass.
                condition=Q(unit=Unit.RATE.value, rate_per__isnull=False, rate_per__gt=0)
                | ~Q(unit=Unit.RATE.value) & Q(rate_per__isnull=True),
                name="rate_says_per_how_many",
                violation_error_message="Say per how many for a rate, and only for a rate.",
            ),
            models.CheckConstraint(
                condition=Q(minimum__isnull=True) | Q(maximum__isnull=True) | Q(minimum__lte=F("maximum")),
                name="smallest_possible_is_not_above_largest",
                violation_error_message="The smallest possible figure is above the largest possible.",
            ),
            models.CheckConstraint(
                condition=Q(decimals__lte=PLACES),
                name="decimals_fit_the_column",
                violation_error_message="At most 6 decimals can be shown.",
            ),
            models.CheckConstraint(
                condition=Q(direction__in=[one.value for one in Direction]), name="direction_known"
            ),
            models.CheckConstraint(
                condition=Q(months_in_arrears__lte=11),
                name="arrears_within_a_year",
                violation_error_message="A figure can be at most 11 months in arrears.",
            ),
            models.CheckConstraint(
                condition=Q(companion__isnull=True) | ~Q(companion=F("kpi")),
                name="kpi_is_not_its_own_companion",
                violation_error_message="A KPI gives itself no context: choose another.",
            ),
            models.CheckConstraint(condition=Q(year_starts_in__range=(1, 12)), name="year_starts_in_a_month"),
            models.CheckConstraint(
                condition=Q(template_waived_until__isnull=True, template_waiver="")
                | Q(template_waived_until__isnull=False) & ~Q(template_waiver=""),
                name="a_waived_template_says_who_allowed_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name} ({self.financial_year})"

    def save(self, *args: object, **kwargs: object) -> None:
        # The look-up key is a function of the code, kept as a column so the database can hold it unique.
        self.code_key = code_key(self.code)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year, self.year_starts_in)

    @property
    def months(self) -> tuple[Month, ...]:
        return self.financial_year.months

    def reports(self, month: Month) -> bool:
        """Whether a figure for ``month``, one of its year's, is asked for. Select ``kpi__predecessor`` with it."""
        if not self.kpi.is_measured_in(month):
            return False
        return self.months.index(month) + 1 in Frequency(self.frequency).months

    @property
    def scope(self) -> Scope:
        """Where the KPI belongs, for access. Select ``service`` with it."""
        return Scope(service=self.service_id, directorate=self.service.directorate_id, portfolio=self.portfolio_id)

    def may_be_collected(self, today: date) -> bool:
        """Whether its data quality template is signed off, or waived for today (framework B.1)."""
        return self.template_signed_on is not None or self.is_waived(today)

    def is_waived(self, today: date) -> bool:
        """Whether it is collected today without a signed template."""
        until = self.template_waived_until
        return self.template_signed_on is None and until is not None and today <= until

    def figure(self, value: Decimal | None) -> str:
        """The value as printed: rounded for showing only, with its unit; empty when there is none."""
        if value is None:
            return ""
        return format_figure(value, Unit(self.unit), self.decimals, self.unit_label)


class KpiPerson(models.Model):
    """A person of the KPI's data quality template (framework B.2): collects, forecasts, comments or stands in."""

    class Duty(models.TextChoices):
        COLLECTS = "collects", "Collects the figure"
        FORECASTS = "forecasts", "Produces the year-end forecast"
        COMMENTS = "comments", "Provides the commentary"
        STANDS_IN = "stands_in", "Stands in"

    kpi_year = models.ForeignKey(KpiYear, on_delete=models.CASCADE, related_name="people")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="kpi_duties")
    duty = models.CharField(max_length=10, choices=Duty.choices)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kpi_year", "pk"]
        verbose_name_plural = "people of a KPI"
        constraints = [
            models.UniqueConstraint(fields=["kpi_year", "user", "duty"], name="duty_named_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_duty_display()}"


class KpiEvent(models.Model):
    """A dated event (a flood, a new charge, funding that ends), noted once and shown on every chart it touches."""

    month = models.DateField("first day of the month it happened in")
    sentence = models.CharField(max_length=200)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["month"]
        verbose_name = "dated event"
        constraints = [models.CheckConstraint(condition=Q(month__day=1), name="event_is_in_a_month")]

    def __str__(self) -> str:
        return f"{Month.from_date(self.month)}: {self.sentence}"


class EventKpi(models.Model):
    """A chart an event touches."""

    event = models.ForeignKey(KpiEvent, on_delete=models.CASCADE, related_name="touches")
    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="events")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["event", "kpi"], name="event_touches_kpi_once")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.event}"

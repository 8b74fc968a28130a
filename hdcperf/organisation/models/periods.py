"""Collection rounds: one for each month, with the dates that open, close and lock it (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import models
from django.db.models import F, Q

from hdcperf.history import TrackedQuerySet, tracked
from hdcperf.organisation.models.people import User
from hdcperf.periods import Month, Quarter, RoundDates


class ReportingPeriodQuerySet(TrackedQuerySet["ReportingPeriod"]):
    def months(self) -> ReportingPeriodQuerySet:
        return self.filter(kind=ReportingPeriod.MONTH)

    def quarters(self) -> ReportingPeriodQuerySet:
        return self.filter(kind=ReportingPeriod.QUARTER)

    def of(self, spans: Collection[Month | Quarter]) -> ReportingPeriodQuerySet:
        """The rounds of these months and quarters, as far as there are any."""
        found = Q(pk__in=[])
        for kind, cls in ((ReportingPeriod.MONTH, Month), (ReportingPeriod.QUARTER, Quarter)):
            found |= Q(kind=kind, starts_on__in=[one.first_day for one in spans if isinstance(one, cls)])
        return self.filter(found)

    def opened(self) -> ReportingPeriodQuerySet:
        """Those whose returns were made; of the others only the dates are set."""
        return self.filter(opened_at__isnull=False)

    def collecting(self, span: Month | Quarter) -> ReportingPeriod | None:
        """The round that collects ``span``, or None when nobody has opened it."""
        return self.of([span]).opened().first()


ReportingPeriodManager = models.Manager.from_queryset(ReportingPeriodQuerySet)


class ReportingPeriod(models.Model):
    """A month or a quarter being collected. Its dates are data, counted in working days until somebody sets others.

    Its dates can be set, with those of its whole year, long before it is opened.
    """

    MONTH = "month"
    QUARTER = "quarter"

    kind = models.CharField(max_length=10, choices=[(MONTH, "Month"), (QUARTER, "Quarter")], default=MONTH)
    starts_on = models.DateField("first day of the period")
    opens_on = models.DateField("opens on")
    due_on = models.DateField("due on")
    locks_on = models.DateField("locks after", help_text="The last day on which returns can be changed.")
    opened_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When its returns were made; until then only dates are set."
    )
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    escalated_on = models.DateField(
        "challenges escalated on",
        null=True,
        blank=True,
        editable=False,
        help_text="The day the lock sent old challenges to the board.",
    )

    history = tracked()
    objects = ReportingPeriodManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "starts_on"], name="period_opened_once"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("due_on")) & Q(due_on__lte=F("locks_on")),
                name="period_opens_then_falls_due_then_locks",
                violation_error_message="A period opens, then falls due, then locks: check the order of the dates.",
            ),
            # Without a person, ``manage.py open_period`` opened it.
            models.CheckConstraint(
                condition=Q(opened_at__isnull=False) | Q(opened_by__isnull=True),
                name="period_opened_by_somebody_at_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.span)

    @property
    def span(self) -> Month | Quarter:
        month = Month.from_date(self.starts_on)
        return month if self.kind == self.MONTH else month.quarter

    @property
    def month(self) -> Month:
        """The month collected (the last of a quarter)."""
        month = Month.from_date(self.starts_on)
        return month if self.kind == self.MONTH else month + 2

    @property
    def dates(self) -> RoundDates:
        return RoundDates(self.opens_on, self.due_on, self.locks_on)

    @property
    def is_opened(self) -> bool:
        """Its returns were made, so people were told its dates."""
        return self.opened_at is not None

    def is_open(self, today: date) -> bool:
        return self.opens_on <= today <= self.locks_on

    def is_locked(self, today: date) -> bool:
        return today > self.locks_on

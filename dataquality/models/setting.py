"""Setting the KPIs of a year (framework C.1) and the six-monthly review of targets (*Acting on Performance*)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.access import Scope
from hdcperf.organisation.models import Portfolio, Service
from hdcperf.periods import FinancialYear
from hdcperf.rag import Direction
from hdcperf.review.models import AbstractDecision
from hdcperf.workflow import Transition
from kpis.models import Kpi, KpiYear, TargetSet
from kpis.models.definitions import figure_column
from kpis.models.targets import level_rule


class SettingRound(models.Model):
    """The yearly window in which the KPIs of a year are reviewed, proposed and taken through their bodies."""

    class State(models.TextChoices):
        PROPOSING = "proposing", "Being proposed"
        PORTFOLIO = "portfolio", "With portfolio holders"
        SCRUTINY = "scrutiny", "With scrutiny"
        CABINET = "cabinet", "With cabinet"
        APPROVED = "approved", "Approved by cabinet"
        LIVE = "live", "The year's KPIs"

    year = models.PositiveSmallIntegerField("financial year starting in", unique=True)
    holders_from = models.DateField("KPI holders review from")
    services_from = models.DateField("service leads and heads of service propose from")
    closes_on = models.DateField("closes on")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSING)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year"]
        verbose_name = "setting of a year's KPIs"
        constraints = [
            models.CheckConstraint(
                condition=Q(services_from__gte=F("holders_from")) & Q(closes_on__gte=F("services_from")),
                name="setting_window_in_order",
                violation_error_message="Holders review first, then services propose, then the window closes.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposing", "portfolio", "scrutiny", "cabinet", "approved", "live"]),
                name="setting_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"KPIs for {self.financial_year}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)

    @property
    def scope(self) -> Scope:
        """The whole council."""
        return Scope()


class SettingRoundTransition(Transition):
    setting_round = models.ForeignKey(SettingRound, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class SettingDecision(AbstractDecision):
    """What a body decided about the year's KPIs; a portfolio holder's is about those of the portfolio."""

    setting_round = models.ForeignKey(SettingRound, on_delete=models.PROTECT, related_name="decisions")
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.PROTECT, related_name="setting_decisions", null=True, blank=True
    )

    class Meta(AbstractDecision.Meta):
        constraints = [
            *AbstractDecision.Meta.constraints,
            models.CheckConstraint(
                condition=Q(body="portfolio", portfolio__isnull=False)
                | ~Q(body="portfolio") & Q(portfolio__isnull=True),
                name="a_setting_decision_of_a_portfolio_names_it",
            ),
        ]


class Proposal(models.Model):
    """What is proposed for one KPI: keep, amend, drop or new, by the four criteria, with its target's arithmetic.

    The KPI's next year, with its target awaiting approval, is made with the proposal and is not live until the round
    is: ``kpi_year`` (none when it is dropped).
    """

    class Verdict(models.TextChoices):
        KEEP = "keep", "Keep"
        AMEND = "amend", "Amend"
        DROP = "drop", "Drop"
        NEW = "new", "New"

    class Method(models.TextChoices):
        GROWTH = "growth", "Growth: last year's result plus a percentage"
        MAINTAIN = "maintain", "Maintain: the target stays the same"
        REDUCE = "reduce", "Reduce: last year's result less a percentage, or kept low"
        OTHER = "other", "Another way, explained"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "With the head of service"
        AGREED = "agreed", "With corporate leadership"
        SIGNED = "signed", "Signed off"

    setting_round = models.ForeignKey(SettingRound, on_delete=models.PROTECT, related_name="proposals")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="proposals", verbose_name="KPI")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="proposals")
    before = models.ForeignKey(
        KpiYear,
        on_delete=models.PROTECT,
        related_name="proposed_from",
        null=True,
        blank=True,
        verbose_name="this year",
    )
    kpi_year = models.OneToOneField(
        KpiYear, on_delete=models.PROTECT, related_name="proposal", null=True, blank=True, verbose_name="next year"
    )
    verdict = models.CharField(max_length=6, choices=Verdict.choices, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    holder_words = models.TextField("what its holder found on reviewing it", blank=True)
    reviewed_on = models.DateField("reviewed by its holder on", null=True, blank=True)
    reviewed_by_name = models.CharField("who reviewed it", max_length=200, blank=True)
    is_statutory = models.BooleanField("statutory reporting metric", default=False)
    is_political = models.BooleanField("relevant to political motive", default=False)
    is_local = models.BooleanField("concerning local stakeholders", default=False)
    is_important = models.BooleanField("of high importance to the council", default=False)
    why = models.TextField("why", blank=True)
    method = models.CharField("how the target is set", max_length=8, choices=Method.choices, blank=True)
    percent = models.DecimalField(max_digits=7, decimal_places=3, null=True, blank=True)
    last_result = figure_column("last year's result")
    last_result_from = models.CharField("what that result is", max_length=200, blank=True)
    target = figure_column("target proposed")
    target_upper = figure_column("upper edge of the target proposed")
    intervention = figure_column("intervention level proposed")
    intervention_upper = figure_column("upper edge of the intervention level proposed")
    profile = models.CharField(
        "how the year is spread over its months",
        max_length=10,
        choices=TargetSet.Profile.choices,
        default=TargetSet.Profile.FLAT,
    )
    shape_year = models.PositiveSmallIntegerField("the year whose shape the months follow", null=True, blank=True)
    intervention_why = models.TextField("why this intervention level", blank=True)
    beaten_why = models.TextField("why the target is not raised though last year's result beats it", blank=True)
    # One each way: a KPI has one successor and one predecessor.
    replaced_by = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="replaces",
        null=True,
        blank=True,
        verbose_name="the new KPI that replaces it",
    )

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["setting_round", "kpi__reference"]
        constraints = [
            models.UniqueConstraint(fields=["setting_round", "kpi"], name="one_proposal_for_a_kpi_a_year"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "agreed", "signed"]), name="proposal_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(verdict="") & ~Q(why=""),
                name="a_submitted_proposal_says_what_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="drop") | Q(kpi_year__isnull=True), name="a_dropped_kpi_has_no_next_year"
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["keep", "amend", "new"]) | Q(kpi_year__isnull=False),
                name="a_kpi_that_goes_on_has_its_next_year",
            ),
            models.CheckConstraint(
                condition=Q(profile__in=["flat", "two_years", "typed"], shape_year__isnull=True)
                | Q(profile="last_year", shape_year__isnull=False),
                name="a_shape_is_of_a_year",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True) | ~Q(holder_words=""),
                name="a_reviewed_kpi_says_what_was_found",
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=True, intervention__isnull=True)
                | Q(target__isnull=False) & ~Q(method="") & (Q(state="draft") | ~Q(intervention_why="")),
                name="a_proposed_target_says_how_it_is_set_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="new") | Q(before__isnull=True), name="a_new_kpi_has_no_year_before"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by__isnull=True) | Q(verdict="drop") & ~Q(replaced_by=F("id")),
                name="only_a_dropped_kpi_is_replaced_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.get_verdict_display() or 'not decided'}"

    @property
    def scope(self) -> Scope:
        """Where the KPI is proposed. Select ``service`` with it."""
        year = self.kpi_year or self.before
        portfolio = year.portfolio_id if year is not None else None
        return Scope(service=self.service_id, directorate=self.service.directorate_id, portfolio=portfolio)


class ProposedMonth(models.Model):
    """A month of a proposed target that was typed, or averaged over two years, as it goes to the bodies.

    ``latest`` and ``before`` are the month's own figures of the two years when they were averaged, so that the
    arithmetic stays as it was approved when a figure is revised.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="months")
    month = models.DateField("first day of the month")
    direction = models.CharField(max_length=8, choices=[(one.value, one.label) for one in Direction])
    target = figure_column()
    target_upper = figure_column("upper edge")
    intervention = figure_column("intervention level")
    intervention_upper = figure_column("intervention level, upper edge")
    latest = figure_column("the month's figure of the year before")
    before = figure_column("the month's figure of the year before that")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["proposal", "month"]
        verbose_name = "month of a proposed target"
        verbose_name_plural = "months of a proposed target"
        constraints = [
            models.UniqueConstraint(fields=["proposal", "month"], name="one_proposed_target_a_month"),
            models.CheckConstraint(
                condition=Q(month__day=1, target__isnull=False), name="a_proposed_month_has_a_target"
            ),
            models.CheckConstraint(condition=level_rule(), name="proposed_month_level_on_the_worse_side"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}: {self.target}"


class ProposalTransition(Transition):
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class TargetReview(models.Model):
    """The half-year window in which every target is stretched, or left with a reason."""

    year = models.PositiveSmallIntegerField("financial year starting in", unique=True)
    opens_on = models.DateField("opens on")
    closes_on = models.DateField("closes on")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-year"]
        verbose_name = "half-year review of targets"
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="target_review_window_in_order"),
        ]

    def __str__(self) -> str:
        return f"Half-year review of targets, {self.financial_year}"

    @property
    def financial_year(self) -> FinancialYear:
        return FinancialYear(self.year)


class TargetReviewItem(models.Model):
    """One KPI in the half-year review: its target stretched or changed from a month, or left, because."""

    class Verdict(models.TextChoices):
        LEFT = "left", "Left as it is"
        STRETCHED = "stretched", "Stretched"
        CHANGED = "changed", "Changed otherwise"

    class Reason(models.TextChoices):
        BEATEN = "beaten", "The target is being beaten"
        OUTSIDE = "outside", "Something outside the council's control"
        FUNDING = "funding", "Funding changed"
        METHOD = "method", "The method or the data changed"
        EARLY = "early", "Too early to tell"
        OTHER = "other", "Another reason"

    target_review = models.ForeignKey(TargetReview, on_delete=models.PROTECT, related_name="items")
    kpi_year = models.ForeignKey(KpiYear, on_delete=models.PROTECT, related_name="target_reviews")
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    why = models.TextField(blank=True)
    target_set = models.OneToOneField(
        TargetSet, on_delete=models.PROTECT, related_name="review_item", null=True, blank=True
    )
    authority = models.TextField(
        "the decision or delegation that allows it",
        blank=True,
        help_text="The same body's decision (body, date, minute), or the delegation it gave.",
    )
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering = ["kpi_year__code_key"]
        constraints = [
            models.UniqueConstraint(fields=["target_review", "kpi_year"], name="kpi_reviewed_once_a_half_year"),
            models.CheckConstraint(
                condition=Q(verdict="", decided_on__isnull=True)
                | ~Q(verdict="") & ~Q(reason="") & ~Q(why="") & Q(decided_on__isnull=False),
                name="a_reviewed_target_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["stretched", "changed"]) | Q(target_set__isnull=False) & ~Q(authority=""),
                name="a_changed_target_has_its_authority",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_year.code}: {self.get_verdict_display() or 'not reviewed'}"

    @property
    def scope(self) -> Scope:
        return self.kpi_year.scope


class TargetDecision(AbstractDecision):
    """What the body that approved a target decided about changing it, or the delegation by which it was changed."""

    item = models.ForeignKey(TargetReviewItem, on_delete=models.PROTECT, related_name="decisions")
    delegated_to = models.CharField("by delegation to", max_length=100, blank=True)

    class Meta(AbstractDecision.Meta):
        pass

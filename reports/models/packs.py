"""Packs: what a period's performance report to one audience is made of, from draft to published (C.2.3).

A row is one version of one pack. What it prints is frozen (``frozen.py``); once it is issued nothing of it changes.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from hdcperf.history import AppendOnlyModel, HistoryRefused, TrackedManager, TrackedQuerySet, tracked
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month, Quarter
from hdcperf.workflow import Transition
from reports.models.meetings import Meeting
from reports.packs.sections import COVER_HEADINGS, Audience, SectionKey

__all__ = [
    "OPEN_STATES",
    "Pack",
    "PackAnnex",
    "PackComment",
    "PackTemplate",
    "PackText",
    "PackTransition",
    "PackWaiver",
]

OPEN_STATES = ("draft", "consulting")
"""The states in which a pack is still put together."""
OUT_STATES = ("issued", "published")
AUDIENCES = [(one.value, one.label) for one in Audience]
_PUBLIC = [one.value for one in Audience if one.is_public]
_ORIENTATIONS = [("portrait", "Portrait"), ("landscape", "Landscape")]
SECTIONS_LENGTH = 200


def sections_of(column: str) -> tuple[SectionKey, ...]:
    """The sections named in a column of them."""
    return tuple(SectionKey(name) for name in column.split(",") if name)


class PackTemplate(models.Model):
    """Which sections an audience's next pack starts with, in which order: what was chosen last."""

    audience = models.CharField(max_length=12, choices=AUDIENCES, unique=True)
    sections = models.CharField(max_length=SECTIONS_LENGTH)
    orientation = models.CharField(max_length=9, choices=_ORIENTATIONS, default="portrait")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["audience"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=[value for value, _ in AUDIENCES]), name="template_audience_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Template of packs for {self.get_audience_display()}"


class PackQuerySet(TrackedQuerySet["Pack"]):
    def being_made(self) -> PackQuerySet:
        return self.exclude(state__in=OUT_STATES)

    def out(self) -> PackQuerySet:
        """Issued, or published as well."""
        return self.filter(state__in=OUT_STATES)

    def current(self) -> PackQuerySet:
        """Those that no later version has taken the place of."""
        return self.filter(replaced_at__isnull=True)

    def of(self, span: Month | Quarter | FinancialYear, audience: str) -> PackQuerySet:
        """The versions of one pack."""
        return self.filter(period_kind=kind_of(span), starts_on=span.first_day, audience=audience)


PackManager = models.Manager.from_queryset(PackQuerySet)


def kind_of(span: Month | Quarter | FinancialYear) -> str:
    """What a pack's column calls a period like this one."""
    return {Month: "month", Quarter: "quarter", FinancialYear: "year"}[type(span)]


class Pack(models.Model):
    """One version of the pack of a period for an audience. Replaced and late are facts beside its state."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONSULTING = "consulting", "Out for comment"
        FROZEN = "frozen", "Frozen"
        SIGNED = "signed", "Signed off"
        ISSUED = "issued", "Issued"
        PUBLISHED = "published", "Published"

    class Kind(models.TextChoices):
        MONTH = "month", "Month"
        QUARTER = "quarter", "Quarter"
        YEAR = "year", "Year"

    period_kind = models.CharField(max_length=8, choices=Kind.choices)
    starts_on = models.DateField("first day of the period")
    audience = models.CharField(max_length=12, choices=AUDIENCES)
    number = models.PositiveSmallIntegerField("version", default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="packs", null=True, blank=True)
    sections = models.CharField(max_length=SECTIONS_LENGTH)
    orientation = models.CharField(max_length=9, choices=_ORIENTATIONS, default="portrait")
    late_reason = models.TextField("chair's reason for taking a late item", blank=True)
    correction_reason = models.TextField("why it is corrected", blank=True)
    freezes = models.PositiveSmallIntegerField("times frozen", default=0)
    replaced_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    history = tracked()
    objects = PackManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["-starts_on", "audience", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["period_kind", "starts_on", "audience", "number"], name="pack_version_made_once"
            ),
            models.UniqueConstraint(
                fields=["period_kind", "starts_on", "audience"],
                condition=~Q(state__in=["issued", "published"]),
                name="one_version_of_a_pack_in_the_making",
            ),
            models.UniqueConstraint(
                fields=["period_kind", "starts_on", "audience", "state"],
                condition=Q(state__in=["issued", "published"], replaced_at__isnull=True),
                name="one_live_version_of_a_pack",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consulting", "frozen", "signed", "issued", "published"]),
                name="pack_state_known",
            ),
            models.CheckConstraint(
                condition=Q(audience__in=[value for value, _ in AUDIENCES]), name="pack_audience_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "consulting"]) | Q(freezes__gt=0), name="a_pack_past_draft_is_frozen"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(audience__in=_PUBLIC), name="private_packs_are_not_published"
            ),
            models.CheckConstraint(
                condition=Q(replaced_at__isnull=True) | Q(state__in=["issued", "published"]),
                name="only_what_was_issued_is_replaced",
            ),
            models.CheckConstraint(
                condition=Q(number=1, correction_reason="") | Q(number__gt=1) & ~Q(correction_reason=""),
                name="a_later_version_says_why",
            ),
            models.CheckConstraint(
                condition=Q(period_kind="month", starts_on__day=1)
                | Q(period_kind="quarter", starts_on__day=1, starts_on__month__in=[1, 4, 7, 10])
                | Q(period_kind="year", starts_on__day=1, starts_on__month=4),
                name="pack_is_for_a_period",
            ),
        ]

    def __str__(self) -> str:
        later = f", version {self.number}" if self.number > 1 else ""
        return f"{self.audience_of.label}, {self.span}{later}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            self._refuse_changes_once_out()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("pack", args=[self.span.slug, self.audience])

    def _refuse_changes_once_out(self) -> None:
        kept = type(self)._base_manager.filter(pk=self.pk).values("state", *_SEALED).first()
        if kept is None or kept["state"] not in OUT_STATES:
            return
        if any(getattr(self, name) != kept[name] for name in _SEALED):
            raise HistoryRefused("An issued pack never changes: a correction is a new version.")

    @property
    def span(self) -> Month | Quarter | FinancialYear:
        month = Month.from_date(self.starts_on)
        if self.period_kind == self.Kind.YEAR:
            return month.financial_year
        return month.quarter if self.period_kind == self.Kind.QUARTER else month

    @property
    def audience_of(self) -> Audience:
        return Audience(self.audience)

    @property
    def chosen(self) -> tuple[SectionKey, ...]:
        """The sections chosen, in their order."""
        return sections_of(self.sections)

    @property
    def is_open(self) -> bool:
        """Whether it is still put together."""
        return self.state in OPEN_STATES

    @property
    def is_out(self) -> bool:
        return self.state in OUT_STATES

    def is_overdue(self, today: date) -> bool:
        """Still in the making although its meeting is over."""
        return not self.is_out and self.meeting is not None and self.meeting.held_on < today


_SEALED = (
    *("period_kind", "starts_on", "audience", "number", "meeting_id", "sections", "orientation"),
    *("late_reason", "correction_reason", "freezes"),
)
"""What never changes once a pack is issued: only how far it went, and that a later version took its place."""


class PackTransition(Transition):
    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        pass


class PartOfPack(models.Model):
    """What the team writes into a pack while it is open, and nobody changes afterwards."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._refuse_when_closed()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        self._refuse_when_closed()
        return super().delete(*args, **kwargs)

    def _refuse_when_closed(self) -> None:
        state = Pack._base_manager.filter(pk=self.pack_id).values_list("state", flat=True).first()  # type: ignore[attr-defined]
        if state not in OPEN_STATES:
            raise HistoryRefused("What a pack holds is changed only while it is a draft.")


class PackText(PartOfPack):
    """The words under one heading of the covering report, and what they quote of the data as it was then.

    ``quotes`` holds pairs of what a figure is of and how it was printed: [["kpis_red", "7 of 48"], …].
    """

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=20, choices=list(COVER_HEADINGS.items()))
    words = models.TextField(blank=True)
    quotes = models.JSONField(default=list, blank=True)

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["pack", "key"], name="one_text_under_a_heading")]

    def __str__(self) -> str:
        return self.get_key_display()


class PackWaiver(PartOfPack):
    """A check that is not met and need not be, because: the reason is printed in the pack."""

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="waivers")
    check_code = models.CharField("check", max_length=30)
    reason = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_post = models.CharField("post of who waived it", max_length=200)
    at = models.DateTimeField()

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "check_code"], name="check_waived_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_waiver_has_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.check_code}: {self.reason}"


class PackAnnex(PartOfPack):
    """What is kept from the public: for members entitled to it, with its paragraph of Schedule 12A and why."""

    class Paragraph(models.TextChoices):
        INDIVIDUAL = "1", "1: information relating to any individual"
        IDENTITY = "2", "2: information likely to reveal the identity of an individual"
        BUSINESS = "3", "3: financial or business affairs of a particular person, the council included"
        LABOUR = "4", "4: consultations or negotiations on a labour relations matter"
        LEGAL = "5", "5: legal professional privilege"
        NOTICE = "6", "6: a notice or order the council proposes to make"
        CRIME = "7", "7: preventing, investigating or prosecuting crime"

    pack = models.OneToOneField(Pack, on_delete=models.CASCADE, related_name="annex")
    title = models.CharField(max_length=200)
    paragraph = models.CharField("paragraph of Part 1 of Schedule 12A", max_length=1, choices=Paragraph.choices)
    public_interest = models.TextField("why keeping it back outweighs the public interest in disclosing it")
    words = models.TextField()

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=Q(paragraph__in=["1", "2", "3", "4", "5", "6", "7"])
                & ~Q(public_interest="")
                & ~Q(words=""),
                name="an_annex_says_why_it_is_exempt",
            ),
        ]

    def __str__(self) -> str:
        return f"Exempt annex of {self.pack}"


class PackComment(AppendOnlyModel):
    """What a portfolio holder or a statutory officer says of a draft: never a change to a figure or a colour."""

    pack = models.ForeignKey(Pack, on_delete=models.PROTECT, related_name="comments")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    post = models.CharField(max_length=250)
    words = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(words="") & ~Q(post=""), name="pack_comment_has_words")]

    def __str__(self) -> str:
        return f"{self.post} on {self.pack}"

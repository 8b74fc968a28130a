"""Revisions of an accepted update, with the colour and words before and after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from actions.models.updates import RAG_CHOICES, ActionUpdate
from hdcperf.history import tracked
from hdcperf.organisation.access import Scope
from hdcperf.review.models import AbstractRevision
from hdcperf.workflow import Transition


class Revision(AbstractRevision):
    """A change to an accepted update: old and new colour and words, signed off like the update."""

    update = models.ForeignKey(ActionUpdate, on_delete=models.PROTECT, related_name="revisions")
    old_rag = models.CharField("old RAG", max_length=12, choices=RAG_CHOICES)
    new_rag = models.CharField("new RAG", max_length=12, choices=RAG_CHOICES)
    old_done = models.TextField("old words on what was done")
    new_done = models.TextField("new words on what was done")
    old_impact = models.TextField("old words on impact", blank=True)
    new_impact = models.TextField("new words on impact", blank=True)
    old_recovery = models.TextField("old words on what will be done", blank=True)
    new_recovery = models.TextField("new words on what will be done", blank=True)
    old_recovery_by = models.DateField("old date for it", null=True, blank=True)
    new_recovery_by = models.DateField("new date for it", null=True, blank=True)
    old_recovery_owner = models.CharField("old owner of it", max_length=200, blank=True)
    new_recovery_owner = models.CharField("new owner of it", max_length=200, blank=True)
    old_achieved = models.TextField("old words on what was achieved", blank=True)
    new_achieved = models.TextField("new words on what was achieved", blank=True)

    history = tracked()

    class Meta(AbstractRevision.Meta):
        constraints = [
            *AbstractRevision.Meta.constraints,
            models.UniqueConstraint(
                fields=["update"],
                condition=Q(state="proposed"),
                name="one_revision_of_an_update_at_a_time",
                violation_error_message="A revision of this update is already waiting to be decided.",
            ),
            models.CheckConstraint(
                condition=~Q(new_rag__in=["amber", "red"])
                | ~Q(new_recovery="") & ~Q(new_recovery_owner="") & Q(new_recovery_by__isnull=False),
                name="revised_to_amber_or_red_says_what_will_be_done",
            ),
            models.CheckConstraint(
                condition=~Q(new_rag="completed", new_achieved=""), name="revised_to_completed_says_what_was_achieved"
            ),
        ]

    @property
    def scope(self) -> Scope:
        return self.update.scope


class RevisionTransition(Transition):
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="transitions")

    class Meta(Transition.Meta):
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["at"])]

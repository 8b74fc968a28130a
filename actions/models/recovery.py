"""What came of what an amber or red update promised (framework, *Corporate Plan Actions*)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from actions.models.updates import ActionUpdate
from hdcperf.history import tracked
from hdcperf.review.models import AbstractRecoveryOutcome


class RecoveryOutcome(AbstractRecoveryOutcome):
    """Whether what an amber or red update promised was done, and what came of it."""

    update = models.OneToOneField(ActionUpdate, on_delete=models.PROTECT, related_name="recovery_outcome")
    told_with = models.ForeignKey(
        ActionUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="recoveries_told"
    )

    history = tracked()

    class Meta(AbstractRecoveryOutcome.Meta):
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="update_recovery_outcome_has_words")]

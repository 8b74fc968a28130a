"""A person's own objective and the piece of the plan it serves (framework, *Performance Guidance for Staff*).

It is no appraisal: that is human resources' own system. It is seen by the person and the manager they name, and by
nobody else, so it keeps no history, is not in the admin and is not on the audit page.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from actions.models import Action
from hdcperf.organisation.models import Outcome, User
from kpis.models import Kpi

__all__ = ["Objective"]


def _serves_one_thing() -> Q:
    columns = ("outcome", "action", "kpi")
    found = Q()
    for chosen in columns:
        found |= Q(**{f"{column}__isnull": column != chosen for column in columns})
    return found


class Objective(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="objectives")
    manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="objectives_of_staff")
    words = models.CharField("objective, in one line", max_length=200)
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    set_on = models.DateField()

    class Meta:
        ordering: ClassVar[list[str]] = ["set_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=_serves_one_thing(), name="objective_serves_one_piece_of_the_plan"),
            models.CheckConstraint(condition=~Q(words=""), name="objective_has_words"),
            models.CheckConstraint(
                condition=~Q(user=F("manager")),
                name="manager_is_somebody_else",
                violation_error_message="Name your manager, not yourself.",
            ),
        ]

    def __str__(self) -> str:
        return self.words

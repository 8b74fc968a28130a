"""Which themes of a national framework an action is evidence for."""

from __future__ import annotations

from django.db import models

from actions.models.actions import Action
from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.models import Theme


class ActionTheme(models.Model):
    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="actions")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["action", "theme"], name="action_tagged_once")]

    def __str__(self) -> str:
        return f"{self.action}: {self.theme}"

"""Which themes of a national framework a KPI is evidence for."""

from __future__ import annotations

from django.db import models

from hdcperf.history import TrackedManager, tracked
from hdcperf.organisation.models import Theme
from kpis.models.definitions import Kpi


class KpiTheme(models.Model):
    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE, related_name="themes")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="kpis")

    history = tracked()
    objects = TrackedManager()

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["kpi", "theme"], name="kpi_tagged_once")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.theme}"

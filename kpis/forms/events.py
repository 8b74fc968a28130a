"""Noting a dated event: when, what, and on which charts."""

from __future__ import annotations

from typing import Any

from django import forms

from hdcperf.forms import CleanCharField, GdsForm, Look, Submit
from hdcperf.periods import Month, months_between
from hdcperf.ui import Link
from kpis.models import KpiEvent

__all__ = ["EventForm"]

EARLIER, LATER = 36, 6
"""Months before and after this one that an event can be noted for."""


class EventForm(GdsForm):
    """A sentence on a month's charts. ``kpis`` are those of this financial year: (id, words, service id)."""

    month = forms.ChoiceField(label="When did it happen?")
    sentence = CleanCharField(
        label="What happened?",
        max_length=200,
        help_text="One plain sentence, for example: Flooding closed the depot for a week. Everybody can read it.",
    )
    reach = forms.ChoiceField(
        label="Which charts does it touch?",
        choices=(("kpis", "Chosen KPIs"), ("services", "All KPIs of chosen services"), ("all", "Every KPI")),
        widget=forms.RadioSelect,
    )
    kpis = forms.MultipleChoiceField(label="KPIs", widget=forms.CheckboxSelectMultiple, required=False)
    services = forms.MultipleChoiceField(label="Services", widget=forms.CheckboxSelectMultiple, required=False)

    looks = {
        "sentence": Look(count=True),
        "kpis": Look(small=True),
        "services": Look(small=True),
    }
    reveals = {"reach": {"kpis": ("kpis",), "services": ("services",)}}
    cancel = Link("Cancel", "/events/")

    def __init__(
        self,
        *args: Any,
        kpis: list[tuple[int, str, int]],
        services: list[tuple[int, str]],
        this_month: Month,
        event: KpiEvent | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.by_service = [(kpi_id, service_id) for kpi_id, _, service_id in kpis]
        months = months_between(this_month - EARLIER, this_month + LATER)
        offered = [(month.slug, str(month)) for month in reversed(months)]
        if event is not None and (held := Month.from_date(event.month)) not in months:
            offered.append((held.slug, str(held)))
        self.fields["month"].choices = offered  # type: ignore[attr-defined]
        self.fields["kpis"].choices = [(str(kpi_id), words) for kpi_id, words, _ in kpis]  # type: ignore[attr-defined]
        self.fields["services"].choices = [(str(pk), name) for pk, name in services]  # type: ignore[attr-defined]
        self.buttons = (Submit("Save the event"),)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        wanted = {"kpis": "Select at least one KPI", "services": "Select at least one service"}
        reach = cleaned.get("reach", "")
        if reach in wanted and reach not in self.errors and not cleaned.get(reach):
            self.add_error(reach, wanted[reach])
        return cleaned

    def chosen_kpis(self) -> set[int]:
        """The ids of the KPIs whose charts are touched."""
        cleaned = self.cleaned_data
        if cleaned["reach"] == "all":
            return {kpi_id for kpi_id, _ in self.by_service}
        if cleaned["reach"] == "services":
            chosen = {int(pk) for pk in cleaned["services"]}
            return {kpi_id for kpi_id, service_id in self.by_service if service_id in chosen}
        return {int(pk) for pk in cleaned["kpis"]}

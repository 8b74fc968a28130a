"""The KPI register, kept in the admin with its history. Returns are changed by their own pages, never here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from hdcperf.organisation.reference import ReasonedForm, ReferenceAdmin
from kpis.models import EventKpi, ImportMapping, Kpi, KpiEvent, KpiPerson, KpiTheme, KpiYear, MonthlyTarget, TargetSet
from kpis.queries.types import type_refusals


class KpiPersonInline(admin.TabularInline):
    model = KpiPerson
    extra = 0
    autocomplete_fields = ("user",)


class KpiThemeInline(admin.TabularInline):
    model = KpiTheme
    extra = 0


@admin.register(Kpi)
class KpiAdmin(ReferenceAdmin):
    inlines = (KpiThemeInline,)
    list_display = ("reference", "predecessor", "ended_after")
    search_fields = ("reference", "years__name", "years__code")
    list_select_related = ("predecessor",)


class KpiYearForm(ReasonedForm):
    """What a KPI is in a year. Its type stays once it has figures: they would not be comparable."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name, sentence in type_refusals(self.instance, set(self.changed_data)).items():
            if name in self.fields:
                self.add_error(name, sentence)
        return cleaned


@admin.register(KpiYear)
class KpiYearAdmin(ReferenceAdmin):
    form = KpiYearForm
    list_display = ("code", "name", "year", "service", "unit", "direction", "frequency")
    list_filter = ("year", "service", "outcome", "portfolio", "unit")
    search_fields = ("code", "name")
    list_select_related = ("service",)
    autocomplete_fields = ("kpi",)
    inlines = (KpiPersonInline,)


class OnlyRead:
    """Looked at here and changed on its own pages: a target is proposed and approved, never edited."""

    def has_add_permission(self, *_: object) -> bool:
        return False

    def has_change_permission(self, *_: object) -> bool:
        return False

    def has_delete_permission(self, *_: object) -> bool:
        return False


class MonthlyTargetInline(OnlyRead, admin.TabularInline):
    model = MonthlyTarget
    extra = 0


@admin.register(TargetSet)
class TargetSetAdmin(OnlyRead, ReferenceAdmin):
    list_display = ("kpi_year", "from_month", "target", "intervention", "state", "approved_by")
    list_filter = ("state", "kpi_year__year")
    list_select_related = ("kpi_year",)
    autocomplete_fields = ("kpi_year",)
    inlines = (MonthlyTargetInline,)


class EventKpiInline(admin.TabularInline):
    model = EventKpi
    extra = 1
    autocomplete_fields = ("kpi",)


@admin.register(KpiEvent)
class KpiEventAdmin(ReferenceAdmin):
    list_display = ("sentence", "month")
    inlines = (EventKpiInline,)
    exclude = ("noted_by",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.noted_by = request.user
        super().save_model(request, obj, form, change)


admin.site.register(ImportMapping, ReferenceAdmin)

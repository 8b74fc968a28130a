"""The KPI register, kept in the admin with its history. Returns are changed by their own pages, never here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from hdcperf.organisation.reference import ReferenceAdmin
from kpis.models import EventKpi, ImportMapping, Kpi, KpiEvent, KpiPerson, KpiTheme, KpiYear, MonthlyTarget, TargetSet


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


@admin.register(KpiYear)
class KpiYearAdmin(ReferenceAdmin):
    list_display = ("code", "name", "year", "service", "unit", "direction", "frequency")
    list_filter = ("year", "service", "outcome", "portfolio", "unit")
    search_fields = ("code", "name")
    list_select_related = ("service",)
    autocomplete_fields = ("kpi",)
    inlines = (KpiPersonInline,)


class MonthlyTargetInline(admin.TabularInline):
    model = MonthlyTarget
    extra = 0


@admin.register(TargetSet)
class TargetSetAdmin(ReferenceAdmin):
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

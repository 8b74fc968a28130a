"""The plan's reference data, kept in the admin with its history. What is signed off is changed by its own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from actions.models import (
    Action,
    ActionTheme,
    ActionYear,
    CorporatePlan,
    Milestone,
    OutcomeMeasure,
    Project,
    ProjectAction,
    ProjectMilestone,
)
from hdcperf.organisation.reference import ReferenceAdmin


class ActionThemeInline(admin.TabularInline):
    model = ActionTheme
    extra = 0


class MilestoneInline(admin.TabularInline):
    model = Milestone
    extra = 0


@admin.register(Action)
class ActionAdmin(ReferenceAdmin):
    list_display = ("reference", "ended_on", "ended_how")
    search_fields = ("reference", "years__title", "years__code")
    inlines = (MilestoneInline, ActionThemeInline)


@admin.register(ActionYear)
class ActionYearAdmin(ReferenceAdmin):
    list_display = ("code", "title", "plan_year", "service", "control", "due_on")
    list_filter = ("plan_year__year", "service", "outcome", "portfolio", "control")
    search_fields = ("code", "title")
    list_select_related = ("service", "plan_year")
    autocomplete_fields = ("action", "responsible", "parent")


class ProjectMilestoneInline(admin.TabularInline):
    """Read only: a milestone's date moves as the project's board decides, and it is reached by an accepted report."""

    model = ProjectMilestone
    extra = 0
    can_delete = False
    readonly_fields = ("name", "due_on", "reached_on")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ProjectActionInline(admin.TabularInline):
    model = ProjectAction
    extra = 0
    autocomplete_fields = ("action",)


@admin.register(Project)
class ProjectAdmin(ReferenceAdmin):
    list_display = ("code", "name", "service", "board", "starts_on", "ends_on", "closed_on")
    list_filter = ("service", "outcome")
    search_fields = ("code", "name")
    list_select_related = ("service",)
    autocomplete_fields = ("sponsor", "manager")
    readonly_fields = ("closed_on", "closed_how", "closed_why", "version")
    inlines = (ProjectMilestoneInline, ProjectActionInline)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Once it is registered, its dates move only by a change its board approved."""
        return self.readonly_fields if obj is None else (*self.readonly_fields, "starts_on", "ends_on")


@admin.register(OutcomeMeasure)
class OutcomeMeasureAdmin(ReferenceAdmin):
    list_display = ("name", "outcome", "direction", "publisher", "next_published_on")
    list_filter = ("outcome", "publisher")
    search_fields = ("name", "reference")


admin.site.register(CorporatePlan, ReferenceAdmin)

"""Reference data, kept in the admin with its history."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.http import HttpRequest

from hdcperf.organisation.models import (
    Appointment,
    Council,
    Delegation,
    Directorate,
    Framework,
    Outcome,
    Portfolio,
    Priority,
    ReportingPeriod,
    Service,
    Statement,
    Theme,
    User,
)
from hdcperf.organisation.reference import ReasonedForm, ReferenceAdmin

admin.site.site_header = admin.site.site_title = "Reference data"
admin.site.index_title = "What the council keeps here"
# Posts say who may do what; a group would look as if it did.
admin.site.unregister(Group)


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")


class UserForm(ReasonedForm, UserChangeForm):
    class Meta:
        model = User
        fields = ("email", "name", "is_active", "is_staff", "is_superuser")


@admin.register(User)
class PersonAdmin(ReferenceAdmin, UserAdmin):
    form = UserForm
    add_form = NewUserForm
    list_display = ("name", "email", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("name", "email")
    ordering = ("name",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        (None, {"fields": ("change_reason",)}),
    )
    add_fieldsets = (
        (
            None,
            {"classes": ("wide",), "fields": ("email", "name", "usable_password", "password1", "password2")},
        ),
    )


@admin.register(Appointment)
class AppointmentAdmin(ReferenceAdmin):
    list_display = ("user", "role", "title", "directorate", "service", "portfolio", "starts_on", "ends_on")
    list_filter = ("role", "directorate", "service", "portfolio")
    search_fields = ("user__name", "user__email", "title")
    autocomplete_fields = ("user",)
    list_select_related = ("user", "directorate", "service", "portfolio")


@admin.register(Delegation)
class DelegationAdmin(ReferenceAdmin):
    list_display = ("user", "delegate", "starts_on", "ends_on")
    autocomplete_fields = ("user", "delegate")
    list_select_related = ("user", "delegate")


@admin.register(Service)
class ServiceAdmin(ReferenceAdmin):
    list_display = ("name", "directorate")
    list_select_related = ("directorate",)
    search_fields = ("name",)


@admin.register(Outcome)
class OutcomeAdmin(ReferenceAdmin):
    list_display = ("number", "name", "priority")
    list_display_links = ("name",)
    list_select_related = ("priority",)


@admin.register(Priority)
class PriorityAdmin(ReferenceAdmin):
    list_display = ("number", "name")
    list_display_links = ("name",)


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(ReferenceAdmin):
    """To look at, with its history: dates are moved on the months' own pages, which ask why."""

    list_display = ("__str__", "opens_on", "due_on", "locks_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ReportingPeriod | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ReportingPeriod | None = None) -> bool:
        return False


@admin.register(Council)
class CouncilAdmin(ReferenceAdmin):
    list_display = ("name", "board_name", "board_chair_title")


@admin.register(Statement)
class StatementAdmin(ReferenceAdmin):
    list_display = ("title", "reviewed_on")
    prepopulated_fields = {"slug": ("title",)}


admin.site.register([Directorate, Portfolio], ReferenceAdmin)


class ThemeInline(admin.TabularInline):
    model = Theme
    extra = 0


@admin.register(Framework)
class FrameworkAdmin(ReferenceAdmin):
    list_display = ("name", "theme_noun")
    inlines = (ThemeInline,)


@admin.register(AccessAttempt)
class WrongPasswordAdmin(admin.ModelAdmin):
    """Wrong passwords of the last while; deleting a row ends the pause it brought."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return False

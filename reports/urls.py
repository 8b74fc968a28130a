"""The addresses of pages that draw on every part. People link to these, so they do not change."""

from django.urls import URLPattern, path

from reports.views import audit, home

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
]

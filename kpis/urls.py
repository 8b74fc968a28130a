"""The addresses of the monthly cycle. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the month, year and code converters)
from kpis.views import audit, export

urlpatterns: list[URLPattern] = [
    path("kpis/<year:year>/<code:code>/export/", export.export, name="kpi-export"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
]

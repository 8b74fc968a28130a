"""The addresses of the monthly cycle. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the month, year and code converters)
from kpis.views import audit, entering, export, grid, preview

urlpatterns: list[URLPattern] = [
    path("kpis/<year:year>/<code:code>/export/", export.export, name="kpi-export"),
    path("returns/<month:month>/grid/", grid.grid, name="return-grid"),
    path("returns/<month:month>/<code:code>/", entering.monthly_return, name="return"),
    path("returns/<month:month>/<code:code>/preview/", preview.preview, name="return-preview"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
]

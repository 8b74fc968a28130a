"""Every address of the site. Each app's own addresses are in its `urls.py`."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from hdcperf.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("", include("hdcperf.organisation.urls")),
    path("", include("kpis.urls")),
    path("", include("reports.urls")),
]

"""Every address of the site. Each app's own addresses are in its `urls.py`."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from hdcperf.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    # One page to sign in on, for the admin as for the rest: it carries what was typed, and it counts wrong passwords.
    path("admin/login/", login_not_required(RedirectView.as_view(pattern_name="sign-in", query_string=True))),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password-change")),
    path("admin/", admin.site.urls),
    path("health/", health, name="health"),
    path("", include("hdcperf.organisation.urls")),
    path("", include("hdcperf.reminders.urls")),
    path("", include("hdcperf.outbox.urls")),
    path("", include("hdcperf.jobs.urls")),
    path("", include("kpis.urls")),
    path("", include("dataquality.setting_urls")),
    path("", include("actions.urls")),
    path("", include("dataquality.urls")),
    path("", include("reports.pack_urls")),
    path("", include("reports.urls")),
]

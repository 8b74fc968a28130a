"""The addresses of the monthly cycle. People link to these, so they do not change."""

from django.urls import URLPattern

import hdcperf.converters  # noqa: F401  (registers the month, year and code converters)

urlpatterns: list[URLPattern] = []

"""The addresses of the Corporate Plan's actions. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the converters of quarters and codes)
from actions.views import entering, quarters, queue, review, revisions, ruling

urlpatterns: list[URLPattern] = [
    path("quarters/", quarters.quarters, name="quarters"),
    path("quarters/<quarter:quarter>/", quarters.quarter_dates, name="quarter-dates"),
    path("quarters/<quarter:quarter>/open/", quarters.quarter_open, name="quarter-open"),
    path("quarters/locks/<int:pk>/end/", quarters.lock_exception_end, name="action-lock-exception-end"),
    path("actions/revisions/", revisions.revisions, name="action-revisions"),
    path("actions/revisions/<int:pk>/", revisions.revision, name="action-revision"),
    path("actions/<quarter:quarter>/", queue.quarter, name="quarter"),
    path("actions/<quarter:quarter>/<code:code>/", entering.action_update, name="action-update"),
    path("actions/<quarter:quarter>/<code:code>/preview/", entering.preview, name="action-update-preview"),
    path("actions/<quarter:quarter>/<code:code>/review/", review.review, name="action-review"),
    path("actions/<quarter:quarter>/<code:code>/revise/", revisions.revision_propose, name="action-revise"),
    path("actions/<quarter:quarter>/<code:code>/dispute/", ruling.ruling, name="action-ruling"),
    path("actions/<quarter:quarter>/<code:code>/exception/", quarters.lock_exception, name="action-lock-exception"),
]

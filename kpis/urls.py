"""The addresses of the monthly cycle. People link to these, so they do not change."""

from django.urls import URLPattern, path

import hdcperf.converters  # noqa: F401  (registers the month, year and code converters)
from kpis.views import (
    audit,
    board,
    entering,
    events,
    export,
    grid,
    importing,
    kpi,
    kpi_list,
    periods,
    preview,
    queue,
    review,
    revisions,
    ruling,
)

urlpatterns: list[URLPattern] = [
    path("kpis/", kpi_list.kpi_list, name="kpi-list"),
    path("kpis/<year:year>/<code:code>/", kpi.kpi, name="kpi"),
    path("kpis/<code:code>/", kpi.kpi_find, name="kpi-find"),
    path("kpis/<year:year>/<code:code>/export/", export.export, name="kpi-export"),
    path("returns/<month:month>/grid/", grid.grid, name="return-grid"),
    path("returns/<month:month>/", queue.returns, name="returns"),
    path("returns/<month:month>/<code:code>/review/", review.review, name="return-review"),
    path("returns/<month:month>/<code:code>/revise/", revisions.revision_propose, name="revision-propose"),
    path("returns/<month:month>/<code:code>/exception/", periods.lock_exception, name="lock-exception"),
    path("revisions/", revisions.revisions, name="revisions"),
    path("revisions/<int:pk>/", revisions.revision, name="revision"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<month:month>/", periods.period, name="period"),
    path("board/<month:month>/disputed/<code:code>/", ruling.ruling, name="ruling"),
    path("returns/<month:month>/<code:code>/", entering.monthly_return, name="return"),
    path("returns/<month:month>/<code:code>/preview/", preview.preview, name="return-preview"),
    path("board/<month:month>/", board.board, name="board"),
    path("events/", events.events, name="events"),
    path("events/new/", events.event_new, name="event-new"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/remove/", events.event_remove, name="event-remove"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("import/", importing.import_kpis, name="import"),
    path("import/<int:pk>/", importing.import_preview, name="import-preview"),
    path("import/<int:pk>/columns/", importing.import_columns, name="import-columns"),
    path("import/<int:pk>/apply/", importing.import_apply, name="import-apply"),
    path("import/<int:pk>/discard/", importing.import_discard, name="import-discard"),
]

"""The addresses of pages that draw on every part. People link to these, so they do not change."""

from django.urls import URLPattern, path

from reports.views import audit, feed, home, thread

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("feed/", feed.feed, name="feed"),
    path("feed/figures.csv", feed.figures_csv, name="feed-csv"),
    path("feed/figures.json", feed.figures_json, name="feed-json"),
    path("feed/dictionary.csv", feed.dictionary_csv, name="feed-dictionary-csv"),
    path("feed/dictionary.json", feed.dictionary_json, name="feed-dictionary-json"),
    path("feed/<int:pk>/revoke/", feed.revoke, name="feed-revoke"),
    path("golden-thread/", thread.thread, name="golden-thread"),
    path("golden-thread/objectives/", thread.objectives, name="objectives"),
    path("golden-thread/objectives/<int:pk>/remove/", thread.objective_remove, name="objective-remove"),
    path("golden-thread/<slug:slug>/", thread.framework, name="framework"),
]

"""The addresses of pages that draw on every part. People link to these, so they do not change."""

from django.urls import URLPattern, path

from reports.views import audit, home, thread

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("audit/", audit.audit, name="audit"),
    path("audit/export/", audit.audit_export, name="audit-export"),
    path("golden-thread/", thread.thread, name="golden-thread"),
    path("golden-thread/objectives/", thread.objectives, name="objectives"),
    path("golden-thread/objectives/<int:pk>/remove/", thread.objective_remove, name="objective-remove"),
    path("golden-thread/<slug:slug>/", thread.framework, name="framework"),
]

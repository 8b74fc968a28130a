"""The addresses of the work in the background. People link to these, so they do not change."""

from django.urls import URLPattern, path

from hdcperf.jobs import views

urlpatterns: list[URLPattern] = [
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/schedule/", views.schedule, name="schedule"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/again/", views.job_again, name="job-again"),
    path("jobs/<int:pk>/cancel/", views.job_cancel, name="job-cancel"),
]

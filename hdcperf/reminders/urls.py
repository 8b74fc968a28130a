from django.urls import path

from hdcperf.reminders.views import late, own, preview

urlpatterns = [
    path("reminders/", own.own, name="reminders"),
    path("reminders/preview/", preview.preview, name="reminders-preview"),
    path("reminders/late/", late.late, name="reminders-late"),
    path("reminders/late/<int:pk>/", late.chase, name="reminders-chase"),
]

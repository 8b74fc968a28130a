"""The addresses of messages. People link to these, so they do not change."""

from django.urls import URLPattern, path

from hdcperf.outbox import views

urlpatterns: list[URLPattern] = [
    path("outbox/", views.outbox, name="outbox"),
    path("outbox/again/", views.outbox_again, name="outbox-again"),
    path("outbox/<uuid:uuid>/", views.message, name="message"),
    path("outbox/<uuid:uuid>/again/", views.message_again, name="message-again"),
]

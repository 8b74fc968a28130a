from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "hdcperf.outbox"
    label = "outbox"
    verbose_name = "Messages sent by e-mail"

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "What draws on every part: home, audit, the golden thread and packs"

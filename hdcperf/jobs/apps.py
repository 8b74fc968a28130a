from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "hdcperf.jobs"
    label = "jobs"
    verbose_name = "Work in the background"

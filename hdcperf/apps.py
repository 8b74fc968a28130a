"""The shared parts as a Django app, so that their checks, template tags and commands are found, and Celery."""

from django.apps import AppConfig


class HdcperfConfig(AppConfig):
    """Holds no models; `hdcperf.organisation` does."""

    name = "hdcperf"
    label = "hdcperf"
    verbose_name = "Council performance"

    def ready(self) -> None:
        """Register the system checks, and have every process use the project's Celery application."""
        from hdcperf import celery, checks  # noqa: F401

from axes import apps as axes_apps
from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "hdcperf.organisation"
    label = "organisation"
    verbose_name = "The council and its people"
    default = True


class WrongPasswordsConfig(axes_apps.AppConfig):  # type: ignore[misc]
    """django-axes, under a name an administrator knows."""

    verbose_name = "Signing in"

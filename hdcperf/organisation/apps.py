from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    name = "hdcperf.organisation"
    label = "organisation"
    verbose_name = "The council and its people"

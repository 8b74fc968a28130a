from django.apps import AppConfig


class DataQualityConfig(AppConfig):
    name = "dataquality"
    verbose_name = "Data quality templates, the setting of KPIs, reviews and assurance"

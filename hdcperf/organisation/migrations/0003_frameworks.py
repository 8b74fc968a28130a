"""Make the national frameworks and their themes where they are absent."""

from django.db import migrations

from hdcperf.organisation.national import ensure_frameworks


def make(apps, schema_editor):
    names = ("Framework", "Theme", "HistoricalFramework", "HistoricalTheme")
    framework, theme, *history = (apps.get_model("organisation", name) for name in names)
    ensure_frameworks(framework, theme, tuple(history))


class Migration(migrations.Migration):
    dependencies = [("organisation", "0002_statements")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

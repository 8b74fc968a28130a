"""Make the accessibility statement and the privacy notice where they are absent."""

from django.db import migrations

from hdcperf.organisation.statements import ensure_statements


def make(apps, schema_editor):
    ensure_statements(
        apps.get_model("organisation", "Statement"), apps.get_model("organisation", "HistoricalStatement")
    )


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]

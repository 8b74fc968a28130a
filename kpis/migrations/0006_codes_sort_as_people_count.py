import re
from typing import Any

from django.db import migrations, models


def keys_sort(apps: Any, schema_editor: Any) -> None:
    """Pad the numbers of every key, as ``hdcperf.codes.code_key`` does from now on."""
    for name in ("KpiYear", "HistoricalKpiYear"):
        model = apps.get_model("kpis", name)
        for key in model.objects.values_list("code_key", flat=True).distinct():
            padded = re.sub(r"[0-9]+", lambda number: number[0].lstrip("0").zfill(6), key)
            model.objects.filter(code_key=key).update(code_key=padded)


class Migration(migrations.Migration):
    dependencies = [("kpis", "0005_a_lifted_lock_ended_early")]

    operations = [
        *(
            migrations.AlterField(
                model_name=name,
                name="code_key",
                field=models.CharField(editable=False, max_length=80),
            )
            for name in ("historicalkpiyear", "kpiyear")
        ),
        migrations.RunPython(keys_sort, migrations.RunPython.noop),
    ]

from typing import Any

from django.db import migrations, models
from django.db.models import Min

WHEN = "When its returns were made; until then only dates are set."


def those_there_are_opened(apps: Any, schema_editor: Any) -> None:
    """Until now a round was made by opening it: its first history row says when."""
    period, historical = (
        apps.get_model("organisation", name) for name in ("ReportingPeriod", "HistoricalReportingPeriod")
    )
    for row in historical.objects.values("id").annotate(first=Min("history_date")):
        period.objects.filter(pk=row["id"]).update(opened_at=row["first"])


class Migration(migrations.Migration):
    dependencies = [("organisation", "0004_national_frameworks")]

    operations = [
        *(
            migrations.AddField(
                model_name=name,
                name="opened_at",
                field=models.DateTimeField(blank=True, editable=False, help_text=WHEN, null=True),
            )
            for name in ("historicalreportingperiod", "reportingperiod")
        ),
        migrations.RunPython(those_there_are_opened, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="reportingperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("opened_at__isnull", False), ("opened_by__isnull", True), _connector="OR"),
                name="period_opened_by_somebody_at_some_time",
            ),
        ),
    ]

"""The data quality reviews of the scene, all carried out by internal audit and written but for the planned one.

*PI 1*'s is planned, *PI 2*'s with the service, *PI 3*'s written after the service was heard, with an action named. Of
last year's *PI 3* one is finished, with an action open and one said to be done, and one has nothing left to follow.
"""

from __future__ import annotations

from typing import Any

from dataquality.models import QualityReviewTransition
from hdcperf import clock
from kpis.models import KpiYear
from tests.factories.quality_reviews import action_in, review_in

__all__ = ["add_reviews"]


def add_reviews(scene: Any, first: KpiYear, second: KpiYear, third: KpiYear, last_year: KpiYear) -> None:
    """Add the rows to ``scene``, after its templates."""
    reviewer, owner = scene.people["internal_audit"], scene.people["KPI holder"]
    template = scene.records["signed template"]
    facts = {"reviewer": reviewer, "by": reviewer}
    written = review_in("under_way", kpi_year=third, template=template, **facts)
    QualityReviewTransition.objects.create(
        review=written,
        move="agree",
        from_state="shared",
        to_state="under_way",
        by=scene.people["service_manager"],
        by_name="Example",
        at=clock.now(),
    )
    finished = review_in("reported", kpi_year=last_year, template=template.began_from, **facts)
    scene.records |= {
        "planned review": review_in("planned", kpi_year=first, **facts),
        "shared review": review_in("shared", kpi_year=second, **facts),
        "written review": written,
        "named action": action_in("open", written, owner=owner),
        "finished review": finished,
        "open action": action_in("open", finished, owner=owner),
        "done action": action_in("done", finished, owner=owner, by=owner),
        "followed review": review_in("reported", kpi_year=last_year, **facts),
    }

"""More data quality reviews: one in every state, and more actions of the scene's finished one in theirs."""

from __future__ import annotations

from datetime import date

from dataquality.models import QualityReview
from tests.factories.kpis import KpiYearFactory
from tests.factories.quality_reviews import WAYS, action_in, review_in
from tests.sitewide.access.scene import Scene
from tests.sitewide.growing.common import ours


def reviews(scene: Scene, number: int) -> None:
    """Reviews of the scene's service by internal audit, with actions of its KPI holder."""
    reviewer, owner = scene.people["internal_audit"], scene.people["KPI holder"]
    for state in WAYS:
        kpi_year = KpiYearFactory(code=f"PI G{number}q{state[:4]}", latest=True, **ours(scene))
        made = review_in(state, kpi_year=kpi_year, reviewer=reviewer, by=reviewer)
        if made.is_finished:
            action_in("open" if state == "reported" else "confirmed", made, owner=owner)
    late = KpiYearFactory(code=f"PI G{number}qlate", latest=True, **ours(scene))
    review_in("shared", kpi_year=late, reviewer=reviewer, answer_by=date(2026, 11, 1))
    finished: QualityReview = scene.fresh("finished review")
    for state in ("open", "done", "confirmed", "dropped"):
        action_in(state, finished, owner=owner)
    action_in("done", finished, owner=owner, by=owner)

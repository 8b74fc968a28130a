"""The setting of KPIs in the scene: 2027/28 is being proposed, 2028/29 is with scrutiny.

*PI 1* is kept and still a draft, *PI 2* is with its head of service, *PI 3* with corporate leadership. Nobody has
said anything about *PI 9*, which is another service's. One KPI of ours is new, and a draft.
The half-year review of 2026/27 asks about *PI 2*, and a target of *PI 3* waits for its decision.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dataquality.models import TargetReview, TargetReviewItem
from kpis.models import KpiYear
from tests.factories.kpis import KpiYearFactory, TargetSetFactory
from tests.factories.setting import SettingRoundFactory, proposal_in, round_in

__all__ = ["add_setting"]


def add_setting(scene: Any) -> None:
    """Add the rows to ``scene``, after its KPIs."""
    window = SettingRoundFactory()
    by_code = {one.code: one for one in KpiYear.objects.filter(year=2026).select_related("kpi", "service")}
    first = by_code["PI 1"]
    manager = scene.people["service_manager"]
    new = KpiYearFactory(
        code="PI 70", year=2027, is_live=False, latest=True, service=first.service, portfolio=first.portfolio
    )
    second, third = by_code["PI 2"], by_code["PI 3"]
    for one, reference in ((first, "first"), (second, "second"), (third, "third"), (new, "brand-new")):
        one.kpi.reference = reference
        one.kpi.save()
    review = TargetReview.objects.create(year=2026, opens_on=date(2026, 10, 1), closes_on=date(2026, 11, 30))
    asked = TargetReviewItem.objects.create(target_review=review, kpi_year=second)
    waiting = TargetReviewItem.objects.create(target_review=review, kpi_year=third)
    TargetSetFactory(
        kpi_year=third,
        from_month=date(2026, 11, 1),
        target=700_000,
        awaiting=True,
        set_by=scene.people["service_manager"],
    )
    scene.records |= {"asked": asked, "target that waits": waiting}
    scene.records |= {
        "window": window,
        "with_scrutiny_kpis": round_in("scrutiny", 2028),
        "kept": proposal_in("draft", window, first),
        "proposed": proposal_in("submitted", window, second, by=manager),
        "agreed_kpi": proposal_in("agreed", window, third, by=manager),
        "untouched": proposal_in("draft", window, by_code["PI 9"], verdict=""),
        "new_kpi": proposal_in("draft", window, new, verdict="new", kpi_year=new),
    }

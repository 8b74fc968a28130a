"""What evidence the council has for each theme of a national framework, and where it has none."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from actions.models import ActionTheme
from hdcperf.codes import code_key
from hdcperf.organisation.access import Standing
from hdcperf.organisation.models import Framework, Theme
from kpis.models import KpiTheme
from reports.queries.thread import Knot, actions_now, kpis_now

__all__ = ["Evidence", "evidence"]


@dataclass(frozen=True)
class Evidence:
    """One theme with this year's actions and KPIs that are tagged with it."""

    theme: Theme
    actions: tuple[Knot, ...]
    kpis: tuple[Knot, ...]

    @property
    def is_missing(self) -> bool:
        return not (self.actions or self.kpis)


def evidence(who: Standing, framework: Framework) -> list[Evidence]:
    """Every theme of ``framework`` in its order, in a fixed number of queries."""
    actions = {knot.identity: knot for _, knot in actions_now(who)}
    measures = {knot.identity: knot for _, knot in kpis_now(who)}
    tagged_actions, tagged_kpis = defaultdict(list), defaultdict(list)
    for row in ActionTheme.objects.filter(theme__framework=framework):
        if (knot := actions.get(row.action_id)) is not None:
            tagged_actions[row.theme_id].append(knot)
    for tag in KpiTheme.objects.filter(theme__framework=framework):
        if (knot := measures.get(tag.kpi_id)) is not None:
            tagged_kpis[tag.theme_id].append(knot)
    return [
        Evidence(theme, _ordered(tagged_actions[theme.pk]), _ordered(tagged_kpis[theme.pk]))
        for theme in framework.themes.all()
    ]


def _ordered(knots: list[Knot]) -> tuple[Knot, ...]:
    return tuple(sorted(knots, key=lambda one: code_key(one.code)))

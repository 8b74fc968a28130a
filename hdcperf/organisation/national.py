"""The national frameworks as they are when the product is set up: editable afterwards, so made only where absent.

The Local Government Outcomes Framework has fifteen priority outcomes, the Best Value guidance of May 2024 seven
themes (framework, *National Performance Management Framework*). Names change between drafts: they are data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hdcperf import clock

__all__ = ["ensure_frameworks"]

_WHY = "As the product was set up"


@dataclass(frozen=True)
class _Shipped:
    slug: str
    name: str
    what_it_is: str
    theme_noun: str
    themes: tuple[str, ...]


SHIPPED = (
    _Shipped(
        "outcomes-framework",
        "Local Government Outcomes Framework",
        "The national framework’s priority outcomes, with what this council has to show for each.",
        "priority outcome",
        (
            "Homelessness and rough sleeping",
            "Housing",
            "Multiple disadvantage",
            "Best start in life",
            "Every child achieving and thriving",
            "Keeping children safe and family security",
            "Health and wellbeing",
            "Adult social care: quality",
            "Adult social care: independence",
            "Adult social care: neighbourhood health and integration",
            "Neighbourhoods",
            "Environment, circular economy and climate change",
            "Transport and local infrastructure",
            "Economic prosperity and regeneration",
            "Child poverty",
        ),
    ),
    _Shipped(
        "best-value",
        "Best Value themes",
        "The themes by which compliance with the Best Value Duty is assessed.",
        "theme",
        (
            "Continuous improvement",
            "Leadership",
            "Governance",
            "Culture",
            "Use of resources",
            "Service delivery",
            "Partnerships and community engagement",
        ),
    ),
)


def ensure_frameworks(framework: Any, theme: Any, history: tuple[Any, Any] | None = None) -> int:
    """Make the frameworks that are absent, with their themes, and return how many rows were made.

    ``framework`` and ``theme`` are the models or a migration's state of them, which leaves no history by itself: a
    migration gives the two ``history`` models as well.
    """
    made = 0
    for one in SHIPPED:
        if framework.objects.filter(slug=one.slug).exists():
            continue
        facts = {"slug": one.slug, "name": one.name, "what_it_is": one.what_it_is, "theme_noun": one.theme_noun}
        row = _make(framework, facts, history[0] if history else None)
        for number, name in enumerate(one.themes, start=1):
            part = {"framework_id": row.pk, "number": number, "name": name, "description": ""}
            _make(theme, part, history[1] if history else None)
        made += 1 + len(one.themes)
    return made


def _make(model: Any, facts: dict[str, Any], historical: Any) -> Any:
    row = model(**facts)
    row._change_reason = _WHY
    row.save()
    if historical is not None:
        historical.objects.create(
            id=row.pk, **facts, history_type="+", history_date=clock.now(), history_change_reason=_WHY
        )
    return row

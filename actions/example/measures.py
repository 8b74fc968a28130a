"""The outcome measures of the example: real published figures, through the product's own importer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from actions.example.story import Story
from actions.models import OutcomeMeasure
from actions.operations.measures import apply_measures, keep_measures, preview_draft
from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.rag import Direction

__all__ = ["PUBLISHED", "import_published"]

PUBLISHED = Path(__file__).with_name("published") / "outcome-measures.csv"
IMPORTED_ON = date(2026, 9, 2)
WHERE_FROM = {
    "our_area": "Huntingdonshire",
    "source": "Fingertips: public health profiles",
    "publisher": "Office for Health Improvement and Disparities",
    "licence": "Open Government Licence v3.0",
    "address": "https://fingertips.phe.org.uk/",
}
HIGHER, LOWER = Direction.HIGHER.value, Direction.LOWER.value
PREFERRED: dict[str, tuple[str, int]] = {
    "percentage-of-physically-active-adults": (HIGHER, 1),
    "percentage-of-physically-active-children-and-young-people": (HIGHER, 1),
    "percentage-of-adults-aged-18-plus-classified-as-overweight-or-obese": (LOWER, 1),
    "reception-prevalence-of-obesity-including-severe-obesity": (LOWER, 1),
    "percentage-of-5-year-olds-with-experience-of-visually-obvious-dentinal-decay": (LOWER, 2),
    "smoking-prevalence-in-adults-in-routine-and-manual-occupations-18-64-current-smo": (LOWER, 2),
    "inequality-in-life-expectancy-at-birth-slope-index-of-inequality": (LOWER, 1),
}
"""For each measure the direction of travel preferred, and the outcome of the plan it informs."""


def import_published(story: Story) -> None:
    """Import the figures as a member of the Performance Team would, and say which way is preferred."""
    with clock.taken_to_be(IMPORTED_ON):
        draft = keep_measures(PUBLISHED.read_bytes(), PUBLISHED.name, dict(WHERE_FROM), by=story.team)
        apply_measures(draft.pk, preview_draft(draft).fingerprint, by=story.team)
        for measure in OutcomeMeasure.objects.all():
            measure.direction, number = PREFERRED[measure.reference]
            measure.outcome = story.cast.outcomes[number]
            save_as(measure, by=story.cast.users["admin"], reason="Direction of travel and outcome, as agreed")

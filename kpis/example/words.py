"""Commentary for the example: what happened, why, what is being done. Written for this example, about nobody."""

from __future__ import annotations

from random import Random

from hdcperf.periods import Month
from hdcperf.rag import Rag
from kpis.example.figures import Line

_HAPPENED = {
    "better": (
        "{name} improved on {before}, and the service kept to its plan through the month.",
        "A better month than {before}: the changes agreed in the spring are now in place.",
    ),
    "worse": (
        "{name} slipped compared with {before}, most of it in the second half of the month.",
        "A weaker month than {before}, as the service had warned last time.",
    ),
    "same": ("Little changed from {before}: the service ran as planned.",),
}
_WHY: dict[str, tuple[str, ...]] = {
    "Waste and Street Scene": (
        "Two crews were short because of sickness, so rounds finished late and some streets waited a day.",
        "Dry weather cut the weight of garden waste, which pulls the share recycled down with it.",
        "The new rounds have settled and crews now know the difficult access points.",
    ),
    "Housing Needs and Support": (
        "More private landlords are selling, because mortgage costs rose again, so more families asked for help.",
        "Contractors were free sooner because a neighbouring council's programme paused.",
    ),
    "Revenues and Benefits": (
        "Claims rose because a pension credit campaign brought people forward, and two assessors are in training.",
        "Instalments moved to twelve months for more households, so money arrives later in the year.",
    ),
    "Planning": (
        "One officer post is vacant and agency cover began only in the third week, so simple cases waited.",
        "Extensions of time were agreed early on the large sites, which kept decisions within the agreed date.",
    ),
}
_ANY = (
    "Demand was higher than usual because schools were closed for part of the month.",
    "Staff who had been in training returned, so there was more capacity than in the month before.",
    "The change follows the season, as it did at the same time last year.",
)
_DOING = (
    "Overtime on two Saturdays and an extra agency officer until the backlog is cleared.",
    "A weekly meeting with the partner to unblock the oldest cases first.",
    "The rota is being redrawn so that cover starts at seven, and the results will be checked monthly.",
)


def commentary(line: Line, measured: Month, movement: str) -> tuple[str, str]:
    """What happened and why, for a month."""
    random = Random(f"{line['reference']} {measured} words")
    happened = random.choice(_HAPPENED.get(movement, _HAPPENED["same"]))
    why = random.choice(_WHY.get(line["service"], _ANY) + _ANY[:1])
    return happened.format(name=line["name"], before=measured.previous), why


def doing(line: Line, measured: Month, rag: Rag) -> str:
    """What is being done, where the figure is amber or red."""
    return Random(f"{line['reference']} {measured} doing").choice(_DOING) if rag.is_off_target else ""

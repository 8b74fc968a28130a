"""What every colour and word of a pack means: members asked what amber means for an action."""

from __future__ import annotations

from collections.abc import Iterator

from actions.rules.colours import ActionRag
from hdcperf.control import Control
from hdcperf.rag import Rag
from reports.packs.frozen import KeyEntry
from reports.packs.pieces import Colour

__all__ = ["key_of"]

_KPI_MEANINGS = {
    Rag.GREEN: "On target, or better.",
    Rag.AMBER: "Worse than the target, but not past the intervention level.",
    Rag.RED: "Past the intervention level; worse than the target where there is no intervention level.",
    Rag.NO_DATA: "There is no accepted figure for the period.",
    Rag.NOT_JUDGED: "Shown for context: there is no target, or neither way is better.",
}
_WORDS = (
    ("Now", "How the figure stood at the end of the period."),
    ("Year-end forecast", "How the year is expected to end, and the colour that would be. It may differ from now."),
    ("Target", "What the council aims at: approved for the year, with who approved it and why."),
    ("Intervention level", "How far from the target a figure may be before it is red."),
    ("Year to date", "All months of the year so far, together."),
    ("Better, worse", "Whether the figure moved the preferred way, whichever way the number went."),
    ("Revised", "The figure was changed after it was accepted; what changed and why is listed."),
    ("Provisional", "The figure of March until its final one is accepted."),
    ("Break in series", "From here figures cannot be compared with those before."),
)


def key_of(*, actions: bool) -> tuple[KeyEntry, ...]:
    """The key printed in every pack; ``actions`` says whether it holds actions and projects."""
    return tuple(_entries(actions))


def _entries(actions: bool) -> Iterator[KeyEntry]:
    for rag, meaning in _KPI_MEANINGS.items():
        yield KeyEntry("Colours of KPIs", rag.label, meaning, Colour(rag.value, rag.label))
    if actions:
        for one in ActionRag:
            yield KeyEntry("Colours of actions and projects", one.label, one.meaning, Colour(one.value, one.label))
        for control in Control:
            yield KeyEntry("Do, Enable, Influence", control.word, control.label.split(": ", 1)[1].capitalize() + ".")
    for word, meaning in _WORDS:
        yield KeyEntry("Words", word, meaning)

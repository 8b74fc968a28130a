"""What each colour of an action means, printed wherever one is chosen or read (framework, *Corporate Plan Actions*).

An action's RAG is a judgement against these definitions, not a calculation: members asked what amber means.
"""

from __future__ import annotations

from collections.abc import Iterable

from hdcperf.rag import LabelledEnum, Movement

__all__ = ["ActionRag", "driver", "movement", "needs_reason", "reasons_for", "worst"]


class ActionRag(LabelledEnum):
    """How an action or a project stands at the end of a quarter. Always printed as a word as well as a colour."""

    meaning: str

    def __new__(cls, value: str, label: str = "", meaning: str = "") -> ActionRag:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.meaning = meaning
        return member

    GREEN = (
        "green",
        "Green",
        "Delivering: what was planned to this date is done, and the next milestone will be met on its date.",
    )
    AMBER = (
        "amber",
        "Amber",
        "Slipping: a milestone is late or in doubt, but a recovery with a date and an owner will bring it back.",
    )
    RED = (
        "red",
        "Red",
        "Will miss its date or its purpose without a decision by somebody other than the officer responsible.",
    )
    COMPLETED = "completed", "Completed", "Everything planned is done, and what it achieved is written down."
    NOT_STARTED = "not_started", "Not started", "Its start date has not come, or it is planned to begin later."
    AWAITED = "awaited", "Update awaited", "No update for this quarter has been accepted."

    @classmethod
    def chosen(cls) -> tuple[ActionRag, ...]:
        """The colours an officer can choose: *update awaited* is a fact, not a choice."""
        return tuple(one for one in cls if one is not cls.AWAITED)

    @property
    def rank(self) -> int:
        """For sorting, worst first."""
        return _WORST_FIRST.index(self)

    @property
    def needs_recovery(self) -> bool:
        """Amber or red: what will be done, by when and by whom must be said."""
        return self in (ActionRag.AMBER, ActionRag.RED)

    @property
    def is_finished(self) -> bool:
        return self is ActionRag.COMPLETED


_WORST_FIRST = (
    ActionRag.RED,
    ActionRag.AMBER,
    ActionRag.AWAITED,
    ActionRag.GREEN,
    ActionRag.NOT_STARTED,
    ActionRag.COMPLETED,
)


def worst(colours: Iterable[ActionRag]) -> ActionRag | None:
    """The worst of ``colours``, which is the colour parts drive their parent to; None when there are none."""
    return min(colours, key=lambda one: one.rank, default=None)


def driver(parent: ActionRag, parts: Iterable[ActionRag]) -> ActionRag | None:
    """The colour the parts would give their parent, when it is not the one the parent was given; else None."""
    found = worst(parts)
    return None if found is None or found is parent else found


_GOODNESS = {
    ActionRag.RED: 0,
    ActionRag.AMBER: 1,
    # Not begun and on time is as good as begun and on time.
    ActionRag.NOT_STARTED: 2,
    ActionRag.GREEN: 2,
    ActionRag.COMPLETED: 3,
}


def movement(before: ActionRag | None, now: ActionRag | None) -> Movement:
    """Whether an action stands better or worse than the quarter before; one that is awaited is not compared."""
    if before not in _GOODNESS or now not in _GOODNESS:
        return Movement.NONE
    gain = _GOODNESS[now] - _GOODNESS[before]
    if gain == 0:
        return Movement.SAME
    return Movement.BETTER if gain > 0 else Movement.WORSE


def needs_reason(before: ActionRag | None, now: ActionRag | None) -> bool:
    """Whether the colour moved, either way, so that the reason must be said.

    Two moves explain themselves: an action that starts well, and one that is completed, which says what it achieved.
    """
    known = (None, ActionRag.AWAITED)
    if before in known or now in known or before is now:
        return False
    return not (now is ActionRag.COMPLETED or (before is ActionRag.NOT_STARTED and now is ActionRag.GREEN))


def reasons_for(before: ActionRag | None) -> tuple[ActionRag, ...]:
    """The colours that need their reason after ``before``."""
    return tuple(one for one in ActionRag.chosen() if needs_reason(before, one))

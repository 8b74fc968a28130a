"""The panel's questions a pack prints: still open, or newly answered (framework *Quarterly Reporting*)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from reports.models import Meeting, Pack, PanelQuestion
from reports.packs.items import FrozenQuestion
from reports.queries.questions import PrintedQuestion, questions_for

__all__ = ["as_frozen", "questions_of"]


def questions_of(pack: Pack) -> Iterator[FrozenQuestion]:
    """Those of the body the pack goes to, oldest first; none until it is said which meeting that is."""
    if pack.meeting is not None:
        for one in questions_for(pack.meeting):
            yield as_frozen(one)


def as_frozen(one: PrintedQuestion) -> FrozenQuestion:
    """The question as a pack keeps it, with its first and its newest answer that was released."""
    newest = one.answers[-1] if one.answers else None
    return FrozenQuestion(
        about=" ".join(part for part in (one.code, one.name) if part) or "The report as a whole",
        asked_on=one.asked_on,
        words=one.words,
        kind=PanelQuestion.Kind(one.kind).label,
        body=Meeting.Body(one.body).label,
        owner=one.owner_post,
        due=one.due_on,
        state=one.state_words,
        answer=newest.words if newest is not None else "",
        answered_on=newest.on if newest is not None else None,
        first_answer=one.answers[0].words if len(one.answers) > 1 else "",
        accepted=newest.response if newest is not None else "",
        address=reverse("question", args=[one.id]),
    )

"""Meetings of bodies, and what their members ask: invented."""

from __future__ import annotations

from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from reports.models import Meeting, PanelQuestion
from reports.operations.questions import answer, assign, conclude, note, release, withdraw
from tests.factories.organisation import UserFactory, holder

__all__ = ["MeetingFactory", "PanelQuestionFactory", "question_in"]


class MeetingFactory(DjangoModelFactory[Meeting]):
    """The panel's meeting of 1 December 2026."""

    class Meta:
        model = Meeting
        django_get_or_create = ("body", "held_on")

    body = Meeting.Body.SCRUTINY.value
    held_on = date(2026, 12, 1)
    starts_at = time(19, 0)
    place = "Civic Suite"


class PanelQuestionFactory(DjangoModelFactory[PanelQuestion]):
    """Asked before the panel's meeting, about the report as a whole."""

    class Meta:
        model = PanelQuestion

    meeting = factory.SubFactory(MeetingFactory)
    words = factory.Sequence(lambda n: f"Why did example {n} change?")
    asked_on = date(2026, 11, 4)
    asked_by = factory.SubFactory(UserFactory)
    asked_by_post = "Scrutiny panel member"
    recorded_by = factory.SelfAttribute("asked_by")
    recorded_by_name = factory.SelfAttribute("asked_by.name")


DUE = date(2026, 11, 19)
ANSWER = "The contractor lost two crews in September."


def question_in(
    state: str,
    *,
    owner: User | None = None,
    team: User | None = None,
    answers: User | None = None,
    words: str = ANSWER,
    **facts: object,
) -> PanelQuestion:
    """A question taken to ``state`` by the moves that lead there, on the day it is; answered by its owner."""
    made: PanelQuestion = PanelQuestionFactory(**facts)
    asker, keeper = team or holder(Role.PERFORMANCE_TEAM), holder(Role.DEMOCRATIC_SERVICES)
    if state == "withdrawn":
        return withdraw(made, "It was answered in the meeting.", by=keeper)
    if state == "noted":
        return note(made, by=asker)
    steps = ["asked", "assigned", "answered", "released", "accepted"]
    after = steps[1 : steps.index(state) + 1]
    if "assigned" in after:
        made = assign(made, owner=owner or UserFactory(), due_on=DUE, by=asker)
    if "answered" in after:
        assert made.owner is not None
        response = "agreed" if made.kind == PanelQuestion.Kind.RECOMMENDATION else ""
        made = answer(made, words, by=answers or made.owner, response=response)
    if "released" in after:
        made = release(made, by=asker)
    if "accepted" in after:
        made = conclude(made, accepted=True, words="", by=keeper)
    return made

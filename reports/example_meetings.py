"""The example's meetings, and what was asked at them: a question in every state, told with the product's operations.

The quarters went to the panel in March, June and September 2026; that of July to September goes to it in December.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from actions.models import Action, ActionYear, Project
from hdcperf import clock
from hdcperf.organisation.example import Cast
from hdcperf.organisation.models import User
from kpis.models import KpiYear
from reports.models import Meeting, PanelQuestion
from reports.operations.meetings import cancel_meeting, save_meeting
from reports.operations.questions import (
    Asked,
    answer,
    ask,
    assign,
    conclude,
    note,
    release,
    return_answer,
    withdraw,
)

__all__ = ["hold_meetings"]

_Body = Meeting.Body
PLANNED = date(2026, 2, 2)
"""When the year's dates were put in."""
EVENING, MORNING = time(19, 0), time(10, 0)
CHAMBER, ROOM = "Council Chamber, Civic Suite", "Room 1.2, Civic Suite"
DATES: tuple[tuple[str, date, time, str], ...] = (
    (_Body.SCRUTINY.value, date(2026, 3, 12), EVENING, CHAMBER),
    (_Body.CABINET.value, date(2026, 3, 24), EVENING, CHAMBER),
    (_Body.SCRUTINY.value, date(2026, 6, 11), EVENING, CHAMBER),
    (_Body.CABINET.value, date(2026, 6, 23), EVENING, CHAMBER),
    (_Body.SCRUTINY.value, date(2026, 9, 4), EVENING, CHAMBER),
    (_Body.CABINET.value, date(2026, 9, 22), EVENING, CHAMBER),
    (_Body.BOARD.value, date(2026, 10, 22), MORNING, ROOM),
    (_Body.LEADERSHIP.value, date(2026, 11, 10), MORNING, ROOM),
    (_Body.BOARD.value, date(2026, 11, 19), MORNING, ROOM),
    (_Body.GOVERNANCE.value, date(2026, 11, 25), EVENING, CHAMBER),
    (_Body.SCRUTINY.value, date(2026, 12, 1), EVENING, CHAMBER),
    (_Body.CABINET.value, date(2026, 12, 15), EVENING, CHAMBER),
    (_Body.BOARD.value, date(2026, 12, 17), MORNING, ROOM),
    (_Body.COUNCIL.value, date(2027, 2, 24), EVENING, CHAMBER),
    (_Body.SCRUTINY.value, date(2027, 3, 4), EVENING, CHAMBER),
)
JUNE, SEPTEMBER, DECEMBER = date(2026, 6, 11), date(2026, 9, 4), date(2026, 12, 1)


@dataclass
class Scene:
    """The people of the example, and the panel's meetings by their date."""

    cast: Cast
    panel: dict[date, Meeting]
    actions: Mapping[str, Action]

    @property
    def member(self) -> User:
        return self.cast.users["scrutiny"]

    @property
    def team(self) -> User:
        return self.cast.users["performance-team"]

    @property
    def keeper(self) -> User:
        return self.cast.users["democratic-services"]

    def ask(
        self,
        on: date,
        meeting: date,
        words: str,
        about: KpiYear | ActionYear | Project | None = None,
        kind: str = "question",
    ) -> PanelQuestion:
        """The member asks; or, where it is not put down by them on the night, democratic services for the panel."""
        asked = Asked(kind, self.panel[meeting], about, f"{words} (example)", on)
        with clock.taken_to_be(on):
            if on == meeting:
                return ask(asked, by=self.keeper, member=self.member if kind == "question" else None)
            return ask(asked, by=self.member)

    def give(self, question: PanelQuestion, owner: User, on: date, due: date) -> PanelQuestion:
        with clock.taken_to_be(on):
            return assign(question, owner=owner, due_on=due, by=self.team)

    def answer(self, question: PanelQuestion, words: str, on: date, *, response: str = "") -> PanelQuestion:
        assert question.owner is not None
        with clock.taken_to_be(on):
            return answer(question, f"{words} (example)", by=question.owner, response=response)

    def release(self, question: PanelQuestion, on: date) -> PanelQuestion:
        with clock.taken_to_be(on):
            return release(question, by=self.team)

    def conclude(self, question: PanelQuestion, on: date, *, accepted: bool, words: str = "") -> PanelQuestion:
        with clock.taken_to_be(on):
            return conclude(question, accepted=accepted, words=words, by=self.keeper)


def hold_meetings(cast: Cast, actions: Mapping[str, Action]) -> None:
    """Put in the meetings' dates, cancel one, and ask and answer as members and officers would."""
    keeper = cast.users["democratic-services"]
    panel: dict[date, Meeting] = {}
    with clock.taken_to_be(PLANNED):
        for body, held_on, starts_at, place in DATES:
            facts = {"body": body, "held_on": held_on, "starts_at": starts_at, "place": place}
            made = save_meeting(None, facts, by=keeper)
            if body == _Body.SCRUTINY:
                panel[held_on] = made
    with clock.taken_to_be(date(2026, 11, 3)):
        cancelled = Meeting.objects.get(body=_Body.GOVERNANCE.value)
        cancel_meeting(
            cancelled, "The external auditor's report is late. A new date is being found. (example)", by=keeper
        )
    scene = Scene(cast, panel, actions)
    _closed(scene)
    _answered(scene)
    _open(scene)
    _recommended(scene)


def _kpi(reference: str) -> KpiYear:
    return KpiYear.objects.select_related("service").get(kpi__reference=reference, year=2026, is_live=True)


def _closed(scene: Scene) -> None:
    """Accepted, noted and withdrawn."""
    cast = scene.cast
    one = scene.ask(
        date(2026, 6, 8), JUNE, "What do the colours mean for actions? A colour moved and nothing says why."
    )
    one = scene.give(one, scene.team, date(2026, 6, 15), date(2026, 6, 29))
    one = scene.answer(
        one,
        "Each report now prints what green, amber and red mean, and no colour moves without a reason.",
        date(2026, 6, 24),
    )
    with clock.taken_to_be(date(2026, 6, 25)):
        one = release(one, by=cast.users["performance-team-2"])
    scene.conclude(one, SEPTEMBER, accepted=True, words="Minute 22.")
    comment = scene.ask(
        date(2026, 9, 7), SEPTEMBER, "The direction of travel beside each figure is a great help.", kind="comment"
    )
    with clock.taken_to_be(date(2026, 9, 8)):
        note(comment, by=scene.team)
    taken_back = scene.ask(date(2026, 9, 1), SEPTEMBER, "How many callers give up waiting?", about=_kpi("call-wait"))
    with clock.taken_to_be(date(2026, 9, 4)):
        withdraw(taken_back, "It was answered in the meeting.", by=scene.keeper)


def _answered(scene: Scene) -> None:
    """A first answer that was accepted; and one that was not, with the revised answer beside it."""
    homes = _kpi("homeless-preventions")
    one = scene.ask(date(2026, 6, 11), JUNE, "How many of those helped came back within six months?", about=homes)
    one = scene.give(one, scene.cast.holders[homes.service.name], date(2026, 6, 15), date(2026, 6, 29))
    one = scene.answer(one, "11 of 214 households asked for help again within six months.", date(2026, 6, 26))
    one = scene.release(one, date(2026, 6, 29))
    scene.conclude(one, SEPTEMBER, accepted=True, words="Minute 22.")
    bins = _kpi("missed-bins")
    one = scene.ask(
        date(2026, 6, 11),
        JUNE,
        "This is called an anomaly that will recover, yet each quarter it is further off. What is done, by when?",
        about=bins,
    )
    one = scene.give(one, scene.cast.users["service-manager"], date(2026, 6, 15), date(2026, 6, 29))
    one = scene.answer(one, "Two crews were short of staff. Recruitment is under way.", date(2026, 6, 26))
    one = scene.release(one, date(2026, 6, 29))
    one = scene.conclude(one, SEPTEMBER, accepted=False, words="The panel asks for dates. Minute 22.")
    one = scene.answer(
        one,
        "Six collectors started on 7 September and a seventh on 5 October. Rounds are redrawn from 2 November.",
        date(2026, 9, 17),
    )
    scene.release(one, date(2026, 10, 8))


def _open(scene: Scene) -> None:
    """With nobody, with its owner, overdue, and with an answer that is sent back or not released."""
    users = scene.cast.users
    majors = _kpi("planning-majors")
    late = scene.ask(SEPTEMBER, SEPTEMBER, "The target was beaten last year. Why is it not raised?", about=majors)
    scene.give(late, scene.cast.holders[majors.service.name], date(2026, 9, 8), date(2026, 10, 23))
    rounds = scene.ask(
        date(2026, 10, 27),
        DECEMBER,
        "How many bins were collected on the next working day?",
        about=_kpi("missed-bins"),
    )
    scene.give(rounds, users["kpi-holder"], date(2026, 10, 29), date(2026, 11, 12))
    rows = ActionYear.objects.adopted().select_related("service", "plan_year", "responsible")
    food = rows.get(action=scene.actions["food-waste"], plan_year__year=2026)
    ready = scene.ask(date(2026, 10, 19), DECEMBER, "Which villages have no food waste round yet?", about=food)
    ready = scene.give(ready, food.responsible, date(2026, 10, 20), date(2026, 11, 3))
    scene.answer(ready, "Four: their lanes need the narrow lorry, which comes in January.", date(2026, 11, 2))
    depot = Project.objects.select_related("service").get(code="PR1")
    sent_back = scene.ask(date(2026, 10, 19), DECEMBER, "What does the delay cost?", about=depot)
    sent_back = scene.give(sent_back, depot.manager, date(2026, 10, 20), date(2026, 11, 6))
    sent_back = scene.answer(sent_back, "Less than was feared.", date(2026, 10, 30))
    with clock.taken_to_be(date(2026, 11, 2)):
        return_answer(sent_back, "Give the sum in pounds, and which budget it comes from.", by=scene.team)
    scene.ask(
        date(2026, 11, 4),
        DECEMBER,
        "What does the shortfall mean in pounds, and what is being done about it?",
        about=_kpi("council-tax-collected"),
    )


def _recommended(scene: Scene) -> None:
    """What the panel recommended: one that cabinet agreed in part, one that waits for it."""
    leader = scene.cast.users["leader"]
    one = scene.ask(
        JUNE, JUNE, "That every amber and red carry an action with a date and an owner.", kind="recommendation"
    )
    one = scene.give(one, leader, date(2026, 6, 15), date(2026, 6, 30))
    one = scene.answer(
        one,
        "Every red from this quarter on, and every amber that has been amber for two quarters. Minute 31.",
        date(2026, 6, 24),
        response="partly",
    )
    one = scene.release(one, date(2026, 6, 26))
    scene.conclude(one, SEPTEMBER, accepted=True, words="Minute 22.")
    waits = scene.ask(
        SEPTEMBER,
        SEPTEMBER,
        "That the target for garden waste allow for the rainfall of the year.",
        about=_kpi("garden-waste"),
        kind="recommendation",
    )
    scene.give(waits, scene.cast.users["portfolio-holder"], date(2026, 9, 8), date(2026, 11, 20))

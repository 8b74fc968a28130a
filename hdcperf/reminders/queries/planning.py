"""Who is to receive what on a day. The sending, the preview and the dry run all ask here, so they say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from hdcperf.reminders.kinds import Kind, Piece, kinds
from hdcperf.reminders.models import Digest, Preference, Reminder, Timing
from hdcperf.reminders.queries.people import people_on
from hdcperf.reminders.rules import USUAL, Phase, Step, Timings, kept_from, sending_day, standing
from hdcperf.reminders.whom import People, Told, told_of

__all__ = ["Line", "Parcel", "Plan", "plan_of", "timings_by_kind"]

Key = tuple[int, date, str, str, str]


@dataclass(frozen=True)
class Line:
    """One step of one piece of work, for one person."""

    kind: Kind
    piece: Piece
    step: Step
    told: Told

    @property
    def key(self) -> Key:
        """What is sent at most once: the columns of ``Reminder``'s unique constraint."""
        return (self.told.person, self.piece.due, self.kind.code, self.step.code, self.piece.subject)

    @property
    def is_compulsory(self) -> bool:
        """Nobody chooses not to have it: the framework's own request, the last before it is due, what is overdue."""
        return (
            self.step.is_overdue
            or self.step.is_last_before
            or (self.kind.requested and self.step.phase is Phase.OPENED)
        )


@dataclass(frozen=True)
class Parcel:
    """Everything one person is told of in the day's one message, most urgent first."""

    person: int
    lines: tuple[Line, ...]

    @property
    def is_compulsory(self) -> bool:
        return any(line.is_compulsory for line in self.lines)


@dataclass(frozen=True)
class Plan:
    """A day's messages.

    ``waiting`` are those whose person chose other days and who are told nothing compulsory; ``had_theirs`` had the
    day's message before there was more to tell them; ``sent_already`` is how many people had one; ``unreachable``
    should be told and have no address that mail can be sent to.
    """

    day: date
    people: People
    parcels: tuple[Parcel, ...] = ()
    waiting: tuple[Parcel, ...] = ()
    had_theirs: frozenset[int] = frozenset()
    sent_already: int = 0
    unreachable: frozenset[int] = frozenset()

    @property
    def is_sending_day(self) -> bool:
        return sending_day(self.day)


def timings_by_kind() -> Mapping[str, Timings]:
    """The timings an administrator set, by kind; ``""`` holds for every kind without its own."""
    return {"": USUAL} | {row.kind: row.timings for row in Timing.objects.all()}


def plan_of(day: date) -> Plan:
    """The messages of ``day`` as the work stands now; none on a day that is not a working day.

    The number of queries grows with the kinds declared, never with the work or the people.
    """
    people = people_on(day)
    if not sending_day(day):
        return Plan(day, people)
    lines = _lines(day, people)
    told = _told_before({line.piece.due for line in lines})
    by_person: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if line.key not in told:
            by_person[line.told.person].append(line)
    had = frozenset(Digest.objects.filter(day=day).values_list("recipient", flat=True))
    chosen = {row.user_id: row for row in Preference.objects.all()}
    parcels: list[Parcel] = []
    waiting: list[Parcel] = []
    for person in sorted(by_person.keys() - had):
        parcel = Parcel(person, tuple(sorted(by_person[person], key=_urgency)))
        preference = chosen.get(person)
        goes = preference is None or preference.wants(day) or parcel.is_compulsory
        (parcels if goes else waiting).append(parcel)
    return Plan(
        day,
        people,
        tuple(parcels),
        tuple(waiting),
        had_theirs=had & by_person.keys(),
        sent_already=len(had),
        unreachable=_unreachable(lines, people),
    )


def _lines(day: date, people: People) -> list[Line]:
    """Every step that stands on ``day``, for everybody it is for; not of what was due longer ago than is kept."""
    set_by, first = timings_by_kind(), kept_from(day, settings.TOLD_KEEP_DAYS)
    found = []
    for kind in kinds():
        timings = set_by.get(kind.code, set_by[""])
        for piece in kind.open_work(day):
            step = standing(piece.opened, piece.due, day, timings) if piece.due >= first else None
            if step is None or (kind.told_at_once and step.phase is Phase.OPENED):
                continue
            found += [Line(kind, piece, step, told) for told in told_of(piece, step, timings, people)]
    return found


def _told_before(dues: Iterable[date]) -> set[Key]:
    rows = Reminder.objects.filter(due_on__in=set(dues), digest__isnull=False)
    return set(rows.values_list("recipient", "due_on", "kind", "step", "subject"))


def _urgency(line: Line) -> tuple[date, bool, str, str, tuple[int, ...], str]:
    """Most urgent first, one's own work before what others are late with; what is alike stays together."""
    told = line.told
    whose = told.instead_of if told.must_act else ()
    return (line.piece.due, not told.must_act, line.kind.code, told.told_as.value, whose, line.piece.title)


def _unreachable(lines: Iterable[Line], people: People) -> frozenset[int]:
    """Those who must act, whom no message can reach: their account is closed or their address is none."""
    actors = {one for line in lines for one in line.piece.actors}
    return frozenset(actors - people.reachable)

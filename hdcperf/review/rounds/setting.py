"""Setting the dates of collection rounds, one or a whole year's, all or none (framework C.2, E.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeAlias

from django.db import IntegrityError, transaction

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import ReportingPeriod, User
from hdcperf.periods import Month, Quarter, RoundDates
from hdcperf.review.rounds.rules import DATES, LABELS, date_refusals
from hdcperf.roles import Permission
from hdcperf.ui import day
from hdcperf.workflow import MoveRefused, NotPermitted

__all__ = ["SAY_WHY", "DatesRefused", "Wanted", "refuse_others", "refuse_passed", "set_dates"]

Span: TypeAlias = Month | Quarter

SAY_WHY = "Say why: people were told the dates that move."


@dataclass(frozen=True)
class Wanted:
    """The dates a round is to have, and those that stood on the page when somebody chose them."""

    dates: RoundDates
    seen: RoundDates


class DatesRefused(MoveRefused):
    """No date was moved. ``problems`` are sentences by round and date; a missing reason is under (None, "reason")."""

    def __init__(self, problems: Mapping[tuple[Span | None, str], str]) -> None:
        super().__init__(" ".join(dict.fromkeys(problems.values())), state="", move="set_dates")
        self.problems = problems


def refuse_others(by: User, name: str) -> None:
    """Raise NotPermitted unless ``by`` opens rounds and sets their dates."""
    if not standing(by).may(Permission.MANAGE_PERIODS):
        sentence = "Only the Performance Team opens rounds and sets their dates."
        raise NotPermitted(sentence, state="", move=name)


def refuse_passed(span: Span, move: str) -> None:
    """Raise MoveRefused for a round whose dates were set long ago and never opened: it would be locked at once."""
    planned = ReportingPeriod.objects.of([span]).filter(opened_at=None).first()
    if planned is not None and planned.is_locked(clock.today()):
        sentence = f"The dates set for {span} have passed, so it would be locked at once. Set new dates first."
        raise MoveRefused(sentence, state="", move=move)


def set_dates(wanted: Mapping[Span, Wanted], *, by: User, reason: str = "") -> int:
    """Give rounds their dates, all of them or none, and return how many changed or were set for the first time.

    Dates somebody else moved since they were seen are not moved back by a person who left them as they were. A round
    that is to lock again later escalates again at that lock. Raises NotPermitted, or DatesRefused writing nothing.
    """
    refuse_others(by, "set_dates")
    today = clock.today()
    there: dict[Span, ReportingPeriod] = {}
    try:
        with transaction.atomic():
            there = {period.span: period for period in _held(wanted)}
            changed = {span: one for span, one in wanted.items() if _changes(one, there.get(span))}
            if problems := _problems(changed, there, reason, today):
                raise DatesRefused(problems)
            for span, one in changed.items():
                _save(there.get(span) or _planned(span), one.dates, by, reason, today)
    except IntegrityError as problem:
        # Two people set the dates of the same new rounds at once, and nothing can be held that is not there yet.
        raise DatesRefused({(span, "opens_on"): _taken(span) for span in wanted if span not in there}) from problem
    return len(changed)


def _held(spans: Mapping[Span, Wanted]) -> list[ReportingPeriod]:
    return list(ReportingPeriod.objects.of(spans).select_for_update().order_by("pk"))


def _planned(span: Span) -> ReportingPeriod:
    """A round whose dates alone are set."""
    kind = ReportingPeriod.MONTH if isinstance(span, Month) else ReportingPeriod.QUARTER
    return ReportingPeriod(kind=kind, starts_on=span.first_day)


def _changes(one: Wanted, period: ReportingPeriod | None) -> bool:
    if period is None:
        return True
    return one.dates not in (period.dates, one.seen)


def _problems(
    changed: Mapping[Span, Wanted], there: Mapping[Span, ReportingPeriod], reason: str, today: date
) -> dict[tuple[Span | None, str], str]:
    found: dict[tuple[Span | None, str], str] = {}
    for span, one in sorted(changed.items()):
        period = there.get(span)
        told = period.dates if period is not None and period.is_opened else None
        refusals = date_refusals(span, told, one.dates, today)
        if period is not None and period.dates != one.seen:
            refusals |= {name: _moved_since(period, name) for name in DATES if _differs(period.dates, one.seen, name)}
        found |= {(span, name): sentence for name, sentence in refusals.items()}
        if told is not None and not reason.strip():
            found[None, "reason"] = SAY_WHY
    return found


def _differs(one: RoundDates, other: RoundDates, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _moved_since(period: ReportingPeriod, name: str) -> str:
    now = day(getattr(period, name))
    return f"Somebody else moved “{LABELS[name]}” of {period} to {now} since you opened this page. Choose again."


def _taken(span: Span) -> str:
    return f"Somebody else set the dates of {span} at the same moment. Look at them and save again."


def _save(period: ReportingPeriod, dates: RoundDates, by: User, reason: str, today: date) -> None:
    for name, value in asdict(dates).items():
        setattr(period, name, value)
    if not period.is_locked(today):
        period.escalated_on = None
    save_as(period, by=by, reason=reason.strip() or "Dates set")

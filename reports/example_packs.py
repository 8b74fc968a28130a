"""The example's packs, one in every state, made with the product's own operations."""

from __future__ import annotations

from datetime import date, time

from hdcperf import clock
from hdcperf.history import save_as
from hdcperf.organisation.example import Cast
from hdcperf.organisation.models import User
from hdcperf.periods import FinancialYear, Month, Quarter
from reports.gathering.reading import Span
from reports.gathering.whole import gather
from reports.models import Meeting, Pack
from reports.operations import packs
from reports.operations.supplements import issue_supplement
from reports.packs.sections import Audience
from reports.rules.pack_checks import CONFIRMED

__all__ = ["make_packs"]

WAIVED = {
    "missing": "The services were reminded twice; what is missing is named on the front page.",
    "challenged": "The answers are expected before the meeting and will be given there.",
    "stale_words": "The revision is explained in the list of revised figures.",
    "recovery": "The heads of service will say at the meeting what has become of it.",
    "passes_over": "They are named in the tables of the same page.",
}


def make_packs(cast: Cast) -> None:
    """One pack in each state on 5 November 2026."""
    team, director = cast.users["performance-team"], cast.users["director"]
    quarter = Quarter.parse("2026-27-Q2")
    scrutiny = _pack(quarter.previous, Audience.SCRUTINY, date(2026, 8, 18), team, date(2026, 9, 4))
    _go_out(scrutiny, team, director, date(2026, 8, 26), publish=True)
    first = _pack(quarter.previous, Audience.CABINET, date(2026, 10, 1), team, date(2026, 10, 13))
    _go_out(first, team, director, date(2026, 10, 1), publish=True)
    with clock.taken_to_be(date(2026, 10, 9)):
        issue_supplement(first, by=cast.users["democratic-services"])
    september = _pack(Month(2026, 9), Audience.BOARD, date(2026, 10, 15), team, date(2026, 10, 22))
    _go_out(september, team, director, date(2026, 10, 16))
    year = _pack(FinancialYear(2025), Audience.YEARLY, date(2026, 10, 20), team, date(2026, 12, 15))
    _freeze(year, team, date(2026, 11, 2))
    leadership = _pack(quarter, Audience.LEADERSHIP, date(2026, 11, 2), team, date(2026, 11, 10))
    with clock.taken_to_be(date(2026, 11, 3)):
        packs.send_out(leadership, by=team, version=leadership.version)
        packs.comment_on(leadership, "No cost beyond the approved budget.", by=cast.users["section-151"])
    _pack(quarter, Audience.SCRUTINY, date(2026, 11, 4), team, date(2026, 12, 1))
    signed = _pack(Month(2026, 8), Audience.BOARD, date(2026, 9, 21), team, date(2026, 11, 19))
    _freeze(signed, team, date(2026, 9, 22))
    with clock.taken_to_be(date(2026, 9, 23)):
        signed.refresh_from_db()
        packs.sign_off(signed, by=director, version=signed.version)


def _pack(span: Span, audience: Audience, on: date, team: User, meets: date) -> Pack:
    body = Meeting.Body.CABINET.value if audience is Audience.YEARLY else audience.value
    with clock.taken_to_be(on):
        return packs.begin_pack(span, audience, by=team, meeting=_meeting(body, meets))


def _meeting(body: str, on: date) -> Meeting:
    """The body's meeting of that day, planned if nobody has."""
    found = Meeting.objects.filter(body=body, held_on=on).first()
    if found is None:
        found = Meeting(body=body, held_on=on, starts_at=time(10), place="Civic Suite")
        save_as(found, by=None, reason="Example")
    return found


def _freeze(pack: Pack, team: User, on: date) -> Pack:
    with clock.taken_to_be(on):
        for result in gather(pack).results:
            if result.code == CONFIRMED:
                said = "Places against the list of parishes, dates against the calendar of meetings."
                pack = packs.waive(pack, result.code, said, by=team, version=pack.version)
            elif not result.is_met:
                why = WAIVED.get(result.code, "Looked at, and right as it stands.")
                pack = packs.waive(pack, result.code, why, by=team, version=pack.version)
        return packs.freeze(pack, by=team, version=pack.version)


def _go_out(pack: Pack, team: User, director: User, on: date, *, publish: bool = False) -> None:
    pack = _freeze(pack, team, on)
    with clock.taken_to_be(on):
        pack = packs.sign_off(pack, by=director, version=pack.version)
        pack = packs.issue(pack, by=team, version=pack.version)
        if publish:
            packs.publish(pack, by=team, version=pack.version)

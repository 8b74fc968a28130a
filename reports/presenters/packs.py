"""Packs in lists, and the assembling page: what is in the way, who owes it, and what can be done (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from actions.models import ActionUpdate
from hdcperf.organisation.models import User
from hdcperf.ui import Link, Step, SummaryRow, Tag, count_of, day, lower_first
from hdcperf.workflow import refusal
from reports.gathering.kpis import missing_because
from reports.gathering.reading import Sources
from reports.gathering.whole import Gathered
from reports.models import Pack, PackWaiver
from reports.pack_workflow import PACK_MOVES
from reports.rules.front_page import listed
from reports.rules.pack_checks import CONFIRMED, CheckResult
from reports.rules.timetable import agenda_sentence

__all__ = [
    "CheckRow",
    "Owed",
    "PackRow",
    "address",
    "check_rows",
    "facts_of",
    "file_links",
    "owed",
    "pack_rows",
    "state_tag_of",
    "steps_of",
    "supplement_link",
    "supplement_step",
    "way_sentence",
]

State = Pack.State
_TAGS = {
    "draft": "grey",
    "consulting": "yellow",
    "frozen": "blue",
    "signed": "purple",
    "issued": "teal",
    "published": "teal",
}


def state_tag_of(pack: Pack) -> Tag:
    return Tag(pack.get_state_display(), _TAGS[pack.state])


def address(pack: Pack, name: str = "pack", *more: object) -> str:
    """The address of a page of the pack."""
    return reverse(name, args=[pack.span, pack.audience, *more])


def file_links(pack: Pack, there: Mapping[str, int]) -> list[Link]:
    """The files of the pack with their sizes; of one that is not issued the draft as PDF, made when asked for."""
    if not pack.is_out:
        return [Link("The draft as PDF", address(pack, "pack-file", "pdf"))]
    return [
        Link(f"{WORDS[kind]} ({filesizeformat(size)})", address(pack, "pack-version-file", pack.number, kind))
        for kind, size in sorted(there.items(), key=lambda item: list(WORDS).index(item[0]))
    ]


WORDS = {"pdf": "PDF, tagged for screen readers", "xlsx": "Spreadsheet", "csv": "CSV, the figures alone"}


@dataclass(frozen=True)
class PackRow:
    """A pack in the list: whose, of when, how far it has come, and its meeting."""

    link: Link
    period: str
    state: Tag
    meeting: str
    marks: tuple[Tag, ...] = ()


def pack_rows(packs: Iterable[Pack], today: date) -> list[PackRow]:
    return [_row(one, today) for one in packs]


def _row(pack: Pack, today: date) -> PackRow:
    version = f", version {pack.number}" if pack.number > 1 else ""
    marks = [Tag("Meeting over", "solid")] if pack.is_overdue(today) else []
    return PackRow(
        link=Link(f"{pack.audience_of.label}{version}", address(pack), hint=f"for {pack.span}"),
        period=str(pack.span),
        state=state_tag_of(pack),
        meeting=day(pack.meeting.held_on) if pack.meeting is not None else "",
        marks=tuple(marks),
    )


# What is in the way


@dataclass(frozen=True)
class Owed:
    """Something that is due and not accepted: whose turn it is, and where it is done."""

    link: Link
    what: str
    by: str
    service: str


def owed(sources: Sources) -> list[Owed]:
    """Every figure, update and report that is due and not accepted, in the pack's order."""
    return [*_owed_kpis(sources), *_owed_actions(sources), *_owed_projects(sources)]


def _owed_kpis(sources: Sources) -> Iterator[Owed]:
    for one in sources.kpis:
        board, history = one.board, one.past.history
        if board.in_round is None or board.in_round.state == "accepted":
            continue
        collects = [row.user.name for row in history.people if row.duty == "collects"]
        submitted = board.in_round.is_in
        yield Owed(
            Link(
                f"{board.kpi_year.code} {board.kpi_year.name}",
                reverse("return", args=[board.measured, board.kpi_year.code]),
            ),
            missing_because(board, sources),
            "Performance Team" if submitted else ", ".join(collects) or "Nobody named",
            board.kpi_year.service.name,
        )


_NOT_IN = (ActionUpdate.State.NOT_STARTED.value, ActionUpdate.State.DRAFT.value)


def _owed_actions(sources: Sources) -> Iterator[Owed]:
    for line in sources.actions:
        state = sources.update_states.get(line.row.action_id)
        if state is None or state == "accepted":
            continue
        yield Owed(
            Link(line.row.name, reverse("action-update", args=[line.quarter, line.row.code])),
            "Update not handed in" if state in _NOT_IN else "Update not accepted yet",
            line.row.responsible.name if state in _NOT_IN else "Performance Team",
            line.row.service.name,
        )


def _owed_projects(sources: Sources) -> Iterator[Owed]:
    for line in sources.projects:
        state = sources.report_states.get(line.project.pk)
        if state is None or state == "accepted":
            continue
        yield Owed(
            Link(f"{line.project.code} {line.project.name}", reverse("project", args=[line.project.code])),
            "Report not handed in" if state in _NOT_IN else "Report not accepted yet",
            line.project.manager.name if state in _NOT_IN else "Performance Team",
            line.project.service.name,
        )


def way_sentence(pack: Pack, gathered: Gathered, waivers: Iterable[PackWaiver], today: date) -> str:
    """``12 working days to the agenda; four things in the way, owed by Housing and the Performance Team.``"""
    waived = {one.check_code for one in waivers}
    left = owed(gathered.sources) if "missing" not in waived else []
    others = sum(not one.is_met and one.code not in (*waived, "missing") for one in gathered.results)
    number = len(left) + others
    begins = "No meeting is set"
    if pack.meeting is not None:
        begins = agenda_sentence(pack.meeting.timetable, today)
    if not number:
        return f"{begins}; nothing is in the way."
    services = list(
        dict.fromkeys(one.service if one.by != "Performance Team" else "the Performance Team" for one in left)
    )
    if others and "the Performance Team" not in services:
        services.append("the Performance Team")
    things = "thing" if number == 1 else "things"
    return f"{begins}; {_number(number)} {things} in the way, owed by {listed(services)}."


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _number(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


@dataclass(frozen=True)
class CheckRow:
    """A check: met, waived with its reason, or in the way, with what was found."""

    words: str
    state: Tag
    found: tuple[str, ...]
    more: str
    reason: str
    link: Link | None
    withdraw: str


FOUND_SHOWN = 6


def check_rows(pack: Pack, gathered: Gathered, waivers: Iterable[PackWaiver], *, manages: bool) -> list[CheckRow]:
    by_code = {one.check_code: one for one in waivers}
    return [_check(pack, one, by_code.get(one.code), manages) for one in gathered.results]


def _check(pack: Pack, one: CheckResult, waiver: PackWaiver | None, manages: bool) -> CheckRow:
    confirms = one.code == CONFIRMED
    state = Tag("Met", "teal") if one.is_met else Tag("Waived", "purple") if waiver else Tag("In the way", "solid")
    link = None
    if manages and pack.is_open and not one.is_met:
        words = "Say that it is checked" if confirms else "Change the reason" if waiver else "Waive it"
        link = Link(words, address(pack, "pack-check", one.code), hint=f"({lower_first(one.words)})")
    reason = f"{waiver.reason} ({waiver.by_post})" if waiver is not None and (confirms or not one.is_met) else ""
    more = len(one.found) - FOUND_SHOWN
    return CheckRow(
        words=one.words,
        state=state,
        found=one.found[:FOUND_SHOWN],
        more=f"and {count_of(more, 'more', 'more')}" if more > 0 else "",
        reason=reason,
        link=link,
        withdraw=one.code if manages and pack.is_open and waiver is not None else "",
    )


# What is known of it, and what can be done


def facts_of(pack: Pack, today: date) -> list[SummaryRow]:
    """Its meeting, the next step of its timetable, its version, and why it is corrected or late."""
    meeting = pack.meeting
    step = meeting.timetable.next_step(today) if meeting is not None else None
    rows = [
        (
            "Meeting",
            f"{meeting.get_body_display()}, {day(meeting.held_on)}" if meeting is not None else "Not set yet",
        ),
        ("Next in its timetable", f"{step.label} by {day(step.on)}" if step is not None and not pack.is_out else ""),
        ("Version", str(pack.number) if pack.number > 1 else ""),
        ("Why it is corrected", pack.correction_reason),
        ("Late item, for the chair’s reason", pack.late_reason),
    ]
    return [SummaryRow(key, value) for key, value in rows if value]


_BUTTONS = ("consult", "take_back", "freeze", "sign", "issue", "publish")
_HINTS = {
    "consult": "Portfolio holders, corporate leadership and the statutory officers can read and comment on it.",
    "freeze": "What it holds is stored as it is now. Every check must be met or waived.",
    "sign": "You did not put it together, and it says what is so.",
    "issue": "Its readers within the council have it from now on; it never changes again.",
    "publish": "Everyone can read it, without signing in.",
}


def supplement_link(pack: Pack, number: int) -> Link:
    return Link(f"Supplement {number} as PDF", address(pack, "pack-supplement", number))


def supplement_step(pack: Pack) -> Step:
    return Step(
        "Issue a supplement",
        address(pack),
        hint="Scrutiny’s comments, with the answers given so far. The pack stays as it is.",
        method="post",
        name="act",
        value="supplement",
        fields=(("version", str(pack.version)),),
    )


def steps_of(pack: Pack, user: User) -> list[Step]:
    """The moves this person can make now, as buttons."""
    return [
        Step(
            PACK_MOVES[name].label,
            address(pack),
            hint=_HINTS.get(name, ""),
            method="post",
            name="act",
            value=name,
            kind="secondary" if name == "take_back" else "primary",
            fields=(("version", str(pack.version)),),
        )
        for name in _BUTTONS
        if refusal(pack, PACK_MOVES[name], user) is None
    ]

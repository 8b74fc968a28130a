"""Packs that wait: for comment, for their sign-off, to be issued; and what is told at once of them (C.2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from hdcperf import clock
from hdcperf.reminders.kinds import Kind, Notice, NoticeSource, Piece
from hdcperf.roles import Permission
from hdcperf.ui import count_of, lower_first
from reports.models import FrozenData, Pack, PackTransition
from reports.packs.frozen import read_pack
from reports.packs.pieces import Change
from reports.queries.pack_chain import Chain, chain_on, times_of, waiting_since, worked_on
from reports.rules.pack_chain import ISSUED_AT, SIGNED_AT, due_on
from reports.rules.timetable import StepName

__all__ = ["KINDS", "NOTICES"]

State = Pack.State
CHANGES_TOLD = 8
"""Changes of a correction that its message names; the pack lists all of them."""


def _piece(pack: Pack, work: str, step: StepName, actors: frozenset[int], **more: Any) -> Piece:
    since = clock.local_day(vars(pack)["since"])
    return Piece(
        subject=f"pack-{work}-{pack.pk}",
        title=str(pack),
        href=pack.get_absolute_url(),
        opened=since,
        due=due_on(times_of(pack), step, since),
        actors=actors,
        **more,
    )


def to_comment_on(today: date) -> Iterator[Piece]:
    """Packs out for comment, for those who have not commented, at each one's step of the timetable; four queries."""
    rows = list(waiting_since(State.CONSULTING, "consult").prefetch_related("comments"))
    chain = chain_on(today)
    for pack in rows:
        done = {one.by_id for one in pack.comments.all()}
        for step, people in chain.commenters(pack.audience_of).items():
            actors = chain.but(people, done)
            if actors and clock.local_day(vars(pack)["since"]) <= today:
                yield _piece(pack, f"comment-{step}", step, actors, personal=step is StepName.PORTFOLIO)


def to_sign(today: date) -> Iterator[Piece]:
    """Frozen packs, for those who may sign them off: not for whoever put one together; five queries."""
    rows = _waiting(State.FROZEN, "freeze", today)
    chain, worked = chain_on(today), worked_on([pack.pk for pack in rows])
    for pack in rows:
        yield _piece(pack, "sign-off", SIGNED_AT, _signers(pack.pk, chain, worked))


def _waiting(state: Pack.State, move: str, today: date) -> list[Pack]:
    return [pack for pack in waiting_since(state, move) if clock.local_day(vars(pack)["since"]) <= today]


def _signers(pack: int, chain: Chain, worked: Mapping[int, frozenset[int]]) -> frozenset[int]:
    return chain.who(Permission.SIGN_PACKS) - chain.with_delegates(worked.get(pack, frozenset()))


def to_issue(today: date) -> Iterator[Piece]:
    """Packs signed off, for the Performance Team and democratic services; three queries."""
    rows = _waiting(State.SIGNED, "sign", today)
    issuers = chain_on(today).who(Permission.ISSUE_PACKS)
    for pack in rows:
        yield _piece(pack, "issue", ISSUED_AT, issuers)


KINDS = (
    Kind(
        code="pack-comment",
        one="pack to comment on",
        many="packs to comment on",
        open_work=to_comment_on,
        missed="the pack is frozen and goes to its body without your comment.",
        guidelines=(
            "Say what members should know beside the figures. A comment changes no figure and no colour.",
            "It is printed in the pack with your post.",
        ),
    ),
    Kind(
        code="pack-sign-off",
        one="pack to sign off",
        many="packs to sign off",
        open_work=to_sign,
        missed="the pack cannot be issued, so its agenda goes out late or without it.",
        guidelines=(
            "Read it as members will. Take it back to a draft, saying why, if it is not right.",
            "Nobody signs off a pack that they put together.",
        ),
        told_at_once=True,
    ),
    Kind(
        code="pack-issue",
        one="pack to issue",
        many="packs to issue",
        open_work=to_issue,
        missed="its body has less time to read it, and members take a late item only for the chair’s reason.",
        guidelines=("Issue it to its body with the agenda. Publishing it to everyone is a move of its own.",),
    ),
)


# Told at once


def moved(moment: datetime) -> Iterator[Notice]:
    """A pack that waits for its sign-off, or that was sent back; six queries."""
    rows = _last_moves(PackTransition.objects.filter(at__gt=moment).select_related("pack").order_by("at", "pk"))
    waiting = [row for row in rows if (row.move, row.pack.state) == ("freeze", State.FROZEN)]
    back = [row for row in rows if (row.move, row.pack.state) == ("unfreeze", State.DRAFT)]
    if not waiting and not back:
        return
    chain, worked = chain_on(clock.today()), worked_on([row.pack_id for row in waiting])
    for row in waiting:
        yield _of_move(row, "Sign off a pack", _signers(row.pack_id, chain, worked))
    for row in back:
        team = chain.who(Permission.MANAGE_PACKS)
        yield _of_move(row, "A pack was sent back to a draft", team, words=row.comment)


def _last_moves(rows: Iterable[PackTransition]) -> list[PackTransition]:
    """The last move of each pack: an earlier one no longer holds."""
    return list({row.pack_id: row for row in rows}.values())


def _of_move(row: PackTransition, said: str, recipients: frozenset[int], words: str = "") -> Notice:
    return Notice(
        subject=f"pack-move-{row.pk}",
        on=clock.local_day(row.at),
        title=f"{said}: {row.pack}",
        href=row.pack.get_absolute_url(),
        recipients=recipients,
        but_not=frozenset({row.by_id}),
        words=words,
    )


def issued(moment: datetime) -> Iterator[Notice]:
    """Packs issued, for the members of their body: a link, never the pack itself; of a correction, what changed.

    A version that a later one has followed is left out: its body is told of the later one. Three queries, and one
    more where there is a correction.
    """
    moves = PackTransition.objects.filter(at__gt=moment, move="issue").select_related("pack__meeting")
    rows = _newest_versions(moves.order_by("pack__number"))
    if not rows:
        return
    chain, changed = chain_on(clock.today()), _changed([row.pack for row in rows])
    for row in rows:
        pack = row.pack
        corrected = pack.number > 1
        yield Notice(
            subject=f"pack-issued-{row.pk}",
            on=clock.local_day(row.at),
            title=f"{'A corrected pack is' if corrected else 'A pack is'} issued to you: {pack}",
            href=pack.get_absolute_url(),
            recipients=chain.readers(pack.audience_of),
            but_not=frozenset({row.by_id}),
            words=changed[pack.pk] if corrected else _for_which_meeting(pack),
            personal=True,
        )


def _newest_versions(rows: Iterable[PackTransition]) -> list[PackTransition]:
    kept = {(row.pack.period_kind, row.pack.starts_on, row.pack.audience): row for row in rows}
    return list(kept.values())


def _for_which_meeting(pack: Pack) -> str:
    return f"For the meeting: {pack.meeting}." if pack.meeting is not None else ""


def _changed(packs: Iterable[Pack]) -> dict[int, str]:
    """What each correction says of itself, from what was frozen; annexes are no part of it."""
    numbers = {pack.pk: pack for pack in packs if pack.number > 1}
    rows = FrozenData.objects.filter(pack__in=numbers, kind=FrozenData.Kind.PACK) if numbers else ()
    found = {row.pack_id: row.text for row in rows if row.number == numbers[row.pack_id].freezes}
    return {
        key: f"{pack.correction_reason} {_what_changed(read_pack(found[key]).corrections)}"
        for key, pack in numbers.items()
    }


def _what_changed(changes: tuple[Change, ...]) -> str:
    if not changes:
        return "No figure and no colour changed."
    named = [f"{one.where}: {lower_first(one.what)}{_from_to(one)}" for one in changes[:CHANGES_TOLD]]
    if len(changes) > len(named):
        named.append(f"and {count_of(len(changes) - len(named), 'other change')}")
    return f"What changed: {'; '.join(named)}."


def _from_to(one: Change) -> str:
    return f", from {one.old} to {one.new}" if one.old or one.new else ""


NOTICES = (
    NoticeSource("pack-move", "A pack waits for its sign-off, or was sent back to a draft", moved),
    NoticeSource("pack-issued", "A pack is issued to its body, or a correction of one", issued),
)

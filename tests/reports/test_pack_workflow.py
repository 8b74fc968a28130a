"""Who may make which move of a pack, in which state: every triple, against a table in words; and that what is out
never changes.

Written from the framework (C.2.3) and the issue, not from the code: the Performance Team puts packs together,
somebody else of corporate leadership signs off, democratic services may issue and publish.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from hdcperf.history import HistoryRefused
from hdcperf.organisation.models import User
from hdcperf.roles import Role
from reports.models import FrozenData, Pack, PackFile, PackText, PackWaiver
from reports.pack_workflow import PACK_MOVES, MoveRefused, StaleRecord, move_pack
from tests.factories.made_packs import pack_in
from tests.factories.meetings import MeetingFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.workflow_tables import Tried, rows_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)

TABLE = rows_of("""
move      | who         | draft      | consulting | frozen     | signed     | issued     | published
save      | team        | yes        | yes        | state      | state      | state      | state
save      | not team    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
consult   | team        | yes        | state      | state      | state      | state      | state
consult   | not team    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
take_back | team        | state      | yes        | state      | state      | state      | state
take_back | not team    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
freeze    | team        | yes        | yes        | state      | state      | state      | state
freeze    | not team    | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
unfreeze  | team        | state      | state      | yes        | state      | state      | state
unfreeze  | signers     | state      | state      | yes        | state      | state      | state
unfreeze  | neither     | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
sign      | signers     | state      | state      | yes *      | state      | state      | state
sign      | not signers | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
issue     | issuers     | state      | state      | state      | yes        | state      | state
issue     | not issuers | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
publish   | issuers     | state      | state      | state      | state      | yes        | state
publish   | not issuers | not theirs | not theirs | not theirs | not theirs | not theirs | not theirs
""")
STATES = ("draft", "consulting", "frozen", "signed", "issued", "published")
STARTS = [date(2026, month, 1) for month in (4, 7, 10)] + [date(2025, month, 1) for month in (4, 7, 10)]


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


class World:
    """A pack in each state, and everybody who might move it. A director who also is of the team froze them."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {role.value: holder(role) for role in Role}
        both = holder(Role.DIRECTOR)
        self.people["who froze it"] = both
        self.people["their delegate"] = DelegationFactory(user=both).delegate
        self.people["a delegate"] = DelegationFactory(user=holder(Role.DIRECTOR)).delegate
        self.people["former director"] = holder(Role.DIRECTOR, ends_on=date(2026, 11, 4))
        self.people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
        self.records = {
            state: pack_in(state, starts_on=starts, by=both) for state, starts in zip(STATES, STARTS, strict=True)
        }

    @property
    def groups(self) -> dict[str, list[str]]:
        team = ["performance_team"]
        signers = ["director", "who froze it", "their delegate", "a delegate"]
        issuers = ["performance_team", "democratic_services"]
        everybody = list(self.people)
        return {
            "team": team,
            "not team": [one for one in everybody if one not in team],
            "signers": signers,
            "not signers": [one for one in everybody if one not in signers],
            "neither": [one for one in everybody if one not in team + signers],
            "issuers": issuers,
            "not issuers": [one for one in everybody if one not in issuers],
        }


def act(record: Pack, name: str, *, by: User, comment: str) -> Pack:
    def change(fresh: Pack) -> None:
        fresh.freezes += name == "freeze"

    return move_pack(record, name, by=by, version=record.version, comment=comment, change=change)


def test_every_move_by_everybody_in_every_state() -> None:
    world = World()
    tried = Tried(PACK_MOVES, act, world.people, world.records, but={"who froze it": "own", "their delegate": "own"})
    wrong = []
    for row in TABLE:
        connection.queries_log.clear()  # the log of one test holds nine thousand
        wrong += [f"{row}: {said}" for said in tried.disagreements(row, world.groups)]
    assert not wrong


def test_a_pack_needs_its_meeting_and_its_clear_days(set_today: Callable[[date], None]) -> None:
    team = holder(Role.PERFORMANCE_TEAM)
    homeless = pack_in("draft", meeting=None)
    with pytest.raises(MoveRefused, match="which meeting"):
        act(homeless, "freeze", by=team, comment="")
    issued = pack_in("issued", starts_on=date(2026, 4, 1))
    set_today(date(2026, 11, 24))
    with pytest.raises(MoveRefused, match="fewer than five clear working days"):
        act(issued, "publish", by=team, comment="")
    late = pack_in("issued", starts_on=date(2026, 10, 1), late_reason="The flood is of public interest.")
    assert act(late, "publish", by=team, comment="").state == "published"
    board = pack_in("issued", audience="board", kind="month")
    with pytest.raises(MoveRefused, match="stays within the council"):
        act(board, "publish", by=team, comment="")


def test_a_page_made_before_somebody_else_s_change_moves_nothing() -> None:
    pack, team = pack_in("draft"), holder(Role.PERFORMANCE_TEAM)
    act(pack, "consult", by=team, comment="")
    with pytest.raises(StaleRecord):
        move_pack(pack, "freeze", by=team, version=pack.version)


def test_what_is_out_never_changes() -> None:
    pack = pack_in("published", late_reason="")
    for name, value in {"late_reason": "x", "sections": "front", "freezes": 2, "meeting": None}.items():
        fresh = Pack.objects.get(pk=pack.pk)
        setattr(fresh, name, value)
        with pytest.raises(HistoryRefused, match="never changes"):
            fresh.save()
    for made in (
        lambda: PackText.objects.create(pack=pack, key="summary", words="x"),
        lambda: PackWaiver.objects.create(pack=pack, check_code="x", reason="x", by=UserFactory(), at=None),
        lambda: Pack.objects.filter(pk=pack.pk).update(late_reason="x"),
        lambda: FrozenData.objects.filter(pack=pack).update(text="x"),
        lambda: pack.frozen.get().delete(),
        lambda: PackFile.objects.all().delete(),
    ):
        with pytest.raises(HistoryRefused):
            made()


def test_a_draft_s_words_change_until_it_is_frozen() -> None:
    pack = pack_in("draft")
    text = PackText.objects.create(pack=pack, key="summary", words="One.")
    text.words = "Two."
    text.save()
    pack.freezes, pack.state = 1, "frozen"
    pack.save()
    with pytest.raises(HistoryRefused, match="only while it is a draft"):
        text.save()
    with pytest.raises(HistoryRefused, match="only while it is a draft"):
        text.delete()


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"state": "frozen", "freezes": 0}, "a_pack_past_draft_is_frozen"),
        ({"state": "published", "audience": "board", "freezes": 1}, "private_packs_are_not_published"),
        ({"number": 2}, "a_later_version_says_why"),
        ({"correction_reason": "No."}, "a_later_version_says_why"),
        ({"period_kind": "quarter", "starts_on": date(2026, 8, 1)}, "pack_is_for_a_period"),
        ({"audience": "everybody"}, "pack_audience_known"),
        ({"state": "lost", "freezes": 1}, "pack_state_known"),
        ({"replaced_at": "2026-11-05T12:00Z"}, "only_what_was_issued_is_replaced"),
    ],
)
def test_the_database_refuses_a_pack_that_cannot_be(facts: dict[str, Any], constraint: str) -> None:
    given = {"period_kind": "quarter", "starts_on": date(2026, 7, 1), "audience": "scrutiny", "sections": "front"}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Pack.objects.create(**{**given, **facts})


def test_there_is_one_live_version_and_one_in_the_making() -> None:
    meeting = MeetingFactory()
    pack_in("published", meeting=meeting)
    second = pack_in("draft", meeting=meeting, number=2, correction_reason="A slip.")
    with pytest.raises(IntegrityError, match="in_the_making"), transaction.atomic():
        pack_in("draft", meeting=meeting, number=3, correction_reason="A slip.")
    second.freezes, second.state = 1, "issued"
    second.save()  # the panel has it; the public still reads the first
    second.state = "published"
    with pytest.raises(IntegrityError, match="one_live_version"), transaction.atomic():
        second.save()


def test_roles_and_people_of_the_rows_are_named() -> None:
    assert {row.move for row in TABLE} == set(PACK_MOVES)
    assert {row.who for row in TABLE} <= set(World().groups)

"""Whom a pack waits for and by when; whom an issued one is sent to, as a link, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hdcperf import clock
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import Appointment, User
from hdcperf.outbox.models import Message
from hdcperf.periods import Quarter
from hdcperf.reminders.kinds import Piece
from hdcperf.reminders.operations.notices import send_notices
from hdcperf.reminders.queries.planning import plan_of
from hdcperf.roles import Permission, Role, roles_with
from reports.models import Pack, PackTransition
from reports.operations import packs
from reports.packs.pieces import Change
from reports.packs.sections import Audience
from reports.queries.pack_chain import BODIES, chain_on
from reports.queries.pack_tasks import pack_tasks
from reports.queries.packs import seen_packs
from reports.reminders.packs import KINDS, NOTICES, to_comment_on, to_issue, to_sign
from reports.rules.pack_chain import COMMENTS_AT
from reports.rules.timetable import StepName, timetable
from tests.factories.made_packs import pack_in
from tests.factories.meetings import MeetingFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.factories.packs import sample_pack

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 5)
TIMES = timetable("scrutiny", date(2026, 12, 1))
Q2 = Quarter.parse("Q2 2026/27")


@pytest.fixture(autouse=True)
def _today(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def by_person(pieces: list[Piece]) -> dict[int, date]:
    """When each person's part is due; nobody has two."""
    people = [(person, piece.due) for piece in pieces for person in piece.actors]
    assert len(people) == len(dict(people))
    return dict(people)


def told() -> dict[str, Message]:
    """What each person is told of at once, after a sweep."""
    send_notices(clock.now())
    return {message.recipient.name: message for message in Message.objects.select_related("recipient")}


def chain() -> dict[Role, User]:
    return {role: holder(role) for role in COMMENTS_AT}


def test_everybody_who_comments_has_a_day_for_it() -> None:
    assert set(COMMENTS_AT) == roles_with(Permission.COMMENT_PACKS)


def test_a_pack_out_for_comment_waits_for_each_until_their_day_of_the_timetable() -> None:
    people, writer = chain(), holder(Role.PERFORMANCE_TEAM)
    pack = pack_in("consulting", by=writer)
    due = by_person(list(to_comment_on(TODAY)))
    steps = {"leadership": date(2026, 11, 9), "statutory": date(2026, 11, 12), "portfolio": date(2026, 11, 17)}
    assert due == {
        people[Role.DIRECTOR].pk: steps["leadership"],
        people[Role.SECTION_151].pk: steps["statutory"],
        people[Role.MONITORING_OFFICER].pk: steps["statutory"],
        people[Role.PORTFOLIO_HOLDER].pk: steps["portfolio"],
        people[Role.EXECUTIVE_LEADER].pk: steps["portfolio"],
    }
    (task,) = pack_tasks(standing(people[Role.PORTFOLIO_HOLDER]))
    assert (task.title, task.due) == (
        "Comment on the pack: Overview and Scrutiny, Q2 2026/27",
        steps["portfolio"],
    )
    packs.comment_on(pack, "Noted.", by=people[Role.SECTION_151])
    assert set(by_person(list(to_comment_on(TODAY)))) == due.keys() - {people[Role.SECTION_151].pk}
    packs.take_back(pack, by=writer, version=pack.version)
    assert list(to_comment_on(TODAY)) == []


def test_members_are_not_asked_about_what_stays_within_the_council() -> None:
    people = chain()
    pack_in("consulting", audience="leadership")
    members = {people[role] for role in (Role.PORTFOLIO_HOLDER, Role.EXECUTIVE_LEADER)}
    assert by_person(list(to_comment_on(TODAY))).keys() == {one.pk for one in people.values()} - {
        one.pk for one in members
    }
    assert [len(pack_tasks(standing(one))) for one in (*members, people[Role.DIRECTOR])] == [0, 0, 1]


def test_a_delegates_comment_is_the_officers_and_a_member_is_told_themselves_while_away() -> None:
    people, pack = chain(), pack_in("consulting")
    for role in (Role.DIRECTOR, Role.SECTION_151, Role.PORTFOLIO_HOLDER):
        delegate = UserFactory(name=f"Delegate {role}")
        DelegationFactory(user=people[role], delegate=delegate, starts_on=TODAY, ends_on=date(2026, 12, 1))
        if role is Role.DIRECTOR:
            packs.comment_on(pack, "Read for the director.", by=delegate)
    assert people[Role.DIRECTOR].pk not in by_person(list(to_comment_on(TODAY)))
    plan = plan_of(TODAY)
    names = {plan.people.names[parcel.person] for parcel in plan.parcels}
    assert "Delegate section_151" in names
    assert people[Role.SECTION_151].name not in names
    assert people[Role.PORTFOLIO_HOLDER].name in names
    assert "Delegate portfolio_holder" not in names


def test_a_frozen_pack_waits_for_those_who_may_sign_it_and_for_nobody_who_put_it_together() -> None:
    writes, signs = holder(Role.DIRECTOR), holder(Role.DIRECTOR)
    covers = holder(Role.DIRECTOR)
    DelegationFactory(user=writes, delegate=covers, starts_on=TODAY, ends_on=TODAY)
    pack_in("frozen", by=writes)
    holder(Role.PERFORMANCE_TEAM)
    (piece,) = to_sign(TODAY)
    assert (piece.actors, piece.due) == ({signs.pk}, TIMES.on(StepName.DEMOCRATIC))
    assert [task.due for task in pack_tasks(standing(signs))] == [piece.due]
    assert pack_tasks(standing(writes)) == []
    messages = told()
    assert set(messages) - {covers.name} == {signs.name}
    assert messages[signs.name].subject == "Sign off a pack: Overview and Scrutiny, Q2 2026/27"
    assert "a pack" not in messages[covers.name].subject  # told that they cover, and of nothing they may not sign


def test_a_pack_sent_back_is_told_to_the_team_with_the_reason() -> None:
    team, signs = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    pack = pack_in("frozen", by=team)
    packs.unfreeze(pack, "A figure is late.", by=signs, version=pack.version)
    messages = told()
    assert set(messages) == {team.name}
    assert "A pack was sent back to a draft" in messages[team.name].subject
    assert "A figure is late." in messages[team.name].text
    assert list(to_sign(TODAY)) == []


def test_a_signed_pack_is_to_be_issued_by_its_day_by_the_team_and_democratic_services() -> None:
    team, clerk = holder(Role.PERFORMANCE_TEAM), holder(Role.DEMOCRATIC_SERVICES)
    holder(Role.DIRECTOR)
    pack_in("signed")
    (piece,) = to_issue(TODAY)
    assert (piece.actors, piece.due) == ({team.pk, clerk.pk}, TIMES.publication)


@pytest.mark.parametrize("state", ["consulting", "frozen", "signed"])
def test_what_is_late_already_is_due_the_day_it_came_and_without_a_meeting_in_five_days(state: str) -> None:
    chain()
    holder(Role.PERFORMANCE_TEAM)
    work = {"consulting": to_comment_on, "frozen": to_sign, "signed": to_issue}[state]
    cancelled = MeetingFactory(
        held_on=date(2026, 11, 24), cancelled_at=clock.now(), cancelled_because="Too few members."
    )
    pack_in(state, meeting=MeetingFactory(held_on=date(2026, 11, 10)))
    pack_in(state, meeting=cancelled, starts_on=date(2026, 4, 1))
    pack_in(state, audience="board", meeting=MeetingFactory(body="board", held_on=date(2026, 11, 20)))
    dues = {(piece.subject.rsplit("-", 1)[1], piece.due) for piece in work(TODAY)}
    late, without, private = Pack.objects.order_by("pk").values_list("pk", flat=True)
    assert dues == {
        (str(late), TODAY),
        (str(without), date(2026, 11, 12)),
        (str(private), timetable("board", date(2026, 11, 20)).publication),
    }


# Issued


@pytest.mark.parametrize("audience", list(Audience))
def test_an_issued_pack_is_told_to_the_members_of_its_body_who_may_read_it_and_to_nobody_else(
    audience: Audience,
) -> None:
    people = {role: holder(role) for role in Role}
    gone = holder(next(iter(BODIES[audience])))
    gone.is_active = False
    gone.save()
    ended = holder(next(iter(BODIES[audience])))
    Appointment.objects.filter(user=ended).delete()
    pack_in("issued", audience=audience.value)
    body = {people[role] for role in BODIES[audience]}
    assert chain_on(TODAY).readers(audience) == {one.pk for one in body}
    messages = {name: one for name, one in told().items() if "issued to you" in one.subject}
    assert set(messages) == {one.name for one in body}
    assert all(seen_packs(standing(one)).exists() for one in body)
    message = next(iter(messages.values()))
    assert message.subject == f"A pack is issued to you: {audience.label}, Q2 2026/27"
    assert f"/reports/2026-27-Q2/{audience}/" in message.text
    assert "KPI 18" not in message.text  # a link, and nothing of the pack
    before = Message.objects.count()
    assert send_notices(clock.now() + timedelta(minutes=1)) == 0
    assert Message.objects.count() == before


@pytest.mark.parametrize("state", ["draft", "consulting", "frozen", "signed"])
def test_nothing_that_is_not_issued_is_sent_to_its_body(state: str) -> None:
    member = holder(Role.SCRUTINY)
    pack_in(state)
    assert member.name not in told()


def test_a_member_who_is_away_is_told_themselves_and_their_delegate_is_not() -> None:
    member, delegate = holder(Role.SCRUTINY), UserFactory(name="Dele")
    DelegationFactory(user=member, delegate=delegate, starts_on=TODAY - timedelta(days=30), ends_on=TODAY)
    pack_in("issued")
    assert set(told()) == {member.name}


def test_a_body_of_nobody_is_told_and_nobody_is_in_its_stead() -> None:
    holder(Role.PERFORMANCE_TEAM)
    pack_in("issued")
    assert told() == {}


def test_a_correction_says_why_and_what_changed_and_the_version_before_it_is_not_told_of_late() -> None:
    member = holder(Role.SCRUTINY)
    changes = (
        Change("KPI 18 Missed bins", "RAG now", "Green", "Red"),
        *(Change(f"KPI {n} Example", "Added", "", "") for n in range(9)),
    )
    first = pack_in("issued")
    second = sample_pack(
        slug="2026-27-Q2", audience="scrutiny", audience_label="x", period="x", version=2, corrections=changes
    )
    first.replaced_at = clock.now()
    first.save()
    pack_in("issued", number=2, correction_reason="September left out a site.", frozen=second)
    message = told()[member.name]
    assert Message.objects.count() == 1
    assert message.subject == "A corrected pack is issued to you: Overview and Scrutiny, Q2 2026/27, version 2"
    assert "September left out a site." in message.text
    assert "KPI 18 Missed bins: RAG now, from Green to Red" in message.text
    assert "and 2 other changes." in message.text


def test_the_link_leads_a_member_to_the_pack() -> None:
    member = holder(Role.SCRUTINY)
    pack_in("issued")
    message = told()[member.name]
    address = next(line for line in message.text.splitlines() if "/reports/" in line)
    client = Client()
    client.force_login(member)
    page = client.get(address[address.index("/reports/") :])
    assert page.status_code == 200
    assert "Overview and Scrutiny" in page.content.decode()


def test_asking_costs_as_many_queries_for_one_pack_as_for_several() -> None:
    chain()
    holder(Role.SCRUTINY)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            for kind in KINDS:
                list(kind.open_work(TODAY))
            for source in NOTICES:
                list(source.since(datetime(2026, 11, 1, tzinfo=clock.now().tzinfo)))
        return len(seen)

    def more(starts_on: date) -> None:
        for audience, state in zip(Audience, ("consulting", "frozen", "signed", "issued", "frozen"), strict=True):
            year = {"kind": "year", "starts_on": starts_on.replace(month=4)} if audience == "yearly" else {}
            pack_in(state, audience=audience.value, **{"starts_on": starts_on, **year})

    more(date(2026, 7, 1))
    few = queries()
    for year in (2021, 2022, 2023):
        more(date(year, 7, 1))
    assert queries() == few


def test_where_no_worker_runs_the_command_tells_them_once() -> None:
    holder(Role.SCRUTINY)
    pack_in("issued")
    for said in ("1 message posted.", "0 messages posted."):
        printed = StringIO()
        call_command("send_notices", stdout=printed)
        assert printed.getvalue().strip() == said
    assert Message.objects.count() == 1


def test_issuing_itself_leaves_the_row_the_notice_comes_from() -> None:
    team, signs = holder(Role.PERFORMANCE_TEAM), holder(Role.DIRECTOR)
    member = holder(Role.SCRUTINY)
    pack = pack_in("signed", by=team, signed_by=signs)
    packs.issue(pack, by=team, version=pack.version)
    assert PackTransition.objects.filter(move="issue").count() == 1
    assert "A pack is issued to you" in told()[member.name].subject

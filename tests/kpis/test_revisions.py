"""Proposing and deciding a revision: an accepted figure changes no other way, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hdcperf.organisation.models import User
from hdcperf.roles import Role
from kpis.models import MonthlyReturn, Revision
from kpis.operations.entering import Entry
from kpis.operations.revising import accept_revision, decline_revision, propose, withdraw_revision
from kpis.workflow import MoveRefused, NotPermitted
from tests.factories.kpis import KpiPersonFactory, KpiYearFactory, MonthlyReturnFactory, TargetSetFactory
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.kpis.seeing import signed_in, text_of
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db
State = Revision.State
TYPED = {"kind": "correction", "value": "12", "reason": "Two examples were missed.", "step": "propose"}


@pytest.fixture(autouse=True)
def _in_november(set_today: Callable[[date], None]) -> None:
    set_today(date(2026, 11, 6))


@pytest.fixture
def record() -> MonthlyReturn:
    """October's figure, accepted at ten against a target of ten and a level of nine."""
    kpi_year = KpiYearFactory(latest=True, name="Example lorries")
    TargetSetFactory(kpi_year=kpi_year, target=10, intervention=9)
    made: MonthlyReturn = MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, value=10)
    return made


@pytest.fixture
def owner(record: MonthlyReturn) -> User:
    user: User = KpiPersonFactory(kpi_year=record.kpi_year, user__name="Kim Holder").user
    return user


@pytest.fixture
def client(owner: User) -> Client:
    return signed_in(owner)


@pytest.fixture
def reviewer() -> User:
    return holder(Role.PERFORMANCE_TEAM, user__name="Rae Viewer")


def address(record: MonthlyReturn) -> str:
    return reverse("revision-propose", args=[record.measured, record.kpi_year.code])


def send(client: Client, record: MonthlyReturn, **typed: Any) -> HttpResponse:
    posted = {"version": record.version, **TYPED, **typed}
    kept = {name: each for name, each in posted.items() if each is not None}
    return client.post(address(record), kept, follow=True)


def words_of(reply: HttpResponse) -> str:
    assert reply.status_code == 200
    return reply.content.decode()


def proposed(record: MonthlyReturn, by: User, value: int = 12, **how: Any) -> Revision:
    figures = Entry(value=Decimal(value))
    return propose(record, figures=figures, kind="correction", reason="It was missed.", by=by, **how)


def now(record: MonthlyReturn) -> MonthlyReturn:
    return MonthlyReturn.objects.get(pk=record.pk)


class TestProposing:
    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"value": ""}, "Enter the figure as it should be: an accepted figure cannot be taken away."),
            ({"value": "10"}, "These are the accepted figures: there is nothing to revise."),
            ({"value": "10.000"}, "These are the accepted figures: there is nothing to revise."),
            ({"value": "a lot"}, "is not a number"),
            ({"value": "1,5"}, "could mean"),
            ({"value": "1" * 16}, "too many digits"),
            ({"value": "1\x002"}, "is not a number"),
            ({"value": "9" * 100_000}, "too long to be a figure"),
            ({"value": "12.5"}, "counts whole numbers"),
            ({"kind": ""}, "Select an answer to “What kind of change is it?”"),
            ({"kind": "whim"}, "from the list"),
            ({"reason": ""}, "Say why the figure changes"),
            ({"reason": " \n "}, "Say why the figure changes"),
            ({"reason": LONG}, "Why it changes must be 2,000 characters or fewer. It is 100,000."),
            ({"reason": NUL}, "contains a character that cannot be kept"),
            ({"note": LONG}, "must be 2,000 characters or fewer. It is 100,000."),
            ({"note": NUL}, "contains a character that cannot be kept"),
            ({"version": ""}, "This page is out of date"),
            ({"version": "one"}, "This page is out of date"),
            ({"version": "9" * 50}, "changed after you opened the page"),
            ({"version": "0"}, "changed after you opened the page"),
        ],
    )
    @pytest.mark.parametrize("step", ["preview", "propose"])
    def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
        self, client: Client, record: MonthlyReturn, typed: dict[str, str], sentence: str, step: str
    ) -> None:
        with unchanged(record):
            text = words_of(send(client, record, **{**typed, "step": step}))
        asks_the_operation = {"value": ("", "10", "10.000"), "version": ("9" * 50, "0")}
        if step == "propose" or not any(typed.get(name) in given for name, given in asks_the_operation.items()):
            assert sentence in text
        assert {**TYPED, **typed}["reason"].partition("\x00")[0][:40].strip() in text

    @pytest.mark.parametrize("typed", [{"value": "101"}, {"value": "-1"}])
    def test_a_figure_the_kpi_cannot_have_is_refused_beside_its_box(
        self, client: Client, record: MonthlyReturn, typed: dict[str, str]
    ) -> None:
        kpi_year = record.kpi_year
        kpi_year.minimum, kpi_year.maximum = Decimal(0), Decimal(100)
        kpi_year.save()
        with unchanged(record):
            text = words_of(send(client, record, **typed))
        assert 'href="#id_value"' in text
        assert "it can be." in text

    def test_a_part_above_its_whole_is_refused_beside_its_box(self, client: Client, owner: User) -> None:
        kpi_year = KpiYearFactory(percentage=True)
        record = MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, numerator=84, denominator=100)
        KpiPersonFactory(kpi_year=kpi_year, user=owner)
        with unchanged(record):
            text = words_of(send(client, record, value=None, numerator="101", denominator="100"))
        assert "more than the 100 of cases answered" in text
        assert 'href="#id_numerator"' in text

    @pytest.mark.parametrize("given", [{"numerator": "80"}, {"denominator": "90"}])
    def test_half_of_two_parts_is_no_figure(self, client: Client, owner: User, given: dict[str, str]) -> None:
        kpi_year = KpiYearFactory(percentage=True)
        record = MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, numerator=84, denominator=100)
        KpiPersonFactory(kpi_year=kpi_year, user=owner)
        with unchanged(record):
            text = words_of(send(client, record, value=None, **given))
        assert "an accepted figure cannot be taken away" in text

    def test_looking_shows_what_it_would_change_and_writes_nothing(
        self, client: Client, record: MonthlyReturn
    ) -> None:
        with unchanged(record):
            text = words_of(send(client, record, value="8", step="preview"))
        assert "What it would change" in text
        assert "Nothing has been proposed yet." in text
        assert "Red" in text

    def test_the_accepted_figure_stands_until_it_is_accepted(
        self, client: Client, record: MonthlyReturn, owner: User
    ) -> None:
        before = MonthlyReturn.objects.filter(pk=record.pk).values().get()
        send(client, record, value="8", note="Two were counted twice.")
        revision = Revision.objects.get()
        assert MonthlyReturn.objects.filter(pk=record.pk).values().get() == before
        assert (revision.state, revision.proposed_by, revision.new_commentary) == (
            State.PROPOSED,
            owner,
            "Two were counted twice.",
        )
        assert (revision.old_value, revision.old_figure, revision.old_rag) == (10, 10, "green")
        assert (revision.new_value, revision.new_figure, revision.new_rag) == (8, 8, "red")

    def test_a_second_click_proposes_once(self, client: Client, record: MonthlyReturn) -> None:
        for _ in range(2):
            assert "The revision is proposed." in words_of(send(client, record))
        revision = Revision.objects.get()
        assert [row.move for row in revision.transitions.all()] == ["propose"]

    @pytest.mark.parametrize(
        "typed",
        [{"value": "13"}, {"reason": "Three were missed."}, {"note": "Two were missed."}, {"kind": "late_data"}],
    )
    def test_another_proposal_while_one_waits_is_refused_and_kept(
        self, client: Client, record: MonthlyReturn, typed: dict[str, str]
    ) -> None:
        """The same person's too: what it says beyond the first would be lost without a word."""
        send(client, record)
        with unchanged(record, Revision.objects.get()):
            text = words_of(send(client, record, **typed))
        assert "A revision of this figure is already waiting to be decided." in text
        assert {**TYPED, **typed}["reason"] in text

    def test_a_colleagues_proposal_while_one_waits_is_refused(self, record: MonthlyReturn, owner: User) -> None:
        proposed(record, owner)
        colleague = signed_in(KpiPersonFactory(kpi_year=record.kpi_year).user)
        with unchanged(record):
            text = words_of(send(colleague, record))
        assert "already waiting to be decided" in text

    def test_a_figure_revised_meanwhile_is_shown_before_it_is_revised_again(
        self, client: Client, record: MonthlyReturn, owner: User, reviewer: User
    ) -> None:
        accept_revision(proposed(record, owner, 11), by=reviewer)
        with unchanged(now(record)):
            text = words_of(send(client, record))
        assert "This figure was changed after you opened the page." in text
        assert TYPED["reason"] in text
        assert f'name="version" value="{now(record).version}"' in text
        send(client, now(record))
        assert Revision.objects.filter(state=State.PROPOSED).count() == 1

    @pytest.mark.parametrize("trait", ["draft", "submitted", "challenged"])
    def test_what_is_not_accepted_can_still_be_changed(self, trait: str) -> None:
        record = MonthlyReturnFactory(**{trait: True})
        user = KpiPersonFactory(kpi_year=record.kpi_year).user
        with unchanged(record):
            text = words_of(send(signed_in(user), record))
            with pytest.raises(MoveRefused, match="Only an accepted figure is revised"):
                proposed(record, user)
        assert "Only an accepted figure is revised: this return can still be changed." in text

    def test_only_the_two_sides_propose(self, record: MonthlyReturn) -> None:
        board, outsider = holder(Role.BOARD), UserFactory()
        with unchanged(record):
            assert send(signed_in(board), record).status_code == 403
            assert send(signed_in(outsider), record).status_code == 404
            with pytest.raises(NotPermitted, match="Only the two sides of a return can propose"):
                proposed(record, board)

    def test_a_missing_figure_that_arrives_late_is_a_revision(self, client: Client, owner: User) -> None:
        kpi_year = KpiYearFactory()
        TargetSetFactory(kpi_year=kpi_year, target=120, intervention=108)
        record = MonthlyReturnFactory(kpi_year=kpi_year, accepted=True, no_data=True)
        KpiPersonFactory(kpi_year=kpi_year, user=owner)
        send(client, record, kind="late_data")
        revision = Revision.objects.get()
        assert (revision.old_value, revision.old_rag) == (None, "no_data")
        assert (revision.new_value, revision.new_rag) == (12, "green")

    def test_words_alone_can_be_added_to_a_month_without_data(self, client: Client, owner: User) -> None:
        record = MonthlyReturnFactory(accepted=True, no_data=True)
        KpiPersonFactory(kpi_year=record.kpi_year, user=owner)
        with unchanged(record):
            assert "there is nothing to revise" in words_of(send(client, record, value=""))
        send(client, record, value="", note="The supplier will send it in May.")
        assert Revision.objects.get().new_commentary == "The supplier will send it in May."


class TestDeciding:
    @pytest.fixture
    def revision(self, record: MonthlyReturn, owner: User) -> Revision:
        return proposed(record, owner, 8)

    @pytest.fixture
    def team(self, reviewer: User) -> Client:
        return signed_in(reviewer)

    def decide(self, client: Client, revision: Revision, name: str, **typed: str) -> HttpResponse:
        return client.post(reverse("revision", args=[revision.pk]), {"decide": name, **typed}, follow=True)

    def test_accepted_it_becomes_the_figure_and_is_judged_anew(
        self, team: Client, revision: Revision, record: MonthlyReturn, reviewer: User
    ) -> None:
        self.decide(team, revision, "accept")
        revision.refresh_from_db()
        found = now(record)
        assert (found.value, found.month_figure, found.rag, found.version) == (8, 8, "red", record.version + 1)
        assert (found.target, found.intervention) == (record.target, record.intervention)
        assert (revision.state, revision.new_rag) == (State.ACCEPTED, "red")
        row = found.history.first()
        assert (row.history_user, row.history_change_reason) == (reviewer, "Revised. Correction: It was missed.")

    def test_accepting_twice_is_harmless(self, team: Client, revision: Revision, record: MonthlyReturn) -> None:
        self.decide(team, revision, "accept")
        with unchanged(now(record), revision):
            assert "The revision is accepted" in words_of(self.decide(team, revision, "accept"))

    def test_a_colleague_who_decides_second_is_told_who_did(
        self, revision: Revision, record: MonthlyReturn, reviewer: User
    ) -> None:
        accept_revision(revision, by=reviewer)
        colleague = signed_in(holder(Role.PERFORMANCE_TEAM))
        with unchanged(now(record), revision):
            text = words_of(self.decide(colleague, revision, "accept"))
        assert "This is accepted: Rae Viewer moved it on 6 November 2026" in text

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [
            ("", "Say why the revision is declined"),
            (" \n", "Say why the revision is declined"),
            (LONG, "Why it is declined must be 2,000 characters or fewer. It is 100,000."),
            (NUL, "contains a character that cannot be kept"),
        ],
    )
    def test_declining_needs_a_reason_and_keeps_it(
        self, team: Client, revision: Revision, record: MonthlyReturn, reason: str, sentence: str
    ) -> None:
        with unchanged(record, revision):
            text = words_of(self.decide(team, revision, "decline", reason=reason))
        assert sentence in text
        assert '<details class="govuk-details" open' in text
        assert reason.partition("\x00")[0][:40].strip() in text

    def test_declined_the_figure_stands_and_the_reason_is_shown(
        self, team: Client, revision: Revision, record: MonthlyReturn
    ) -> None:
        before = MonthlyReturn.objects.filter(pk=record.pk).values().get()
        text = words_of(self.decide(team, revision, "decline", reason="The first count was right."))
        assert "Rae Viewer declined it:" in text
        assert "The first count was right." in text
        assert MonthlyReturn.objects.filter(pk=record.pk).values().get() == before

    def test_a_reason_that_came_after_a_colleagues_decision_is_kept(
        self, team: Client, revision: Revision, record: MonthlyReturn
    ) -> None:
        other = holder(Role.PERFORMANCE_TEAM)
        accept_revision(revision, by=other)
        with unchanged(now(record), revision):
            text = words_of(self.decide(team, revision, "decline", reason="The first count was right."))
        assert f"This is accepted: {other.name} moved it" in text
        assert "The first count was right." in text

    def test_the_proposer_withdraws_it_and_nobody_else_does(
        self, team: Client, client: Client, revision: Revision, record: MonthlyReturn
    ) -> None:
        with unchanged(record, revision):
            assert self.decide(team, revision, "withdraw").status_code == 403
        text = words_of(self.decide(client, revision, "withdraw"))
        assert "The revision is withdrawn: the accepted figure stands." in text
        revision.refresh_from_db()
        assert revision.state == State.WITHDRAWN
        assert now(record).value == 10

    def test_once_decided_another_can_be_proposed(self, record: MonthlyReturn, owner: User, reviewer: User) -> None:
        decline_revision(proposed(record, owner, 8), reason="It was right.", by=reviewer)
        withdraw_revision(proposed(record, owner, 7), by=owner)
        assert proposed(record, owner, 6).state == State.PROPOSED

    def test_nobody_decides_what_they_proposed_or_answer_for(self, record: MonthlyReturn, reviewer: User) -> None:
        own = proposed(record, reviewer, 8)
        named = holder(Role.PERFORMANCE_TEAM)
        KpiPersonFactory(kpi_year=record.kpi_year, user=named)
        delegate = DelegationFactory(user=reviewer).delegate
        for person in (reviewer, named, delegate):
            visitor = signed_in(person)
            with unchanged(record, own):
                text = words_of(self.decide(visitor, own, "accept"))
            assert "so a colleague must decide" in text
        accept_revision(own, by=holder(Role.PERFORMANCE_TEAM))
        assert now(record).value == 8

    def test_a_forged_decision_or_revision_is_not_found(self, team: Client, revision: Revision) -> None:
        with unchanged(revision):
            for name in ("", "delete", "accept\x00", LONG):
                assert self.decide(team, revision, name).status_code == 404
            assert team.post(reverse("revision", args=[revision.pk + 1]), {"decide": "accept"}).status_code == 404
            assert team.get("/revisions/99999999999999999999/").status_code == 404

    def test_another_services_revision_is_not_found(self, revision: Revision, record: MonthlyReturn) -> None:
        stranger = signed_in(KpiPersonFactory().user)
        with unchanged(record, revision):
            assert self.decide(stranger, revision, "accept").status_code == 404
        assert stranger.get(reverse("revision", args=[revision.pk])).status_code == 404

    def test_a_revision_waiting_keeps_an_outturn_from_being_confirmed(self, owner: User) -> None:
        march = MonthlyReturnFactory(accepted=True, month=date(2026, 3, 1), kpi_year__year=2025)
        KpiPersonFactory(kpi_year=march.kpi_year, user=owner)
        revision = proposed(march, owner, 11)
        where = reverse("return", args=[march.measured, march.kpi_year.code])
        reply = signed_in(owner).post(where, {"move": "confirm_outturn"})
        assert reply.status_code == 409
        assert "A revision of this figure is waiting to be decided" in reply.content.decode()
        withdraw_revision(revision, by=owner)
        signed_in(owner).post(where, {"move": "confirm_outturn"})
        assert now(march).outturn == "final"


class TestTheList:
    def test_what_waits_comes_first_with_both_figures(self, record: MonthlyReturn, owner: User) -> None:
        proposed(record, owner, 8)
        text = text_of(signed_in(holder(Role.PERFORMANCE_TEAM)), "/revisions/")
        assert "Example lorries, October 2026" in text
        assert "Kim Holder, 6 November 2026" in text

    def test_a_service_finds_its_own_only(self, record: MonthlyReturn, owner: User) -> None:
        proposed(record, owner, 8)
        assert "Example lorries" in text_of(signed_in(owner), "/revisions/")
        assert "Example lorries" not in text_of(signed_in(KpiPersonFactory().user), "/revisions/")

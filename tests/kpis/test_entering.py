"""The return page: reading before typing, the figures before submitting, drafts, submission, taking back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hdcperf.periods import Month
from hdcperf.roles import Role
from kpis.models import (
    Challenge,
    CommentaryExample,
    Finding,
    MonthlyReturn,
    MonthlyReturnTransition,
    RecoveryOutcome,
    ReturnAuthor,
)
from tests.factories.kpis import (
    ChallengeFactory,
    KpiPersonFactory,
    KpiYearFactory,
    LockExceptionFactory,
    MonthlyReturnFactory,
    TargetSetFactory,
)
from tests.factories.organisation import DelegationFactory, UserFactory, holder
from tests.kpis.entering import AMBER, FULL, OCTOBER, TODAY, Collected, collected

pytestmark = pytest.mark.django_db
State = MonthlyReturn.State


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


def _text(one: Collected, **who: object) -> str:
    return one.client(**who).get(one.url).content.decode()  # type: ignore[arg-type]


class TestBeforeTyping:
    def test_the_page_shows_targets_last_month_and_the_same_month_last_year(self) -> None:
        one = collected()
        before = KpiYearFactory(kpi=one.kpi_year.kpi, year=2025)
        MonthlyReturnFactory(kpi_year=before, month=date(2025, 10, 1), accepted=True, value=77)
        text = _text(one)
        assert "Your return for October 2026" in text
        assert "10 (intervention level 9)" in text
        assert "120 (intervention level 108)" in text
        assert "October 2025" in text
        assert ">77" in text
        assert "September 2026" in text
        assert "Due 12 November 2026" in text

    def test_a_figure_in_arrears_is_named_as_a_position(self) -> None:
        one = collected(months=0)
        august = MonthlyReturnFactory(kpi_year=one.kpi_year, month=date(2026, 8, 1), period=one.record.period)
        page = one.client().get(reverse("return", args=[august.measured, one.kpi_year.code])).content.decode()
        assert "Your return for October 2026" in page
        assert "osition as at August 2026" in page

    def test_last_months_words_lesson_and_examples_are_there_to_read(self) -> None:
        one = collected()
        september = MonthlyReturn.objects.get(kpi=one.record.kpi, month=date(2026, 9, 1))
        ChallengeFactory(
            monthly_return=september,
            state=Challenge.State.CLOSED,
            closed_by=one.reviewer,
            closed_at=september.transitions.last().at,
            figure_changed=True,
            lesson="The depot counts twice from now on.",
        )
        good = MonthlyReturnFactory(accepted=True, what_happened="A well written commentary.")
        CommentaryExample.objects.create(monthly_return=good, why_good="It names a cause.", chosen_by=one.reviewer)
        text = _text(one)
        assert "Examples were counted." in text
        assert "The depot counts twice from now on." in text
        assert "A well written commentary." in text
        assert "It names a cause." in text

    def test_the_page_says_for_whom_a_delegate_enters(self) -> None:
        one = collected()
        delegate = DelegationFactory(user=one.user).delegate
        assert f"You are covering for {one.user.name}." in _text(one, user=delegate)

    def test_history_does_not_make_the_page_dearer(self) -> None:
        short, long = collected(months=2), collected(months=6)
        older = KpiYearFactory(kpi=long.kpi_year.kpi, year=2025)
        TargetSetFactory(kpi_year=older)
        for month in older.months:
            MonthlyReturnFactory(kpi_year=older, month=month.first_day, accepted=True)
        counts = []
        for one in (short, long):
            client = one.client()
            client.get(one.url)
            with CaptureQueriesContext(connection) as asked:
                client.get(one.url)
            counts.append(len(asked))
        # Three more for last year's targets, whatever the number of its months.
        assert counts[1] <= counts[0] + 3
        assert counts[1] < 60


class TestFiguresBeforeSubmitting:
    def test_preview_shows_month_year_to_date_target_and_rag_and_saves_nothing(self) -> None:
        one = collected()
        reply = one.client().post(one.preview_url, {**FULL, "value": "4"})
        text = reply.content.decode()
        assert reply.status_code == 200
        assert "Year to date" in text
        assert ">64" in text  # six months of ten, and four
        assert "70 (intervention level 63)" in text
        assert "Amber" in text
        assert "This month 4, year to date 64: Amber; forecast Green." in text
        assert one.now().version == one.record.version
        assert one.now().state == State.NOT_STARTED

    def test_preview_says_what_it_would_take_and_suggests_forecasts(self) -> None:
        one = collected()
        text = one.client().post(one.preview_url, {**FULL, "value": "4"}).content.decode()
        assert "To end the year at 120" in text
        assert "From the rate so far" in text
        assert 'data-method="run_rate"' in text

    def test_preview_of_words_shows_them_as_they_will_appear(self) -> None:
        one = collected()
        text = one.client().post(one.preview_url, {**FULL, **AMBER}).content.decode()
        assert "A third crew starts. By 30 November 2026, Depot manager" in text

    def test_check_without_javascript_works_the_figures_out_and_saves_nothing(self) -> None:
        one = collected()
        text = one.post("check", value="4", why="").content.decode()
        assert "Amber" in text
        assert "Nothing has been saved yet." in text
        assert "Say what is being done." in text
        assert 'value="4"' in text
        assert one.now().state == State.NOT_STARTED

    def test_a_suggested_forecast_goes_into_its_box_without_javascript(self) -> None:
        one = collected()
        text = one.post("use:run_rate", value="10", forecast="").content.decode()
        assert 'name="forecast" value="120"' in text
        assert '<option value="run_rate" selected>' in text

    def test_parts_are_worked_out_and_a_nought_denominator_is_nothing_to_measure(self) -> None:
        one = collected(percentage=True, target=Decimal(85), intervention=Decimal(80))
        client = one.client()
        ninety = client.post(one.preview_url, {"numerator": "90", "denominator": "100"}).content.decode()
        nothing = client.post(one.preview_url, {"numerator": "0", "denominator": "0"}).content.decode()
        assert "90.0%" in ninety
        assert "Nothing to measure" in nothing
        assert "This month Nothing to measure" in nothing

    def test_march_has_its_outturn_instead_of_a_forecast(self, set_today: Callable[[date], None]) -> None:
        one = collected(months=0)
        march = MonthlyReturnFactory(kpi_year=one.kpi_year, month=date(2027, 3, 1))
        set_today(date(2027, 4, 6))
        page = one.client().get(reverse("return", args=[march.measured, one.kpi_year.code])).content.decode()
        assert "outturn" in page
        assert 'name="forecast"' not in page


class TestDrafts:
    def test_a_draft_may_lack_anything(self) -> None:
        one = collected()
        nothing = dict.fromkeys(FULL, "")
        reply = one.post("save", **{**nothing, "why": "Only this so far."})
        assert reply.status_code == 302
        assert one.now().state == State.DRAFT
        assert one.now().why == "Only this so far."

    def test_saving_keeps_the_author_and_for_whom(self) -> None:
        one = collected()
        delegate = DelegationFactory(user=one.user).delegate
        one.post("save", user=delegate)
        people = set(ReturnAuthor.objects.filter(monthly_return=one.record).values_list("user", flat=True))
        assert people == {delegate.pk, one.user.pk}

    def test_what_is_saved_is_what_was_typed(self) -> None:
        one = collected()
        one.post("save", **AMBER, internal_note="Two people are leaving.")
        saved = one.now()
        assert (saved.value, saved.done_by, saved.done_owner) == (Decimal(4), date(2026, 11, 30), "Depot manager")
        assert (saved.forecast, saved.forecast_method, saved.forecast_confidence) == (110, "judgement", "likely")
        assert saved.internal_note == "Two people are leaving."

    def test_saying_whether_the_recovery_action_was_done_is_kept_with_the_month_that_promised_it(self) -> None:
        one = collected(months=0)
        september = MonthlyReturnFactory(
            kpi_year=one.kpi_year, month=date(2026, 9, 1), accepted=True, being_done="A second crew."
        )
        assert "A second crew." in _text(one)
        one.post("save", recovery_result="part", recovery_words="The crew started a week late.")
        outcome = RecoveryOutcome.objects.get(monthly_return=september)
        assert (outcome.result, outcome.noted_by, outcome.told_with) == ("part", one.user, one.record)

    def test_half_an_answer_about_the_recovery_action_saves_nothing(self) -> None:
        one = collected(months=0)
        MonthlyReturnFactory(kpi_year=one.kpi_year, month=date(2026, 9, 1), accepted=True, being_done="A crew.")
        text = one.post("save", recovery_result="done").content.decode()
        assert "Say what came of it, in a sentence." in text
        assert one.now().state == State.NOT_STARTED


class TestSubmitting:
    def test_a_complete_return_is_submitted_and_the_next_one_due_appears(self) -> None:
        one = collected()
        following = MonthlyReturnFactory(kpi_year=KpiPersonFactory(user=one.user).kpi_year)
        reply = one.post("submit")
        assert one.now().state == State.SUBMITTED
        assert reply["Location"] == reverse("return", args=[OCTOBER, following.kpi_year.code])

    def test_after_the_last_one_the_tasks_appear(self) -> None:
        assert collected().post("submit")["Location"] == reverse("home")

    def test_an_incomplete_return_is_saved_and_says_beside_each_field_what_is_missing(self) -> None:
        one = collected()
        text = one.post("submit", value="4", why="", forecast="").content.decode()
        assert one.now().state == State.DRAFT
        assert one.now().value == 4
        for sentence in (
            "What you typed is saved as a draft. It is not submitted yet.",
            "Say what is being done.",
            "Enter the date it will be done by.",
            "Name the person who will see it done.",
            "Enter the figure you expect the year to end at.",
        ):
            assert sentence in text
        assert 'href="#id_being_done"' in text

    def test_amber_with_what_is_being_done_by_when_and_by_whom_is_submitted(self) -> None:
        one = collected()
        one.post("submit", **AMBER)
        assert one.now().state == State.SUBMITTED

    def test_a_finding_is_asked_about_answered_with_a_sentence_and_not_asked_again(self) -> None:
        one = collected()
        text = one.post("submit", value="100").content.decode()
        assert "about ten times the usual" in text
        assert 'name="answer_far_from_usual"' in text
        assert one.now().state == State.DRAFT
        one.post("submit", value="100", answer_far_from_usual="A festival was counted.")
        assert one.now().state == State.SUBMITTED
        assert Finding.objects.get(monthly_return=one.record).answer == "A festival was counted."
        one.post("take_back")
        one.post("submit", value="100")
        assert one.now().state == State.SUBMITTED

    def test_no_data_with_a_reason_and_a_date_is_submitted(self) -> None:
        one = collected()
        nothing = dict.fromkeys(FULL, "")
        no_data = {"no_data": "on", "no_data_reason": "The supplier is late."}
        one.post("submit", **{**nothing, **no_data})
        assert one.now().state == State.DRAFT
        when = {"no_data_until_day": "20", "no_data_until_month": "11", "no_data_until_year": "2026"}
        one.post("submit", **{**nothing, **no_data, **when})
        assert one.now().state == State.SUBMITTED
        assert one.now().no_data_until == date(2026, 11, 20)

    def test_a_stand_in_submits_and_the_record_says_for_whom(self) -> None:
        one = collected()
        stand_in = KpiPersonFactory(kpi_year=one.kpi_year, duty="stands_in").user
        one.post("submit", user=stand_in)
        row = MonthlyReturnTransition.objects.get(monthly_return=one.record, move="submit")
        assert (row.by, row.on_behalf_of) == (stand_in, one.user)

    def test_a_submitted_return_can_be_taken_back_until_the_lock(self) -> None:
        one = collected()
        one.post("submit")
        assert "It can be taken back until 19 November 2026." in _text(one)
        one.post("take_back")
        assert one.now().state == State.DRAFT


class TestReading:
    def test_the_performance_team_enters_and_the_head_of_service_only_reads(self) -> None:
        one = collected()
        head = holder(Role.HEAD_OF_SERVICE, service=one.kpi_year.service)
        assert 'name="value"' in _text(one, user=one.reviewer)
        reading = _text(one, user=head)
        assert 'name="value"' not in reading
        assert "You can read this return but not change it." in reading
        assert one.post("save", user=head).status_code == 403
        assert one.client(head).post(one.preview_url, FULL).status_code == 403
        assert one.now().state == State.NOT_STARTED

    def test_the_board_sees_an_accepted_return_without_the_internal_note(self) -> None:
        one = collected()
        accepted = MonthlyReturnFactory(
            kpi_year=KpiYearFactory(service=one.kpi_year.service), accepted=True, internal_note="A private worry."
        )
        url = reverse("return", args=[OCTOBER, accepted.kpi_year.code])
        board, team = holder(Role.BOARD), one.reviewer
        assert "A private worry." not in one.client(board).get(url).content.decode()
        assert "A private worry." in one.client(team).get(url).content.decode()

    def test_a_working_return_does_not_exist_for_the_board(self) -> None:
        one = collected(submitted=True)
        assert one.client(holder(Role.BOARD)).get(one.url).status_code == 404

    def test_an_accepted_return_shows_what_was_frozen_and_how_it_can_change(self) -> None:
        one = collected(accepted=True)
        text = _text(one)
        assert "so its figures are frozen" in text
        assert "changed only by a revision" in text
        assert 'name="value"' not in text

    def test_a_provisional_outturn_is_confirmed_as_final(self, set_today: Callable[[date], None]) -> None:
        one = collected(months=0)
        march = MonthlyReturnFactory(kpi_year=one.kpi_year, month=date(2027, 3, 1), accepted=True)
        set_today(date(2027, 5, 5))
        url = reverse("return", args=[march.measured, one.kpi_year.code])
        assert "Confirm as the final outturn" in one.client().get(url).content.decode()
        one.client().post(url, {"move": "confirm_outturn"})
        march.refresh_from_db()
        assert march.outturn == MonthlyReturn.Outturn.FINAL

    @pytest.mark.parametrize("code", ["PI 9999", "zzz"])
    def test_an_unknown_code_is_not_found(self, code: str) -> None:
        one = collected()
        assert one.client().get(reverse("return", args=[OCTOBER, code])).status_code == 404

    def test_codes_are_found_however_they_are_written(self) -> None:
        one = collected(code="PI 10")
        assert one.client().get("/returns/2026-10/kpi10/").status_code == 200


class TestLocks:
    def test_after_the_lock_the_page_says_which_lock_and_who_can_lift_it(
        self, set_today: Callable[[date], None]
    ) -> None:
        one = collected()
        set_today(date(2026, 11, 20))
        text = _text(one)
        assert "October 2026 locked after 19 November 2026. The Performance Team can lift the lock" in text
        assert 'name="value"' not in text

    def test_an_exception_opens_the_page_and_says_until_when(self, set_today: Callable[[date], None]) -> None:
        one = collected()
        LockExceptionFactory(monthly_return=one.record)
        set_today(date(2026, 11, 20))
        text = _text(one)
        assert "Open until 30 November 2026." in text
        assert one.post("submit").status_code == 302
        assert one.now().state == State.SUBMITTED

    def test_before_it_opens_nothing_can_be_entered(self, set_today: Callable[[date], None]) -> None:
        one = collected()
        set_today(date(2026, 10, 30))
        assert "October 2026 opens on 2 November 2026." in _text(one)
        assert one.post("save").status_code == 409


def test_another_services_return_does_not_exist() -> None:
    one = collected()
    assert one.client(holder(Role.SERVICE_MANAGER)).get(one.url).status_code == 404
    assert one.post("save", user=UserFactory()).status_code == 404
    assert one.client(UserFactory()).post(one.preview_url, FULL).status_code == 404


def test_a_code_means_the_kpi_that_had_it_in_that_year() -> None:
    one = collected(code="PI 1")
    other = KpiYearFactory(year=2025, code="PI 1", name="An older measure", service=one.kpi_year.service)
    KpiPersonFactory(kpi_year=other, user=one.user)
    old = MonthlyReturnFactory(kpi_year=other, month=date(2025, 10, 1), accepted=True)
    page = one.client().get(reverse("return", args=[Month(2025, 10), "PI 1"])).content.decode()
    assert old.kpi_year.name in page

"""Bad input on the return page: a sentence beside the field or a clear page, typed text kept, nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hdcperf.roles import Role
from kpis.models import MonthlyReturn
from tests.factories.kpis import KpiPersonFactory
from tests.factories.organisation import holder
from tests.kpis.entering import FULL, TODAY, Collected, collected

pytestmark = pytest.mark.django_db
State = MonthlyReturn.State


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("a lot", "is not a number"),
        ("1,5", "could mean"),
        ("1" * 16, "too many digits"),
        ("12345678901234", "at most 13 digits before the point"),
        ("1.1234567", "at most 6 digits after the point"),
        ("1e5", "without an exponent"),
        ("5\x005", "is not a number"),
        ("9" * 100_000, "too long to be a figure"),
        ("٤", "ordinary digits"),
    ],
)
@pytest.mark.parametrize("move", ["save", "submit", "check"])
def test_what_is_not_a_figure_is_refused_beside_its_box_and_nothing_is_saved(
    typed: str, sentence: str, move: str
) -> None:
    one = collected(months=1)
    reply = one.post(move, value=typed, why="A reason worth keeping.")
    text = reply.content.decode()
    assert reply.status_code == 200
    assert sentence in text
    assert 'href="#id_value"' in text
    assert "A reason worth keeping." in text
    assert "Nothing has been saved yet" in text
    assert one.now().state == State.NOT_STARTED


@pytest.mark.parametrize("typed", ["1,234", "1 234", " 1234 ", "1\u00a0234", "£1,234", "+1234", "1234.0", "1234%"])
def test_figures_are_taken_as_people_paste_them(typed: str) -> None:
    one = collected(months=1)
    one.post("save", value=typed)
    assert one.now().value == Decimal(1234)


class TestImpossibleFigures:
    def test_101_percent_is_saved_as_a_draft_and_not_submitted(self) -> None:
        one = collected(months=1, unit="percentage", ytd_rule="latest", maximum=Decimal(100), minimum=Decimal(0))
        text = one.post("submit", value="101%", forecast="90").content.decode()
        assert "above 100%, the largest it can be" in text
        assert one.now().state == State.DRAFT

    def test_a_numerator_above_its_denominator_is_not_submitted(self) -> None:
        one = collected(months=1, percentage=True)
        text = one.post("submit", value=None, numerator="12", denominator="10", forecast="90").content.decode()
        assert "Cases answered in time is 12, more than the 10 of cases answered." in text
        assert one.now().state == State.DRAFT

    def test_the_wrong_sign_is_not_submitted(self) -> None:
        one = collected(months=1, minimum=Decimal(0))
        text = one.post("submit", value="−5").content.decode()
        assert "below 0, the smallest it can be" in text
        assert one.now().state == State.DRAFT

    def test_a_denominator_of_nought_is_submitted_as_nothing_to_measure(self) -> None:
        one = collected(months=1, percentage=True, target=Decimal(80), intervention=Decimal(70))
        one.post("submit", value=None, numerator="0", denominator="0", forecast="84")
        assert one.now().state == State.SUBMITTED
        assert one.now().nothing_to_measure

    def test_a_figure_and_no_data_at_once_is_refused(self) -> None:
        one = collected(months=1)
        text = one.post("save", no_data="on").content.decode()
        assert "You entered a figure and ticked that there is none." in text
        assert one.now().state == State.NOT_STARTED

    def test_tiny_and_huge_parts_are_judged_without_an_error(self) -> None:
        one = collected(months=1, percentage=True)
        huge, tiny = "9999999999999", "0.000001"
        assert one.post("save", value=None, numerator=huge, denominator=tiny, forecast="").status_code == 302
        assert one.client().get(one.url).status_code == 200
        reply = one.post("submit", value=None, numerator=huge, denominator=tiny, forecast="")
        assert reply.status_code == 200
        assert one.now().state == State.DRAFT


class TestWords:
    def test_an_empty_comment_is_asked_for_when_submitting_and_never_in_a_draft(self) -> None:
        one = collected(months=1)
        assert one.post("save", what_happened=" \n ").status_code == 302
        text = one.post("submit", what_happened=" \n ").content.decode()
        assert "Say what happened this month." in text

    @pytest.mark.parametrize("move", ["save", "submit"])
    def test_100000_characters_are_refused_with_the_number_and_kept_on_the_page(self, move: str) -> None:
        one = collected(months=1)
        text = one.post(move, why="w" * 100_000).content.decode()
        assert "Why must be 4,000 characters or fewer. It is 100,000." in text
        assert "w" * 100_000 in text
        assert one.now().state == State.NOT_STARTED

    @pytest.mark.parametrize("field", ["what_happened", "done_owner", "internal_note", "forecast_note"])
    def test_a_nul_byte_is_refused_with_a_sentence(self, field: str) -> None:
        one = collected(months=1)
        text = one.post("save", **{field: "before\x00after"}).content.decode()
        assert "contains a character that cannot be kept" in text
        assert one.now().state == State.NOT_STARTED

    def test_words_are_escaped_wherever_they_are_shown(self) -> None:
        one = collected(months=1)
        one.post("save", why="<script>alert(1)</script>")
        assert "<script>alert(1)" not in one.client().get(one.url).content.decode()

    @pytest.mark.parametrize(
        ("parts", "sentence"),
        [
            (("31", "2", "2027"), "By when must be a real date"),
            (("31", "", ""), "By when must include a month and a year"),
            (("1", "1", "0001"), "By when must be on or after"),
            (("1\x00", "1", "2027"), "By when must have a day between 1 and 31"),
        ],
    )
    def test_a_date_that_is_none_is_refused_beside_its_boxes(self, parts: tuple[str, ...], sentence: str) -> None:
        one = collected(months=1)
        typed = dict(zip(("done_by_day", "done_by_month", "done_by_year"), parts, strict=True))
        assert sentence in one.post("save", **typed).content.decode()
        assert one.now().state == State.NOT_STARTED

    @pytest.mark.parametrize("field", ["forecast_method", "forecast_confidence"])
    def test_a_forged_choice_is_refused(self, field: str) -> None:
        one = collected(months=1)
        assert "from the list" in one.post("save", **{field: "forged\x00"}).content.decode()


class TestStaleTab:
    def _colleague_saves(self, one: Collected, **typed: str) -> None:
        colleague = KpiPersonFactory(kpi_year=one.kpi_year, user__name="Example Colleague").user
        one.post("save", user=colleague, **typed)

    def test_both_are_shown_and_nothing_is_written(self) -> None:
        one = collected(months=1)
        self._colleague_saves(one, value="12", why="Theirs.")
        reply = one.post("save", version=1, value="13", why="Mine.")
        text = reply.content.decode()
        assert reply.status_code == 409
        assert "Example Colleague changed this return while you were typing" in text
        for words in ("Theirs.", "Mine.", "Figure: 12", "Figure: 13"):
            assert words in text
        assert (one.now().value, one.now().why) == (12, "Theirs.")

    def test_the_person_chooses_part_by_part_and_saves(self) -> None:
        one = collected(months=1)
        self._colleague_saves(one, value="12", why="Theirs.", what_happened="Theirs too.")
        mine = {"value": "13", "why": "Mine.", "what_happened": "Mine too."}
        reply = one.post("save", **mine, keep_figure="theirs", keep_why="mine", keep_what_happened="theirs")
        assert reply.status_code == 302
        saved = one.now()
        assert (saved.value, saved.why, saved.what_happened) == (12, "Mine.", "Theirs too.")

    def test_a_part_only_they_changed_stands_ticked_as_theirs(self) -> None:
        one = collected(months=1)
        one.post("save", why="As it was.")
        opened = one.now().version
        self._colleague_saves(one, why="Theirs.")
        text = one.post("save", version=opened, value="13", why="As it was.").content.decode()
        assert 'id="keep_why_theirs" name="keep_why" value="theirs" checked' in text
        assert 'id="keep_figure_mine" name="keep_figure" value="mine" checked' in text

    def test_changed_again_meanwhile_both_are_shown_again(self) -> None:
        one = collected(months=1)
        self._colleague_saves(one, why="Theirs.")
        reply = one.post("save", version=1, why="Mine.", keep_why="mine")
        assert reply.status_code == 409
        assert one.now().why == "Theirs."

    @pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "²"])
    def test_a_garbled_version_is_no_version(self, version: str) -> None:
        one = collected(months=1)
        one.post("save", why="Saved first.")
        assert one.post("save", version=version, why="Other words.").status_code == 409
        assert one.now().why == "Saved first."


class TestTwice:
    def test_a_double_click_on_save_is_harmless(self) -> None:
        one = collected()
        assert one.post("save", version=1).status_code == 302
        assert one.post("save", version=1).status_code == 302
        assert one.now().transitions.count() == 1

    def test_a_double_click_on_submit_is_harmless(self) -> None:
        one = collected()
        assert one.post("submit", version=1).status_code == 302
        assert one.post("submit", version=1).status_code == 302
        assert one.now().transitions.filter(move="submit").count() == 1

    def test_a_double_click_on_take_back_is_harmless(self) -> None:
        one = collected()
        one.post("submit")
        assert one.post("take_back").status_code == 302
        assert one.post("take_back").status_code == 302
        assert one.now().state == State.DRAFT

    def test_when_a_colleague_submitted_first_the_page_names_them_and_keeps_what_was_typed(self) -> None:
        one = collected()
        colleague = KpiPersonFactory(kpi_year=one.kpi_year, user__name="Example Colleague").user
        one.post("submit", user=colleague)
        reply = one.post("submit", why="My long explanation.")
        text = reply.content.decode()
        assert reply.status_code == 409
        assert "Example Colleague" in text
        assert "My long explanation." in text
        assert one.now().why == FULL["why"]


class TestTooLate:
    def test_after_the_lock_a_clear_page_keeps_what_was_typed(self, set_today: Callable[[date], None]) -> None:
        one = collected(months=1)
        set_today(date(2026, 11, 20))
        reply = one.post("submit", why="My long explanation.")
        text = reply.content.decode()
        assert reply.status_code == 409
        assert "October 2026 locked after 19 November 2026." in text
        assert "My long explanation." in text
        assert one.now().state == State.NOT_STARTED

    def test_an_accepted_return_is_not_overwritten(self) -> None:
        one = collected(months=1, accepted=True)
        before = one.now()
        reply = one.post("save", why="My long explanation.")
        assert reply.status_code == 409
        assert "My long explanation." in reply.content.decode()
        assert (one.now().why, one.now().version) == (before.why, before.version)


class TestForged:
    @pytest.mark.parametrize(
        "path",
        ["/returns/2026-13/PI%201/", "/returns/2026-10/PI%00/", "/returns/0000-01/PI%201/", "/returns/2026-10/'/"],
    )
    def test_a_forged_address_is_not_found(self, path: str) -> None:
        assert collected(months=0).client().get(path).status_code == 404

    def test_a_forged_button_is_not_found(self) -> None:
        assert collected(months=0).post("accept").status_code == 404

    @pytest.mark.parametrize("pk", ["", "x", "0", "9" * 40, "-1", "²"])
    def test_forged_ids_of_challenges_and_corrections_are_not_found(self, pk: str) -> None:
        one = collected(months=0)
        assert one.post(f"escalate:{pk}").status_code == 404
        assert one.post(f"undo_correction:{pk}").status_code == 404

    def test_a_portfolio_holder_cannot_post_to_what_they_read(self) -> None:
        one = collected(months=0, accepted=True)
        assert one.post("save", user=holder(Role.BOARD)).status_code == 403


def test_an_expired_sign_in_carries_the_commentary_and_saves_it_after_the_same_person_signs_in() -> None:
    one = collected(months=1)
    page = one.client().get(one.url).content.decode()
    mark = page.split('name="typed_by" value="')[1].split('"')[0]
    stranger = Client()
    long = "A long commentary. " * 150
    asked = stranger.post(one.url, {**FULL, "why": long, "version": "1", "move": "save", "typed_by": mark})
    assert asked.status_code == 401
    carried = asked.content.decode().split('name="carried" value="')[1].split('"')[0]
    reply = stranger.post(reverse("sign-in"), {"email": one.user.email, "password": "demo", "carried": carried})
    assert reply.status_code == 302
    assert one.now().why == long.strip()


def test_a_refused_form_carried_over_a_sign_in_still_posts_to_its_own_address() -> None:
    one = collected(months=1)
    page = one.client().get(one.url).content.decode()
    mark = page.split('name="typed_by" value="')[1].split('"')[0]
    stranger = Client()
    asked = stranger.post(one.url, {**FULL, "value": "many", "version": "1", "move": "save", "typed_by": mark})
    carried = asked.content.decode().split('name="carried" value="')[1].split('"')[0]
    reply = stranger.post(reverse("sign-in"), {"email": one.user.email, "password": "demo", "carried": carried})
    text = reply.content.decode()
    assert "is not a number" in text
    assert f'<form method="post" action="{one.url}"' in text

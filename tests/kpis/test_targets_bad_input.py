"""What is wrong with a target is said beside its box, what was typed stays, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest

from kpis.models import MonthlyTarget, TargetSet
from kpis.operations.target_setting import send_target_back
from tests.kpis.seeing import TODAY, signed_in
from tests.kpis.target_world import APPROVAL_TYPED, OCTOBER, Targets, targets
from tests.kpis.unchanged import LONG, NUL, unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november(set_today: Callable[[date], None]) -> None:
    set_today(TODAY)


CHOSEN = ("step", "start", "profile", "wanted")
"""What is chosen from what the page offers: a forged choice is not offered again."""


def beside(page: str, field: str) -> str:
    """The refusal printed with a box."""
    found = re.search(rf'id="id_{re.escape(field)}_error"[^>]*>(.*?)</p>', page, re.S)
    assert found is not None, f"nothing is said beside {field}"
    return unescape(re.sub(r"<[^>]+>", "", found[1])).strip()


def refused(one: Targets, **typed: Any) -> str:
    """The page that refuses what was typed, having written nothing."""
    with unchanged():
        response = one.post(**typed)
    assert response.status_code == 200
    page = response.content.decode()
    for name, value in typed.items():
        if value and len(str(value)) < 100 and name not in CHOSEN and "\x00" not in str(value):
            assert str(value) in unescape(page), f"{name} was lost"
    return page


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"target": ""}, "target", "Enter a target for the year: 0 if the target is nought"),
        ({"target": "lots"}, "target", "“lots” is not a number"),
        ({"target": "1" * 16}, "target", "too many digits"),
        ({"target": "1,23"}, "target", "could mean 1.23 or 123"),
        ({"target": "120", "intervention": "130"}, "intervention", "is above the target of 120, its better side"),
        ({"target": "50", "intervention": ""}, "target", "to September 2026 already hold 60 of it"),
        ({"intervention": "149"}, "intervention", "already 6 from their target"),
        ({"reason": ""}, "reason", "Say why this target"),
        ({"reason": LONG}, "reason", "must be 2,000 characters or fewer. It is 100,000."),
        ({"reason": NUL}, "reason", "contains a character that cannot be kept"),
        ({"start": "2026-09"}, "start", "Select a month that no target has judged yet"),
        ({"start": "nonsense"}, "start", "Select a month that no target has judged yet"),
        ({"wanted": None}, "wanted", "Is there a target"),
        ({"profile": None}, "profile", "Select how it is spread"),
        ({"profile": "last_year"}, "profile", "Select one of the ways it can be spread"),
    ],
)
def test_it_is_said_beside_the_box(typed: dict[str, Any], field: str, says: str) -> None:
    assert says in beside(refused(targets(), **typed), field)


@pytest.mark.parametrize("written", ["1,500", "£1 500", "1 500", "+1500", "1500.0"])
def test_figures_are_read_as_people_write_them(written: str) -> None:
    one = targets()
    assert one.post(target=written, intervention="1,200").status_code == 302
    assert TargetSet.objects.get(state="awaiting").target == 1500


@pytest.mark.parametrize(("target", "says"), [("101%", "above 100.0%, the largest it can be"), ("-1", "below 0.0%")])
def test_a_target_the_measure_cannot_reach_is_refused(target: str, says: str) -> None:
    one = targets(judged=0, percentage=True, target=90, intervention=80)
    assert says in beside(refused(one, start="2026-04", target=target, intervention=""), "target")


class TestARange:
    def one(self) -> Targets:
        return targets(judged=0, band=True, latest=True, target=4, target_upper=6, intervention=None)

    EDGES = {"start": "2026-04", "target": "4", "target_upper": "6", "intervention": "", "intervention_upper": ""}

    @pytest.mark.parametrize(
        ("typed", "field", "says"),
        [
            ({"target_upper": ""}, "target_upper", "a range has two"),
            ({"target_upper": "3"}, "target_upper", "below the lower edge"),
            ({"intervention": "2"}, "intervention_upper", "both edges, or leave both empty"),
            ({"intervention": "5", "intervention_upper": "8"}, "intervention", "above the target"),
            ({"intervention": "2", "intervention_upper": "5"}, "intervention_upper", "below the target"),
        ],
    )
    def test_each_of_its_four_edges_is_checked(self, typed: dict[str, str], field: str, says: str) -> None:
        assert says in beside(refused(self.one(), **{**self.EDGES, **typed}), field)

    def test_all_four_are_kept_for_every_month(self) -> None:
        one = self.one()
        edges = {**self.EDGES, "intervention": "2", "intervention_upper": "8"}
        assert one.post(**edges).status_code == 302
        rows = MonthlyTarget.objects.filter(target_set__state="awaiting")
        assert rows.count() == 12
        found = set(rows.values_list("target", "target_upper", "intervention", "intervention_upper"))
        assert found == {(4, 6, 2, 8)}


class TestTypedMonths:
    def typed(self, **changes: str) -> dict[str, str]:
        months = ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03")
        boxes = {f"target_{month}": "15" for month in months} | {f"intervention_{month}": "13" for month in months}
        return {"profile": "typed", **boxes, **changes}

    def test_each_month_keeps_its_own_target_and_level_and_a_level_may_be_left_out(self) -> None:
        one = targets()
        typed = self.typed(**{"target_2026-12": "5", "target_2027-01": "25", "intervention_2026-12": ""})
        assert one.post(**{**typed, "intervention": ""}).status_code == 302
        rows = {row.month.month: row for row in MonthlyTarget.objects.filter(target_set__state="awaiting")}
        assert (rows[12].target, rows[12].intervention) == (5, None)
        assert (rows[1].target, rows[1].intervention) == (25, 13)

    def test_months_that_do_not_make_the_years_target_say_how_far_apart_they_are(self) -> None:
        page = refused(targets(), **self.typed(**{"target_2026-12": "5", "intervention_2026-12": "3"}))
        assert beside(page, "target").endswith(
            "The months add up to 140, but the year's target is 150: they are 10 apart."
        )

    def test_a_months_level_on_the_wrong_side_is_said_beside_that_month(self) -> None:
        page = refused(targets(), **self.typed(**{"intervention_2027-01": "16"}))
        assert "is above the target of 15" in beside(page, "intervention_2027-01")

    def test_a_month_left_empty_is_not_taken_for_nought(self) -> None:
        page = refused(targets(), **self.typed(**{"target_2027-02": ""}))
        assert "Enter a target for February 2027: 0 if the target is nought" in beside(page, "target_2027-02")

    def test_months_before_the_one_it_governs_from_are_not_read(self) -> None:
        one = targets()
        typed = self.typed(**{"target_2026-10": "nothing", "target_2026-11": "999"})
        for month in ("2026-12", "2027-01", "2027-02", "2027-03"):
            typed[f"target_{month}"] = "17.5"
        page = refused(one, **typed, start="2026-12")
        assert "is not a number" in beside(page, "target_2026-10")
        del typed["target_2026-10"]
        assert one.post(**{**typed, "start": "2026-12", "intervention": ""}).status_code == 302


def test_looking_at_the_months_saves_nothing_and_shows_what_last_year_would_have_got() -> None:
    one = targets(last_year=[10] * 12)
    page = refused(one, step="preview", profile="last_year")
    assert "Nothing has been saved yet" in page
    assert "2025/26 ended at 120, which would be red" in page
    assert "October 2025 had 10, 16.7% of 60, so October 2026 has 15, that share of 90" in page


def test_what_was_sent_back_is_put_right_from_what_was_typed() -> None:
    one = targets()
    made = one.propose()
    send_target_back(made, reason="Too easy.", by=one.team)
    page = one.client(one.manager).get(f"{one.form}?again={made.pk}").content.decode()
    assert 'value="150"' in page
    assert "The service grew." in page
    for hostile in ("0", "x", "9" * 40, "%00"):
        assert one.client(one.manager).get(f"{one.form}?again={hostile}").status_code == 200


def test_a_proposal_from_an_old_page_keeps_what_was_typed_and_says_who_was_first() -> None:
    one = targets()
    one.propose(by=one.team)
    with unchanged():
        page = one.post(target="165", reason="A different reason.").content.decode()
    assert "is awaiting approval already" in page
    assert "165" in page
    assert "A different reason." in page


class TestDeciding:
    def decide(self, made: TargetSet, one: Targets, by: Any = None, **typed: Any) -> Any:
        sent = {name: value for name, value in {**APPROVAL_TYPED, **typed}.items() if value is not None}
        return signed_in(by or one.team).post(f"/kpis/targets/{made.pk}/", sent)

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"approved_by": ""}, "Enter who approved it"),
            ({"approved_by": NUL}, "contains a character that cannot be kept"),
            ({"approved_by": LONG}, "must be 200 characters or fewer"),
            ({"approved_on_day": ""}, "must include a day"),
            ({"approved_on_month": "13"}, "must have a month between 1 and 12"),
            ({"approved_on_day": "6"}, "must be on or before 5 November 2026"),
        ],
    )
    def test_an_approval_says_who_and_when(self, typed: dict[str, str], says: str) -> None:
        one = targets()
        made = one.propose()
        with unchanged(made):
            page = self.decide(made, one, **typed).content.decode()
        assert says in unescape(page)

    def test_who_proposed_it_is_told_that_a_colleague_must(self) -> None:
        one = targets()
        made = one.propose(by=one.team)
        with unchanged(made):
            response = self.decide(made, one)
        assert response.status_code == 200
        assert "a colleague must record its approval" in response.content.decode()

    def test_a_reason_is_asked_for_before_it_goes_back(self) -> None:
        one = targets()
        made = one.propose()
        with unchanged(made):
            page = self.decide(made, one, decide="send_back").content.decode()
        assert "Say why the target is sent back" in page

    def test_a_button_there_is_not_is_not_found(self) -> None:
        one = targets()
        made = one.propose()
        with unchanged(made):
            for button in ("", "replace", "nonsense"):
                assert self.decide(made, one, decide=button).status_code == 404

    def test_an_approved_target_cannot_be_changed(self) -> None:
        one = targets()
        made = one.propose()
        assert self.decide(made, one).status_code == 302
        made.refresh_from_db()
        with unchanged(made):
            for move in ("send_back", "take_back"):
                answer = self.decide(made, one, by=one.team, decide=move, **{f"{move}-reason": "A slip."})
                assert answer.status_code in (200, 403)
        assert made.start == OCTOBER

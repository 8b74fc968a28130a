"""The rules of a pack on values alone: front page, drafted words, checks, what is kept back, what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.packs.frozen import CoverSection, FrozenPack, OutcomePart
from reports.packs.pieces import Figure, Promise, Status
from reports.rules.cover_drafts import drafts, facts, quotes_in, stale_quotes
from reports.rules.front_page import front_page, listed
from reports.rules.pack_changes import changes_between
from reports.rules.pack_checks import Beside, checked
from reports.rules.suppression import suppressed, to_hide
from tests.factories.packs import AMBER, GREEN, NO_DATA, RED, sample_action, sample_kpi, sample_pack

TODAY = date(2026, 11, 5)


def found(pack: FrozenPack, code: str, **beside: object) -> tuple[str, ...]:
    results = checked(pack, Beside(today=TODAY, **beside))  # type: ignore[arg-type]
    return next(one.found for one in results if one.code == code)


def holding(pack: FrozenPack, **facts: object) -> FrozenPack:
    """The pack with one KPI alone, of these facts."""
    kpi = sample_kpi(**facts)
    part = replace(pack.priorities[0], outcomes=(OutcomePart(1, "One", (kpi,), (sample_action(),)),))
    return replace(pack, priorities=(part,))


def test_the_front_page_counts_now_and_forecast_apart() -> None:
    kpis = [
        sample_kpi("KPI 1", status=Status(RED, GREEN, AMBER)),
        sample_kpi("KPI 2", status=Status(GREEN, AMBER, RED)),
        sample_kpi("KPI 3", status=Status(NO_DATA), missing="Not handed in yet by Housing"),
    ]
    page = front_page(kpis, [sample_action()], [], (), "Q1 2026/27")
    tally = page.tallies[0]
    assert [(one.colour.key, one.number) for one in tally.now] == [
        ("green", 1),
        ("amber", 0),
        ("red", 1),
        ("no_data", 1),
    ]
    assert [(one.colour.key, one.number) for one in tally.forecast] == [("green", 1), ("amber", 1), ("red", 0)]
    assert [one.code for one in page.better] == ["KPI 2"]
    assert [(one.code, one.words) for one in page.worse] == [
        ("KPI 1", "Amber to red"),
        ("CPA 64", "Green to amber"),
    ]
    assert page.asked_to_note == (
        "1 KPI is red now: KPI 1.",
        "1 item has nothing accepted for the period: KPI 3.",
    )
    assert page.completeness == "2 of 3 KPIs due have an accepted figure, and 1 of 1 action an accepted update."


@pytest.mark.parametrize(
    ("codes", "words"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_codes_are_listed_as_people_say_them(codes: list[str], words: str) -> None:
    assert listed(codes) == words


def test_a_drafted_covering_report_passes_its_own_checks() -> None:
    pack = sample_pack(cover=())
    front = front_page(pack.kpis, pack.actions, pack.projects, pack.revised, "Q1 2026/27")
    pack = replace(pack, front=front)
    words = drafts(pack)
    pack = replace(pack, cover=tuple(CoverSection(key, key, said) for key, said in words.items()))
    assert found(pack, "cover") == ()
    assert found(pack, "passes_over") == ()
    assert "KPI 18" in words["recommendations"]


@pytest.mark.parametrize(
    ("summary", "flagged"),
    [
        ("KPI 18 is red; a relief crew starts in November.", 0),
        ("A good quarter for leisure.", 1),
        ("KPI 1 is well, and KPI 180 too.", 1),
        ("KPI 18 is red. Overall performance is strong.", 1),
        ("Everything is on track.", 2),
    ],
)
def test_words_that_pass_over_the_reds_are_flagged(summary: str, flagged: int) -> None:
    pack = replace(sample_pack(), cover=(CoverSection("summary", "Summary", summary),))
    assert len(found(pack, "passes_over")) == flagged


def test_quotations_are_flagged_when_the_data_says_otherwise() -> None:
    pack = sample_pack()
    text = "KPI 18 stood at 61.0 per 100,000 in September."
    kept = quotes_in(text, facts(pack))
    assert ["KPI 18, September 2026", "61.0 per 100,000"] in kept
    now = holding(pack, month=Figure(Decimal(58), "58.0 per 100,000"))
    assert [one.now for one in stale_quotes(text, kept, facts(now))] == ["58.0 per 100,000"]
    assert stale_quotes("Nothing is quoted.", kept, facts(now)) == []


@pytest.mark.parametrize(
    ("recovery", "said"),
    [
        (None, "does not say what will be done"),
        (Promise("A crew", None, "Manager"), "does not say what will be done"),
        (Promise("A crew", date(2026, 11, 4), "Manager"), "which has passed"),
        (Promise("A crew", date(2026, 11, 5), "Manager"), ""),
    ],
)
def test_every_red_has_its_dated_recovery(recovery: Promise | None, said: str) -> None:
    words = "; ".join(found(holding(sample_pack(), recovery=recovery), "recovery"))
    assert said in words
    assert bool(words) == bool(said)


def test_a_colour_that_moved_says_why() -> None:
    pack = holding(sample_pack(), commentary=())
    assert found(pack, "moved") == ("KPI 18: green to red without a word on why",)
    assert found(sample_pack(), "moved") == ()


def test_what_is_due_and_absent_is_named() -> None:
    assert found(sample_pack(), "missing") == ("KPI 21: Not accepted yet: it is with Housing",)
    assert found(sample_pack(), "places_and_dates") != ()
    assert found(sample_pack(), "places_and_dates", confirmed="Against the map") == ()


@given(st.lists(st.none() | st.integers(0, 30).map(Decimal), max_size=12), st.integers(2, 10))
def test_no_number_kept_back_can_be_worked_out_from_the_year(values: list[Decimal | None], below: int) -> None:
    hidden = to_hide([(str(at), value) for at, value in enumerate(values)], below)
    small = {str(at) for at, value in enumerate(values) if value is not None and 0 < value < below}
    assert small <= hidden
    above_nought = [value for value in values if value is not None and value > 0]
    assert len(hidden) != 1 or len(above_nought) == 1


def test_a_small_number_is_kept_out_of_every_place_it_stands_in() -> None:
    kpi = sample_kpi(month=Figure(Decimal(3), "3"), chart=None, sentence="It was 3.")
    shown = suppressed(kpi, 5)
    assert (shown.month, shown.movement.key) == (Figure(None, "Fewer than 5"), "none")
    assert "3" not in shown.sentence
    assert suppressed(sample_kpi(), 5) == sample_kpi()


def test_a_correction_names_what_changed_and_nothing_else() -> None:
    old = sample_pack()
    assert changes_between(old, old) == ()
    kpi = replace(old.kpis[-1], month=Figure(Decimal(58), "58.0 per 100,000"), status=Status(AMBER, AMBER, GREEN))
    last = old.priorities[-1]
    part = replace(last.outcomes[0], kpis=(kpi,), projects=())
    new = replace(old, priorities=(*old.priorities[:-1], replace(last, outcomes=(part,))))
    said = {(one.where, one.what, one.old, one.new) for one in changes_between(old, new)}
    name = "KPI 18 Missed bins per 100,000 collections"
    assert said == {
        (name, "RAG now", "Red", "Amber"),
        (name, "The figure of the period", "61.0 per 100,000", "58.0 per 100,000"),
        ("PR 3 Example Road depot", "Taken away", "", ""),
    }

"""What is frozen comes back as it was, to the letter, and the same pack is the same text each time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.packs.codec import NotThisShape, from_json, to_json
from reports.packs.frozen import FrozenPack, OutcomePart, digest, read_pack, written
from reports.packs.items import FrozenKpi
from reports.packs.pieces import Change, Figure, Milestone
from tests.factories.packs import sample_kpi, sample_pack

WORDS = st.text(max_size=40)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        sample_pack,
        title=WORDS,
        version=st.integers(1, 99),
        frozen_on=st.dates(),
        meeting_on=st.none() | st.dates(),
        corrections=st.lists(st.builds(Change, WORDS, WORDS, WORDS, WORDS), max_size=3).map(tuple),
    ),
    st.lists(st.builds(Figure, st.none() | DECIMALS, WORDS), min_size=2, max_size=2),
)
@settings(deadline=None, max_examples=60)
def test_a_pack_comes_back_as_it_was_frozen(pack: FrozenPack, figures: list[Figure]) -> None:
    kpi = replace(sample_kpi(), month=figures[0], ytd=figures[1])
    part = replace(pack.priorities[0], outcomes=(OutcomePart(1, "One", (kpi,)),))
    pack = replace(pack, priorities=(part,))
    text = written(pack)
    assert read_pack(text) == pack
    assert written(read_pack(text)) == text
    # Equal numbers may be written differently: 1.50 stays 1.50.
    assert str(read_pack(text).kpis[0].month.value) == str(figures[0].value)


def test_the_text_says_nothing_a_reader_would_have_to_guess() -> None:
    text = to_json(Milestone("Contract let", date(2026, 12, 11)))
    assert text == '{"name":"Contract let","due":"2026-12-11","reached":null}'
    assert to_json(Figure(Decimal("61.0"), "61.0")) == '{"value":"61.0","words":"61.0"}'
    assert digest(text) == digest(text) != digest(text + " ")


@pytest.mark.parametrize(
    "spoilt",
    [
        "not json",
        "[]",
        '{"name":"A","due":"2026-13-01"}',
        '{"name":3,"due":"2026-12-11"}',
        '{"name":"A"}',
        '{"name":"A","due":"2026-12-11","colour":"red"}',
    ],
)
def test_a_text_of_another_shape_is_refused(spoilt: str) -> None:
    with pytest.raises(NotThisShape):
        from_json(Milestone, spoilt)


def test_a_pack_of_an_earlier_release_opens_without_what_it_did_not_have() -> None:
    plain = json.loads(written(sample_pack()))
    del plain["exempt_notice"]
    assert read_pack(json.dumps(plain)) == sample_pack()


def test_only_what_has_one_meaning_is_frozen() -> None:
    for value in (1.5, [1], Decimal("NaN"), {"a": 1}):
        with pytest.raises(TypeError):
            to_json(value)


def test_the_kpis_stand_in_the_order_they_are_printed() -> None:
    kpis: tuple[FrozenKpi, ...] = sample_pack().kpis
    assert [one.code for one in kpis] == ["KPI 1", "KPI 21", "KPI 18"]

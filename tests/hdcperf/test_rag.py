"""The one rule of red, amber and green, boundary by boundary."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.rag import Direction, Movement, Rag, check_figure, judge, movement

figures = st.decimals(-(10**6), 10**6, places=3)
levels = st.tuples(figures, figures).map(sorted)
bands = st.lists(figures, min_size=4, max_size=4).map(sorted)
SEVERITY = (Rag.GREEN, Rag.AMBER, Rag.RED)


def d(text):
    return None if text is None else D(text)


@pytest.mark.parametrize(
    ("words", "actual", "target", "intervention", "direction", "expected"),
    [
        ("higher is better: above target is green", "91", "90", "85", "higher", "green"),
        ("higher is better: on target is green", "90", "90", "85", "higher", "green"),
        ("higher is better: just below target is amber", "89.999999", "90", "85", "higher", "amber"),
        ("higher is better: on the intervention level is still amber", "85", "90", "85", "higher", "amber"),
        ("higher is better: just below the intervention level is red", "84.999999", "90", "85", "higher", "red"),
        ("lower is better: below target is green", "39", "39.8", "42", "lower", "green"),
        ("lower is better: on target is green", "39.8", "39.8", "42", "lower", "green"),
        ("lower is better: just above target is amber", "39.800001", "39.8", "42", "lower", "amber"),
        ("lower is better: on the intervention level is still amber", "42", "39.8", "42", "lower", "amber"),
        ("lower is better: just above the intervention level is red", "42.000001", "39.8", "42", "lower", "red"),
        ("no intervention level: there is no amber above", "89.999999", "90", None, "higher", "red"),
        ("no intervention level: there is no amber below", "39.800001", "39.8", None, "lower", "red"),
        ("no intervention level: on target is green", "90", "90", None, "higher", "green"),
        ("the level on the target: there is no amber", "89", "90", "90", "higher", "red"),
        ("a target of nought is a target: met", "0", "0", None, "lower", "green"),
        ("a target of nought is a target: missed", "1", "0", None, "lower", "red"),
        ("a figure of nought is a figure", "0", "90", "85", "higher", "red"),
        ("below nought counts as lower", "-5", "-4", "-3", "lower", "green"),
        ("no target is not judged", "91", None, None, "higher", "not_judged"),
        ("no figure is no data", None, "90", "85", "higher", "no_data"),
        ("no figure and no target is not judged", None, None, None, "higher", "not_judged"),
        ("neither way better is never judged", "91", "90", "85", "none", "not_judged"),
        ("neither way better is never judged, figure or not", None, None, None, "none", "not_judged"),
        ("written with more noughts is the same", "90.000000", "90", "85", "higher", "green"),
    ],
)
def test_the_boundaries_of_rag(words, actual, target, intervention, direction, expected):
    assert judge(d(actual), d(target), d(intervention), Direction(direction)) is Rag(expected), words


@pytest.mark.parametrize(
    ("words", "actual", "limits", "expected"),
    [
        ("inside the band is green", "5", ("2", "8"), "green"),
        ("on the lower edge is green", "4", ("2", "8"), "green"),
        ("on the upper edge is green", "6", ("2", "8"), "green"),
        ("below the band within the limits is amber", "3.999", ("2", "8"), "amber"),
        ("above the band within the limits is amber", "6.001", ("2", "8"), "amber"),
        ("on the lower limit is still amber", "2", ("2", "8"), "amber"),
        ("on the upper limit is still amber", "8", ("2", "8"), "amber"),
        ("below the limits is red", "1.999", ("2", "8"), "red"),
        ("above the limits is red", "8.001", ("2", "8"), "red"),
        ("without limits below the band is red", "3.999", (None, None), "red"),
        ("without limits above the band is red", "6.001", (None, None), "red"),
        ("no figure is no data", None, ("2", "8"), "no_data"),
    ],
)
def test_the_boundaries_of_a_range(words, actual, limits, expected):
    lower, upper = map(d, limits)
    assert judge(d(actual), D(4), lower, Direction.RANGE, D(6), upper) is Rag(expected), words


def test_a_range_without_a_target_is_not_judged():
    assert judge(D(5), None, None, Direction.RANGE) is Rag.NOT_JUDGED


@pytest.mark.parametrize("position", range(5))
def test_a_float_is_refused_wherever_it_stands(position):
    given_figures = [D(5), D(4), D(2), D(6), D(8)]
    given_figures[position] = 5.0
    actual, target, level, upper, level_upper = given_figures
    with pytest.raises(TypeError, match="float is not exact"):
        judge(actual, target, level, Direction.RANGE, upper, level_upper)


def test_a_whole_number_must_be_a_decimal_too():
    with pytest.raises(TypeError, match="not int"):
        judge(5, D(4), None, Direction.HIGHER)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "sNaN", "1234567890123456", "0.1234567890123456"])
def test_what_is_no_number_or_has_too_many_digits_is_refused(text):
    with pytest.raises(ValueError, match=r"number|digits"):
        judge(D(text), D(4), None, Direction.HIGHER)


@pytest.mark.parametrize("text", ["123456789012345", "0.000001", "1E+20", "100000000000000000", "0"])
def test_fifteen_digits_are_kept_and_noughts_round_them_do_not_count(text):
    check_figure(D(text))


def test_half_a_range_is_refused():
    with pytest.raises(ValueError, match="two edges"):
        judge(D(5), D(4), None, Direction.RANGE)
    with pytest.raises(ValueError, match="two edges"):
        judge(D(5), D(4), D(2), Direction.RANGE, D(6))


def test_an_upper_edge_without_a_range_is_refused():
    with pytest.raises(ValueError, match="Only a range"):
        judge(D(5), D(4), None, Direction.HIGHER, D(6))


@given(figures, figures, levels)
def test_a_higher_figure_is_never_judged_worse_where_higher_is_better(one, other, pair):
    level, target = pair
    low, high = sorted((one, other))
    judged = [SEVERITY.index(judge(figure, target, level, Direction.HIGHER)) for figure in (low, high)]
    assert judged[1] <= judged[0]


@given(figures, levels)
def test_lower_is_better_is_higher_is_better_in_a_mirror(actual, pair):
    level, target = pair
    assert judge(actual, target, level, Direction.HIGHER) is judge(-actual, -target, -level, Direction.LOWER)


@given(bands, st.lists(st.decimals(0, 10**6, places=3), min_size=2, max_size=2).map(sorted), st.booleans())
def test_a_figure_nearer_the_band_is_never_judged_worse(band, distances, is_above):
    level, target, upper, level_upper = band
    judged = [
        SEVERITY.index(
            judge(upper + apart if is_above else target - apart, target, level, Direction.RANGE, upper, level_upper)
        )
        for apart in distances
    ]
    assert judged[0] <= judged[1]


@given(figures, levels)
def test_a_stricter_intervention_level_never_makes_red_amber(actual, pair):
    level, target = pair
    loose = judge(actual, target, level, Direction.HIGHER)
    strict = judge(actual, target, target, Direction.HIGHER)
    assert SEVERITY.index(strict) >= SEVERITY.index(loose)


@pytest.mark.parametrize(
    ("previous", "current", "direction", "expected"),
    [
        ("1", "2", "higher", "better"),
        ("2", "1", "higher", "worse"),
        ("1", "2", "lower", "worse"),
        ("2", "1", "lower", "better"),
        ("2", "2.0", "lower", "same"),
        ("1", "2", "none", "none"),
        (None, "2", "higher", "none"),
        ("1", None, "higher", "none"),
        ("1", "2", "range", "none"),
    ],
)
def test_movement_follows_the_direction(previous, current, direction, expected):
    assert movement(d(previous), d(current), Direction(direction)) is Movement(expected)


@pytest.mark.parametrize(
    ("previous", "current", "expected"),
    [
        ("1", "3", "better"),
        ("9", "7", "better"),
        ("5", "9", "worse"),
        ("4", "6", "same"),
        ("3", "7", "same"),
    ],
)
def test_movement_in_a_range_is_towards_the_band(previous, current, expected):
    assert movement(d(previous), d(current), Direction.RANGE, D(4), D(6)) is Movement(expected)


@given(figures, figures, st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_going_back_undoes_a_movement(one, other, direction):
    opposite = {Movement.BETTER: Movement.WORSE, Movement.WORSE: Movement.BETTER, Movement.SAME: Movement.SAME}
    assert movement(other, one, direction) is opposite[movement(one, other, direction)]


def test_the_worst_sorts_first():
    assert sorted(Rag, key=lambda one: one.rank)[:4] == [Rag.RED, Rag.AMBER, Rag.NO_DATA, Rag.GREEN]


def test_only_amber_and_red_are_off_target():
    assert [one for one in Rag if one.is_off_target] == [Rag.AMBER, Rag.RED]


def test_words_are_stored_plain_and_labelled():
    assert (str(Rag.NO_DATA), Rag.NO_DATA.label) == ("no_data", "No data")
    assert Direction("range").label == "Within a range"

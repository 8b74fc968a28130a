"""Figures as people type and paste them."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpis.rules.figures import Unit, format_figure
from kpis.rules.typed import FigureError, parse_figure


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("12,345,678", "12345678"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        ("1\u202f234\u2009567", "1234567"),
        ("  42\t", "42"),
        ("£1,234.50", "1234.5"),
        ("£ 5", "5"),
        ("-£5", "-5"),
        ("£-5", "-5"),
        ("98.7%", "98.7"),
        ("98.7 %", "98.7"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("\u20133", "-3"),
        ("- 3", "-3"),
        ("+7", "7"),
        (".5", "0.5"),
        ("5.", "5"),
        ("007", "7"),
        ("0", "0"),
        ("-0.00", "0"),
        ("1.500000000", "1.5"),
        ("1234567890123", "1234567890123"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_figure_is_read_as_people_write_it(text, figure):
    assert parse_figure(text) == D(figure)
    assert str(parse_figure(text)) == figure


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a figure"),
        ("\u00a0 ", "Enter a figure"),
        ("abc", "“abc” is not a number"),
        ("12 days", "“12 days” is not a number"),
        ("(123)", "is not a number"),
        ("--5", "is not a number"),
        ("£5%", "is not a number"),
        ("££5", "is not a number"),
        ("5%%", "is not a number"),
        ("-", "is not a number"),
        (".", r"commas or points in unusual places"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("0x10", "is not a number"),
        ("1_000", "is not a number"),
        ("5\x00", "“5�” is not a number"),
        ("1,5", r"could mean 1\.5 or 15"),
        ("1,23", r"could mean 1\.23 or 123"),
        ("1,2345", "could mean"),
        ("1,23,456", "unusual places"),
        ("1.234.567", "unusual places"),
        ("1,234 567", "unusual places"),
        ("1 2", "unusual places"),
        ("1e5", "without an exponent"),
        ("1.5E-3", "without an exponent"),
        ("1.5k", r"in full: 1,500\."),
        ("£2m", r"in full: 2,000,000\."),
        ("1,200 K", r"in full: 1,200,000\."),
        ("3 million", r"in full: 3,000,000\."),
        ("1,5k", "such as 1,500 for 1.5k"),
        ("１２", "ordinary digits"),
        ("٣", "ordinary digits"),
        ("½", "is not a number"),
        ("1234567890123456", "at most 15"),
        ("12345678901234", "at most 13 digits before the point"),
        ("0.1234567", "at most 6 digits after the point"),
        ("1" * 101, "too long"),
        ("9" * 100_000, "too long"),
    ],
)
def test_what_is_not_a_figure_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(FigureError, match=sentence) as refused:
        parse_figure(text)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 200


@given(st.decimals(-(10**9), 10**9, places=6))
def test_a_printed_figure_reads_back_whatever_its_unit(value):
    for unit in (Unit.NUMBER, Unit.CURRENCY, Unit.PERCENTAGE):
        assert parse_figure(format_figure(value, unit, 6)) == value


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from("\u00a0\u202f\u2009 "))
def test_the_kind_of_space_between_thousands_does_not_matter(value, space):
    assert parse_figure(f"{value:,}".replace(",", space)) == value


def read(text):
    """The figure, or the sentence that refuses it."""
    try:
        return parse_figure(text)
    except FigureError as refused:
        return str(refused)


@given(st.one_of(st.text(max_size=200), st.text("0123456789,. £%+-kmeE\u00a0\u2212", max_size=25)))
def test_anything_typed_is_a_figure_or_a_sentence(text):
    answer = read(text)
    if isinstance(answer, str):
        assert answer.endswith(".")
    else:
        assert answer.is_finite()
        assert len(answer.as_tuple().digits) <= 15

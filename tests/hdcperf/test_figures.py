"""A figure is printed one way, wherever it stands: in a sentence, a table, a tag or a chart."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.charts import KpiChart
from hdcperf.figures import print_figure
from hdcperf.ui import figure
from kpis.rules.figures import Unit, format_figure


@pytest.mark.parametrize(
    ("value", "decimals", "prefix", "suffix", "expected"),
    [
        ("1250", 0, "£", "", "£1,250"),
        ("-3.5", 0, "", " days", "−4 days"),
        ("84.25", 1, "", "%", "84.3%"),
        ("-0.4", 0, "", "", "0"),
        ("0.5", 0, "", "", "1"),
        ("123456789012345", 2, "£", "", "£123,456,789,012,345.00"),
    ],
)
def test_a_figure_is_printed_as_people_read_it(
    value: str, decimals: int, prefix: str, suffix: str, expected: str
) -> None:
    assert print_figure(Decimal(value), decimals, prefix, suffix) == expected


@pytest.mark.parametrize(("value", "printed"), [("1204.500", "1,204.5"), ("-0.25", "−0.25"), ("1E+3", "1,000")])
def test_without_decimals_it_is_as_exact_as_it_is_held(value: str, printed: str) -> None:
    assert print_figure(Decimal(value)) == printed


@given(st.decimals(-(10**13), 10**13, places=6), st.integers(0, 6))
def test_sentences_tables_and_charts_print_the_same(value: Decimal, decimals: int) -> None:
    chart = KpiChart(title="Example", points=(), decimals=decimals, prefix="£")
    printed = {
        print_figure(value, decimals, "£"),
        figure(value, decimals, prefix="£"),
        format_figure(value, Unit.CURRENCY, decimals),
        chart.figure(value),
    }
    assert len(printed) == 1


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_no_number_is_not_printed(value: str) -> None:
    with pytest.raises(ValueError, match="not a figure"):
        print_figure(Decimal(value), 0)

"""Charts: whatever the figures, the drawing is valid, inside its box and says what the table says."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from random import Random
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from hdcperf.charts import (
    Break,
    Event,
    Forecast,
    KpiChart,
    Level,
    Limits,
    Point,
    describe,
    notes,
    plotly_json,
    present,
    rag_bar,
    sparkline,
    svg,
    table,
)
from hdcperf.charts.palette import BAND, RAG, TARGET, THIS_YEAR
from hdcperf.charts.scale import axis_for, spread, text_width, tick_text

MONTHS = ["April", "May", "June", "July", "August", "September"]
MONTHS += ["October", "November", "December", "January", "February", "March"]
NAMESPACE = "{http://www.w3.org/2000/svg}"


def months(count: int, first_year: int = 2026) -> list[tuple[str, str]]:
    return [
        (f"{MONTHS[at % 12]} {first_year + at // 12 + (at % 12 > 8)}", MONTHS[at % 12][:3]) for at in range(count)
    ]


def points(*values: str | None, level: Level | None = None, rag: str = "Green") -> tuple[Point, ...]:
    named = zip(months(len(values)), values, strict=True)
    return tuple(
        Point(label, short, None if value is None else Decimal(value), rag if value else "", level=level)
        for (label, short), value in named
    )


def lines(drawing: str, colour: str) -> list[str]:
    """The outlines drawn in a stroke of that colour."""
    found = list(ElementTree.fromstring(drawing).iter(f"{NAMESPACE}path"))
    return [element.get("d", "") for element in found if element.get("stroke") == colour and not element.get("fill")]


def words(drawing: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(drawing).iter(f"{NAMESPACE}text")]


# Any chart at all

figures = st.decimals(min_value=-(10**15), max_value=10**15, allow_nan=False, allow_infinity=False, places=4)
small_figures = st.decimals(min_value=-200, max_value=200, allow_nan=False, allow_infinity=False, places=2)
some_words = st.text(max_size=40)
RAGS = ["Green", "Amber", "Red", "No data", "Not judged", "", "something else"]
rags = st.sampled_from(RAGS)


@st.composite
def charts(draw: st.DrawFn) -> KpiChart:
    """Any chart of up to 36 months. Hypothesis picks the figures and words, a seeded shuffle deals them out."""
    values = draw(st.lists(draw(st.sampled_from([figures, small_figures])), min_size=1, max_size=6))
    phrases = draw(st.lists(some_words, min_size=1, max_size=3))
    count, deal = draw(st.integers(0, 36)), Random(draw(st.integers(0, 10**6)))
    gaps, untargeted, marked = (draw(st.sampled_from([0.0, 0.3, 1.0])) for _ in range(3))

    def value(missing: float) -> Decimal | None:
        return None if deal.random() < missing else deal.choice(values)

    def level() -> Level | None:
        edges = (value(gaps), value(0.5), value(0.5))
        return None if deal.random() < untargeted else Level(deal.choice(values), *edges)

    def point(label: str, short: str) -> Point:
        marks = "".join(deal.sample("rpd", deal.randint(1, 3))) if deal.random() < marked else ""
        return Point(label, short, value(gaps), deal.choice(RAGS), marks, level(), value(0.3))

    named = months(count)
    labels = [label for label, _ in named] or ["Never"]
    return KpiChart(
        title=deal.choice(phrases),
        points=tuple(point(label, short) for label, short in named),
        alt=deal.choice(phrases),
        prefix=draw(st.sampled_from(["", "£"])),
        suffix=draw(st.sampled_from(["", "%", " days", " per 100,000 people who live in the district"])),
        decimals=draw(st.integers(0, 4)),
        this_label=deal.choice(phrases),
        last_label=deal.choice(phrases),
        events=tuple(Event(deal.choice(labels), deal.choice(phrases)) for _ in range(draw(st.integers(0, 6)))),
        breaks=tuple(Break(deal.choice(labels), deal.choice(phrases)) for _ in range(draw(st.integers(0, 2)))),
        forecast=draw(st.none() | st.builds(Forecast, figures, rags, some_words)),
        limits=draw(st.none() | st.builds(Limits, figures, figures, some_words)),
    )


def coordinates(root: ElementTree.Element) -> Iterator[tuple[float, float]]:
    """Every place the drawing names: path corners, rectangle corners, and both ends of each text."""
    for element in root.iter():
        kind = element.tag.removeprefix(NAMESPACE)
        if kind == "path":
            for command, numbers in re.findall("([MLA])([^MLAZ]*)", element.get("d", "")):
                parts = [float(number) for number in numbers.split()]
                assert len(parts) == (7 if command == "A" else 2)
                yield parts[-2], parts[-1]
        elif kind == "rect":
            x, y = float(element.get("x", "nan")), float(element.get("y", "nan"))
            yield x, y
            yield x + float(element.get("width", "nan")), y + float(element.get("height", "nan"))
        elif kind == "text":
            x, y = float(element.get("x", "nan")), float(element.get("y", "nan"))
            width = text_width(element.text or "", float(element.get("font-size", "13")))
            start = {"middle": x - width / 2, "end": x - width}.get(element.get("text-anchor", ""), x)
            yield start, y
            yield start + width, y
        else:
            assert kind in ("svg", "title", "desc"), f"An element nobody expected: {kind}"


def assert_sound(drawing: str) -> None:
    root = ElementTree.fromstring(drawing)
    _, _, width, height = (float(number) for number in root.get("viewBox", "").split())
    outside = [
        place for place in coordinates(root) if not (-1 <= place[0] <= width + 1 and -1 <= place[1] <= height + 1)
    ]
    assert outside == []
    assert root.get("role") == "img"
    assert root[0].tag == f"{NAMESPACE}title"
    assert not any(element.get("style") for element in root.iter())


@given(charts(), st.sampled_from([(640, 300), (320, 260), (240, 160), (1000, 240)]))
def test_any_chart_draws_valid_xml_inside_its_box(chart: KpiChart, size: tuple[int, int]) -> None:
    drawing = svg(chart, *size)
    assert_sound(drawing)
    spoken = len(chart.title) + len(describe(chart))
    assert len(drawing) < 4000 + 500 * len(chart.points) + 6 * spoken


@given(charts())
def test_any_chart_is_plain_json_for_plotly_without_markup_but_line_breaks(chart: KpiChart) -> None:
    printed = json.dumps(plotly_json(chart), allow_nan=False)
    assert "<" not in printed.replace("<br>", "")


@given(charts())
def test_every_point_of_a_chart_is_a_row_of_its_table(chart: KpiChart) -> None:
    rows = table(chart).rows
    assert [row.month for row in rows][: len(chart.points)] == [point.label for point in chart.points]
    assert len(rows) == len(chart.points) + (1 if chart.forecast else 0)


@given(st.lists(st.none() | figures, max_size=30), rags, st.none() | figures, some_words)
def test_any_sparkline_is_valid_small_and_inside_its_box(
    values: list[Decimal | None], rag: str, target: Decimal | None, title: str
) -> None:
    drawing = sparkline(values, rag, target, title)
    assert_sound(drawing)
    assert len(drawing) < 2200 + 6 * len(title)


@given(st.dictionaries(some_words.filter(bool), st.integers(0, 5000), max_size=8), st.sampled_from([300, 640]))
def test_any_rag_bar_is_valid_and_inside_its_box(counts: dict[str, int], width: int) -> None:
    assert_sound(rag_bar(counts, "October 2026", width))


# What it shows


def test_a_year_with_target_tolerance_and_last_year_is_a_few_kilobytes() -> None:
    level = Level(Decimal(45), Decimal(50))
    drawn = [replace(point, last_year=Decimal(44)) for point in points(*["41.2", "52.9"] * 6, level=level)]
    assert len(svg(KpiChart("Missed bins", tuple(drawn)))) < 4000


def test_a_missing_month_is_a_gap_and_never_nought() -> None:
    chart = KpiChart("Calls", points("5", "6", None, "7", "8"))
    assert len(lines(svg(chart), THIS_YEAR)) == 2
    trace = plotly_json(chart)["data"][0]
    assert trace["y"] == [5.0, 6.0, None, 7.0, 8.0]
    assert table(chart).rows[2].figure == "No data"


def test_a_break_parts_the_line_and_is_explained() -> None:
    chart = KpiChart("Calls", points("5", "6", "7", "8"), breaks=(Break("June 2026", "Counted by case"),))
    assert len(lines(svg(chart), THIS_YEAR)) == 2
    assert notes(chart)[0] == "Break in the figures before June 2026: Counted by case."


def test_a_target_that_changes_is_one_line_with_a_step() -> None:
    early, late = Level(Decimal(10)), Level(Decimal(12))
    first = points("9", "9", level=early)
    later = tuple(Point(f"{name} 2026", name[:3], Decimal(9), "Red", level=late) for name in ("June", "July"))
    drawn = list(lines(svg(KpiChart("Calls", first + later)), TARGET))
    assert len(drawn) == 1
    heights = [float(place.split()[1]) for place in drawn[0][1:].split("L")]
    assert heights[0] == heights[1] > heights[2] == heights[3]


def test_tolerance_is_shaded_on_both_sides_of_a_range() -> None:
    level = Level(Decimal(8), Decimal(6), Decimal(12), Decimal(15))
    root = ElementTree.fromstring(svg(KpiChart("Turnover", points("9", "10", level=level))))
    bands = [element.get("d", "") for element in root.iter(f"{NAMESPACE}path") if element.get("fill") == BAND]
    assert [outline.count("M") for outline in bands] == [2]


def test_no_tolerance_is_shaded_without_an_intervention_level() -> None:
    assert BAND not in svg(KpiChart("Turnover", points("9", "10", level=Level(Decimal(8)))))


def test_rag_is_told_by_shape_as_well_as_colour() -> None:
    shapes = {}
    for rag in ("Green", "Amber", "Red"):
        colour = RAG[rag.lower()].fill
        root = ElementTree.fromstring(svg(KpiChart("Calls", points("5", rag=rag))))
        (outline,) = [el.get("d", "") for el in root.iter(f"{NAMESPACE}path") if el.get("fill") == colour]
        shapes[rag] = (outline.count("A"), outline.count("L"))
    assert shapes == {"Green": (2, 0), "Amber": (0, 2), "Red": (0, 3)}


def test_revised_provisional_and_disputed_points_are_marked_and_explained() -> None:
    point = Point("April 2026", "Apr", Decimal(5), "Green", marks="rp")
    chart = KpiChart("Calls", (point,))
    assert "rp" in words(svg(chart))
    assert notes(chart)[:2] == ("r = revised figure.", "p = provisional figure.")
    assert table(chart).rows[0].marks == "Revised, provisional"


def test_events_are_numbered_in_time_order_and_those_outside_left_out() -> None:
    events = (Event("June 2026", "Flood"), Event("April 2026", "New charge"), Event("May 1999", "Long ago"))
    chart = KpiChart("Calls", points("5", "6", "7"), events=events)
    assert present(chart).events == ("April 2026: New charge", "June 2026: Flood")
    assert {"1", "2"} <= set(words(svg(chart)))


def test_labels_of_months_do_not_overlap_on_a_small_screen() -> None:
    root = ElementTree.fromstring(svg(KpiChart("Calls", points(*["5"] * 24)), 320, 260))
    shown = [el for el in root.iter(f"{NAMESPACE}text") if el.text in {name[:3] for name in MONTHS}]
    spans = [(float(el.get("x", "")), text_width(el.text or "", 13) / 2) for el in shown]
    assert len(spans) > 3
    assert all(left + half < right - other for (left, half), (right, other) in itertools.pairwise(spans))


def test_the_year_is_printed_under_the_first_month_of_each() -> None:
    assert [word for word in words(svg(KpiChart("Calls", points(*["5"] * 12)))) if word.startswith("20")] == [
        "2026",
        "2027",
    ]


def test_a_chart_without_points_says_so() -> None:
    view = present(KpiChart("Calls", ()))
    assert "No figures to show" in view.svg
    assert view.alt == "There are no figures to show."
    assert view.plotly == {}


def test_words_are_escaped_everywhere() -> None:
    bad = "<script>alert('x')</script> & \x00\x0b"
    chart = KpiChart(
        bad,
        (Point("April 2026", bad, Decimal(5), bad, level=Level(Decimal(4))),),
        alt=bad,
        suffix=bad,
        this_label=bad,
        events=(Event("April 2026", bad),),
    )
    page = render_to_string("components/chart.html", {"chart": present(chart, "chart-one")})
    assert "<script>alert" not in page
    assert_sound(svg(chart))
    assert_sound(sparkline([Decimal(1)], title=bad))
    assert_sound(rag_bar({bad: 3}, bad))


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_a_figure_that_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        Point("April 2026", "Apr", Decimal(value))


def test_two_points_of_one_month_are_refused() -> None:
    with pytest.raises(ValueError, match="own label"):
        KpiChart("Calls", points("5") + points("6"))


def test_a_mark_nobody_explains_is_refused() -> None:
    with pytest.raises(ValueError, match="not x"):
        Point("April 2026", "Apr", Decimal(1), marks="x")


def test_a_chart_too_small_to_read_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 240"):
        svg(KpiChart("Calls", points("5")), 100, 40)


# The axis


def axis_words(*values: str, suffix: str = "", prefix: str = "", decimals: int = 0) -> list[str]:
    chart = KpiChart("Calls", points(*values), suffix=suffix, prefix=prefix, decimals=decimals)
    axis = axis_for(chart)
    return [tick_text(tick, axis, chart) for tick in axis.ticks]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        (axis_words("3", "18"), ["0", "5", "10", "15", "20"]),
        (axis_words("5", "5", "5"), ["0", "2", "4", "6"]),
        (axis_words("0", "0"), ["0", "1"]),
        (axis_words("97", "99.1", suffix="%", decimals=1), ["94%", "96%", "98%", "100%"]),
        (axis_words("20", "100", suffix="%"), ["0%", "25%", "50%", "75%", "100%"]),
        (axis_words("-12000", "22000", prefix="£"), ["−£20k", "−£10k", "£0", "£10k", "£20k", "£30k"]),
        (axis_words("1600000", prefix="£"), ["£0", "£0.5m", "£1.0m", "£1.5m", "£2.0m"]),
        (axis_words("0.01", "0.05", decimals=3), ["0", "0.02", "0.04", "0.06"]),
        (axis_words("3", "18", suffix=" days"), ["0", "5", "10", "15", "20"]),
    ],
)
def test_ticks_are_round_numbers_people_read(ticks: list[str], expected: list[str]) -> None:
    assert ticks == expected


@given(charts())
def test_the_axis_holds_every_figure_on_a_handful_of_ticks(chart: KpiChart) -> None:
    axis = axis_for(chart)
    shown = [point.value for point in chart.points if point.value is not None]
    slack = (axis.high - axis.low) * 1e-6
    assert all(axis.low - slack <= float(value) <= axis.high + slack for value in shown)
    assert 2 <= len(axis.ticks) <= 8
    assert list(axis.ticks) == sorted(set(axis.ticks))


def test_an_axis_that_leaves_nought_out_says_so() -> None:
    assert "The axis does not start at nought." in notes(KpiChart("Collected", points("97", "99"), suffix="%"))
    assert notes(KpiChart("Calls", points("3", "18"))) == ()


@given(st.lists(st.floats(-500, 500), max_size=8))
def test_labels_at_line_ends_keep_apart_and_inside(wanted: list[float]) -> None:
    placed = spread(wanted, 15, 0, 200)
    assert all(-0.001 <= y <= 200.001 for y in placed)
    order = sorted(placed)
    assert all(after - before >= 15 - 0.001 for before, after in itertools.pairwise(order))


# In words


def test_the_text_alternative_says_what_the_chart_shows() -> None:
    chart = KpiChart(
        "Missed bins",
        (
            Point("April 2026", "Apr", Decimal(41), "Green", level=Level(Decimal(45), Decimal(50))),
            Point("May 2026", "May", None),
            Point("June 2026", "Jun", Decimal(52), "Red", "", Level(Decimal(45), Decimal(50)), Decimal(44)),
            Point("July 2026", "Jul", None, missing="Not yet due"),
        ),
        forecast=Forecast(Decimal(47), "Amber"),
    )
    assert describe(chart) == (
        "June 2026: 52, against a target of 45, Red. From April 2026 to June 2026 the lowest was 41 in April 2026 "
        "and the highest 52 in June 2026. The same month last year was 44. Year-end forecast: 47, Amber. "
        "1 earlier month has no figure."
    )
    assert [row.figure for row in table(chart).rows] == ["41", "No data", "52", "Not yet due", "47"]


def test_a_long_unit_is_named_once_by_the_caption() -> None:
    view = present(KpiChart("Claims", points("3"), suffix=" days"))
    assert view.caption == "Claims: figures (days)"
    assert view.table.rows[0].figure == "3"


def test_a_sparkline_says_what_it_shows() -> None:
    drawing = sparkline([Decimal(4), None, Decimal(9)], "Amber")
    assert "<title>Trend of 3 periods from 4 to 9, 1 without a figure, Amber</title>" in drawing


def test_a_rag_bar_counts_in_words() -> None:
    drawing = rag_bar({"Green": 18, "Amber": 6, "Red": 0, "No data": 2}, "October 2026")
    assert "<title>October 2026: 18 green, 6 amber, 2 no data</title>" in drawing
    assert {"18 green", "6 amber", "2 no data"} <= set(words(drawing))


def test_a_rag_bar_refuses_a_count_below_nought() -> None:
    with pytest.raises(ValueError, match="below nought"):
        rag_bar({"Green": -1})

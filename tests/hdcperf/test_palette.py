"""One palette: what pages print in the colours of RAG and what charts draw are the same, and can be told from white.

The numbers of the Sass are read from its source, since that is where a designer would change them.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from hdcperf.charts.palette import (
    BAND,
    GREY,
    INK,
    LAST_YEAR,
    LAST_YEAR_TEXT,
    LIMIT,
    PALE,
    RAG,
    TARGET,
    THIS_YEAR,
    WHITE,
    RagColour,
    rag_colour,
)

SCSS = Path(settings.BASE_DIR) / "static" / "scss"
TAG = re.compile(r'@include tag\("([a-z-]+)", (#\w+), (#\w+)(?:, (#\w+))?\);')
RAG_LINE = re.compile(r'"(\w+)": \(fill: (#\w{6}), ink: (#\w{6}), line: (#\w{6})\)')


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 reckons it."""

    def luminance(colour: str) -> float:
        plain = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
        parts = [int(plain[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_pages_and_charts_have_one_palette() -> None:
    in_sass = {name: RagColour(*colours) for name, *colours in RAG_LINE.findall((SCSS / "_palette.scss").read_text())}
    assert in_sass == RAG


def test_no_other_file_has_colours_of_its_own_for_rag() -> None:
    """A RAG colour written anywhere else would drift from the palette."""
    ours = {each.fill for each in RAG.values()} | {each.line for each in RAG.values()}
    root = Path(settings.BASE_DIR)
    files = [*SCSS.glob("*.scss"), *(root / "hdcperf").rglob("*.py"), *(root / "static/js").glob("*.js")]
    files = [path for path in files if path.name not in ("_palette.scss", "palette.py")]
    assert [path.name for path in files if ours & set(re.findall(r"#\w{6}", path.read_text()))] == []


@pytest.mark.parametrize("colour", RAG.values(), ids=list(RAG))
def test_words_on_a_rag_colour_stand_out_four_and_a_half_to_one(colour: RagColour) -> None:
    assert contrast(colour.ink, colour.fill) >= 4.5


@pytest.mark.parametrize("ground", [WHITE, BAND, PALE])
@pytest.mark.parametrize("colour", [*RAG.values(), rag_colour("No data")], ids=[*RAG, "no data"])
def test_a_shape_in_a_rag_colour_stands_out_three_to_one(colour: RagColour, ground: str) -> None:
    assert contrast(colour.line, ground) >= 3


@pytest.mark.parametrize("ground", [WHITE, BAND])
@pytest.mark.parametrize("colour", [GREY, THIS_YEAR, LAST_YEAR, TARGET, LIMIT])
def test_a_line_of_a_chart_stands_out_three_to_one(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("ground", [WHITE, BAND])
@pytest.mark.parametrize("colour", [INK, GREY, THIS_YEAR, LAST_YEAR_TEXT])
def test_words_on_a_chart_stand_out_four_and_a_half_to_one(colour: str, ground: str) -> None:
    assert contrast(colour, ground) >= 4.5


def test_words_on_every_tag_stand_out_four_and_a_half_to_one() -> None:
    tags = TAG.findall((SCSS / "_tags.scss").read_text())
    assert len(tags) > 10
    assert {name: contrast(ground, words) for name, ground, words, _ in tags if contrast(ground, words) < 4.5} == {}


def test_what_is_not_judged_is_grey_on_white_and_readable() -> None:
    assert rag_colour("Not judged") == RagColour(WHITE, INK, GREY)
    assert rag_colour(" amber ") is RAG["amber"]

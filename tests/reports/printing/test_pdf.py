"""The PDF of a pack: conformant whatever is in it, whole, in reading order, and the same bytes each time."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import re
import subprocess
import sys
from functools import cache

import page
import pypdfium2
import pypdfium2.raw as raw
import pytest

from reports.printing.fonts import missing_fonts, printable
from reports.printing.pdf import render_pdf
from tests.factories.packs import sample_pack
from tests.reports.printing.awkward import HOSTILE, awkward_pack

PACKS = {
    "sample": sample_pack(),
    "awkward": awkward_pack(),
    "draft": sample_pack(
        orientation="landscape", priorities=sample_pack().priorities[1:], cover=(), checks=(), key=(), measures=()
    ),
}
"""The draft is landscape, and has sections with nothing in them."""
COMPLAINTS: dict[str, list[str]] = {}


@cache
def printed(which: str) -> bytes:
    """Each made once: laying out is what takes the time."""
    said = logging.Handler()
    said.emit = lambda record: COMPLAINTS.setdefault(which, []).append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("weasyprint").addHandler(said)
    try:
        return render_pdf(PACKS[which], draft="Draft" if which == "draft" else "")
    finally:
        logging.getLogger("weasyprint").removeHandler(said)


@cache
def texts(which: str) -> list[str]:
    """The words of each page, as a reader copies them."""
    document = pypdfium2.PdfDocument(printed(which))
    try:
        return [one.get_textpage().get_text_range() for one in document]
    finally:
        document.close()


def plain(words: str) -> str:
    """Without what laying out adds: line ends, and the spaces and hyphens lines break at."""
    return re.sub(r"\s+", " ", words.replace("\xa0", " ")).strip()


@pytest.mark.parametrize("which", list(PACKS))
def test_no_pack_fails_pdf_ua(which: str) -> None:
    report = page.validate_pdf_bytes(printed(which), profile="ua1")
    assert [failure.message for failure in report.failures] == []


def test_every_kpi_is_read_whole_and_in_order() -> None:
    read = plain(" ".join(texts("sample")))
    at = read.index("Performance by priority", read.index("Checks made before issue"))  # past the contents
    for kpi in PACKS["sample"].kpis:
        wanted = [kpi.code, kpi.sentence, kpi.status.now.word, kpi.month.words, kpi.ytd.words]
        wanted += [kpi.forecast.words] if kpi.forecast.words else []
        wanted += [kpi.status.forecast.word] if kpi.status.forecast else []
        wanted += [part for one in kpi.commentary for part in (one.heading, *one.words.split("\n\n"))]
        wanted += [kpi.recovery.what, "By 30 November 2026, Depot manager"] if kpi.recovery else []
        for words in map(plain, wanted):
            assert words in read[at:], (kpi.code, words)
            at = read.index(words, at)


def test_the_same_pack_gives_the_same_bytes_in_another_process_another_day() -> None:
    program = (
        "import hashlib, django; django.setup()\n"
        "from reports.printing.pdf import render_pdf\n"
        "from tests.factories.packs import sample_pack\n"
        "print(hashlib.sha256(render_pdf(sample_pack())).hexdigest())"
    )
    elsewhere = {
        **os.environ,
        **{"DJANGO_SETTINGS_MODULE": "hdcperf.settings", "DEBUG": "true", "DEMO_MODE": "true"},
        **{"DEMO_TODAY": "2031-02-03", "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    }
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=elsewhere)
    assert found.stdout.strip() == hashlib.sha256(printed("sample")).hexdigest()


def test_what_people_paste_is_shown_as_text_and_nothing_is_fetched() -> None:
    read = plain(" ".join(texts("awkward")))
    # An address it asked for, and was refused, would be complained of; so would a character no font has.
    assert [one for one in COMPLAINTS.get("awkward", []) if re.search("http|file:|notdef|fetch", one)] == []
    assert plain(HOSTILE) in read
    for words in ("word0 ", "word2999", "Round 40", "No commentary was given.", "New this year", "It was PI 31"):
        assert words in read


def test_characters_no_font_has_are_told_from_those_it_has() -> None:
    assert printable("£1 ● שלום العربية 🎉 naïve") == "£1 ● שלום العربية 🎉 naïve"
    assert printable("中\u2028文\x00") == "� �"


def test_the_front_page_is_one_page_however_much_there_is_to_say() -> None:
    for which in PACKS:
        first, second, *_ = texts(which)
        assert "Members are asked to note" in first
        assert "Contents" in second.splitlines()[:4], which


def test_pages_say_which_of_how_many_and_a_draft_says_so_on_each() -> None:
    for number, words in enumerate(texts("draft"), start=1):
        assert f"Page {number} of {len(texts('draft'))}" in words
        assert "Draft" in words
    assert not any("Draft" in words for words in texts("sample"))


def test_no_heading_ends_a_page_and_landscape_comes_from_the_pack() -> None:
    document = pypdfium2.PdfDocument(printed("draft"))
    try:
        width, height = document[0].get_size()
    finally:
        document.close()
    assert width > height
    headings = {one.heading for one in PACKS["sample"].sections} | {"Breaks in series", "Summary", "Recommendations"}
    headings |= {f"{one.code} {one.title}" for one in (*PACKS["sample"].kpis, *PACKS["sample"].actions)}
    for which in ("sample", "draft"):
        for words in texts(which):
            body = [
                line
                for line in words.splitlines()
                if line.strip() and "Page " not in line and ", version" not in line
            ]
            assert body[-1].strip() not in headings, words


def test_every_font_is_embedded_and_is_ours() -> None:
    assert missing_fonts() == [], "npm run build"
    for which in PACKS:
        assert {name.split("+")[-1].split("-")[0] for name in fonts(printed(which))} == {"Pack"}


def fonts(pdf: bytes) -> set[str]:
    """The names of the fonts words are set in. Raises AssertionError for one that is not embedded."""
    found, document = set(), pypdfium2.PdfDocument(pdf)
    try:
        for words in (one for each in document for one in each.get_objects([raw.FPDF_PAGEOBJ_TEXT], max_depth=5)):
            font = raw.FPDFTextObj_GetFont(words.raw)
            name = ctypes.create_string_buffer(200)
            raw.FPDFFont_GetBaseFontName(font, name, 200)
            assert raw.FPDFFont_GetIsEmbedded(font) == 1, name.value
            found.add(name.value.decode())
    finally:
        document.close()
    return found

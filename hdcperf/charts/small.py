"""Drawings small enough for a table cell or a heading: a sparkline, and a bar of RAG counts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from .drawing import Dot, Sheet, short
from .palette import GREY, INK, PALE, TARGET, THIS_YEAR, rag_colour, rag_key
from .scale import shortened, text_width

SPARK_WIDTH, SPARK_HEIGHT = 110.0, 28.0


def sparkline(
    values: Sequence[Decimal | None], rag: str = "", target: Decimal | None = None, title: str = ""
) -> SafeString:
    """The run of the figures, the last shaped by its RAG, the target dashed; missing months are gaps.

    The axis spans the figures, not nought: it shows the shape, and the figures stand in the same row.
    `title` is its text alternative; left empty, one is written.
    """
    sheet = Sheet(SPARK_WIDTH, SPARK_HEIGHT)
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    heights = [value for _, value in known] + ([float(target)] if target is not None and known else [])
    if not known:
        sheet.text(2, SPARK_HEIGHT / 2 + 4, "No figures", fill=GREY)
    else:
        low, high = min(heights), max(heights)
        inner = SPARK_HEIGHT - 12

        def y(value: float) -> float:
            return SPARK_HEIGHT / 2 if high == low else SPARK_HEIGHT - 6 - (value - low) / (high - low) * inner

        def x(index: int) -> float:
            return SPARK_WIDTH - 7 - (len(values) - 1 - index) * (SPARK_WIDTH - 14) / max(len(values) - 1, 1)

        if target is not None:
            level = y(float(target))
            sheet.path([(0, level), (SPARK_WIDTH, level)], stroke=TARGET, stroke_dasharray="3 3")
        for piece in _unbroken(known):
            if len(piece) > 1:
                line = [(x(index), y(value)) for index, value in piece]
                sheet.path(line, stroke=THIS_YEAR, stroke_width="2", stroke_linejoin="round")
            else:
                sheet.dots([Dot(x(piece[0][0]), y(piece[0][1]), "", 1.5)])
        if known[-1][0] == len(values) - 1:
            sheet.dots([Dot(x(known[-1][0]), y(known[-1][1]), rag, 4)])
    return sheet.finish(title or _spark_words(values, rag), classes="app-sparkline")


def _unbroken(known: list[tuple[int, float]]) -> list[list[tuple[int, float]]]:
    pieces: list[list[tuple[int, float]]] = []
    for pair in known:
        if pieces and pieces[-1][-1][0] == pair[0] - 1:
            pieces[-1].append(pair)
        else:
            pieces.append([pair])
    return pieces


def _spark_words(values: Sequence[Decimal | None], rag: str) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "No figures yet"
    pieces = [f"Trend of {len(values)} periods from {known[0]:,f} to {known[-1]:,f}"]
    if len(known) < len(values):
        pieces.append(f"{len(values) - len(known)} without a figure")
    return ", ".join(pieces + ([rag] if rag else []))


def rag_bar(counts: Mapping[str, int], title: str = "", width: int = 640, family: str = "") -> SafeString:
    """A stacked bar of how many are of each RAG word, in the order given, named and counted under the bar.

    Told apart without colour by pattern, by the shapes the charts use, and by the words. Raises ValueError
    for a count below nought.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("A count is never below nought")
    shown = [(word, count) for word, count in counts.items() if count]
    total = sum(count for _, count in shown)
    rows = _key_rows(shown, width)
    sheet = Sheet(width, 44 + 24 * max(len(rows), 1))
    left = 0.0
    for word, count in shown:
        share = count / total * width
        _segment(sheet, left, share, word, count)
        left += share
    for number, row in enumerate(rows):
        for x, words, word in row:
            _key_shape(sheet, x + 7, 57 + 24 * number, word)
            sheet.text(x + 20, 62 + 24 * number, words, 15, fill=INK)
    if not shown:
        sheet.text(0, 30, "Nothing to count yet", 15, fill=GREY)
    summary = ", ".join(f"{count} {word.lower()}" for word, count in shown) or "Nothing to count yet"
    return sheet.finish(f"{title}: {summary}" if title else summary, classes="app-rag-bar", family=family)


def _key_rows(shown: Sequence[tuple[str, int]], width: float) -> list[list[tuple[float, str, str]]]:
    """The key under the bar, wrapped to its width: rows of (x, words, RAG word)."""
    rows: list[list[tuple[float, str, str]]] = []
    x = width
    for word, count in shown:
        words = shortened(f"{count} {word.lower()}", 15, width - 22)
        needed = 20 + text_width(words, 15)
        if not rows or x + needed > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, words, word))
        x += needed + 20
    return rows


def _key_shape(sheet: Sheet, x: float, y: float, word: str) -> None:
    """The shapes of the charts and tags: a figure that is not judged is a bar, one that is missing a ring."""
    if word.strip().lower() == "not judged":
        sheet.path([(x - 6, y), (x + 6, y)], stroke=GREY, stroke_width="3")
    else:
        sheet.dots([Dot(x, y, word, 6)])


def _segment(sheet: Sheet, left: float, share: float, word: str, count: int) -> None:
    """One part of the bar: solid green, striped amber, cross-barred red, pale and outlined for the rest."""
    key, colour, height = rag_key(word), rag_colour(word), 36.0
    inset = min(1.0, share / 4)
    box = {
        "x": short(left + inset),
        "y": "1",
        "width": short(max(share - 2 * inset, 0.1)),
        "height": short(height),
    }
    fill = colour.fill if key else PALE
    sheet.element("rect", fill=fill, stroke=colour.line, stroke_width="1.5", **box)
    if key in ("amber", "red"):
        step, lean = (9.0, 9.0) if key == "amber" else (6.0, 0.0)
        first, last = left + inset + 3, left + share - inset - 3
        strokes = [first + number * step for number in range(max(int((last - lean - first) // step) + 1, 0))]
        if strokes:
            pattern = [[(x + lean, 3.0), (x, height - 1)] for x in strokes]
            sheet.path(*pattern, stroke=colour.ink, stroke_opacity="0.35")
    size = 17.0
    if share > text_width(str(count), size) + 10:
        middle = left + share / 2
        if key in ("amber", "red"):
            half = text_width(str(count), size) / 2 + 5
            patch = {"x": short(middle - half), "y": "8", "width": short(2 * half), "height": "22"}
            sheet.element("rect", fill=fill, **patch)
        look: dict[str, str | float] = {"fill": colour.ink, "text_anchor": "middle", "font_weight": "bold"}
        sheet.text(middle, 25, str(count), size, **look)

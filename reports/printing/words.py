"""What people typed, as blocks: paragraphs, points and tables pasted from a spreadsheet. Never as mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

__all__ = ["Block", "blocks"]

_POINT = re.compile(r"^\s*[-•*]\s+")


@dataclass(frozen=True)
class Block:
    """One of three: the lines of a paragraph, the points of a list, or the rows of a table, its heading first."""

    lines: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(words: str) -> tuple[Block, ...]:
    """Blank lines part paragraphs, lines that begin with "- " are points, lines parted by tabs alike are a table."""
    pieces = re.split(r"\n\s*\n", words.replace("\r\n", "\n").replace("\r", "\n").strip("\n"))
    return tuple(block for piece in pieces if piece.strip() for block in _of_piece(piece.split("\n")))


def _of_piece(lines: list[str]) -> Iterator[Block]:
    for (points, tabs), found in groupby(lines, key=lambda line: (bool(_POINT.match(line)), line.count("\t"))):
        run = list(found)
        if points:
            yield Block(points=tuple(_POINT.sub("", line) for line in run))
        elif tabs and len(run) > 1:
            heads, *rows = (tuple(cell.strip() for cell in line.split("\t")) for line in run)
            yield Block(heads=heads, rows=tuple(rows))
        else:
            yield Block(lines=tuple(line.replace("\t", " ").strip() for line in run))

"""Which column of a file holds which field, and its cells read or refused one by one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdcperf.importing.plan import Problem
from hdcperf.importing.reading import Row

__all__ = ["Column", "Mapped", "as_rows", "guess", "mapping_refusals", "read_row"]


@dataclass(frozen=True)
class Column:
    """A field a file may hold. ``read`` turns a cell that is not blank into a value, or raises ValueError with a
    sentence; ``aliases`` are headings it goes by, in lower case."""

    name: str
    label: str
    read: Callable[[str], Any]
    aliases: tuple[str, ...] = ()
    group: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Mapped:
    """A row as the mapping reads it: values by field (None where blank), and each cell that was refused."""

    number: int
    values: dict[str, Any]
    problems: tuple[Problem, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def problem(self, name: str, sentence: str) -> Problem:
        """What is wrong with the cell of field ``name``, under the file's own heading."""
        return Problem(self.number, self.headings.get(name, ""), sentence)


def plain(heading: str) -> str:
    """A heading as it is compared: without case, spaces or punctuation."""
    return re.sub(r"[^a-z0-9%]+", " ", heading.casefold()).strip()


def guess(columns: Iterable[Column], headings: Sequence[str]) -> dict[str, str]:
    """The mapping a file's headings suggest: each field to the heading that is its name or one of its aliases."""
    free = {plain(heading): heading for heading in headings}
    found: dict[str, str] = {}
    for column in columns:
        for alias in (column.name, column.label, *column.aliases):
            if plain(alias) in free:
                found[column.name] = free.pop(plain(alias))
                break
    return found


def mapping_refusals(
    columns: Iterable[Column], mapping: Mapping[str, str], headings: Sequence[str]
) -> dict[str, str]:
    """Why a mapping does not fit a file, a sentence by field: a heading that is not there, or one used twice."""
    labels = {column.name: column.label for column in columns}
    refusals: dict[str, str] = {}
    used: dict[str, str] = {}
    for name, heading in mapping.items():
        if name not in labels:
            refusals[name] = f"“{name}” is not something that can be imported."
        elif heading not in headings:
            refusals[name] = f"The file has no column headed “{heading}”."
        elif heading in used:
            refusals[name] = f"“{heading}” is already used for “{labels[used[heading]]}”."
        else:
            used[heading] = name
    return refusals


def read_row(columns: Iterable[Column], mapping: Mapping[str, str], row: Row) -> Mapped:
    """Read the cells of ``row`` that ``mapping`` (field to heading) names. Nothing is raised: see ``problems``."""
    problems = [Problem(row.number, "", row.problem)] if row.problem else []
    values: dict[str, Any] = {}
    for column in columns:
        heading = mapping.get(column.name)
        if heading is None:
            continue
        text = row.cells.get(heading, "").strip()
        values[column.name] = None
        if not text:
            continue
        try:
            values[column.name] = column.read(text)
        except ValueError as refused:
            problems.append(Problem(row.number, heading, str(refused)))
    return Mapped(row.number, values, tuple(problems), mapping)


def as_rows(rows: Iterable[Row], spread: Sequence[str], name: str, figure: str) -> Iterator[Row]:
    """A row for each of the columns ``spread`` over a row (a column for each month), in the long form.

    The heading goes into the cell ``name`` and what stands under it into the cell ``figure``.
    """
    for row in rows:
        kept = {heading: cell for heading, cell in row.cells.items() if heading not in spread}
        for heading in spread:
            yield Row(row.number, {**kept, name: heading, figure: row.cells.get(heading, "")}, row.problem)

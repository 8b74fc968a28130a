"""A report that is kept as it was given: sections of words in rows, written to JSON and read back the same. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

__all__ = ["Report", "Section", "read_report", "written"]


@dataclass(frozen=True)
class Section:
    """A table of the report; ``none`` is said where it has no rows."""

    title: str
    intro: str
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    none: str


@dataclass(frozen=True)
class Report:
    """What the committee reads: counts in a sentence each, then the sections."""

    summary: tuple[str, ...]
    sections: tuple[Section, ...]


def written(report: Report) -> str:
    """The report as text to keep."""
    return json.dumps(asdict(report), ensure_ascii=False)


def read_report(text: str) -> Report:
    """The report that was kept. Raises KeyError or ValueError for a text that ``written`` did not make."""
    held = json.loads(text)
    return Report(
        summary=tuple(held["summary"]),
        sections=tuple(
            Section(
                one["title"],
                one["intro"],
                tuple(one["heading"]),
                tuple(tuple(row) for row in one["rows"]),
                one["none"],
            )
            for one in held["sections"]
        ),
    )

"""The values of a series from a spreadsheet: read through the importer of every file, shown typed, then saved."""

from __future__ import annotations

from decimal import Decimal

from hdcperf.importing import Column, FileRefused, guess, read_row, read_table
from hdcperf.published_periods import PublishedPeriod, parse_period
from kpis.rules.typed import parse_figure

__all__ = ["COLUMNS", "values_of"]

COLUMNS = (
    Column("period", "Period", parse_period, ("year", "time period", "financial year")),
    Column("value", "Value", parse_figure, ("figure", "result", "mean", "cost")),
)


def values_of(content: bytes, file_name: str) -> list[tuple[PublishedPeriod, Decimal]]:
    """The figures of the file with their periods, in its order; rows without a figure are left out.

    Raises FileRefused with a sentence that names the row, when anything in it cannot be read.
    """
    table = read_table(content, file_name)
    mapping = guess(COLUMNS, table.headings)
    if lacking := [column.label for column in COLUMNS if column.name not in mapping]:
        raise FileRefused(f"The file has no column headed {' and no column headed '.join(lacking)}.")
    found = []
    for row in (read_row(COLUMNS, mapping, row) for row in table.rows):
        if row.problems:
            raise FileRefused(f"Row {row.number}: {row.problems[0].sentence}")
        if row["value"] is None:
            continue
        if row["period"] is None:
            raise FileRefused(f"Row {row.number} has a figure and no period.")
        found.append((row["period"], row["value"]))
    if not found:
        raise FileRefused("The file has headings and no figures.")
    return found

"""Spreadsheets in: read safely, mapped to fields, previewed row by row, then applied all or nothing.

It knows nothing of what the rows mean: an app gives it the fields of a row and makes the plan.
"""

from hdcperf.importing.columns import Column, Mapped, as_rows, guess, mapping_refusals, read_row
from hdcperf.importing.plan import Change, NotApplied, Outcome, Plan, Problem, Status, apply_plan
from hdcperf.importing.reading import FileRefused, Row, Table, read_table

__all__ = [
    "Change",
    "Column",
    "FileRefused",
    "Mapped",
    "NotApplied",
    "Outcome",
    "Plan",
    "Problem",
    "Row",
    "Status",
    "Table",
    "apply_plan",
    "as_rows",
    "guess",
    "mapping_refusals",
    "read_row",
    "read_table",
]

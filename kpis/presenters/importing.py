"""What an import did, in words."""

from __future__ import annotations

from kpis.models import ImportRun

__all__ = ["imported_words"]


def imported_words(run: ImportRun) -> str:
    return f"{run.file_name} is imported: {run.new_rows:,} new and {run.changed_rows:,} changed rows."

"""The import from a file to its preview, and to the end: for the page, the command and the example data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from hdcperf.importing import FileRefused, Plan, Table, apply_plan, read_table
from hdcperf.importing.reading import tabulate
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import User
from kpis.importing.mappings import Mapping, keep_mapping, suggested
from kpis.importing.options import Options
from kpis.importing.planning import Writing, make_plan
from kpis.importing.writing import record_run, write
from kpis.models import ImportMapping, ImportRun

__all__ = ["import_content", "import_file", "import_rows", "preview"]


def preview(content: bytes, file_name: str, mapping: Mapping, *, lock: bool = False) -> Plan[Writing]:
    """What importing the file would do to each row. Raises FileRefused with a sentence."""
    table = read_table(content, file_name, mapping.options.sheet)
    return _plan(table, file_name, mapping, lock=lock)


def _plan(table: Table, file_name: str, mapping: Mapping, *, lock: bool) -> Plan[Writing]:
    refusals = mapping.refusals(table.headings)
    if refusals:
        raise FileRefused(" ".join(refusals.values()))
    return make_plan(table, mapping.columns, mapping.options, file_name, lock=lock)


def import_content(
    content: bytes, file_name: str, kept: ImportMapping, *, by: User, seen: str | None = None, tell: Tell = nobody
) -> ImportRun:
    """Import a file with a mapping that is kept: all of it in one transaction, or nothing.

    ``seen`` is the fingerprint of the preview that was confirmed. Raises FileRefused, or NotApplied with a sentence
    when a row is refused or the plan is no longer the one that was seen. A file that changes nothing is recorded too.
    """
    table = read_table(content, file_name, Mapping.of(kept).options.sheet)
    return _import(table, content, file_name, kept, by, seen, tell)


def import_file(path: str | Path, mapping: Mapping | None = None, *, by: User, name: str = "") -> ImportRun:
    """Import a file from disk; without a mapping its headings suggest one, kept under ``name``."""
    file = Path(path)
    content = file.read_bytes()
    chosen = mapping or suggested(read_table(content, file.name).headings)
    return import_content(content, file.name, keep_mapping(name or file.stem[:100], chosen, by=by), by=by)


def import_rows(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    by: User,
    options: Options | None = None,
    name: str,
) -> ImportRun:
    """Import rows of text made by a program, under headings that name the fields; ``name`` stands for the file."""
    records = [list(headings), *([str(cell) for cell in row] for row in rows)]
    table = tabulate(records)
    kept = keep_mapping(name[:100], suggested(table.headings, options), by=by)
    content = "\n".join("\t".join(record) for record in records).encode()
    return _import(table, content, name, kept, by, None)


def _import(
    table: Table,
    content: bytes,
    file_name: str,
    kept: ImportMapping,
    by: User,
    seen: str | None,
    tell: Tell = nobody,
) -> ImportRun:
    mapping = Mapping.of(kept)
    runs: list[ImportRun] = []

    def carry_out(plan: Plan[Writing]) -> None:
        write(plan.writing, file_name=file_name, by=by, tell=tell)
        runs.append(record_run(plan, content, file_name=file_name, mapping=kept, by=by))

    apply_plan(lambda: _plan(table, file_name, mapping, lock=True), carry_out, seen=seen)
    return runs[0]

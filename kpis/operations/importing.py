"""A file that was sent, from its arrival to its preview, and to the end or the bin."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from hdcperf import clock
from hdcperf.importing import FileRefused, NotApplied, Outcome, Status, Table, read_table
from hdcperf.jobs.telling import Tell, nobody
from hdcperf.organisation.models import User
from kpis.importing import Mapping, import_content, keep_mapping, preview
from kpis.models import ImportDraft, ImportMapping, ImportRun

__all__ = ["Seen", "apply_draft", "keep_file", "make_preview", "seen", "use_mapping"]

KEPT_FOR = timedelta(days=1)
MOST_ROWS = 5_000
"""Rows a page can import while somebody waits; the command takes more."""


@dataclass(frozen=True)
class Seen:
    """The preview that was made of a file: every row's outcome, and the fingerprint that says it is this one."""

    outcomes: tuple[Outcome, ...]
    fingerprint: str

    def count(self, status: Status) -> int:
        return sum(1 for outcome in self.outcomes if outcome.status is status)

    @property
    def may_apply(self) -> bool:
        """No row is refused and something would change."""
        return not self.count(Status.REFUSED) and any(one.status is not Status.UNCHANGED for one in self.outcomes)


def table_of(draft: ImportDraft, sheet: str = "") -> Table:
    """The rows of the file that was sent. Raises FileRefused."""
    table = read_table(bytes(draft.content), draft.file_name, sheet)
    if len(table.rows) > MOST_ROWS:
        raise FileRefused(
            f"The file has more than {MOST_ROWS:,} rows. Split it, for example by year, or ask whoever runs the "
            "system to import it with “manage.py import_kpis”."
        )
    return table


def keep_file(content: bytes, file_name: str, mapping: ImportMapping | None, *, by: User) -> ImportDraft:
    """Keep a file that was sent, having read it once, and throw away those older than a day. Raises FileRefused."""
    draft = ImportDraft(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        mapping=mapping,
        by=by,
        at=clock.now(),
    )
    table_of(draft, Mapping.of(mapping).options.sheet if mapping is not None else "")
    ImportDraft.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    draft.save()
    return draft


def use_mapping(draft: ImportDraft, mapping: Mapping, name: str, *, by: User) -> None:
    """Keep the mapping under its name and preview the file with it. Raises FileRefused."""
    with transaction.atomic():
        draft.mapping = keep_mapping(name, mapping, by=by)
        make_preview(draft)


def make_preview(draft: ImportDraft) -> None:
    """Preview the file with its mapping and keep what was found. Raises FileRefused."""
    assert draft.mapping is not None
    plan = preview(bytes(draft.content), draft.file_name, Mapping.of(draft.mapping))
    draft.preview = {
        "fingerprint": plan.fingerprint,
        "outcomes": [outcome.as_json() for outcome in plan.outcomes],
    }
    draft.save()


def seen(draft: ImportDraft) -> Seen | None:
    """The preview that was kept, if one was made."""
    kept: dict[str, Any] | None = draft.preview
    if kept is None:
        return None
    return Seen(tuple(Outcome.from_json(one) for one in kept["outcomes"]), kept["fingerprint"])


def apply_draft(pk: int, fingerprint: str, *, by: User, tell: Tell = nobody) -> ImportRun:
    """Import the file as it was previewed, and throw it away.

    Raises ImportDraft.DoesNotExist when that was done already (a double click), FileRefused, and NotApplied when
    something changed since the preview.
    """
    with transaction.atomic():
        draft = ImportDraft.objects.select_for_update(of=("self",)).get(pk=pk)
        if draft.mapping is None:
            raise NotApplied("Say first what the columns of the file hold.")
        run = import_content(bytes(draft.content), draft.file_name, draft.mapping, by=by, seen=fingerprint, tell=tell)
        draft.delete()
        return run

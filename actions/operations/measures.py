"""A file of outcome measures, from its arrival to its preview, and to the end or the bin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from actions.importing import Options, import_measures, preview_measures
from actions.importing.measures import Writing
from actions.models import MeasureDraft
from hdcperf import clock
from hdcperf.importing import Plan, read_table
from hdcperf.organisation.models import User

__all__ = ["apply_measures", "keep_measures", "preview_draft"]

KEPT_FOR = timedelta(days=1)


def keep_measures(content: bytes, file_name: str, said: dict[str, Any], *, by: User) -> MeasureDraft:
    """Keep a file that was sent, having read it once, and throw away those older than a day. Raises FileRefused."""
    read_table(content, file_name)
    MeasureDraft.objects.filter(at__lt=clock.now() - KEPT_FOR).delete()
    return MeasureDraft.objects.create(file_name=file_name[-200:], content=content, by=by, at=clock.now(), **said)


def _options(draft: MeasureDraft) -> Options:
    return Options(draft.our_area, draft.source, draft.publisher, draft.licence, draft.address)


def preview_draft(draft: MeasureDraft) -> Plan[Writing]:
    """What importing the file would do now. Raises FileRefused."""
    return preview_measures(bytes(draft.content), draft.file_name, _options(draft))


def apply_measures(pk: int, fingerprint: str, *, by: User) -> Plan[Writing]:
    """Import the file as it was previewed, and throw it away.

    Raises MeasureDraft.DoesNotExist when that was done already (a double click), FileRefused and NotApplied.
    """
    with transaction.atomic():
        draft = MeasureDraft.objects.select_for_update(of=("self",)).get(pk=pk)
        plan = import_measures(bytes(draft.content), draft.file_name, _options(draft), by=by, seen=fingerprint)
        draft.delete()
        return plan

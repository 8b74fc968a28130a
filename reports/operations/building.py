"""The files of a frozen pack: made once from its data alone, kept with their digest, served ever after."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.db import transaction

from hdcperf import clock
from hdcperf.jobs.running import Working
from reports.models import FrozenData, PackFile
from reports.packs.frozen import FrozenPack, read_pack
from reports.printing.files import render_csv, render_xlsx
from reports.printing.pdf import render_pdf

__all__ = ["build_files", "files_missing"]

MAKERS: dict[str, Callable[[FrozenPack], bytes]] = {
    PackFile.Format.CSV.value: render_csv,
    PackFile.Format.XLSX.value: render_xlsx,
    PackFile.Format.PDF.value: render_pdf,
}
"""The quickest first: a job taken up again has less left to do."""


def files_missing(frozen: FrozenData) -> list[str]:
    """The formats not made yet. The annex and the supplement have none of their own."""
    if frozen.kind != FrozenData.Kind.PACK:
        return []
    there = set(frozen.files.values_list("format", flat=True))
    return [name for name in MAKERS if name not in there]


def build_files(frozen: FrozenData, working: Working | None = None) -> int:
    """Make the formats that are missing and give how many were; each is kept as soon as it is made.

    Raises CannotPrint, and ClaimLost where the job was cancelled or another process works on it.
    """
    missing = files_missing(frozen)
    pack = read_pack(frozen.text) if missing else None
    done = len(MAKERS) - len(missing)
    for name in missing:
        assert pack is not None
        _tell(working, done)
        _keep(frozen, name, MAKERS[name](pack), working)
        done += 1
    _tell(working, done)
    return len(missing)


def _tell(working: Working | None, done: int) -> None:
    if working is not None:
        working.progress(done, len(MAKERS))


def _keep(frozen: FrozenData, name: str, content: bytes, working: Working | None) -> None:
    with transaction.atomic():
        if working is not None:
            working.hold()
        FrozenData.objects.select_for_update().get(pk=frozen.pk)  # of two at once the second finds it made
        if not frozen.files.filter(format=name).exists():
            PackFile.objects.create(
                frozen=frozen, format=name, content=content, sha256=sha256(content).hexdigest(), made_at=clock.now()
            )

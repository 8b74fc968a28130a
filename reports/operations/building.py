"""The files of frozen data: made once from it alone, kept with their digest, served ever after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from hdcperf import clock
from hdcperf.jobs.running import Working
from reports.models import FrozenData, PackFile
from reports.packs.frozen import FrozenPack, read_annex, read_pack, read_supplement
from reports.printing.files import render_csv, render_xlsx
from reports.printing.pdf import render_annex, render_pdf, render_supplement

__all__ = ["build_files", "files_missing"]

MAKERS: dict[str, Callable[[FrozenPack], bytes]] = {
    PackFile.Format.CSV.value: render_csv,
    PackFile.Format.XLSX.value: render_xlsx,
    PackFile.Format.PDF.value: render_pdf,
}
"""The quickest first: a job taken up again has less left to do."""
_PDF = PackFile.Format.PDF.value


@dataclass(frozen=True)
class _Part:
    """A file to be made of one piece of frozen data."""

    of: FrozenData
    format: str
    make: Callable[[], bytes]


def files_missing(frozen: FrozenData) -> list[str]:
    """The formats not made yet of this data; its annex is made with a pack."""
    return [part.format for part in _missing(list(_parts(frozen)))]


def build_files(frozen: FrozenData, working: Working | None = None) -> int:
    """Make the files that are missing and give how many were; each is kept as soon as it is made.

    Raises CannotPrint, and ClaimLost where the job was cancelled or another process works on it.
    """
    parts = list(_parts(frozen))
    missing = _missing(parts)
    done = len(parts) - len(missing)
    for part in missing:
        _tell(working, done, len(parts))
        _keep(part, part.make(), working)
        done += 1
    _tell(working, done, len(parts))
    return len(missing)


def _parts(frozen: FrozenData) -> Iterator[_Part]:
    """Every file there is to be of a pack with its exempt annex, or of a supplement."""
    if frozen.kind == FrozenData.Kind.SUPPLEMENT:
        yield _Part(frozen, _PDF, lambda: render_supplement(read_supplement(frozen.text)))
    elif frozen.kind == FrozenData.Kind.PACK:
        for name, make in MAKERS.items():
            yield _Part(frozen, name, lambda make=make: make(read_pack(frozen.text)))  # type: ignore[misc]
        annex = frozen.pack.frozen.filter(kind=FrozenData.Kind.ANNEX, number=frozen.number).first()
        if annex is not None:
            yield _Part(annex, _PDF, lambda: render_annex(read_annex(annex.text)))


def _missing(parts: list[_Part]) -> list[_Part]:
    there = set(PackFile.objects.filter(frozen__in=[one.of for one in parts]).values_list("frozen", "format"))
    return [one for one in parts if (one.of.pk, one.format) not in there]


def _tell(working: Working | None, done: int, of: int) -> None:
    if working is not None:
        working.progress(done, of)


def _keep(part: _Part, content: bytes, working: Working | None) -> None:
    with transaction.atomic():
        if working is not None:
            working.hold()
        FrozenData.objects.select_for_update().get(pk=part.of.pk)  # of two at once the second finds it made
        if not part.of.files.filter(format=part.format).exists():
            PackFile.objects.create(
                frozen=part.of,
                format=part.format,
                content=content,
                sha256=sha256(content).hexdigest(),
                made_at=clock.now(),
            )

"""Long work of this app, run as jobs (``hdcperf.jobs``)."""

from __future__ import annotations

from hdcperf.jobs.models import Job
from hdcperf.jobs.operations import start
from hdcperf.jobs.running import JobRefused, Result, Working
from hdcperf.organisation.models import User
from reports.models import FrozenData
from reports.operations.building import build_files, files_missing
from reports.printing.pdf import CannotPrint

__all__ = ["build_pack", "start_building"]

KIND = "build pack"


def start_building(frozen: FrozenData, *, by: User | None) -> Job | None:
    """Have the files of a frozen pack made in the background; None where all are there. One at a time."""
    if not files_missing(frozen):
        return None
    return start(KIND, by, f"Build the files of {_named(frozen)}", {"frozen": frozen.pk}, key=str(frozen.pk))


def _named(frozen: FrozenData) -> str:
    return f"supplement {frozen.number} to {frozen.pack}" if frozen.kind == "supplement" else str(frozen.pack)


def build_pack(working: Working, *, frozen: int) -> Result:
    """Make the files a frozen pack lacks. Idempotent: those that are there stay, so one taken up again goes on."""
    found = FrozenData.objects.select_related("pack").get(pk=frozen)
    try:
        made = build_files(found, working)
    except CannotPrint as error:
        raise JobRefused(str(error)) from error
    address = f"/reports/{found.pack.span.slug}/{found.pack.audience}/"
    return Result(f"The files of {_named(found)} are ready ({made} made now).", address)

"""Work functions of the tests: what a job is given to do."""

from __future__ import annotations

import time
from pathlib import Path

from django.db import transaction

from hdcperf.jobs.running import JobRefused, Result, Working
from hdcperf.organisation.models import Directorate

TOKEN = "00000000-0000-4000-8000-000000000000"


def count(job: Working, *, parts: int) -> Result:
    for part in range(parts):
        job.progress(part + 1, parts)
    return Result(f"{parts} parts counted.", "/about/privacy/")


def refuse(job: Working) -> Result:
    job.progress(1, 4)
    raise JobRefused("The file has no rows. Send another.")


def break_down(job: Working) -> Result:
    raise ZeroDivisionError("secret=hunter2")


def build(job: Working, *, name: str, pause: float, log: str) -> Result:
    """Make one directorate, slowly; made already, it is left. Each start of the work is a line of ``log``."""
    with Path(log).open("a") as file:
        file.write("begun\n")
    for part in range(10):
        job.progress(part, 10)
        time.sleep(pause / 10)
    with transaction.atomic():
        job.hold()
        if not Directorate.objects.filter(name=name).exists():
            Directorate.objects.create(name=name)
    return Result(f"{name} is made.")

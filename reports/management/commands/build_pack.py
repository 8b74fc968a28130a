"""``manage.py build_pack 2026-27-Q2 --audience scrutiny --output FILE``: what the job does, without the queue."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hdcperf.periods import FinancialYear, Month, Quarter
from hdcperf.ui import count_of
from reports.models import FrozenData, Pack, PackFile
from reports.operations.building import MAKERS, build_files
from reports.packs.sections import Audience
from reports.printing.pdf import CannotPrint
from reports.queries.pack_files import frozen_row

_WITH_FILES = (FrozenData.Kind.PACK, FrozenData.Kind.SUPPLEMENT)
"""A pack's exempt annex is made with it."""


class Command(BaseCommand):
    help = "Build the files a frozen pack lacks, and write one of them; or, with --missing, those of every pack."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", nargs="?", help="2026-10, 2026-27-Q2 or 2026-27")
        parser.add_argument("--audience", choices=[one.value for one in Audience])
        parser.add_argument("--output", type=Path, help="a .pdf, .xlsx or .csv file")
        parser.add_argument("--missing", action="store_true", help="build what any frozen pack lacks")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.stdout.write(_all_missing() if options["missing"] else _one(options))
        except CannotPrint as error:
            raise CommandError(str(error)) from error


def _all_missing() -> str:
    """Build what can be built; raises CannotPrint at the end where PDFs could not be."""
    unprinted, before = None, PackFile.objects.count()
    for row in FrozenData.objects.filter(kind__in=_WITH_FILES).select_related("pack").order_by("pk"):
        try:
            build_files(row)
        except CannotPrint as error:  # the other formats of the other packs are made all the same
            unprinted = error
    said = f"{count_of(PackFile.objects.count() - before, 'file')} made."
    if unprinted is not None:
        raise CannotPrint(f"{said} No PDF could be: {unprinted}") from unprinted
    return said


def _one(options: dict[str, Any]) -> str:
    if not (options["period"] and options["audience"] and options["output"]):
        raise CommandError("Give the period, --audience and --output; or --missing.")
    output: Path = options["output"]
    name = output.suffix.removeprefix(".")
    if name not in MAKERS:
        raise CommandError("The output is a .pdf, .xlsx or .csv file.")
    pack = Pack.objects.of(_span(options["period"]), options["audience"]).order_by("-number").first()
    if pack is None:
        raise CommandError("No pack of that period is begun for that audience.")
    row = frozen_row(pack)
    if row is None:
        raise CommandError("That pack is a draft: it has files once it is frozen.")
    build_files(row)
    output.write_bytes(bytes(row.files.get(format=name).content))
    return f"{pack}: written to {output}."


def _span(text: str) -> Month | Quarter | FinancialYear:
    """A month before a year: 2011-12 could be either, and no pack is so old."""
    for kind in (Quarter, Month, FinancialYear):
        try:
            return kind.parse(text)
        except ValueError:
            continue
    raise CommandError("Write the period like 2026-10, 2026-27-Q2 or 2026-27.")

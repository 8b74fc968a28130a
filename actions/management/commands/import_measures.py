"""``manage.py import_measures FILE``: what a file of outcome measures would change; ``--apply`` changes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.importing import Options, import_measures, preview_measures
from hdcperf.importing import FileRefused, NotApplied, Status
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission


class Command(BaseCommand):
    help = "Preview every row of a CSV or XLSX file of outcome measures; with --apply, import all or nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("file", type=Path)
        add("--our-area", required=True, help="the name of the council's own area as the file has it")
        add("--source", required=True, help="the data set it was published in")
        add("--publisher", required=True)
        add("--licence", default="")
        add("--address", default="", help="where it is published")
        add("--apply", action="store_true", help="import it, if no row is refused")
        add("--by", metavar="EMAIL", help="with --apply: the member of the Performance Team in whose name it is done")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        names = ("our_area", "source", "publisher", "licence", "address")
        said = Options(**{name: options[name] for name in names})
        try:
            content = file.read_bytes()
            plan = preview_measures(content, file.name, said)
        except OSError as unread:
            raise CommandError(f"{file} cannot be read: {unread.strerror}.") from unread
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        for outcome in plan.refused:
            for problem in outcome.problems:
                self.stdout.write(f"Row {outcome.row}, {problem.column or 'the row'}: {problem.sentence}")
        counts = plan.counts
        self.stdout.write(", ".join(f"{counts[status]:,} {status.value}" for status in Status) + ".")
        if options["apply"]:
            self._apply(content, file.name, said, options["by"], plan.fingerprint)

    def _apply(self, content: bytes, name: str, said: Options, by: str | None, seen: str) -> None:
        user = User.objects.filter(email__iexact=by or "").first()
        if user is None or not standing(user).may(Permission.IMPORT_KPIS):
            raise CommandError("Name with --by a member of the Performance Team.")
        try:
            import_measures(content, name, said, by=user, seen=seen)
        except NotApplied as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write("Imported.")

"""``manage.py import_kpis FILE``: say what a register and its history would change; with ``--apply``, change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hdcperf.importing import FileRefused, NotApplied, Outcome, Status, read_table
from hdcperf.organisation.access import standing
from hdcperf.organisation.models import User
from hdcperf.roles import Permission
from hdcperf.ui import count_of
from kpis.importing import Mapping, Options, import_content, keep_mapping, preview, suggested
from kpis.importing.fields import columns
from kpis.models import ImportMapping
from kpis.rules.figures import Unit, YtdRule


class Command(BaseCommand):
    help = (
        "Preview every row of a CSV or XLSX file of KPIs and their months; with --apply, import all or nothing. "
        "Without --mapping the columns are recognised by their headings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        fields = ", ".join(column.name for column in columns())
        add = parser.add_argument
        add("file", type=Path)
        add("--apply", action="store_true", help="import it, if no row is refused")
        add("--by", metavar="EMAIL", help="with --apply: the member of the Performance Team in whose name it is done")
        add("--mapping", metavar="NAME", help="a mapping saved before, under its name")
        add("--map", metavar="FIELD=COLUMN", action="append", default=[], help=f"a column by its heading: {fields}")
        add("--save-as", metavar="NAME", help="the name the mapping is kept under (the file's unless given)")
        add("--sheet", metavar="NAME", help="the sheet of a workbook (its first unless given)")
        add("--year-starts", metavar="MONTH", type=int, choices=range(1, 13), help="1 for January; 4 unless given")
        add("--nought-is-no-target", action="store_true", default=None, help="a target of 0 means there is none")
        add("--same-code-same-kpi", action="store_true", default=None, help="a code is one KPI's in every year")
        add("--create-services-in", metavar="DIRECTORATE", help="make services that are not known yet, in this one")
        add("--rule", metavar="UNIT=RULE", action="append", default=[], help="year-to-date rule of new KPIs, by unit")
        add("--brief", action="store_true", help="list the refused rows only")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            content = file.read_bytes()
        except OSError as problem:
            raise CommandError(f"{file} cannot be read: {problem.strerror}.") from problem
        try:
            mapping = self._mapping(content, file.name, options)
            plan = preview(content, file.name, mapping)
        except FileRefused as refused:
            raise CommandError(str(refused)) from refused
        for outcome in plan.outcomes:
            if outcome.status is Status.REFUSED or not options["brief"]:
                self._tell(outcome)
        counts = plan.counts
        self.stdout.write(", ".join(f"{counts[status]:,} {status.value}" for status in Status) + ".")
        if plan.refused:
            raise CommandError(
                f"{count_of(len(plan.refused), 'row')} refused: nothing can be imported until corrected."
            )
        if not options["apply"]:
            self.stdout.write("Nothing was written. Add --apply to import it.")
        elif plan.changes_something:
            self._apply(content, file, mapping, plan.fingerprint, options)
        else:
            self.stdout.write("There is nothing to import: everything is there already.")

    def _apply(self, content: bytes, file: Path, mapping: Mapping, seen: str, options: dict[str, Any]) -> None:
        by = self._person(options["by"])
        name = options["save_as"] or options["mapping"] or file.stem
        try:
            import_content(content, file.name, keep_mapping(name[:100], mapping, by=by), by=by, seen=seen)
        except NotApplied as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"Imported in the name of {by.name}.")

    def _person(self, email: str | None) -> User:
        if not email:
            raise CommandError("Say in whose name it is imported: --by EMAIL.")
        found: User | None = User.objects.filter(email__iexact=email, is_active=True).first()
        if found is None or not standing(found).may(Permission.IMPORT_KPIS):
            raise CommandError(f"{email} is not a member of the Performance Team.")
        return found

    def _mapping(self, content: bytes, file_name: str, options: dict[str, Any]) -> Mapping:
        if options["mapping"]:
            kept = ImportMapping.objects.filter(name=options["mapping"]).first()
            if kept is None:
                raise CommandError(f"There is no mapping called “{options['mapping']}”.")
            mapping = Mapping.of(kept)
        else:
            mapping = suggested(read_table(content, file_name, options["sheet"] or "").headings)
        return Mapping(self._columns(mapping.columns, options["map"]), self._options(mapping.options, options))

    def _columns(self, guessed: dict[str, str], given: list[str]) -> dict[str, str]:
        mapped = dict(guessed)
        for pair in given:
            name, equals, heading = pair.partition("=")
            if not equals:
                raise CommandError(f"--map {pair}: write it like --map code=Ref, or --map code= to leave it out.")
            mapped = {field: column for field, column in mapped.items() if column != heading and field != name}
            if heading:
                mapped[name] = heading
        return mapped

    def _options(self, kept: Options, given: dict[str, Any]) -> Options:
        rules = dict(kept.rules)
        for pair in given["rule"]:
            unit, _, rule = pair.partition("=")
            if unit not in list(Unit) or rule not in list(YtdRule):
                raise CommandError(f"--rule {pair}: write it like --rule {Unit.RATE.value}={YtdRule.MEAN.value}.")
            rules[unit] = rule
        changed = {
            "year_starts_in": given["year_starts"],
            "nought_is_no_target": given["nought_is_no_target"],
            "same_code_same_kpi": given["same_code_same_kpi"],
            "create_services_in": given["create_services_in"],
            "sheet": given["sheet"],
        }
        return replace(kept, rules=rules, **{name: value for name, value in changed.items() if value is not None})

    def _tell(self, outcome: Outcome) -> None:
        """One line for a row, and one for each cell that is refused."""
        changes = "; ".join(
            f"{one.what}: {f'{one.before} → ' if one.before else ''}{one.after or 'none'}" for one in outcome.changes
        )
        said = changes or outcome.note
        self.stdout.write(
            f"Row {outcome.row:,} {outcome.status.value}: {outcome.title}" + (f" ({said})" if said else "")
        )
        for problem in outcome.problems:
            where = f"{problem.column}: " if problem.column else ""
            self.stdout.write(f"    {where}{problem.sentence}")

"""``manage.py open_period 2026-10``: open the month's collection round and create the returns due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hdcperf.periods import Month
from hdcperf.ui import count_of, day
from kpis.operations.periods import left_out, open_period
from kpis.workflow import MoveRefused


class Command(BaseCommand):
    help = "Open a month for collection and create the returns due. Doing it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", help="the month collected, for example 2026-10")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            month = Month.parse(options["month"])
        except ValueError as problem:
            raise CommandError(f"Give the month as a year and a month, for example 2026-10. {problem}") from problem
        try:
            period, created = open_period(month)
        except MoveRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(
            f"{period}: {count_of(created, 'return')} created. It opens on {day(period.opens_on)}, is due on "
            f"{day(period.due_on)} and locks after {day(period.locks_on)}."
        )
        if without := left_out(month):
            codes = ", ".join(one.code for one in without)
            self.stdout.write(f"Left out, because the data quality template is not signed off: {codes}.")

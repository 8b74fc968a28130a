"""``manage.py open_quarter 2026-27-Q2``: open the quarter and create the updates and project reports due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from actions.operations.quarters import open_quarter
from hdcperf.periods import Quarter
from hdcperf.ui import count_of, day
from hdcperf.workflow import MoveRefused


class Command(BaseCommand):
    help = "Open a quarter and create the updates and project reports due. Doing it twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", help="the quarter, for example 2026-27-Q2")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            quarter = Quarter.parse(options["quarter"])
        except ValueError as problem:
            raise CommandError(f"Give the quarter like 2026-27-Q2. {problem}") from problem
        try:
            opened = open_quarter(quarter)
        except MoveRefused as refused:
            raise CommandError(str(refused)) from refused
        period = opened.period
        self.stdout.write(
            f"{period}: {count_of(opened.updates, 'update')} and {count_of(opened.reports, 'project report')} "
            f"created. It opens on {day(period.opens_on)}, is due on {day(period.due_on)} and locks after "
            f"{day(period.locks_on)}."
        )

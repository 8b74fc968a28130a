"""Send the day's reminders, or print who would receive what."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hdcperf import clock
from hdcperf.reminders.operations.daily import send_reminders
from hdcperf.reminders.presenters.preview import preview_of
from hdcperf.reminders.queries.planning import plan_of
from hdcperf.ui import count_of


class Command(BaseCommand):
    help = "Send today's reminders, at most one message a person. A second time sends only what is new."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=_day, help="The day, as 2026-11-05; today unless given.")
        parser.add_argument("--dry-run", action="store_true", help="Print who would receive what, and send nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        day: date = options["date"] or today
        if options["dry_run"]:
            for line in preview_of(plan_of(day)).as_lines():
                self.stdout.write(line)
            return
        if day != today:
            raise CommandError("Only today’s reminders are sent. Add --dry-run to see another day’s.")
        self.stdout.write(f"{count_of(send_reminders(day), 'message')} posted.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise CommandError(f"“{text}” is not a day: write it as 2026-11-05.") from problem

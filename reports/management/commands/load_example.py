"""Load the example council into an empty database: April 2025 to October 2026, in every state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from hdcperf.organisation.models import User
from kpis.example.year import tell


class Command(BaseCommand):
    help = "Load the example council into an empty database. A second time changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("The example council is only loaded in demo mode: set DEMO_MODE=true.")
        if User.objects.filter(email="performance-team@demo.example").exists():
            self.stdout.write("The example council is there already.")
            return
        if User.objects.exists():
            raise CommandError(
                "There are people in this database already: the example is only loaded into an empty one."
            )
        with transaction.atomic():
            tell(self.stdout.write)

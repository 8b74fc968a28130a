"""Load the example council into an empty database: its KPIs, its Corporate Plan and its actions, in every state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

import actions.example.telling
import dataquality.example.assurance
import dataquality.example.half_year
import dataquality.example.reviews
import dataquality.example.setting
import dataquality.example.templates
import hdcperf.reminders.example
import kpis.example.year
from hdcperf.organisation.models import User
from hdcperf.outbox.example import tell_of_mail
from reports.example import set_objectives, work_behind
from reports.example_meetings import hold_meetings
from reports.example_packs import make_packs


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
            story = kpis.example.year.tell(self.stdout.write, before=dataquality.example.templates.sign_year)
            dataquality.example.templates.this_autumn(story)
            dataquality.example.templates.compare(story)
            plan = actions.example.telling.tell(story.cast, self.stdout.write)
            set_objectives(story.cast, plan.actions)
            tell_of_mail()
            dataquality.example.half_year.review_half_year()
            dataquality.example.reviews.review_quality(story)
            dataquality.example.setting.set_next_year()
            hold_meetings(story.cast, plan.actions)
            make_packs(story.cast)
            hdcperf.reminders.example.tell()
            dataquality.example.assurance.give_assurance()
            work_behind(story.cast)
            self.stdout.write("The half-year review is under way, and the window for the KPIs of 2027/28 is open.")

"""What a person has to do in every workflow, and what there is to read: each part gives its own."""

from __future__ import annotations

from datetime import date

import actions.queries.home_tasks
import actions.queries.reading
import dataquality.queries.assurance
import dataquality.queries.review_tasks
import dataquality.queries.setting_tasks
import dataquality.queries.template_tasks
import kpis.queries.home_tasks
import kpis.queries.reading
from hdcperf.organisation.access import Standing, standing
from hdcperf.organisation.home_tasks import people_tasks
from hdcperf.organisation.models import User
from hdcperf.outbox.home_tasks import message_tasks
from hdcperf.ui.home_tasks import Reading, Task
from reports.queries.pack_tasks import pack_tasks
from reports.queries.question_tasks import question_reading, question_tasks

__all__ = ["reading_for", "tasks_for"]


def tasks_for(user: User, today: date) -> list[Task]:
    """Everything ``user`` has to do on ``today``, own and covered, most urgent first."""
    who = standing(user)
    found = [
        *kpis.queries.home_tasks.tasks_for(user, today),
        *actions.queries.home_tasks.tasks(who),
        *dataquality.queries.template_tasks.template_tasks(who),
        *dataquality.queries.setting_tasks.setting_tasks(who),
        *dataquality.queries.review_tasks.review_tasks(who),
        *dataquality.queries.assurance.assurance_tasks(who),
        *question_tasks(who),
        *pack_tasks(who),
        *people_tasks(who, today),
        *message_tasks(who),
    ]
    return sorted(found, key=lambda task: task.urgency)


def reading_for(who: Standing, today: date) -> list[Reading]:
    """The pages worth opening for somebody with nothing to do."""
    return [
        *kpis.queries.reading.reading_for(who, today),
        *actions.queries.reading.reading_for(who),
        *dataquality.queries.assurance.assurance_reading(who),
        *question_reading(who),
    ]

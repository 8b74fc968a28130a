"""Celery's application and the schedule: the worker runs jobs and scheduled tasks, the beat says when.

celery -A hdcperf worker        celery -A hdcperf beat
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hdcperf.settings")

# Nothing between 01:00 and 02:00: that hour comes twice in October and not at all in March.
AWAKE = "0,2-23"

SCHEDULE = {
    # The task itself leaves out bank holidays.
    "Send the day’s reminders": {
        "task": "hdcperf.reminders.tasks.send_the_days_reminders",
        "schedule": crontab(hour=8, minute=0, day_of_week="mon-fri"),
    },
    "Send notices": {"task": "hdcperf.reminders.tasks.send_the_notices", "schedule": crontab(hour=AWAKE)},
    "Take up lost jobs": {"task": "hdcperf.jobs.tasks.take_up_lost", "schedule": crontab(hour=AWAKE)},
    "Send messages": {"task": "hdcperf.outbox.tasks.send_messages", "schedule": crontab(hour=AWAKE)},
    "Delete the words of old messages": {
        "task": "hdcperf.outbox.tasks.clear_messages",
        "schedule": crontab(hour="3", minute="20"),
    },
    "Forget old messages": {"task": "hdcperf.outbox.tasks.forget_messages", "schedule": crontab(hour=3, minute=30)},
    "Forget old reminders": {
        "task": "hdcperf.reminders.tasks.forget_reminders",
        "schedule": crontab(hour=3, minute=40),
    },
    "Forget sign-ins that have run out": {
        "task": "hdcperf.jobs.tasks.forget_sign_ins",
        "schedule": crontab(hour=4, minute=30),
    },
    "Send old challenges of locked months to the board": {
        "task": "kpis.tasks.lock_months",
        "schedule": crontab(hour=5, minute=10),
    },
    "Send old challenges of locked quarters to the board": {
        "task": "actions.tasks.lock_quarters",
        "schedule": crontab(hour=5, minute=15),
    },
}
"""Each scheduled task, under the words its runs are recorded with (``recorded``).

Two beats at once do no harm: a task that has nothing left to do changes nothing.
"""

app = Celery("hdcperf")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.set_default()  # the server's threads use it too
app.autodiscover_tasks()

"""The product's own schedule for a beat of the tests, in a hurry: every task of it comes round each second.

celery --app tests.hdcperf.outbox.hurried beat
"""

from celery.schedules import schedule

from hdcperf.celery import SCHEDULE, app

app.conf.beat_schedule = {name: {**entry, "schedule": schedule(1)} for name, entry in SCHEDULE.items()}
app.conf.beat_max_loop_interval = 1

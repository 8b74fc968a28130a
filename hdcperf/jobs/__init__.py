"""Work in the background: a row for each long job with its claim and heartbeat, and one for each scheduled run.

An app adds a kind of job in ``settings.JOB_KINDS`` and starts one with ``operations.start``; its work function, in
the app's ``jobs.py``, takes a ``running.Working`` and the job's arguments, and gives a ``running.Result``.

A scheduled task is a ``shared_task`` in the app's ``tasks.py`` under ``recording.recorded``, and one line in
``celery.py``.
"""

"""Messages to people, each told once: ``operations.post`` in the transaction of whatever it tells of.

``delivery`` sends them: each minute by the schedule, at once after a commit, or by ``manage.py send_messages``.
"""

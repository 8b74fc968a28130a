"""What people are reminded of about packs and panels' questions, and told of at once (*Quarterly Reporting*)."""

from reports.reminders import packs, questions

__all__ = ["KINDS", "NOTICES"]

KINDS = (*packs.KINDS, *questions.KINDS)
NOTICES = (*packs.NOTICES, *questions.NOTICES)

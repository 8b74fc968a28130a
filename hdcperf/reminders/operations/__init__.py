"""Multi-row writes: a day's reminders, what is told at once, a person's days, a message to a service."""

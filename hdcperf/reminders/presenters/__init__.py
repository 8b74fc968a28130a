"""Reminders in words: the messages, and the pages about them."""

"""Reads of what is open, who is there, and what was sent."""

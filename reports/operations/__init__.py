"""Writes of several rows: meetings, and what members ask."""

"""Reads of actions used twice or worth a name."""

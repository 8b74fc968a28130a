"""Reads of the monthly cycle that are used twice or are worth a name."""

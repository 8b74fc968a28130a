"""Reads of data quality used twice or worth a name."""

"""Writes of data quality that touch more than one row, or that push a fact down to a KPI's year."""

"""Reads that draw on every part."""

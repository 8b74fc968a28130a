"""Rows ready for templates."""

"""Rows ready for the templates of pages that draw on every part."""

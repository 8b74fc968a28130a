"""Forms of pages that draw on every part."""

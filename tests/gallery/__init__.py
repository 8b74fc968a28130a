"""A page of every component, for the tests alone: drawn in Chromium, checked with axe and looked at."""

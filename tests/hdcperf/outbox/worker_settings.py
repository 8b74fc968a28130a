"""The product's own settings for the tests' real workers and beats: it is 5 November 2026, a working day."""

from hdcperf.settings import *  # noqa: F403

TODAY = "2026-11-05"

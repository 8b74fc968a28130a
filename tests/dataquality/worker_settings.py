"""The product's own settings for a real worker of the tests, soon out of patience: it is 5 November 2026."""

from hdcperf.settings import *  # noqa: F403

TODAY = "2026-11-05"
JOBS_BEAT_SECONDS = 0.05
JOBS_STALE_SECONDS = 1.5

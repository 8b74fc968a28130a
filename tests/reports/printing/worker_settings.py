"""The product's own settings for a real worker of the tests, soon out of patience with one that is silent."""

from hdcperf.settings import *  # noqa: F403

JOBS_BEAT_SECONDS = 0.1
JOBS_STALE_SECONDS = 1.5

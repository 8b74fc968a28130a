"""The product's own settings for a real worker of the tests: with their kinds of job, and soon out of patience."""

from hdcperf.settings import *  # noqa: F403
from tests.hdcperf.jobs.kinds import KINDS

JOB_KINDS = KINDS
JOBS_BEAT_SECONDS = 0.1
JOBS_STALE_SECONDS = 1.5

"""The tests' kinds of job: a settings module names them before any model can be imported."""

KINDS = {name: f"tests.hdcperf.jobs.work.{name}" for name in ("count", "refuse", "break_down", "build")}

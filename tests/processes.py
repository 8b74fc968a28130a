"""Real processes beside a test: a worker, a beat, a server, a Redis; ended with all they started."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from celery import current_app

from tests.databases import ROOT

__all__ = [
    "WORKER",
    "council_environment",
    "free_port",
    "kept",
    "kill",
    "queue_to",
    "redis_server",
    "started",
    "until",
]

WORKER = ["celery", "--app", "hdcperf", "worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip"]
"""The command of a worker of the product."""

Process = subprocess.Popen[bytes]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def council_environment(database_url: str, redis_url: str, **more: str) -> dict[str, str]:
    """What a process of a council's own is given.

    Nothing of this machine's settings, nor of a demonstration's ``.env``, changes what a test proves.
    """
    return {
        **{name: value for name, value in os.environ.items() if name in ("HOME", "LANG")},
        "DJANGO_SETTINGS_MODULE": "hdcperf.settings",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "DEBUG": "true",
        "DEMO_MODE": "false",
        "GOVUK_NOTIFY_API_KEY": "",
        **more,
    }


def kept(command: Sequence[str]) -> list[str]:
    """The command as a council runs it: what ends by itself is started again, as the compose file says.

    A worker does end when Redis goes just as it acknowledges a task: Celery calls that unrecoverable.
    """
    return ["sh", "-c", 'while :; do "$@"; sleep 0.2; done', "sh", *command]


@contextmanager
def started(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[Process]:
    """Start a command in a group of its own, with this environment and the folder of its Python on the path."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=ROOT, env={**environment, "PATH": path}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process: Process) -> None:
    """Kill -9 a process and all it started: none of them can tidy up."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=20)


@contextmanager
def redis_server(port: int, folder: Path) -> Iterator[Process]:
    """A Redis of the test's own, which it may stop."""
    program = shutil.which("redis-server")
    assert program, "redis-server is not installed"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with started(command, {}, folder / "redis.log") as process:
        until(lambda: _listens(port), "Redis to start")
        yield process


def queue_to(url: str) -> None:
    """Have this process queue its tasks to another broker from now on."""
    current_app.conf.broker_url = url
    current_app.amqp._producer_pool = None
    current_app._pool = None


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def until(there: Callable[[], object], what: str, logs: Path | None = None, seconds: float = 60) -> None:
    """Wait for something, patiently: a busy machine is no failing rule. A failure shows the end of ``logs``."""
    end = time.monotonic() + seconds
    while not there():
        if time.monotonic() > end:
            raise AssertionError(f"Waited {seconds:.0f} seconds for {what}.\n{_ends_of(logs)}")
        time.sleep(0.05)


def _ends_of(logs: Path | None) -> str:
    """The last lines of a log, or of each in a folder."""
    if logs is None:
        return ""
    files = sorted(logs.glob("*.log")) if logs.is_dir() else [logs]
    return "\n".join(f"{one.name}:\n" + "\n".join(one.read_text().splitlines()[-40:]) for one in files)

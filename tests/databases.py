"""The run's databases.

Two are made once a run, whatever the number of its workers: one that is migrated, and one that holds the example
council. Every other is a copy of one of the two, made in an instant.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from django.conf import settings
from psycopg import sql

__all__ = ["ROOT", "RUN", "RunDatabases", "address", "drop_all", "environment"]

ROOT = Path(settings.BASE_DIR)
RUN = "HDCPERF_TEST_RUN"
"""The variable that names this run, so that its workers share its databases and leave nothing behind."""
TODAY = "2026-11-05"
PATIENCE = 900
"""Seconds until making a database is given up: long, because a busy machine is not a failing rule."""


def environment(database_url: str) -> dict[str, str]:
    """The environment of a demonstration on ``database_url``; the machine's own settings do not leak into it."""
    return {
        **{name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "SECRET_KEY")},
        "DJANGO_SETTINGS_MODULE": "tests.example_settings",
        "DATABASE_URL": database_url,
        "DEBUG": "true",
        "DEMO_MODE": "true",
        "DEMO_TODAY": TODAY,
        "SECRET_KEY": "example-server-of-the-tests",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }


class RunDatabases:
    """PostgreSQL's databases or SQLite's files, as the run uses. ``folder`` is the run's, shared by its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_postgres = _is_postgres()
        self._thread = ThreadPoolExecutor(1)
        self._example: Future[None] | None = None

    def begin_example(self) -> None:
        """Start making the example beside the tests, if this worker has not; it takes a minute."""
        if self._example is None:
            self._example = self._thread.submit(self._once, "example", self._make_example)

    def example(self, name: str) -> str:
        """The address of a new copy of the example council, waiting until there is one."""
        self.begin_example()
        assert self._example is not None
        self._example.result()
        return self._copy("example", name)

    def migrated(self, test: dict[str, Any], worker: str) -> None:
        """Have Django make its test database by copying; ``test`` is its TEST setting."""
        self._once("migrated", self._make_migrated)
        test["MIGRATE"] = False  # nothing is left to do
        if self.is_postgres:
            test["TEMPLATE"] = self._name("migrated")
        else:
            test["NAME"] = str(self._copy_file("migrated", f"test_{worker}"))

    def stop(self) -> None:
        """Wait for what was begun; called at the end of the worker."""
        self._thread.shutdown(cancel_futures=True)

    def _once(self, name: str, make: Callable[[str], None]) -> None:
        """Make a database unless another worker of this run already has."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.folder / f"{name}.done"
            if not done.exists():
                make(name)
                done.touch()

    def _make_migrated(self, name: str) -> None:
        if self.is_postgres:
            self._sql("CREATE DATABASE {}", name)
        _manage(self._url(name), "migrate", "-v0")

    def _make_example(self, name: str) -> None:
        self._once("migrated", self._make_migrated)
        url = self._copy("migrated", name)
        _manage(url, "load_example")
        _manage(url, "build_pack", "--missing")  # its pages link to the files of its packs

    def _url(self, name: str) -> str:
        """The address of a database, as DATABASE_URL takes it."""
        if not self.is_postgres:
            return f"sqlite:///{self._file(name)}"
        return address(self._name(name))

    def _copy(self, source: str, name: str) -> str:
        if self.is_postgres:
            self._sql("CREATE DATABASE {} TEMPLATE {}", name, source)
        else:
            self._copy_file(source, name)
        return self._url(name)

    def _copy_file(self, source: str, name: str) -> Path:
        return Path(shutil.copy(self._file(source), self._file(name)))

    def _file(self, name: str) -> Path:
        return self.folder / f"run_{name}.sqlite3"

    def _name(self, name: str) -> str:
        return f"{_prefix()}{name}"

    def _sql(self, statement: str, *names: str) -> None:
        with _connect() as connection:
            connection.execute(sql.SQL(statement).format(*(sql.Identifier(self._name(name)) for name in names)))


def address(name: str) -> str:
    """The address of the database of that name, beside the one the run was given, as DATABASE_URL takes it."""
    found = settings.DATABASES["default"]
    host = quote(str(found.get("HOST") or "127.0.0.1"), safe="")
    password = f":{quote(found['PASSWORD'], safe='')}" if found.get("PASSWORD") else ""
    port = f":{found['PORT']}" if found.get("PORT") else ""
    return f"postgres://{found.get('USER') or 'postgres'}{password}@{host}{port}/{name}"


def drop_all() -> None:
    """Drop the run's databases at its end on PostgreSQL; SQLite's go with pytest's folder."""
    if not _is_postgres():
        return
    with _connect() as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_prefix()])
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _manage(database_url: str, *command: str) -> None:
    """Run a command of ``manage.py`` as its own process. Raises RuntimeError with what it said if it fails."""
    found = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(database_url),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
    )
    if found.returncode:
        raise RuntimeError(f"manage.py {' '.join(command)} failed:\n{found.stdout}")


def _is_postgres() -> bool:
    return bool(settings.DATABASES["default"]["ENGINE"].endswith("postgresql"))


def _prefix() -> str:
    return f"run_{os.environ[RUN]}_"


def _connect() -> psycopg.Connection[tuple[str, ...]]:
    found = settings.DATABASES["default"]
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    how = {ours: str(found[theirs]) for theirs, ours in keys.items() if found.get(theirs)}
    return psycopg.connect(dbname="postgres", autocommit=True, **how)  # type: ignore[arg-type]

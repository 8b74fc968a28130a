"""The example council behind a real server: made once a run, copied in an instant for each test that changes it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import requests
from django.conf import settings
from psycopg import sql

ROOT = Path(settings.BASE_DIR)
RUN = "HDCPERF_TEST_RUN"
"""The variable that names this run, so that its workers share one example and leave nothing behind."""
TODAY = "2026-11-05"


class ExampleDatabase:
    """A database that holds the example council, and copies of it. PostgreSQL or SQLite, as the run uses."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")

    def prepare(self) -> None:
        """Make the example, unless another worker of this run already has."""
        with (self.folder / "example.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = self.folder / "example.done"
            if done.exists():
                return
            if self.is_postgres:
                self._sql("CREATE DATABASE {}", self._name("template"))
            url = self.url("template")
            for command in (["migrate", "-v0"], ["load_example"]):
                subprocess.run(
                    [sys.executable, "manage.py", *command],
                    cwd=ROOT,
                    env=environment(url),
                    check=True,
                    capture_output=True,
                )
            done.touch()

    def url(self, copy: str) -> str:
        """The address of a copy, as DATABASE_URL takes it."""
        if not self.is_postgres:
            return f"sqlite:///{self.folder / f'example_{copy}.sqlite3'}"
        found = settings.DATABASES["default"]
        host = quote(str(found.get("HOST") or "127.0.0.1"), safe="")
        password = f":{quote(found['PASSWORD'])}" if found.get("PASSWORD") else ""
        port = f":{found['PORT']}" if found.get("PORT") else ""
        return f"postgres://{found.get('USER') or 'postgres'}{password}@{host}{port}/{self._name(copy)}"

    def copy(self, name: str) -> str:
        """Copy the example under ``name`` and return its address."""
        if self.is_postgres:
            self._sql("CREATE DATABASE {} TEMPLATE {}", self._name(name), self._name("template"))
        else:
            shutil.copy(self.folder / "example_template.sqlite3", self.folder / f"example_{name}.sqlite3")
        return self.url(name)

    def _name(self, copy: str) -> str:
        return f"{prefix()}{copy}"

    def _sql(self, statement: str, *names: str) -> None:
        with _connect() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def prefix() -> str:
    return f"example_{os.environ[RUN]}_"


def _connect() -> psycopg.Connection[tuple[str, ...]]:
    found = settings.DATABASES["default"]
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    how = {ours: str(found[theirs]) for theirs, ours in keys.items() if found.get(theirs)}
    return psycopg.connect(dbname="postgres", autocommit=True, **how)  # type: ignore[arg-type]


def drop_all() -> None:
    """Drop the example and its copies at the end of a run on PostgreSQL; SQLite's go with pytest's folder."""
    if not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    with _connect() as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix()])
        for (name,) in found.fetchall():
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def environment(database_url: str) -> dict[str, str]:
    """The environment of a demonstration on ``database_url``; the machine's own settings do not leak into it."""
    return {
        **{name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "SECRET_KEY")},
        "DATABASE_URL": database_url,
        "DEBUG": "true",
        "DEMO_MODE": "true",
        "DEMO_TODAY": TODAY,
        "SECRET_KEY": "example-server-of-the-tests",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
    }


@contextmanager
def serve(database_url: str, log: Path) -> Iterator[str]:
    """Serve the product on ``database_url`` with gunicorn, as the council would, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "hdcperf.wsgi", "-b", f"127.0.0.1:{port}", "--threads", "4"]
    with log.open("w") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment(database_url), stdout=output, stderr=output)
        try:
            _wait_for(port, server, log)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        try:
            requests.get(f"http://127.0.0.1:{port}/health/", timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"The example server did not start:\n{log.read_text()}")


class Visitor:
    """Somebody with a browser's cookies and no browser: asks for addresses and says what came back."""

    def __init__(self, base: str, role: str | None = None) -> None:
        self.base = base
        self.session = requests.Session()
        if role is not None:
            self.sign_in(role)

    def sign_in(self, role: str) -> None:
        """Sign in as one of the example's accounts, through the sign-in page."""
        self.session.get(f"{self.base}/sign-in/", timeout=30)
        answer = self.session.post(
            f"{self.base}/sign-in/",
            data={
                "email": f"{role}@demo.example",
                "password": "demo",
                "csrfmiddlewaretoken": self.session.cookies["csrftoken"],
            },
            headers={"Referer": f"{self.base}/sign-in/"},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 302, f"{role} could not sign in: {answer.status_code}"

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.base}{path}", allow_redirects=False, timeout=60)

    def post(self, path: str, **data: str) -> requests.Response:
        return self.session.post(
            f"{self.base}{path}",
            data={**data, "csrfmiddlewaretoken": self.session.cookies["csrftoken"]},
            headers={"Referer": f"{self.base}{path}"},
            allow_redirects=False,
            timeout=60,
        )

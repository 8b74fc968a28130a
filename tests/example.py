"""The example council behind a real server, and somebody who visits it without a browser."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.databases import ROOT, environment

__all__ = ["Visitor", "serve"]


@contextmanager
def serve(database_url: str, log: Path) -> Iterator[str]:
    """Serve the product on ``database_url`` with gunicorn, as the council would, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as found, log.open("w") as output:
        port, number = found.getsockname()[1], found.fileno()
        command = [sys.executable, "-m", "gunicorn", "hdcperf.wsgi", "--bind", f"fd://{number}", "--threads", "4"]
        command += ["--no-control-socket"]  # it would be one file in the home folder for every server
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment(database_url), stdout=output, stderr=output, pass_fds=[number]
        )
        try:
            _wait_for(port, server, log)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait(timeout=20)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    """The socket listens from the start, so the first request waits until the server takes it."""
    end = time.monotonic() + 120
    while server.poll() is None and time.monotonic() < end:
        try:
            requests.get(f"http://127.0.0.1:{port}/health/", timeout=30)
        except requests.RequestException:
            continue
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

"""The compose file says everything an installation needs: each variable is there, and each command starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from django.db import connection

from tests.databases import ROOT, address
from tests.processes import free_port, redis_server, started, until

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = ("migrate", "web", "worker", "beat")
FOR_TRYING = {"DEBUG", "DEMO_MODE", "DEMO_TODAY"}
GIVEN = {
    "SECRET_KEY": "k3y" * 20 + "abcdefghij",
    "ALLOWED_HOSTS": "performance.example",
    "POSTGRES_PASSWORD": "pw",
    "SITE_ADDRESS": "https://performance.example",
}


def of_settings() -> set[str]:
    return set(re.findall(r"env\.\w+\(\s*\"(\w+)\"", (ROOT / "hdcperf" / "settings.py").read_text()))


def filled(value: str) -> str:
    """A value as compose reads it with ``GIVEN`` in the environment."""
    return re.sub(
        r"\$\{(\w+)(?::([-?])([^}]*))?\}",
        lambda found: GIVEN.get(found[1]) or (found[3] if found[2] == "-" else f"no {found[1]}"),
        value,
    )


def environment() -> dict[str, str]:
    return {name: filled(str(value)) for name, value in COMPOSE["services"]["web"]["environment"].items()}


def test_every_variable_of_the_settings_is_in_the_compose_file_and_in_the_table() -> None:
    assert set(environment()) == of_settings() - FOR_TRYING
    assert all(COMPOSE["services"][name]["environment"] == COMPOSE["services"]["web"]["environment"] for name in OURS)
    assert not [value for value in environment().values() if value.startswith("no ")]
    table = (ROOT / "README.md").read_text().split("| Variable |")[1].split("\n\n")[0]
    assert of_settings() == set(
        re.findall(r"`([A-Z_]+)`", "|".join(row.split("|")[1] for row in table.split("\n")[2:]))
    )


def test_the_image_has_what_every_command_names_and_runs_as_nobody_special() -> None:
    image = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^USER hdcperf$", image, re.M)
    for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "fonts-dejavu-core"):
        assert package in image
    for name in OURS:
        service = COMPOSE["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert name == "migrate" or service["healthcheck"]
        assert name == "migrate" or service["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[dict[str, str], dict[str, Path], int]]:
    """The commands of the compose file as processes, on this test's database and a Redis of its own."""
    redis, web = free_port(), free_port()
    names = environment() | {"DATABASE_URL": address(str(connection.settings_dict["NAME"])), "PORT": str(web)}
    names["REDIS_URL"] = f"redis://127.0.0.1:{redis}/0"
    logs = {name: tmp_path / f"{name}.log" for name in OURS}
    with ExitStack() as stack:
        stack.enter_context(redis_server(redis, tmp_path))
        for name in OURS:
            command = [
                part.replace("0.0.0.0:8000", f"127.0.0.1:{web}").replace("/tmp/", f"{tmp_path}/")
                for part in COMPOSE["services"][name]["command"]
            ]
            process = stack.enter_context(started(command, names, logs[name]))
            if name == "migrate":
                assert process.wait(timeout=120) == 0, logs[name].read_text()
        yield names, logs, web


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_every_command_of_the_compose_file_starts(running: Any, tmp_path: Path) -> None:
    names, logs, web = running
    said = {name: log.read_text for name, log in logs.items()}
    until(lambda: " ready." in said["worker"](), "the worker")
    until(lambda: "beat: Starting" in said["beat"](), "the beat")
    with started(["python", "bin/healthy"], names, tmp_path / "healthy.log") as healthy:
        assert healthy.wait(timeout=60) == 0, (tmp_path / "healthy.log").read_text() + said["web"]()
    answer = requests.get(f"http://127.0.0.1:{web}/health/", headers={"Host": "performance.example"}, timeout=20)
    assert answer.json()["queue"] == "ok"


@pytest.mark.parametrize(
    ("unsafe", "says"),
    [
        ({"DEMO_MODE": "true"}, "DEMO_MODE is on"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is weak"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name"),
    ],
)
def test_an_unsafe_server_does_not_start(unsafe: dict[str, str], says: str, tmp_path: Path) -> None:
    names = environment() | {"DATABASE_URL": "sqlite:///:memory:", "REDIS_URL": ""} | unsafe
    log = tmp_path / "web.log"
    with started(["python", "-c", "import hdcperf.wsgi"], names, log) as process:
        assert process.wait(timeout=120) == 1
    assert says in log.read_text()

"""Settings as an installation meets them: read in a fresh process from its environment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

import hdcperf.settings
from hdcperf.settings import BASE_DIR, database

SHOW = (
    "import json; from hdcperf import settings as s; print(json.dumps({name: str(getattr(s, name)) for name in %r}))"
)


def read(*names: str, cwd: Path = BASE_DIR, **environment: str) -> subprocess.CompletedProcess[str]:
    """What a new process makes of these variables (they win over any .env of the checkout)."""
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", SHOW % (list(names),)],
        env={**keep, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_sqlite_takes_the_write_lock_first_and_waits_for_it() -> None:
    settings = database("sqlite:////tmp/x.sqlite3")
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert settings["OPTIONS"]["timeout"] == 20
    assert "journal_mode=WAL" in settings["OPTIONS"]["init_command"]
    assert not settings.get("ATOMIC_REQUESTS")


def test_postgresql_on_a_socket_is_understood() -> None:
    settings = database("postgres://postgres@%2Fvar%2Frun/hdcperf")
    assert settings["HOST"] == "/var/run"
    assert settings["NAME"] == "hdcperf"
    assert not settings.get("ATOMIC_REQUESTS")


@pytest.mark.postgresql
@pytest.mark.django_db
def test_postgresql_compiles_no_page() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")
        assert cursor.fetchone() == ("off",)


def test_options_of_the_address_are_kept() -> None:
    settings = database("postgres://postgres@localhost/hdcperf?sslmode=require&options=-c%20jit=on")
    assert settings["OPTIONS"] == {"sslmode": "require", "options": "-c jit=on"}


@pytest.mark.parametrize(
    ("given", "carries"),
    [
        ({}, ""),
        ({"DEBUG": True}, "console"),
        ({"EMAIL_HOST": "mail.example", "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}, "smtp"),
        ({"GOVUK_NOTIFY_API_KEY": "key"}, ""),
        ({"GOVUK_NOTIFY_API_KEY": "key", "GOVUK_NOTIFY_PLAIN_EMAIL_TEMPLATE_ID": "id"}, "django_gov_notify"),
        ({"DEMO_MODE": True, "DEBUG": True, "EMAIL_HOST": "mail.example"}, "ShownOnly"),
    ],
)
def test_messages_leave_by_what_is_set_and_never_from_a_demonstration(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, object], carries: str
) -> None:
    nothing = {"DEBUG": False, "DEMO_MODE": False, "EMAIL_HOST": "", "GOVUK_NOTIFY_API_KEY": ""}
    console = {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    for name, value in {**nothing, **console, **given}.items():
        monkeypatch.setattr(hdcperf.settings, name, value)
    backend = hdcperf.settings.outbox_backend()
    assert carries in backend
    assert bool(backend) is bool(carries)


def test_production_has_secure_cookies_and_no_demonstration_date() -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "TODAY", "PRODUCTION")
    result = read(*names, DEBUG="false", DEMO_MODE="false", SECRET_KEY="x" * 60)
    assert result.stdout.strip() == (
        '{"SESSION_COOKIE_SECURE": "True", "CSRF_COOKIE_SECURE": "True", "SECURE_SSL_REDIRECT": "True", '
        '"TODAY": "None", "PRODUCTION": "True"}'
    )


def test_the_demonstration_is_on_5_november_2026_unless_told() -> None:
    demo = {"DEBUG": "true", "DEMO_MODE": "true"}
    assert '"2026-11-05"' in read("TODAY", **demo).stdout
    assert '"2027-03-31"' in read("TODAY", **demo, DEMO_TODAY="2027-03-31").stdout


@pytest.mark.django_db
def test_every_answer_carries_a_policy_without_unsafe_sources(client: Client) -> None:
    policy = client.get("/health/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_less_than_a_year_of_who_was_told_is_refused_at_the_start() -> None:
    found = read("TOLD_KEEP_DAYS", DEBUG="true", TOLD_KEEP_DAYS="365")
    assert found.returncode
    assert 'Environment variable "TOLD_KEEP_DAYS" invalid' in found.stderr
    assert "366" in found.stderr

"""What an installation is refused, or warned of, when it starts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.checks import run_checks

from hdcperf import checks


def found(deploy: bool = False) -> set[str]:
    return {str(message.id) for message in run_checks(include_deployment_checks=deploy)}


def test_demo_mode_is_refused_with_debug_off(settings: Any) -> None:
    settings.DEMO_MODE, settings.DEBUG = True, False
    assert "hdcperf.E001" in found()


def test_demo_mode_is_let_through_with_debug_on(settings: Any) -> None:
    settings.DEMO_MODE, settings.DEBUG = True, True
    assert "hdcperf.E001" not in found()


@pytest.mark.parametrize(("name", "number"), [("DEBUG", "E004"), ("DEMO_MODE", "E005")])
def test_what_is_for_trying_is_refused_in_production(settings: Any, name: str, number: str) -> None:
    settings.DEBUG = settings.DEMO_MODE = False
    assert f"hdcperf.{number}" not in found(deploy=True)
    setattr(settings, name, True)
    assert f"hdcperf.{number}" in found(deploy=True)


@pytest.mark.parametrize("key", ["short", "a" * 60, "not-secret-" + "abcdefghij" * 6])
def test_a_weak_secret_key_is_refused_in_production(settings: Any, key: str) -> None:
    settings.SECRET_KEY = key
    assert "hdcperf.E002" in found(deploy=True)


def test_a_strong_secret_key_is_let_through(settings: Any) -> None:
    settings.SECRET_KEY = "".join(chr(ord("A") + number % 58) for number in range(60))
    assert "hdcperf.E002" not in found(deploy=True)


@pytest.mark.parametrize("hosts", [[], ["*"], ["performance.example", "*"]])
def test_a_site_that_answers_to_any_name_is_refused_in_production(settings: Any, hosts: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    assert "hdcperf.E003" in found(deploy=True)


def test_a_site_that_names_its_addresses_is_let_through(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["performance.example"]
    assert "hdcperf.E003" not in found(deploy=True)


@pytest.mark.parametrize(("backend", "warned"), [("", True), ("hdcperf.outbox.backends.ShownOnly", False)])
def test_whoever_sets_nothing_that_carries_messages_is_warned(settings: Any, backend: str, warned: bool) -> None:
    settings.OUTBOX_BACKEND = backend
    assert ("hdcperf.W003" in found(deploy=True)) is warned


@pytest.mark.parametrize(("days_left", "warned"), [(-1, True), (364, True), (365, False)])
def test_bank_holidays_that_end_within_a_year_are_warned_of(
    monkeypatch: pytest.MonkeyPatch, days_left: int, warned: bool
) -> None:
    last = date.today() + timedelta(days=days_left)
    monkeypatch.setattr(checks, "last_bank_holiday", lambda: last)
    assert ("hdcperf.W001" in found()) is warned


def test_the_last_bank_holiday_is_a_boxing_day_to_come() -> None:
    last = checks.last_bank_holiday()
    assert last > date(2026, 12, 1)
    assert last.month == 12

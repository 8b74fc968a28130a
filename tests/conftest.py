"""What every test stands on: no network, a clock that can be set, and a real browser for those that ask for one."""

import ipaddress
import os
import signal
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import ARGUMENTS, find_chromium
from tests.databases import RUN, RunDatabases, drop_all
from tests.example import serve

# A slow machine is not a failing rule.
hypothesis.settings.register_profile("hdcperf", deadline=None)
hypothesis.settings.load_profile("hdcperf")


def pytest_configure(config: pytest.Config) -> None:
    """Name the run; its workers inherit the name. Told to end, a run closes what it started, as after Ctrl-C."""
    os.environ.setdefault(RUN, uuid.uuid4().hex[:8])
    for told in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(told, signal.default_int_handler)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the run's databases when the run, not one of its workers, ends."""
    if not hasattr(session.config, "workerinput"):
        drop_all()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a browser, so that `-m "not browser"` leaves them out; the example's come last.

    By then the example has been made, beside the others.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    items.sort(key=_needs_example)


def _needs_example(item: pytest.Item) -> bool:
    return "example_copy" in getattr(item, "fixturenames", ())


class NetworkBlocked(RuntimeError):
    """A test tried to reach another machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket's path
        return True
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse connections to other machines. (PostgreSQL is reached by a C library and so is not refused.)"""
    real = {"connect": socket.socket.connect, "connect_ex": socket.socket.connect_ex}

    def guarded(name: str) -> Callable[[socket.socket, Any], Any]:
        def connect(self: socket.socket, address: Any) -> Any:
            if not _is_local(address):
                raise NetworkBlocked(f"Tests reach no other machine: {address}")
            return real[name](self, address)

        return connect

    with pytest.MonkeyPatch.context() as patch:
        for name in real:
            patch.setattr(socket.socket, name, guarded(name))
        yield


@pytest.fixture(autouse=True)
def _own_cache(settings: Any) -> None:
    """Give each test a cache of its own, also on a Redis that others use."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture
def set_today(settings: Any) -> Callable[[date], None]:
    """Call it with the date that the product takes to be today."""

    def set_today(day: date) -> None:
        settings.TODAY = day

    return set_today


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole session of a worker."""
    with pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop running in this thread, which Django takes for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            yield browser
            browser.close()


@pytest.fixture
def new_context(chromium: Browser, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Make browser contexts (one a person) on the live server; options are Playwright's. Closed at the end.

    A script that fails, or anything the Content Security Policy stops, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new_context(**options: Any) -> BrowserContext:
        context = chromium.new_context(
            **{
                "base_url": live_server.url,
                "locale": "en-GB",
                "timezone_id": "Europe/London",
                "viewport": {"width": 1280, "height": 900},
                "reduced_motion": "reduce",
                **options,
            }
        )
        context.set_default_timeout(15_000)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on(
            "console",
            lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None,
        )
        contexts.append(context)
        return context

    yield new_context
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of desktop width in a fresh context on the live server: ``page.goto("/")``."""
    return new_context().new_page()


@pytest.fixture
def narrow_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page 320 CSS pixels wide, as WCAG 1.4.10 asks."""
    return new_context(viewport={"width": 320, "height": 640}).new_page()


@pytest.fixture
def plain_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page in a browser without JavaScript."""
    return new_context(java_script_enabled=False).new_page()


@pytest.fixture(scope="session", autouse=True)
def run_databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[RunDatabases]:
    """The databases that the run's workers share. The example is made beside the first tests, where any needs it."""
    base = tmp_path_factory.getbasetemp()
    databases = RunDatabases(base if worker_id == "master" else base.parent)
    if any(_needs_example(item) for item in request.session.items):
        databases.begin_example()
    yield databases
    databases.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, run_databases: RunDatabases, worker_id: str
) -> None:
    """Copy the database of each worker's tests from one that is migrated once a run."""
    run_databases.migrated(connections["default"].settings_dict["TEST"], worker_id)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """Keep the copied file that SQLite's tests are given; it goes with the run's folder."""
    return django_db_keepdb or connections["default"].vendor == "sqlite"


@pytest.fixture(scope="session")
def example_copy(run_databases: RunDatabases) -> Callable[[], str]:
    """Call it for the address of a new database that holds the example council."""
    return lambda: run_databases.example(uuid.uuid4().hex[:8])


@pytest.fixture(scope="session")
def example_site(example_copy: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the example council, shared by the tests that only look."""
    with serve(example_copy(), tmp_path_factory.mktemp("look") / "server.log") as site:
        yield site


@pytest.fixture
def own_example_site(example_copy: Callable[[], str], tmp_path: Path) -> Iterator[str]:
    """The address of a server of the example council that this test may change."""
    with serve(example_copy(), tmp_path / "server.log") as site:
        yield site

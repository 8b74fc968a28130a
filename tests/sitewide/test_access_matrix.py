"""Who may reach what: every address × everybody, against the hand-written tables of ``access/``.

A new address, button of a form, or role without an expectation fails here, and so does an expectation for an address
that is gone. Add an app's own table as ``access/<app>.py``.
"""

from __future__ import annotations

import html
import importlib
import logging
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib import admin
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from hdcperf import urls
from hdcperf.roles import Role
from tests.sitewide import access
from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.hdcperf import ADMIN
from tests.sitewide.access.people import EVERYBODY, NOBODY, SIGNED_IN, TEAM
from tests.sitewide.access.scene import Scene, living_scene, writes_of

HELPERS = {
    "people",
    "scene",
    "action_scene",
    "panel_scene",
    "pack_scene",
    "plan_scene",
    "project_scene",
    "quality_scene",
    "setting_scene",
    "template_scene",
    "assurance_scene",
    "expected",
}
TABLES = [
    importlib.import_module(f"{access.__name__}.{one.name}")
    for one in pkgutil.iter_modules(access.__path__)
    if one.name not in HELPERS
]
PAGES: list[Page] = [page for table in TABLES for page in table.PAGES]
FORMS: list[Form] = [form for table in TABLES for form in table.FORMS]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """One set of rows for the module; what a test writes is undone after it.

    A refusal is answered in short: there are thousands, of which only the status is asked here. Their pages are
    looked at in ``test_hostile_addresses`` and ``test_who_sees_what``.
    """
    logging.disable(logging.WARNING)  # each with its traceback
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), living_scene() as scene:
        for status in (403, 404):
            patch.setattr(urls, f"handler{status}", partial(refuse, status), raising=False)
        yield scene
    logging.disable(logging.NOTSET)


def refuse(status: int, request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(status=status)


pytestmark = pytest.mark.django_db


def names_of(patterns: list[URLPattern | URLResolver], space: str = "", route: str = "") -> Iterator[str]:
    """Every address's name; one without a name is named by its route. The admin's own are left out."""
    for one in patterns:
        here = f"{route}{one.pattern}"
        if not isinstance(one, URLResolver):
            yield f"{space}{one.name}" if one.name else here
        elif one.namespace != "admin":
            yield from names_of(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, here)


def name_at(scene: Scene, written: str) -> str:
    """The name of the address that the tables write so."""
    found = resolve(unquote(urlsplit(scene.address(written)).path))
    return found.view_name if found.url_name else found.route


Button = tuple[str, str, str]
"""The name of a form's address, and the name and value of a button of it."""


@pytest.fixture(scope="module")
def buttons(scene: Scene) -> set[Button]:
    """Every button that has an expectation."""
    return {button_at(scene, scene.address(one.address), *(one.button or ("", ""))) for one in FORMS}


def button_at(scene: Scene, address: str, name: str, value: str) -> Button:
    """A button as the tables know it: those for a row, or for one of several methods, are alike."""
    value = scene.address(value)
    return (
        resolve(unquote(urlsplit(address).path)).view_name,
        name,
        "row" if value.isdigit() else value.partition(":")[0],
    )


_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_BUTTON = re.compile(r"<button\b([^>]*)>")


def _given(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return found[1] if found else ""


def printed_on(scene: Scene, page: str, address: str) -> Iterator[Button]:
    """The buttons of a page that post something."""
    for form, inside in _FORM.findall(page):
        if _given(form, "method").lower() != "post":
            continue
        for button in _BUTTON.findall(inside):
            if _given(button, "type") == "submit":
                action = _given(form, "action") or address
                yield button_at(scene, action, _given(button, "name"), _given(button, "value"))


# The tables are whole


def test_every_address_has_an_expectation_and_every_expectation_an_address(scene: Scene) -> None:
    expected = {name_at(scene, page.address) for page in PAGES}
    assert expected == set(names_of(get_resolver().url_patterns))


def test_every_expectation_is_about_people_there_are() -> None:
    for one in (*PAGES, *FORMS):
        one.check_names()
        for person in EVERYBODY:
            one.status(person)


def test_every_role_is_asked_in_its_scope_and_out_of_it() -> None:
    for role in Role:
        assert role.value in SIGNED_IN
        assert (f"another {role.value}" in SIGNED_IN) == (role.scope_kind.value != "council")


# What is looked at

_LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"?#]*)')


@dataclass(frozen=True)
class Answer:
    """What a page answered: where it leads, what it wrote, the buttons and the links that are printed on it."""

    status: int
    leads: str = ""
    wrote: tuple[str, ...] = ()
    buttons: frozenset[Button] = frozenset()
    links: frozenset[str] = frozenset()


class Visitors:
    """Everybody, opening pages; what somebody opened before is remembered, since to look changes nothing."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._answers: dict[tuple[str, str], Answer] = {}

    def open(self, person: str, address: str) -> Answer:
        key = person, address
        if key not in self._answers:
            self._answers[key] = self._open(person, address)
        return self._answers[key]

    def _open(self, person: str, address: str) -> Answer:
        with writes_of() as written:
            answer: Any = self.scene.client(person).get(address)
            if answer.streaming:
                b"".join(answer.streaming_content)
        if answer.status_code != 200 or answer.streaming:
            leads = answer.headers.get("Location", "").partition("?")[0]
            return Answer(answer.status_code, leads, tuple(written))
        page = answer.content.decode(errors="replace")
        links = frozenset(unquote(html.unescape(href)) for href in _LINK.findall(page))
        return Answer(200, "", tuple(written), frozenset(printed_on(self.scene, page, address)), links)


@pytest.fixture(scope="module")
def visitors(scene: Scene) -> Visitors:
    return Visitors(scene)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_each_person_is_answered_as_expected(visitors: Visitors, buttons: set[Button], page: Page) -> None:
    scene = visitors.scene
    wrong: dict[str, str] = {}
    unexpected: set[Button] = set()
    written: set[str] = set()
    for person in sorted(EVERYBODY):
        answer = visitors.open(person, scene.address(page.address))
        written.update(answer.wrote)
        unexpected |= answer.buttons - buttons
        if answer.status != page.status(person):
            wrong[person] = f"{answer.status}, not {page.status(person)}"
        elif answer.status == 302:
            expected = settings.LOGIN_URL if person == NOBODY else scene.address(page.to)
            if answer.leads != expected:
                wrong[person] = f"to {answer.leads}, not {expected}"
    assert wrong == {}
    assert written == set()
    assert unexpected == set(), "buttons without an expectation"


# What is sent


def sent(scene: Scene, form: Form, data: dict[str, Any], person: str) -> tuple[int, list[str]]:
    """The answer to the form, and what it wrote; all of it is undone."""
    for each in data.values():
        if isinstance(each, File):
            each.seek(0)
    with override_settings(TODAY=form.today), transaction.atomic():
        with writes_of() as written:
            answer = scene.client(person).post(scene.address(form.address), data)
        transaction.set_rollback(True)
    return answer.status_code, written


def label(form: Form) -> str:
    return f"{form.address}-{form.button[1] if form.button else 'send'}"


@pytest.mark.parametrize("form", FORMS, ids=label)
def test_each_person_may_send_only_what_is_expected(scene: Scene, form: Form) -> None:
    wrong, data = {}, form.data(scene)
    for person in sorted(EVERYBODY):
        status, written = sent(scene, form, data, person)
        writes = form.writes and person in form.may - form.idle
        if status != form.status(person):
            wrong[person] = f"{status}, not {form.status(person)}"
        elif bool(written) != writes:
            wrong[person] = f"wrote {written}" if written else "wrote nothing"
    assert wrong == {}


@pytest.mark.parametrize("name", sorted({*names_of(get_resolver().url_patterns)}))
def test_an_address_without_a_form_takes_nothing(scene: Scene, name: str) -> None:
    if name in {name_at(scene, form.address) for form in FORMS}:
        return
    for page in PAGES:
        if name_at(scene, page.address) != name:
            continue
        for person in [NOBODY, *sorted(page.answers.get(200, ()))[:2]]:
            with writes_of() as written:
                answer = scene.client(person).post(scene.address(page.address), {"move": "save", "decide": "accept"})
            assert answer.status_code in (page.status(person), 405), (page.address, person)
            assert written == []


@pytest.mark.parametrize("form", FORMS, ids=label)
def test_a_form_that_another_site_sends_is_refused(scene: Scene, form: Form) -> None:
    person = min(form.may or SIGNED_IN)
    with writes_of() as written:
        answer = scene.client(person, enforce_csrf_checks=True).post(scene.address(form.address), form.data(scene))
    assert answer.status_code == 403
    assert written == []


# Nobody is led to a closed door

READERS = sorted(SIGNED_IN - {name for name in SIGNED_IN if name.startswith("another ")})


@pytest.mark.parametrize("person", READERS)
def test_no_link_leads_to_a_page_that_refuses_whoever_is_shown_it(visitors: Visitors, person: str) -> None:
    shown: dict[str, str] = {}
    for page in PAGES:
        if page.status(person) == 200:
            for address in visitors.open(person, visitors.scene.address(page.address)).links:
                shown.setdefault(address, page.address)
    closed = {
        address: f"{status}, on {where}"
        for address, where in shown.items()
        if (status := visitors.open(person, address).status) not in (200, 302)
    }
    assert closed == {}


# The admin has its own line


def test_only_a_superuser_opens_the_admin(scene: Scene) -> None:
    lists = [
        reverse(f"admin:{one._meta.app_label}_{one._meta.model_name}_changelist") for one in admin.site._registry
    ]
    for address, asked in ((reverse("admin:index"), EVERYBODY), *((one, ADMIN | TEAM | {NOBODY}) for one in lists)):
        found = {person for person in asked if scene.client(person).get(address).status_code == 200}
        assert found == ADMIN, address

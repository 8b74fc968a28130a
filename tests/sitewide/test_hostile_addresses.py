"""Forged and hostile addresses, queries, forms and methods: never an error of ours, always a clear page."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import quote, unquote, urlencode

import pytest
from django.conf import settings
from django.core.files import File
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from tests.sitewide.access.expected import Form, Page
from tests.sitewide.access.people import NOBODY
from tests.sitewide.access.scene import Scene, living_scene, writes_of
from tests.sitewide.test_access_matrix import FORMS, PAGES, label

pytestmark = pytest.mark.django_db

LONG = "A" * 10_000
BYTES = ("%00", "%0a", "%0d%0a", "%ff%fe", "%ed%a0%80", "%2e%2e", "%25", "%f0%9f%8e%89", "%d9%a1%d9%a0", "%ef%bc%91")
"""NUL, line breaks, bytes that are no text, half a character, dots, a percent sign, an emoji, others' digits."""
WORDS = ("0", "-1", "1e9", "9" * 40, "None", "<script>alert(1)</script>", "' OR 1=1 --", "{{ 7*7 }}", LONG)

UUID = "0b1f6a52-0000-4000-8000-00000000000f"
FINANCIAL_YEARS = (
    *("0000-01", "1899-00", "1900-01", "1902-03", "2197-98", "2199-00", "9999-00"),
    *("2026-26", "2026-2027", "99999"),
)
# Values for each kind of thing an address may hold; a new kind needs its own line.
HOSTILE: Mapping[str, tuple[str, ...]] = {
    "MonthConverter": (
        *("0000-01", "0001-01", "1899-12", "1900-01", "1902-01", "2197-12", "2199-12", "9999-12"),
        *("2200-01", "9999-13", "2026-00", "2026-13", "2026-1", "20261-10", "-2026-10", "2026-10-01"),
    ),
    "QuarterConverter": (
        *("0000-01-Q1", "1899-00-Q4", "1900-01-Q1", "1902-03-Q1", "2197-98-Q4", "2199-00-Q4", "9999-00-Q4"),
        *("2026-27-Q0", "2026-27-Q5", "2026-27-Q", "2026-26-Q1", "2026-27-q1", "2026-27"),
    ),
    "FinancialYearConverter": FINANCIAL_YEARS,
    "SpanConverter": (*FINANCIAL_YEARS, "0000-01", "9999-12", "2026-13", "2026-27-Q5", "0000-01-Q1", "9999-00-Q4"),
    "AudienceConverter": ("board", "Board", "nobody", "scrutiny%00", "yearly"),
    "FileKindConverter": ("PDF", "exe", "csv%00"),
    "YearConverter": (*FINANCIAL_YEARS, "0000", "0001", "1900", "1902", "2197", "2199", "9999"),
    "CodeConverter": ("A" * 20, "A" * 21, "-", ".", " ", "PI", "KPI", "PI 0", "PI_1", "A.B-C D_E"),
    "IntConverter": ("0", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 400, "1.0", "0x1"),
    "SlugConverter": ("-", "_", "A" * 300, "a.b"),
    "UUIDConverter": (UUID[:-1], UUID.upper(), UUID.replace("-", ""), f"{UUID}0", "0" * 32),
    "StringConverter": ("-", "MQ", "MQ==", "0-0", "A" * 300),
}
FEW = 5
ANSWERS = (200, 302, 400, 403, 404, 405)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    logging.disable(logging.ERROR)
    with django_db_blocker.unblock(), living_scene() as scene:
        yield scene
    logging.disable(logging.NOTSET)


def routes(patterns: list[URLPattern | URLResolver], start: str = "/") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every address as it is written in the URLconf, with the kinds of its parts. The admin's are Django's own."""
    for one in patterns:
        route, kinds = f"{start}{one.pattern}", one.pattern.converters
        if isinstance(one, URLResolver):
            if one.namespace != "admin":
                yield from routes(one.url_patterns, route)
        elif kinds:
            yield route, kinds


ROUTES = dict(routes(get_resolver().url_patterns))
_PART = re.compile(r"<(?:\w+:)?(\w+)>")
GOOD = {
    "month": "2026-10",
    "year": "2026-27",
    "quarter": "2026-27-Q2",
    "code": "PI%201",
    "pk": "1",
    "slug": "privacy",
    "uuid": UUID,
    "span": "2026-27-Q2",
    "audience": "scrutiny",
    "kind": "csv",
    "number": "1",
}


def written(route: str, values: Mapping[str, str]) -> str:
    return _PART.sub(lambda part: values.get(part[1], GOOD.get(part[1], "x")), route)


def forged(route: str) -> Iterator[str]:
    """The address with each of its parts in turn replaced by everything it should not hold.

    Of those that lead to no page of ours at all a few are enough: they are all answered in the same place.
    """
    nowhere = 0
    for address in _forged(route):
        try:
            resolve(unquote(address))
        except Resolver404:
            nowhere += 1
            if nowhere > FEW:
                continue
        yield address


def _forged(route: str) -> Iterator[str]:
    for name, converter in ROUTES[route].items():
        kind = type(converter).__name__
        assert kind in HOSTILE, f"Say what a forged {kind} looks like."
        for value in (*BYTES, *(quote(one, safe="") for one in (*HOSTILE[kind], *WORDS))):
            yield written(route, {name: value})
        for odd in BYTES:
            yield written(route, {name: GOOD.get(name, "x") + odd})


def checked(answer: HttpResponse, allowed: tuple[int, ...] = ANSWERS) -> str:
    """What is wrong with an answer, or nothing: an error of ours, or a refusal without a page."""
    if answer.status_code not in allowed:
        return f"answered {answer.status_code}"
    if answer.status_code in (400, 403, 404, 405, 409) and b"<h1" not in answer.content:
        return f"answered {answer.status_code} without a page"
    return ""


def sent(client: Client, method: str, address: str, data: Any = None) -> HttpResponse:
    """The answer; whatever was written is undone."""
    with transaction.atomic():
        answer: HttpResponse = (
            getattr(client, method)(address, data) if data is not None else getattr(client, method)(address)
        )
        if answer.streaming:
            b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        transaction.set_rollback(True)
    return answer


def asker(scene: Scene, person: str) -> Client:
    return scene.client(person, raise_request_exception=False)


@pytest.mark.parametrize("route", ROUTES)
def test_a_forged_address_is_answered_with_a_page(scene: Scene, route: str) -> None:
    wrong = {}
    with writes_of() as found:
        for address in forged(route):
            for client in (asker(scene, "performance_team"), asker(scene, NOBODY)):
                if problem := checked(sent(client, "get", address)):
                    wrong[address[:120]] = problem
    assert wrong == {}
    assert found == []


# Queries

ASKED = (
    *(
        "page",
        "sort",
        "words",
        "year",
        "service",
        "aim",
        "portfolio",
        "rag",
        "direction",
        "target",
        "state",
        "forecast",
    ),
    *("mine", "figures", "file", "kind", "person", "kpi", "status", "sheet", "month", "next", "move", "decide"),
    *("since_day", "since_month", "since_year", "until_day", "until_month", "until_year", "about", "quarter"),
)
QUOTES = quote("' OR 1=1 --🎉" + LONG[:1000])
QUERIES = [
    *("&".join(f"{name}={value}" for name in ASKED) for value in ("%00", "%ed%a0%80", "9" * 40)),
    "&".join(f"{name}={QUOTES}" for name in ASKED),
    urlencode({"page": "-3", "sort": "--rag", "figures": "ytd,month", "aim": "p999999999999", "year": "2026/27"}),
    urlencode(
        {"aim": "o٣", "service": "１", "portfolio": "9" * 30, "year": "٢٠٢٦", "since_year": "٢٠٢٦", "kpi": "%"}
    ),
    urlencode([("page", "1"), ("page", "2"), ("sort", "code"), ("sort", "-code"), ("kpi", "x"), ("kpi", "y")]),
    "=&&&===&%&?&page[]=1&page[0]=1&__proto__=1&" + "&".join(f"x{n}=1" for n in range(900)),
]


def one_of_each(pages: Iterable[Page]) -> list[Page]:
    """The first page of each view that the matrix opens to somebody."""
    found: dict[str, Page] = {}
    for page in pages:
        found.setdefault(resolve(unquote(page.address.format_map(_One()).partition("?")[0])).view_name, page)
    return list(found.values())


class _One(dict[str, str]):
    """Any id, to know which view an address of the tables leads to."""

    def __missing__(self, name: str) -> str:
        return UUID if name == "message" else "1"


def reader_of(page: Page) -> str:
    return min(page.answers.get(200, frozenset({NOBODY})), key=lambda person: (person != "performance_team", person))


@contextmanager
def queries_read() -> Iterator[list[str]]:
    """The addresses whose queries something looks at."""
    read: list[str] = []
    real = vars(WSGIRequest)["GET"]

    def query(request: WSGIRequest) -> QueryDict:
        read.append(request.path)
        found: QueryDict = real.func(request)
        return found

    with patch.object(WSGIRequest, "GET", property(query)):
        yield read


@pytest.mark.parametrize(
    "page", one_of_each(page for page in PAGES if 200 in page.answers), ids=lambda page: page.address
)
def test_a_hostile_query_is_answered_with_a_page(scene: Scene, page: Page) -> None:
    """A page that looks at no query is asked once: to it every query is the same."""
    client, wrong = asker(scene, reader_of(page)), {}
    start = scene.address(page.address)
    with writes_of() as found, queries_read() as read:
        for query in QUERIES:
            answer = sent(client, "get", f"{start}{'&' if '?' in start else '?'}{query}")
            if problem := checked(answer):
                wrong[query[:80]] = problem
            if not read:
                break
    assert wrong == {}
    assert found == []


# Forms

NUL = "\x00"
LONG_AND_ODD = "'\"><b>\ufffe\u202e🎉" + LONG
TYPED = (NUL, "９９", "-" + "9" * 400, "NaN", "2026-13-45", LONG_AND_ODD, "")
PRESSED = ("nonsense", "escalate:" + "9" * 40, "undo_correction:x", "use:", NUL)
ALLOWED_OF_FORMS = (*ANSWERS, 409, 429)
Filled = dict[str, Any]


def nonsense(form: Form, data: Filled, seen: set[tuple[str, ...]]) -> Iterator[Filled]:
    """The form with nonsense in its fields, and with buttons nobody offered.

    ``seen`` are the forms (an address and its fields) that were filled in with everything: behind another button of
    the same form are the same fields, and there a NUL and something long are enough.
    """
    button = form.button[0] if form.button else ""
    fields = [name for name in data if name != button]
    is_new = (form.address, *fields) not in seen
    seen.add((form.address, *fields))
    if fields:
        for typed in TYPED if is_new else (NUL, LONG_AND_ODD):
            yield {**data, **dict.fromkeys(fields, typed)}
    if is_new and len(fields) > 1:
        yield from ({**data, name: NUL} for name in fields)
    if button and (form.address, button, "?") not in seen:
        seen.add((form.address, button, "?"))
        yield from ({**data, button: pressed} for pressed in PRESSED)


@pytest.fixture(scope="module")
def seen() -> set[tuple[str, ...]]:
    return set()


@pytest.mark.parametrize("form", FORMS, ids=label)
def test_a_form_full_of_nonsense_is_answered_with_a_page(
    scene: Scene, seen: set[tuple[str, ...]], form: Form
) -> None:
    client, wrong = asker(scene, min(form.may or {"performance_team"})), {}
    data = {name: value for name, value in form.data(scene).items() if not isinstance(value, File)}
    for filled in nonsense(form, data, seen):
        answer = sent(client, "post", scene.address(form.address), filled)
        if problem := checked(answer, ALLOWED_OF_FORMS):
            changed = {name: str(value)[:20] for name, value in filled.items() if value != data.get(name)}
            wrong[str(changed)[:300]] = problem
    assert wrong == {}


# Methods, and what a browser sends along


@pytest.mark.parametrize("page", one_of_each(PAGES), ids=lambda page: page.address)
def test_another_method_is_refused_or_reads_and_writes_nothing(scene: Scene, page: Page) -> None:
    person = reader_of(page)
    client, address, wrong = asker(scene, person), scene.address(page.address), {}
    with writes_of() as found:
        for method in ("head", "options", "put", "delete"):
            answer = sent(client, method, address)
            if answer.status_code not in (page.status(person), 405):
                wrong[method] = answer.status_code
    assert wrong == {}
    assert found == []


def test_garbled_cookies_are_nobody_signed_in(scene: Scene) -> None:
    for garbled in ("\x00", "x" * 4000, "٣٣٣", "'; DROP TABLE django_session; --", "null"):
        client = Client(raise_request_exception=False)
        for name in (settings.SESSION_COOKIE_NAME, "messages", "csrftoken"):
            client.cookies[name] = quote(garbled)
        answer = sent(client, "get", "/")
        assert (answer.status_code, answer["Location"]) == (302, f"{settings.LOGIN_URL}?next=/"), garbled
        assert sent(client, "get", settings.LOGIN_URL).status_code == 200
        assert sent(client, "post", settings.LOGIN_URL, {"email": garbled, "password": garbled}).status_code == 200
